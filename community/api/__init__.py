"""/api/v1/: what programs may read and write of the community."""

from __future__ import annotations

from typing import Any

from rest_framework.routers import SimpleRouter

from community.api.announcements import AnnouncementViewSet
from community.api.events import EventViewSet
from community.api.members import MemberViewSet
from community.api.moderation import FlagViewSet, QueueViewSet
from community.api.notices import FollowViewSet, NotificationViewSet
from community.api.posts import PostViewSet
from community.api.spaces import SpaceViewSet
from community.api.threads import ThreadViewSet

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
)


def register(router: SimpleRouter) -> None:
    """Add the addresses of this app to the API's one router."""
    for prefix, view_set, name in _ROUTES:
        router.register(prefix, view_set, basename=name)
