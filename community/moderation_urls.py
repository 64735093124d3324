"""Addresses of reports, of moderation, and of what members read of decisions about them."""

from django.urls import URLPattern, path

from community.views import (
    flags,
    moderation,
    moderation_log,
    moderation_people,
    moderation_words,
    own_standing,
)

urlpatterns: list[URLPattern] = [
    path("flags/<slug:kind>/<int:pk>/", flags.flag_new, name="flag_new"),
    path("my/decisions/", own_standing.my_standing, name="my_standing"),
    path("my/decisions/read/", own_standing.warning_read, name="warning_read"),
    path("my/decisions/<int:pk>/appeal/", own_standing.appeal_new, name="appeal_new"),
    path("appeals/<str:token>/", own_standing.appeal_by_link, name="appeal_by_link"),
    path("moderation/", moderation.moderation, name="moderation"),
    path("moderation/log/", moderation_log.DecisionLogView.as_view(), name="moderation_log"),
    path("moderation/words/", moderation_words.watched_words, name="watched_words"),
    path(
        "moderation/words/<int:pk>/remove/",
        moderation_words.watched_word_remove,
        name="watched_word_remove",
    ),
    path(
        "moderation/members/<slug:slug>/",
        moderation_people.moderation_person,
        name="moderation_person",
    ),
    path(
        "moderation/members/<slug:slug>/merge/",
        moderation_people.moderation_merge,
        name="moderation_merge",
    ),
    path(
        "moderation/decisions/<int:pk>/", moderation.moderation_decision, name="moderation_decision"
    ),
    path("moderation/decisions/<int:pk>/undo/", moderation.moderation_undo, name="moderation_undo"),
    path("moderation/<slug:kind>/<int:pk>/", moderation.moderation_item, name="moderation_item"),
    path(
        "moderation/<slug:kind>/<int:pk>/claim/",
        moderation.moderation_claim,
        name="moderation_claim",
    ),
]
