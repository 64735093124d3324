"""The agenda of an event: its sessions, one by one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Member
from community.models import Event, EventSession
from community.services.event_records import editable_event, next_version
from core.errors import DomainError
from hubs.services.rows import lock, readable, refuse_stale

MOST_SESSIONS = 200  # of one event


@transaction.atomic
def write_session(
    event: Event,
    session: EventSession,
    *,
    columns: Mapping[str, Any],
    expected_version: int,
    by: Member,
) -> EventSession:
    """Add an item to the agenda, or change it. Raises as `change_event`; `ValidationError` also
    if it is not within the time of the event.
    """
    current = editable_event(event, by)
    saved = readable(lock(session), columns) if session.pk else {}
    refuse_stale(current, expected_version, saved)
    if not session.pk and current.sessions.count() >= MOST_SESSIONS:
        raise DomainError(_("This agenda has as many items as one can have."))
    session.event = current
    for name, value in columns.items():
        setattr(session, name, value)
    session.full_clean()
    if session.starts_at < current.starts_at or session.ends_at > current.ends_at:
        raise ValidationError({"starts_at": [_("The event does not take place then.")]})
    session.save()
    next_version(current, (), by=by)
    return session


@transaction.atomic
def remove_session(
    session: EventSession, *, expected_version: int | None = None, by: Member
) -> None:
    """Take an item off the agenda. Raises `PermissionDenied`, `DomainError` if the event is
    cancelled or somebody is marked as having been there; with a version, `StaleEdit` if the event
    is not at it any more.
    """
    current = editable_event(session.event, by)
    row = lock(session)
    if expected_version is not None:
        refuse_stale(current, expected_version, {})
    if row.attendances.exists():
        raise DomainError(_("People are marked as present at this session. It stays."))
    row.delete()
    next_version(current, (), by=by)
