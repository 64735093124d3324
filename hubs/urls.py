"""/hubs/"""

from django.urls import path

from hubs.edit_urls import edit_urlpatterns, literal_urlpatterns
from hubs.views.comparison import hub_compare
from hubs.views.directory import HubListView
from hubs.views.history import hub_history
from hubs.views.networks import NetworkListView, network_detail
from hubs.views.organisations import OrganisationListView, organisation_detail
from hubs.views.profile import hub_badge, hub_detail, hub_logo

app_name = "hubs"
urlpatterns = [
    *literal_urlpatterns,
    path("", HubListView.as_view(), name="hub_list"),
    path("compare/", hub_compare, name="hub_compare"),
    path("networks/", NetworkListView.as_view(), name="network_list"),
    path("networks/<slug:slug>/", network_detail, name="network_detail"),
    path("organisations/", OrganisationListView.as_view(), name="organisation_list"),
    path("organisations/<slug:slug>/", organisation_detail, name="organisation_detail"),
    path("<slug:slug>/", hub_detail, name="hub_detail"),
    path("<slug:slug>/history/", hub_history, name="hub_history"),
    path("<slug:slug>/badge.svg", hub_badge, name="hub_badge"),
    path("<slug:slug>/logo/", hub_logo, name="hub_logo"),
    *edit_urlpatterns,
]
