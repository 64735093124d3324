"""/catalogue/"""

from django.urls import path

from catalogue.views.entries import EntryListView
from catalogue.views.entry import entry_detail, entry_version

app_name = "catalogue"
urlpatterns = [
    path("", EntryListView.as_view(), name="entry_list"),
    path("<slug:slug>/", entry_detail, name="entry_detail"),
    path("<slug:slug>/v/<int:number>/", entry_version, name="entry_version"),
]
