"""The community in the admin."""

from community.admin.events import EnrolmentAdmin, EventAdmin

__all__ = ["EnrolmentAdmin", "EventAdmin"]
