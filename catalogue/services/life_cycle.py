"""What becomes of a published entry: set aside, taken back, contested."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import ActivityAudience
from accounts.services import record_activity
from catalogue.models import Entry, EntryState
from catalogue.querysets.entries import PUBLISHED_STATES
from catalogue.services.drafting import close_draft
from catalogue.services.indexing import index_entries
from core.errors import DomainError
from hubs.services.rows import sign

if TYPE_CHECKING:
    from accounts.models import Member
    from catalogue.querysets import EntryQuerySet


@transaction.atomic
def archive_entry(entry: Entry, *, reason: str, by: Member) -> None:
    """Set an entry aside: it stays readable and found, marked as no longer kept up.

    Raises `PermissionDenied` if `by` does not edit the hub, `DomainError` if it is not
    published (any more) or without a reason.
    """
    current = _locked(entry, Entry.objects.revisable_by(by), (EntryState.PUBLISHED,), reason)
    _change(current, by, state=EntryState.ARCHIVED)
    _record("entry.archived", current, by, reason)


@transaction.atomic
def restore_entry(entry: Entry, *, reason: str, by: Member) -> None:
    """Take an entry out of the archive. Raises as `archive_entry`."""
    current = _locked(entry, Entry.objects.revisable_by(by), (EntryState.ARCHIVED,), reason)
    _change(current, by, state=EntryState.PUBLISHED)
    _record("entry.restored", current, by, reason)


@transaction.atomic
def withdraw_entry(entry: Entry, *, reason: str, by: Member) -> None:
    """Take an entry back for good: its address says when and why, and no list holds it.

    An open draft goes with it. Raises as `archive_entry`.
    """
    # Drafts before their entry, as publishing locks them: in another order two would wait for
    # each other.
    drafts = list(entry.drafts.open().select_for_update(no_key=True))
    current = _locked(entry, Entry.objects.revisable_by(by), PUBLISHED_STATES, reason)
    _change(current, by, state=EntryState.WITHDRAWN, withdrawn_reason=reason.strip())
    for draft in drafts:
        close_draft(draft, by=by)
    _record("entry.withdrawn", current, by, reason)


@transaction.atomic
def contest_entry(entry: Entry, *, statement: str, by: Member) -> None:
    """Mark what an entry says as contested; `statement` says what, by whom. For moderators.

    Said again, the new statement stands. Raises as `archive_entry`.
    """
    current = _locked(entry, Entry.objects.contestable_by(by), PUBLISHED_STATES, statement)
    _change(current, by, is_contested=True, contested_statement=statement.strip())
    _record("entry.contested", current, by, statement)


@transaction.atomic
def settle_entry(entry: Entry, *, reason: str, by: Member) -> None:
    """Take the mark "contested" away. For moderators; raises as `archive_entry`."""
    current = _locked(entry, Entry.objects.contestable_by(by), PUBLISHED_STATES, reason)
    _change(current, by, is_contested=False, contested_statement="")
    _record("entry.settled", current, by, reason)


def _locked(
    entry: Entry, allowed: EntryQuerySet, states: Collection[str], reason: str | None = None
) -> Entry:
    current: Entry = (
        Entry.objects.select_for_update(no_key=True, of=("self",))
        .select_related("hub")
        .get(pk=entry.pk)
    )
    if current.state not in states:
        raise DomainError(
            _("This cannot be done with it now: %(state)s.")
            % {"state": current.get_state_display()}
        )
    if not allowed.contains(current):
        raise PermissionDenied
    if reason is not None and not reason.strip():
        raise DomainError(_("Say why; readers are told."))
    return current


def _change(entry: Entry, by: Member, **columns: object) -> None:
    for name, value in columns.items():
        setattr(entry, name, value)
    entry.version += 1
    sign(entry, by)
    entry.save(update_fields=[*columns, "version", "updated_at"])
    index_entries([entry.pk])


def _record(verb: str, entry: Entry, by: Member, reason: str = "") -> None:
    is_public = entry.hub.is_published
    record_activity(
        verb,
        entry,
        by=by,
        audience=ActivityAudience.of(is_public=is_public),
        changes=[{"field": "reason", "old": None, "new": reason.strip()}] if reason else (),
    )
