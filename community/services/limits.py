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


def is_known(member: Member) -> bool:
    """Return whether `member` needs no proof: a moderator, or somebody with a role in a hub."""
    return member.is_moderator or Membership.objects.in_force().filter(member=member).exists()


def is_new(member: Member) -> bool:
    """Return whether the limits hold for `member`: fewer than three posts of theirs are shown,
    or the first of them is less than a week old, and nothing else makes them known.
    """
    if is_known(member):
        return False
    shown = Post.objects.shown().filter(author=member).order_by("written_at")
    dates = list(shown.values_list("written_at", flat=True)[:NEW_UNTIL])
    return len(dates) < NEW_UNTIL or dates[0] > timezone.now() - NEW_FOR


def refuse_of_new(member: Member, text: str, *, is_another: bool) -> None:
    """Raise `DomainError` for too many links or names in a post of a new member, and for the
    11th in 24 hours where it is another one.
    """
    if not is_new(member):
        return
    _refuse_excess(text)
    if is_another:
        _refuse_too_many_a_day(member)


def _refuse_excess(text: str) -> None:
    links = render_markdown(text).count("<a href=")
    names = len(handles_in(text))
    if links > MOST_LINKS:
        told = _("Your first posts can hold %(most)d links. This one holds %(number)d.")
        raise DomainError(told % {"most": MOST_LINKS, "number": links})
    if names > MOST_NAMES:
        told = _("Your first posts can name %(most)d people. This one names %(number)d.")
        raise DomainError(told % {"most": MOST_NAMES, "number": names})


def _refuse_too_many_a_day(member: Member) -> None:
    """Those who write at the same moment wait for each other."""
    one_at_a_time(_LOCK + member.pk)
    recent = Post.objects.filter(author=member, written_at__gt=timezone.now() - DAY)
    if recent.count() >= MOST_POSTS:
        told = _("In your first week you can write %(number)d posts a day. Go on tomorrow.")
        raise DomainError(told % {"number": MOST_POSTS})
