"""Addresses of impact stories, surveys and action plans."""

from django.urls import URLPattern, path

from evaluation.views import followup
from evaluation.views import story_editing as editing
from evaluation.views.stories import StoryListView, story_detail

urlpatterns: list[URLPattern] = [
    path("stories/", StoryListView.as_view(), name="story_list"),
    path("stories/begin/<slug:slug>/", editing.story_begin, name="story_begin"),
    path("stories/<slug:slug>/", story_detail, name="story_detail"),
    path("stories/<slug:slug>/edit/", editing.story_edit, name="story_edit"),
    path("stories/<slug:slug>/edit/sources/", editing.story_sources, name="story_sources"),
    path("stories/<slug:slug>/edit/<slug:section>/", editing.story_section, name="story_section"),
    path("stories/<slug:slug>/edit/rungs/<slug:rung>/", editing.story_rung, name="story_rung"),
    path(
        "stories/<slug:slug>/edit/rungs/<slug:rung>/remove/",
        editing.story_rung_remove,
        name="story_rung_remove",
    ),
    path("stories/<slug:slug>/submit/", editing.story_submit, name="story_submit"),
    path("stories/<slug:slug>/take-back/", editing.story_take_back, name="story_take_back"),
    path("stories/<slug:slug>/take-up/", editing.story_take_up, name="story_take_up"),
    path("stories/<slug:slug>/review/", editing.story_review, name="story_review"),
    path("stories/<slug:slug>/publish/", editing.story_publish, name="story_publish"),
    path("stories/<slug:slug>/withdraw/", editing.story_withdraw, name="story_withdraw"),
    path("follow-up/exchanges/<slug:slug>/", followup.follow_up, name="follow_up"),
    path("follow-up/exchanges/<slug:slug>/people/add/", followup.person_add, name="person_add"),
    path("follow-up/people/<int:pk>/forget/", followup.person_forget, name="person_forget"),
    path("follow-up/surveys/<int:pk>/", followup.survey_detail, name="survey_detail"),
    path("follow-up/answers/<int:pk>/use/", followup.answer_use, name="answer_use"),
    path("follow-up/answer/<slug:token>/", followup.survey_answer, name="survey_answer"),
    path("follow-up/parties/<int:pk>/plan/", followup.plan_begin, name="plan_begin"),
    path("follow-up/plans/<int:pk>/", followup.plan_detail, name="plan_detail"),
    path("follow-up/plans/<int:pk>/add/", followup.item_add, name="item_add"),
    path("follow-up/points/<int:pk>/", followup.item_edit, name="item_edit"),
    path("follow-up/points/<int:pk>/done/", followup.item_done, name="item_done"),
    path("follow-up/points/<int:pk>/reopen/", followup.item_reopen, name="item_reopen"),
]
