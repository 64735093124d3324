"""/catalogue/tags/"""

from django.urls import path

from catalogue.views import tags

tag_urlpatterns = [
    path("tags/", tags.tag_list, name="tag_list"),
    path("tags/desk/", tags.tag_desk, name="tag_desk"),
    path("tags/add/", tags.tag_add, name="tag_add"),
    path("tags/merge/", tags.tag_merge, name="tag_merge"),
    path("tags/<slug:slug>/", tags.tag_detail, name="tag_detail"),
    path("tags/<slug:slug>/edit/", tags.tag_change, name="tag_change"),
    path("tags/<slug:slug>/remove/", tags.tag_remove, name="tag_remove"),
]
