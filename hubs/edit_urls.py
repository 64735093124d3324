"""The part of /hubs/ that writes."""

from django.urls import path

from hubs.views import assessment, editing, memberships, task_list

literal_urlpatterns = [
    path("memberships/", memberships.my_memberships, name="my_memberships"),
]
edit_urlpatterns = [
    path("<slug:slug>/edit/", task_list.hub_edit, name="hub_edit"),
    path("<slug:slug>/edit/identity/", editing.identity_change, name="identity_change"),
    path("<slug:slug>/edit/self-assessment/", assessment.assessment_edit, name="assessment_edit"),
    path(
        "<slug:slug>/edit/self-assessment/<int:pk>/",
        assessment.assessment_edit,
        name="assessment_change",
    ),
    path(
        "<slug:slug>/edit/self-assessment/<int:pk>/consent/",
        assessment.assessment_consent,
        name="assessment_consent",
    ),
    path("<slug:slug>/edit/<slug:kind>/add/", editing.fact_add, name="fact_add"),
    path("<slug:slug>/edit/<slug:kind>/<int:pk>/", editing.fact_change, name="fact_change"),
    path("<slug:slug>/edit/<slug:kind>/<int:pk>/remove/", editing.fact_remove, name="fact_remove"),
    path("<slug:slug>/verify/", task_list.hub_verify, name="hub_verify"),
    path("<slug:slug>/join/", memberships.membership_request, name="membership_request"),
    path("<slug:slug>/people/", memberships.membership_list, name="membership_list"),
    path(
        "<slug:slug>/people/<int:pk>/confirm/",
        memberships.membership_confirm,
        name="membership_confirm",
    ),
    path(
        "<slug:slug>/people/<int:pk>/decline/",
        memberships.membership_decline,
        name="membership_decline",
    ),
    path("<slug:slug>/people/<int:pk>/end/", memberships.membership_end, name="membership_end"),
]
