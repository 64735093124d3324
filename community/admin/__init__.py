"""The community in the admin. What one follows and is told is nobody else's affair."""

from community.admin import moderation as moderation
from community.admin.announcements import AnnouncementAdmin
from community.admin.articles import ArticleAdmin
from community.admin.events import EnrolmentAdmin, EventAdmin
from community.admin.mail_in import ReceivedMailAdmin
from community.admin.notices import FanOutAdmin
from community.admin.talk import PostAdmin, SpaceAdmin, ThreadAdmin

__all__ = [
    "AnnouncementAdmin",
    "ArticleAdmin",
    "EnrolmentAdmin",
    "EventAdmin",
    "FanOutAdmin",
    "PostAdmin",
    "ReceivedMailAdmin",
    "SpaceAdmin",
    "ThreadAdmin",
]
