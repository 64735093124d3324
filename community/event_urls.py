"""Addresses of events."""

from django.urls import URLPattern, path

from community.views import enrolling, events
from community.views import event_editing as editing

urlpatterns: list[URLPattern] = [
    path("events/", events.EventListView.as_view(), name="event_list"),
    path("events/begin/", editing.event_begin, name="event_begin"),
    path("events/calendar/", events.my_events, name="my_events"),
    path("events/calendar/new/", events.event_feed_new, name="event_feed_new"),
    path("events/calendar/end/", events.event_feed_end, name="event_feed_end"),
    path("events/calendar/<str:token>/events.ics", events.event_feed, name="event_feed"),
    path("events/<slug:slug>/", events.event_detail, name="event_detail"),
    path("events/<slug:slug>/event.ics", events.event_file, name="event_file"),
    path("events/<slug:slug>/edit/", editing.event_edit, name="event_edit"),
    path("events/<slug:slug>/edit/hubs/", editing.event_hubs, name="event_hubs"),
    path("events/<slug:slug>/edit/materials/", editing.event_materials, name="event_materials"),
    path("events/<slug:slug>/edit/agenda/add/", editing.session_add, name="session_add"),
    path("events/<slug:slug>/edit/agenda/<int:pk>/", editing.session_edit, name="session_edit"),
    path(
        "events/<slug:slug>/edit/agenda/<int:pk>/remove/",
        editing.session_remove,
        name="session_remove",
    ),
    path("events/<slug:slug>/edit/<slug:section>/", editing.event_section, name="event_section"),
    path("events/<slug:slug>/publish/", editing.event_publish, name="event_publish"),
    path("events/<slug:slug>/discard/", editing.event_discard, name="event_discard"),
    path("events/<slug:slug>/cancel/", editing.event_cancel, name="event_cancel"),
    path("events/<slug:slug>/enrol/", enrolling.event_enrol, name="event_enrol"),
    path("events/<slug:slug>/give-up/", enrolling.event_give_up, name="event_give_up"),
    path("events/<slug:slug>/people/", enrolling.event_people, name="event_people"),
    path(
        "events/<slug:slug>/people/attendance/<int:session>/",
        enrolling.event_attendance,
        name="event_attendance",
    ),
    path(
        "events/<slug:slug>/people/sheet/<int:session>/", enrolling.event_sheet, name="event_sheet"
    ),
    path(
        "events/<slug:slug>/people/<int:pk>/approve/",
        enrolling.enrolment_approve,
        name="enrolment_approve",
    ),
    path(
        "events/<slug:slug>/people/<int:pk>/decline/",
        enrolling.enrolment_decline,
        name="enrolment_decline",
    ),
    path("events/<slug:slug>/feedback/", enrolling.event_feedback, name="event_feedback"),
    path(
        "events/<slug:slug>/feedback/summary/", enrolling.feedback_summary, name="feedback_summary"
    ),
]
