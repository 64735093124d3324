"""/api/v1/: what programs may read and write of the community."""

from __future__ import annotations

from typing import Any

from rest_framework.routers import SimpleRouter

from catalogue.api.writing import SLUG
from community.api.announcements import AnnouncementViewSet
from community.api.articles import ArticleDeskViewSet, ArticleViewSet
from community.api.event_parts import EventMaterialViewSet, EventSessionViewSet
from community.api.event_people import EventAttendanceViewSet, SessionAttendanceViewSet
from community.api.events import EventViewSet
from community.api.members import MemberViewSet
from community.api.moderation import FlagViewSet, QueueViewSet
from community.api.notices import FollowViewSet, NotificationViewSet
from community.api.posts import PostViewSet
from community.api.spaces import SpaceViewSet
from community.api.threads import ThreadViewSet

_EVENT = f"events/(?P<event_slug>{SLUG})"
# (prefix, view set, basename); one line a kind.
_ROUTES: tuple[tuple[str, Any, str], ...] = (
    ("members", MemberViewSet, "member"),
    ("announcements", AnnouncementViewSet, "announcement"),
    ("flags", FlagViewSet, "flag"),
    ("moderation", QueueViewSet, "moderation"),
    ("follows", FollowViewSet, "follow"),
    ("notifications", NotificationViewSet, "notification"),
    ("spaces", SpaceViewSet, "space"),
    ("threads", ThreadViewSet, "thread"),
    ("posts", PostViewSet, "post"),
    ("events", EventViewSet, "event"),
    ("articles/desk", ArticleDeskViewSet, "article-desk"),  # before an article of that name
    ("articles", ArticleViewSet, "article"),
    (f"{_EVENT}/sessions", EventSessionViewSet, "event-session"),
    (f"{_EVENT}/materials", EventMaterialViewSet, "event-material"),
    (f"{_EVENT}/attendance", EventAttendanceViewSet, "event-attendance"),
    (
        rf"{_EVENT}/attendance/(?P<session_id>[0-9]{{1,18}})",
        SessionAttendanceViewSet,
        "session-attendance",
    ),
)


def register(router: SimpleRouter) -> None:
    """Add the addresses of this app to the API's one router."""
    for prefix, view_set, name in _ROUTES:
        router.register(prefix, view_set, basename=name)
