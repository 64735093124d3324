"""What members follow, and what they are told."""

from community.models.follow import Follow, FollowLevel
from community.models.notification import FanOut, Notification, Reason

__all__ = ["FanOut", "Follow", "FollowLevel", "Notification", "Reason"]
