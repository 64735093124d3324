"""/catalogue/resources/"""

from django.urls import path

from catalogue.views import resource_editing as editing
from catalogue.views.resources import ResourceListView, resource_detail, resource_file

resource_urlpatterns = [
    path("resources/", ResourceListView.as_view(), name="resource_list"),
    path("resources/add/", editing.resource_add, name="resource_add"),
    path("resources/<slug:slug>/", resource_detail, name="resource_detail"),
    path("resources/<slug:slug>/edit/", editing.resource_edit, name="resource_edit"),
    path("resources/<slug:slug>/publish/", editing.resource_publish, name="resource_publish"),
    path("resources/<slug:slug>/withdraw/", editing.resource_withdraw, name="resource_withdraw"),
    path("resources/<slug:slug>/copies/add/", editing.resource_link_add, name="resource_link_add"),
    path(
        "resources/<slug:slug>/copies/<int:pk>/remove/",
        editing.resource_link_remove,
        name="resource_link_remove",
    ),
    path("resources/<slug:slug>/files/<int:pk>/", resource_file, name="resource_file"),
]
