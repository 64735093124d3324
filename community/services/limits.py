"""What new members may not do yet: many links, many names, many posts in a day."""

from __future__ import annotations

import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Member
from community.models import Post
from core.errors import DomainError
from core.naming import one_at_a_time
from core.text import handles_in, render_markdown
from hubs.models import Membership

MOST_LINKS = 2  # in a post
MOST_NAMES = 3  # in a post
MOST_POSTS = 10  # in 24 hours
NEW_FOR = datetime.timedelta(days=7)  # after the first post that was shown
NEW_UNTIL = 3  # posts are shown
DAY = datetime.timedelta(days=1)
_LOCK = 7_201_205_100_000_000  # of the database, plus the member's key


def is_new(member: Member) -> bool:
    """Return whether the limits hold for `member`: fewer than three posts of theirs are shown,
    or the first of them is less than a week old. Not for moderators, nor for who has a role in
    a hub.
    """
    if member.is_moderator or Membership.objects.in_force().filter(member=member).exists():
        return False
    shown = Post.objects.shown().filter(author=member).order_by("written_at")
    dates = list(shown.values_list("written_at", flat=True)[:NEW_UNTIL])
    return len(dates) < NEW_UNTIL or dates[0] > timezone.now() - NEW_FOR


def refuse_excess(member: Member, text: str) -> None:
    """Raise `DomainError` for too many links or names in a post of a new member."""
    links = render_markdown(text).count("<a href=")
    names = len(handles_in(text))
    if (links <= MOST_LINKS and names <= MOST_NAMES) or not is_new(member):
        return
    if links > MOST_LINKS:
        told = _("Your first posts can hold %(most)d links. This one holds %(number)d.")
        raise DomainError(told % {"most": MOST_LINKS, "number": links})
    told = _("Your first posts can name %(most)d people. This one names %(number)d.")
    raise DomainError(told % {"most": MOST_NAMES, "number": names})


def refuse_too_many_a_day(member: Member) -> None:
    """Raise `DomainError` for the 11th post of a new member in 24 hours; those who write at the
    same moment wait for each other.
    """
    if not is_new(member):
        return
    one_at_a_time(_LOCK + member.pk)
    recent = Post.objects.filter(author=member, written_at__gt=timezone.now() - DAY)
    if recent.count() >= MOST_POSTS:
        told = _("In your first week you can write %(number)d posts a day. Go on tomorrow.")
        raise DomainError(told % {"number": MOST_POSTS})
