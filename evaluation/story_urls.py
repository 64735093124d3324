"""Addresses of impact stories, surveys and action plans."""

from django.urls import URLPattern, path

from evaluation.views import story_editing as editing
from evaluation.views.stories import StoryListView, story_detail

urlpatterns: list[URLPattern] = [
    path("stories/", StoryListView.as_view(), name="story_list"),
    path("stories/begin/<slug:slug>/", editing.story_begin, name="story_begin"),
    path("stories/<slug:slug>/", story_detail, name="story_detail"),
    path("stories/<slug:slug>/edit/", editing.story_edit, name="story_edit"),
    path("stories/<slug:slug>/edit/<slug:section>/", editing.story_section, name="story_section"),
    path("stories/<slug:slug>/edit/rungs/<slug:rung>/", editing.story_rung, name="story_rung"),
    path(
        "stories/<slug:slug>/edit/rungs/<slug:rung>/remove/",
        editing.story_rung_remove,
        name="story_rung_remove",
    ),
    path("stories/<slug:slug>/submit/", editing.story_submit, name="story_submit"),
    path("stories/<slug:slug>/take-back/", editing.story_take_back, name="story_take_back"),
    path("stories/<slug:slug>/review/", editing.story_review, name="story_review"),
    path("stories/<slug:slug>/publish/", editing.story_publish, name="story_publish"),
    path("stories/<slug:slug>/withdraw/", editing.story_withdraw, name="story_withdraw"),
]
