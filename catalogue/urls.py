"""/catalogue/"""

from django.urls import path

from catalogue.block_urls import block_urlpatterns
from catalogue.views.entries import EntryListView
from catalogue.views.entry import entry_detail, entry_version

app_name = "catalogue"
urlpatterns = [
    path("", EntryListView.as_view(), name="entry_list"),
    *block_urlpatterns,  # before the entries: it would be taken for one
    path("<slug:slug>/", entry_detail, name="entry_detail"),
    path("<slug:slug>/v/<int:number>/", entry_version, name="entry_version"),
]
