"""The community in the admin."""

from community.admin.events import EnrolmentAdmin, EventAdmin
from community.admin.talk import PostAdmin, SpaceAdmin, ThreadAdmin

__all__ = ["EnrolmentAdmin", "EventAdmin", "PostAdmin", "SpaceAdmin", "ThreadAdmin"]
