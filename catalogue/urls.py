"""/catalogue/"""

from django.urls import path

from catalogue.adoption_urls import adoption_urlpatterns
from catalogue.block_urls import block_urlpatterns
from catalogue.draft_urls import draft_urlpatterns, entry_urlpatterns
from catalogue.saved_search_urls import saved_search_urlpatterns
from catalogue.views.difference import version_diff
from catalogue.views.entries import EntryListView
from catalogue.views.entry import entry_detail, entry_version
from catalogue.views.resources import ResourceListView, resource_detail, resource_file

app_name = "catalogue"
urlpatterns = [
    path("", EntryListView.as_view(), name="entry_list"),
    *draft_urlpatterns,
    path("resources/", ResourceListView.as_view(), name="resource_list"),
    path("resources/<slug:slug>/", resource_detail, name="resource_detail"),
    path("resources/<slug:slug>/files/<int:pk>/", resource_file, name="resource_file"),
    *block_urlpatterns,  # before the entries: their names would be taken for one
    *adoption_urlpatterns,
    *saved_search_urlpatterns,
    path("<slug:slug>/", entry_detail, name="entry_detail"),
    path("<slug:slug>/v/<int:number>/", entry_version, name="entry_version"),
    path("<slug:slug>/v/<int:number>/diff/", version_diff, name="version_diff"),
    *entry_urlpatterns,
]
