"""The address of a member's own calendar: made, ended, and who it belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core import signing
from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.models import Member
from community.models import CalendarFeed
from community.services.seats import locked_member

if TYPE_CHECKING:
    from django.db.models import QuerySet

_SALT = "community.calendar.feed"
_signer = signing.Signer(salt=_SALT, sep=".")


@transaction.atomic
def new_feed(by: Member) -> CalendarFeed:
    """Give `by` a new address; the one before it ends."""
    feed = _locked(by)
    feed.number += 1
    feed.is_on = True
    feed.save(update_fields=["number", "is_on"])
    return feed


@transaction.atomic
def end_feed(by: Member) -> CalendarFeed:
    """End the address of `by`; a second time changes nothing."""
    feed = _locked(by)
    if feed.is_on:
        feed.number += 1
        feed.is_on = False
        feed.save(update_fields=["number", "is_on"])
    return feed


def token_of(feed: CalendarFeed) -> str:
    """Return what stands in the address; nobody can make it up."""
    return _signer.sign(f"{feed.member_id}-{feed.number}")


def member_of(token: str) -> Member | None:
    """Return whose calendar `token` opens; None for a forged or ended one, and of members who do
    not take part any more.
    """
    try:
        member, number = (int(part) for part in _signer.unsign(token).split("-"))
    except (signing.BadSignature, ValueError):
        return None
    feeds = CalendarFeed.objects.filter(member=member, number=number, is_on=True)
    people: QuerySet[Member] = Member.objects.taking_part()
    return people.filter(pk__in=feeds.values("member")).first()


def _locked(by: Member) -> CalendarFeed:
    if locked_member(by.pk) is None:
        raise PermissionDenied
    CalendarFeed.objects.get_or_create(member=by)
    return CalendarFeed.objects.select_for_update(no_key=True).get(member=by)
