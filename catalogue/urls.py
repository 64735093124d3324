"""/catalogue/"""

from django.urls import path

from catalogue.adoption_urls import adoption_urlpatterns
from catalogue.block_urls import block_urlpatterns
from catalogue.draft_urls import draft_urlpatterns, entry_urlpatterns
from catalogue.expert_urls import expert_urlpatterns
from catalogue.import_urls import import_urlpatterns
from catalogue.resource_urls import resource_urlpatterns
from catalogue.saved_search_urls import saved_search_urlpatterns
from catalogue.tag_urls import tag_urlpatterns
from catalogue.views.comparison import entry_compare
from catalogue.views.difference import version_diff
from catalogue.views.entries import EntryListView
from catalogue.views.entry import entry_detail, entry_version

app_name = "catalogue"
urlpatterns = [
    path("", EntryListView.as_view(), name="entry_list"),
    path("compare/", entry_compare, name="entry_compare"),
    *draft_urlpatterns,
    *resource_urlpatterns,
    *expert_urlpatterns,
    *import_urlpatterns,
    *block_urlpatterns,  # before the entries: their names would be taken for one
    *tag_urlpatterns,
    *adoption_urlpatterns,
    *saved_search_urlpatterns,
    path("<slug:slug>/", entry_detail, name="entry_detail"),
    path("<slug:slug>/v/<int:number>/", entry_version, name="entry_version"),
    path("<slug:slug>/v/<int:number>/diff/", version_diff, name="version_diff"),
    *entry_urlpatterns,
]
