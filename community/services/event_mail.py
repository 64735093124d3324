"""What members are told by mail about events: only of those that they may see."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from accounts.models import MailKind, Member
from accounts.services import notify_each
from community.event_times import told_at_place, told_for
from community.models import Event
from hubs.models import Membership
from hubs.querysets import EDITING_ROLES

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.utils.functional import Promise


def tell(
    people: Iterable[Member],
    event: Event,
    *,
    key: str,
    subject: Promise,
    body: Promise,
    path: str = "",
    **words: object,
) -> None:
    """Tell each of `people` who may see `event` in their language, in the running transaction.

    `key` names the effect. The texts are filled with `words`, the `title`, `when` it is at the
    place and for them, and the `address` of the event or of `path`.
    """
    is_public = Event.objects.public().filter(pk=event.pk).exists()
    notify_each(
        [
            each
            for each in people
            if is_public or Event.objects.visible_to(each).filter(pk=event.pk).exists()
        ],
        MailKind.EVENTS,
        key=f"event:{event.pk}:{key}",
        subject=subject,
        body=body,
        words=lambda person: words | {"title": event.title, "when": _when(event, person)},
        path=path or event.get_absolute_url(),
    )


def _when(event: Event, person: Member) -> str:
    for_you = told_for(event, person.time_zone)
    return told_at_place(event) + (f"\n{for_you}" if for_you else "")


def people_with(event: Event, *states: str) -> QuerySet[Member]:
    """Return who takes part in the portal and has an enrolment in one of `states`."""
    people: QuerySet[Member] = Member.objects.taking_part()
    enrolments = event.enrolments.filter(state__in=states)
    return people.filter(pk__in=enrolments.values("member")).order_by("pk")


def organising_people(event: Event) -> QuerySet[Member]:
    """Return the heads and editors of the organising hubs who take part now."""
    places = Membership.objects.in_force().filter(hub__in=event.hubs.all(), role__in=EDITING_ROLES)
    people: QuerySet[Member] = Member.objects.taking_part()
    return people.filter(pk__in=places.values("member")).order_by("pk")
