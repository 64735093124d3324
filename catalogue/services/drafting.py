"""Writing: a draft is begun, its sections are saved one by one, it grows or is taken back."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.models import ActivityAudience
from accounts.services import record_activity
from catalogue.codelists import EntrySize
from catalogue.content import empty_content, written_content
from catalogue.models import TRANSITIONS, Draft, DraftState, Entry, ReviewRound
from catalogue.rules import check_content
from catalogue.sections import SECTION_OF, Section
from catalogue.services.tagging import with_known_tags
from core.errors import DomainError, StaleEdit
from hubs.models import Hub

if TYPE_CHECKING:
    from accounts.models import Member

_DIGITS = 12  # hexadecimal, of the number that stands for a content
MOST_SECTION_VERSION = 16**_DIGITS - 1


def section_version(section: Section, content: Mapping[str, Any]) -> int:
    """Return a number that tells whether a section still says what it said."""
    return content_version(section.holds(content))


def content_version(content: Mapping[str, Any]) -> int:
    """Return a number that tells whether a content, or a part of it, still says the same."""
    text = json.dumps(content, sort_keys=True)
    return int(hashlib.sha256(text.encode()).hexdigest()[:_DIGITS], 16)


@transaction.atomic
def start_draft(hub: Hub, *, title: str, language: str, by: Member) -> Draft:
    """Begin a new experience of `hub`.

    Raises `PermissionDenied` if `by` has no role there and does not moderate.
    """
    if not Hub.objects.open_to_author(by).contains(hub):
        raise PermissionDenied
    content = empty_content(title=title, language=language)
    draft = Draft.objects.create(hub=hub, content=content, created_by=by)
    draft.authors.add(by)
    record_draft("draft.begun", draft, by=by)
    return draft


@transaction.atomic
def revise_entry(entry: Entry, *, by: Member) -> Draft:
    """Return the open draft of the entry's next version; begin one where there is none.

    Raises `PermissionDenied` if `by` may not write in the entry.
    """
    current = Entry.objects.select_for_update(no_key=True).get(pk=entry.pk)
    if not Entry.objects.revisable_by(by).contains(current):
        raise PermissionDenied
    found: Draft | None = current.drafts.open().first()
    if found is not None:
        return found
    draft = Draft.objects.create(
        entry=current,
        hub=current.hub,
        content=written_content(current),
        from_version=current.latest_version,
        created_by=by,
    )
    record_draft("draft.begun", draft, by=by)
    return draft


@transaction.atomic
def save_section(
    draft: Draft, slug: str, values: Mapping[str, Any], *, expected: int, by: Member
) -> Draft:
    """Write one section of a draft; whoever writes is an author from then on.

    `expected` is the `section_version` of what the author saw. Raises `PermissionDenied` if
    `by` may not write it now, `StaleEdit` if somebody saved the section in between.
    """
    section = SECTION_OF[slug]
    current = lock_writable(draft, by)
    now = section_version(section, current.content)
    if now != expected:
        raise StaleEdit(
            _("Somebody saved this part after you had opened it."),
            saved=section.holds(current.content),
            version=now,
        )
    write_content(current, {name: values[name] for name in section.names}, by)
    return current


@transaction.atomic
def change_draft(
    draft: Draft, changes: Mapping[str, Any], *, expected_version: int, by: Member
) -> Draft:
    """Write any parts of a draft at once, for programs: `expected_version` is the
    `content_version` of the whole that they read. Raises as `save_section`.
    """
    current = lock_writable(draft, by)
    version = content_version(current.content)
    if version != expected_version:
        raise StaleEdit(
            _("Somebody saved this part after you had opened it."),
            saved=current.content,
            version=version,
        )
    write_content(current, changes, by)
    return current


@transaction.atomic
def complete_draft(draft: Draft, *, by: Member) -> Draft:
    """Make a snapshot a full entry: there is more to write then.

    Raises `PermissionDenied` if `by` may not write it now.
    """
    current = lock_writable(draft, by)
    write_content(current, {"size": EntrySize.FULL}, by)
    return current


@transaction.atomic
def withdraw_draft(draft: Draft, *, by: Member) -> None:
    """Take a draft back; it stays, with its review, for those who worked on it.

    Raises `DomainError` if it was decided meanwhile, `PermissionDenied` if `by` may not.
    """
    current = lock_draft(draft)
    refuse_unless_open(current)
    if not Draft.objects.withdrawable_by(by).contains(current):
        raise PermissionDenied
    close_draft(current, by=by)


def close_draft(draft: Draft, *, by: Member) -> None:
    """Take a locked draft back, with the round that is open. Who may, the caller decides."""
    draft.rounds.filter(decision="").update(
        decision=ReviewRound.Decision.WITHDRAWN, decided_by=by, decided_at=Now()
    )
    move(draft, DraftState.WITHDRAWN)
    record_draft("draft.withdrawn", draft, by=by)


def write_content(draft: Draft, changes: Mapping[str, Any], by: Member) -> None:
    """Write parts of a locked draft; whoever writes is an author from then on.

    Raises `ValidationError` where `catalogue.rules` are broken.
    """
    draft.content |= with_known_tags(changes, by)
    check_content(draft.content)
    draft.save(update_fields=["content", "updated_at"])
    draft.authors.add(by)


def lock_draft(draft: Draft) -> Draft:
    """Return the draft as it is now, locked until the transaction ends."""
    current: Draft = Draft.objects.select_for_update(no_key=True).get(pk=draft.pk)
    return current


def lock_writable(draft: Draft, by: Member) -> Draft:
    """Return the locked draft; raise `PermissionDenied` if `by` may not write it now."""
    current = lock_draft(draft)
    if not Draft.objects.editable_by(by).contains(current):
        raise PermissionDenied
    return current


def refuse_unless_open(draft: Draft) -> None:
    """Raise `DomainError` for a draft that is not on its way any more."""
    if not draft.is_open:
        raise DomainError(
            _("This was decided meanwhile: %(state)s.") % {"state": draft.get_state_display()}
        )


def move(draft: Draft, state: str) -> None:
    """Put a locked draft into `state`; raise `DomainError` where nothing leads there."""
    if state not in TRANSITIONS.get(draft.state, ()):
        raise DomainError(
            _("This cannot be done with it now: %(state)s.") % {"state": draft.get_state_display()}
        )
    draft.state = state
    draft.state_since = Now()
    draft.save(update_fields=["state", "state_since", "entry", "round", "updated_at"])
    draft.refresh_from_db(fields=["state_since"])


def record_draft(verb: str, draft: Draft, *, by: Member) -> None:
    """Write down what was done to a draft; no reader of the portal is told."""
    record_activity(verb, draft, by=by, audience=ActivityAudience.MODERATORS)
