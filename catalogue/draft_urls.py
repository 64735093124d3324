"""The part of /catalogue/ that writes and reviews."""

from django.urls import path

from catalogue.views import (
    attachments,
    difference,
    drafts,
    life_cycle,
    reviews,
    translations,
    writing,
)

draft_urlpatterns = [
    path("drafts/", drafts.draft_list, name="draft_list"),
    path("drafts/new/", drafts.draft_start, name="draft_start"),
    path("drafts/<int:pk>/", drafts.draft_detail, name="draft_detail"),
    path("attachments/<int:pk>/", attachments.attachment, name="attachment"),
    path("drafts/<int:pk>/attachments/", attachments.draft_attachments, name="draft_attachments"),
    path(
        "drafts/<int:pk>/attachments/<int:attachment>/remove/",
        attachments.attachment_remove,
        name="attachment_remove",
    ),
    path("drafts/<int:pk>/check/", writing.draft_check, name="draft_check"),
    path("drafts/<int:pk>/complete/", drafts.draft_complete, name="draft_complete"),
    path("drafts/<int:pk>/diff/", difference.draft_diff, name="draft_diff"),
    path("drafts/<int:pk>/review/", reviews.draft_review, name="draft_review"),
    path("drafts/<int:pk>/review/<slug:act>/", reviews.review_act, name="review_act"),
    path("drafts/<int:pk>/sent/", writing.draft_sent, name="draft_sent"),
    path("drafts/<int:pk>/withdraw/", drafts.draft_withdraw, name="draft_withdraw"),
    path("drafts/<int:pk>/<slug:slug>/", writing.draft_section, name="draft_section"),
    path("review/", reviews.review_queue, name="review_queue"),
]
entry_urlpatterns = [
    path("<slug:slug>/translations/", translations.translation_list, name="translation_list"),
    path(
        "<slug:slug>/translations/<slug:language>/",
        translations.translation_edit,
        name="translation_edit",
    ),
    path(
        "<slug:slug>/translations/<slug:language>/remove/",
        translations.translation_remove,
        name="translation_remove",
    ),
    path(
        "<slug:slug>/translations/<slug:language>/review/",
        translations.translation_review,
        name="translation_review",
    ),
    path("<slug:slug>/revise/", drafts.entry_revise, name="entry_revise"),
    path("<slug:slug>/<slug:verb>/", life_cycle.entry_act, name="entry_act"),
]
