"""Steps that every change of an event takes: lock, right, record, index."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.services import record_activity
from catalogue.services import index_rows
from community.models import Event, EventState
from core.errors import DomainError
from evaluation.services.audiences import audience_of, is_kept_back
from hubs.services.rows import lock, sign

if TYPE_CHECKING:
    from accounts.models import Member
    from accounts.services import Change


def locked_event(event: Event, by: Member, right: str = "editable_by") -> Any:
    """Return the event, locked, for `by` to change. Whatever else is locked for it, members and
    enrolments, is locked after it.
    """
    current = lock(event)
    if not getattr(Event.objects, right)(by).contains(current):
        raise PermissionDenied
    return current


def editable_event(event: Event, by: Member) -> Any:
    """Return the event, locked, for `by` to write; `DomainError` if it is cancelled."""
    current = locked_event(event, by)
    refuse_cancelled(current)
    return current


def next_version(current: Any, changes: Iterable[Change], *, by: Member) -> Any:
    """Save an event under its next version after something that belongs to it changed."""
    current.version += 1
    current.is_starter = False
    sign(current, by)
    current.save()
    index_event(current)
    is_told = current.state == EventState.PUBLISHED
    record_event("event.changed", current, by=by, is_public=is_told, changes=changes)
    return current


def refuse_cancelled(event: Event) -> None:
    """Raise `DomainError` for an event that does not take place."""
    if event.state == EventState.CANCELLED:
        raise DomainError(_("This event is cancelled."))


def record_event(
    verb: str,
    event: Event,
    *,
    by: Member | None,
    is_public: bool,
    changes: Iterable[Change] = (),
    subject: Member | None = None,
) -> None:
    """Write the activity; of an event of a confidential exchange, without a name and texts."""
    is_told = is_public and Event.objects.public().filter(pk=event.pk).exists()
    exchange = event.exchange
    audience = audience_of(exchange, is_public=is_told, is_published=is_public)
    about: dict[str, Any] = {"audience": audience, "subject": subject}
    if is_kept_back(exchange):
        about |= {"label": "", "url": ""}
    else:
        about["changes"] = [each for each in changes if each["field"] != "online_address"]
    record_activity(verb, event, by=by, **about)


def index_event(event: Event) -> None:
    """Write the row by which the event is found, as everybody may see it now."""
    index_rows("event", [event.pk])


def index_events_of_hub(hub_pk: int) -> None:
    """Do so for those that a hub, which was shown or hidden, organises."""
    _index(Q(hubs=hub_pk))


def index_events_of_exchanges(pks: Collection[int]) -> None:
    """Do so for those that belong to exchanges, which were shown or hidden."""
    _index(Q(exchange__in=pks))


def _index(condition: Q) -> None:
    keys = list(Event.objects.filter(condition, published_at__isnull=False).values_list("pk"))
    if keys:
        index_rows("event", [pk for (pk,) in keys])
