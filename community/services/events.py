"""Events: begun, changed, published, cancelled, discarded; and who organises them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Member
from accounts.services import Change, changes_between
from community.event_times import typed_times, whole_days
from community.models import Event, EventPrecision, EventState, Thread
from community.services.event_mail import people_with, tell
from community.services.event_records import (
    editable_event,
    index_event,
    locked_event,
    next_version,
    record_event,
    refuse_cancelled,
)
from community.services.seats import fill_seats
from core.errors import DomainError
from core.naming import free_slug, one_at_a_time
from evaluation.models import Exchange
from hubs.models import Hub
from hubs.services.rows import readable, refuse_stale, save_changed, sign

ABOUT = ("title", "kind", "language", "summary", "description", "organisers", "exchange")
WHEN = ("starts_at", "ends_at", "precision", "time_zone")
WHERE = ("place", "country", "is_online", "online_address", "languages", "interpretation")
SEATS = ("policy", "capacity", "enrolment_closes_at")
AFTERWARDS = ("participants", "outcome")
CONTENT_FIELDS = (*ABOUT, *WHEN, *WHERE, *SEATS, *AFTERWARDS)
IN_CALENDARS = {"title", *WHEN, "place", "country", "is_online", "online_address"}
NAMING_LOCK = 7_201_204_060  # of the database: one new address at a time
MOST_OF_SLUG = 94  # characters made of a title; the column has room for a number
TAKEN = {"begin", "calendar"}  # addresses that are pages already
MOST_HUBS = 20  # that organise one event


@transaction.atomic
def begin_event(hub: Hub, *, columns: Mapping[str, Any], by: Member) -> Event:
    """Save the draft of an event of a hub, and return it.

    Raises `PermissionDenied` if `by` neither heads nor edits the hub, nor moderates;
    `ValidationError` if a column is wrong.
    """
    if not Hub.objects.editable_by(by).contains(hub):
        raise PermissionDenied
    one_at_a_time(NAMING_LOCK)
    event = Event(author=by, **columns)
    event.slug = free_slug(
        Event.objects, event.title, most=MOST_OF_SLUG, otherwise="event", taken=TAKEN
    )
    _set_days(event)
    _refuse_foreign_exchange(event.exchange, by)
    event.full_clean()
    sign(event, by)
    event.save()
    event.hubs.set([hub])
    record_event("event.begun", event, by=by, is_public=False)
    return event


@transaction.atomic
def change_event(
    event: Event, *, changes: Mapping[str, Any], expected_version: int, by: Member
) -> Event:
    """Change columns of an event; return the saved row. More seats go to those who wait; those
    who have one are told of another time or place.

    Raises `PermissionDenied` if `by` does not run it, `StaleEdit`, `ValidationError` if a column
    is wrong, `DomainError` if it is cancelled or has fewer seats than people.
    """
    current = editable_event(event, by)
    refuse_stale(current, expected_version, saved_texts(current))
    if changes.get("exchange") not in (None, current.exchange):
        _refuse_foreign_exchange(changes["exchange"], by)
    before, texts = {name: getattr(current, name) for name in CONTENT_FIELDS}, saved_texts(current)
    wanted = dict(changes)
    if set(wanted) & set(WHEN):
        wanted |= _days_of(current, wanted)
    _refuse_outside(current, wanted)
    _refuse_too_few(current, wanted)
    changed = {name for name, value in wanted.items() if before[name] != value}
    if changed & IN_CALENDARS:
        current.sequence += 1
    save_changed(current, wanted, by=by)
    made = changes_between(texts, saved_texts(current))
    index_event(current)
    is_told = current.state == EventState.PUBLISHED
    record_event("event.changed", current, by=by, is_public=is_told, changes=made)
    if is_told and not current.is_past:
        if changed & {*WHEN, "place", "is_online", "online_address"}:
            _tell_moved(current)
        fill_seats(current)
    return current  # type: ignore[no-any-return]


@transaction.atomic
def set_hubs(event: Event, hubs: Collection[Hub], *, expected_version: int, by: Member) -> Event:
    """Say which hubs organise an event. Raises as `change_event`; `PermissionDenied` also for a
    hub that `by` neither heads nor edits and that is added or taken out, `ValidationError` if
    none is left or there are too many.
    """
    current = editable_event(event, by)
    old = {hub.pk: hub for hub in current.hubs.all()}
    new = {hub.pk: hub for hub in hubs}
    refuse_stale(current, expected_version, {"hubs": _names(old.values())})
    touched = set(old) ^ set(new)
    if Hub.objects.editable_by(by).filter(pk__in=touched).count() < len(touched):
        raise PermissionDenied
    if not new or len(new) > MOST_HUBS:
        raise ValidationError({"hubs": [_("Name between one and twenty hubs.")]})
    current.hubs.set(new)
    changes = changes_between({"hubs": _names(old.values())}, {"hubs": _names(new.values())})
    return next_version(current, changes, by=by)  # type: ignore[no-any-return]


@transaction.atomic
def publish_event(event: Event, *, expected_version: int, by: Member) -> Event:
    """Show an event to everybody, as it was read. Raises `PermissionDenied`, `StaleEdit`, and
    `DomainError` naming what is missing, or if it is published already.
    """
    current = locked_event(event, by)
    if current.state != EventState.DRAFT:
        raise DomainError(_("This event is published already."))
    refuse_stale(current, expected_version, saved_texts(current))
    lacking = missing_in(current)
    if lacking:
        raise DomainError(" ".join(lacking))
    current.state, current.published_at = EventState.PUBLISHED, timezone.now()
    _save_state(current, by)
    record_event("event.published", current, by=by, is_public=True)
    return current  # type: ignore[no-any-return]


@transaction.atomic
def cancel_event(event: Event, *, reason: str, by: Member) -> Event:
    """Cancel an event, at once; everybody who has a seat or waits for one is told why.

    Raises `PermissionDenied`, `ValidationError` without a reason, `DomainError` if it is a draft,
    over, or cancelled already.
    """
    current = locked_event(event, by)
    refuse_cancelled(current)
    if current.state == EventState.DRAFT:
        raise DomainError(_("Nobody knows of this event yet: it is a draft."))
    if current.is_past:
        raise DomainError(_("This event is over."))
    current.state, current.cancelled_reason = EventState.CANCELLED, reason.strip()
    _save_state(current, by)
    record_event("event.cancelled", current, by=by, is_public=True)
    tell(
        people_with(current, "approved", "requested", "waiting"),
        current,
        key="cancelled",
        subject=gettext_lazy("Cancelled: %(title)s"),
        body=gettext_lazy(
            "“%(title)s” does not take place: %(reason)s\n\nIt was to be: %(when)s\n\n%(address)s"
        ),
        reason=current.cancelled_reason,
    )
    return current  # type: ignore[no-any-return]


@transaction.atomic
def discard_event(event: Event, *, expected_version: int, by: Member) -> None:
    """Delete a draft that was never published, with its agenda; its materials stay in the
    library. History and activity keep what it said.

    Raises `PermissionDenied`, `StaleEdit`, `DomainError` if it was published, or if people wrote
    about it: what they wrote stays, and the draft with it.
    """
    # The strongest lock: whatever is to name it, a thread or who follows it, waits or came first.
    # Threads before it, as who writes in one; those that are begun in between stay, and it too.
    threads = Thread.objects.select_for_update(of=("self",)).filter(event=event.pk)
    known = [pk for (pk,) in threads.order_by("pk").values_list("pk")]
    Event.objects.select_for_update(of=("self",)).filter(pk=event.pk).first()
    current = locked_event(event, by)
    if current.state != EventState.DRAFT or current.published_at is not None:
        raise DomainError(_("This event was published. Cancel it instead."))
    texts = saved_texts(current)
    refuse_stale(current, expected_version, texts)
    gone: list[Change] = [
        {"field": name, "old": text, "new": None} for name, text in texts.items() if text
    ]
    record_event("event.discarded", current, by=by, is_public=False, changes=gone)
    current.threads.filter(pk__in=known, posts=None).delete()  # begun, and nothing was written
    sign(current, by)
    try:
        current.delete()
    except ProtectedError as error:
        text = _("People wrote about this draft. What they wrote stays, and so does the draft.")
        raise DomainError(text) from error


def saved_texts(event: Event) -> dict[str, object]:
    """Return what an event says as people read and type it."""
    moments = {"starts_at", "ends_at", "enrolment_closes_at"}
    plain = [name for name in CONTENT_FIELDS if name not in moments]
    return readable(event, plain) | typed_times(event)


def missing_in(event: Event) -> list[str]:
    """Return what an event lacks before it can be published, in words."""
    lacking = []
    if not event.summary.strip():
        lacking.append(_("Say in short what it is about."))
    if not (event.place.strip() or event.is_online):
        lacking.append(_("Say where it takes place."))
    return lacking


def ties_offered(by: Member) -> Any:
    """Return the exchanges to which `by` may tie an event: those of their hubs."""
    exchanges = Exchange.objects
    own = exchanges.followable_by(by).values("pk")
    written = exchanges.editable_by(by).values("pk")
    return exchanges.filter(pk__in=own) | exchanges.filter(pk__in=written)


def _refuse_foreign_exchange(exchange: Exchange | None, by: Member) -> None:
    if exchange is not None and not ties_offered(by).filter(pk=exchange.pk).exists():
        raise ValidationError({"exchange": [_("Choose an exchange of your hub.")]})


def _set_days(event: Event) -> None:
    for name, value in _days_of(event, {}).items():
        setattr(event, name, value)


def _days_of(event: Event, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return start and end as they are kept: of whole days, from midnight to midnight."""
    whole = {name: changes.get(name, getattr(event, name)) for name in WHEN}
    wrong = {
        name: [_("State when it is.")] for name in ("starts_at", "ends_at") if whole[name] is None
    }
    if wrong:
        raise ValidationError(wrong)
    zone = Event(time_zone=whole["time_zone"])
    zone.clean_fields(exclude=[f.name for f in Event._meta.fields if f.name != "time_zone"])
    if whole["precision"] == EventPrecision.DAY:
        first, last = whole_days(whole["starts_at"], whole["ends_at"], zone.zone)
        whole |= {"starts_at": first, "ends_at": last}
    return whole


def _refuse_outside(event: Event, changes: Mapping[str, Any]) -> None:
    """Raise `ValidationError` if an item of the agenda would lie before or after the event."""
    start = changes.get("starts_at", event.starts_at)
    end = changes.get("ends_at", event.ends_at)
    sessions = event.sessions.all()
    if sessions.filter(starts_at__lt=start).exists() or sessions.filter(ends_at__gt=end).exists():
        raise ValidationError(
            {"starts_at": [_("An item of the agenda would lie outside this time.")]}
        )


def _refuse_too_few(event: Event, changes: Mapping[str, Any]) -> None:
    seats = changes.get("capacity", event.capacity)
    taken = event.enrolments.seated().count()
    if seats is not None and seats < taken:
        raise DomainError(
            _("%(number)d people have a seat already. Decline some of them first.")
            % {"number": taken}
        )


def _tell_moved(event: Event) -> None:
    tell(
        people_with(event, "approved", "requested", "waiting"),
        event,
        key=f"moved:{event.sequence}",
        subject=gettext_lazy("Changed: %(title)s"),
        body=gettext_lazy(
            "Time or place of “%(title)s” changed. It is now:\n\n%(when)s\n\n%(address)s"
        ),
    )


def _save_state(current: Any, by: Member) -> None:
    current.version += 1
    current.sequence += 1
    current.full_clean()
    sign(current, by)
    current.save()
    index_event(current)


def _names(hubs: Iterable[Hub]) -> str:
    return "; ".join(sorted(hub.name for hub in hubs))
