"""Addresses where figures are reported and approved."""

from django.urls import path

from evaluation.views import reporting_links as links
from evaluation.views import update_editing as editing
from evaluation.views import update_upload as upload
from evaluation.views.updates import UpdateListView, update_detail, update_due

urlpatterns = [
    path("updates/", UpdateListView.as_view(), name="update_list"),
    path("updates/to-report/", update_due, name="update_due"),
    path("updates/approve/", editing.updates_approve, name="updates_approve"),
    path("updates/<int:pk>/", update_detail, name="update_detail"),
    path("updates/<int:pk>/edit/", editing.update_change, name="update_change"),
    path("updates/<int:pk>/submit/", editing.update_submit, name="update_submit"),
    path("updates/<int:pk>/recall/", editing.update_recall, name="update_recall"),
    path("updates/<int:pk>/approve/", editing.update_approve, name="update_approve"),
    path("updates/<int:pk>/return/", editing.update_return, name="update_return"),
    path("updates/<int:pk>/withdraw/", editing.update_withdraw, name="update_withdraw"),
    path("updates/<int:pk>/revise/", editing.update_revise, name="update_revise"),
    path("frameworks/<slug:slug>/report/", editing.framework_report, name="framework_report"),
    path("frameworks/<slug:slug>/links/", links.framework_links, name="framework_links"),
    path("frameworks/<slug:slug>/upload/", upload.framework_upload, name="framework_upload"),
    path(
        "frameworks/<slug:slug>/upload/template/",
        upload.upload_template,
        name="upload_template",
    ),
    path("uploads/<int:pk>/", upload.upload_detail, name="upload_detail"),
    path("reporting-links/<int:pk>/revoke/", links.link_revoke, name="link_revoke"),
    path("report/<str:token>/thanks/", links.report_thanks, name="report_thanks"),
    path("report/<str:token>/", links.report_by_link_page, name="report_by_link"),
]
