"""Adoptions: stated by who took something up, confirmed or rejected by where it came from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import ActivityAudience
from accounts.services import Change, record_activity
from catalogue.models import (
    Adoption,
    AdoptionState,
    BuildingBlock,
    Entry,
)
from catalogue.registers import ADOPTION_CHANGED, ADOPTION_GOES
from catalogue.services.adoption_mail import tell_claimant
from core.errors import DomainError
from core.naming import one_at_a_time
from hubs.models import Hub, Organisation
from hubs.services.rows import lock, readable, refuse_stale, save_changed, sign

if TYPE_CHECKING:
    from accounts.models import Member

ADOPTION_TEXTS = ("resulting_entry", "outcome", "kept", "changed", "dropped", "why")
# Key of the advisory lock under which entries are tied; migration 0011 takes it too.
LINEAGE_LOCK = 5_014_013


@transaction.atomic
def claim_adoption(
    thing: Entry | BuildingBlock,
    *,
    adopter: Hub | Organisation,
    columns: Mapping[str, object],
    by: Member,
) -> Adoption:
    """State that `adopter` took up `thing`; `columns` are of `ADOPTION_TEXTS`.

    Raises `PermissionDenied` if `by` does not edit the adopting hub (of an organisation: takes
    no part), or if not everybody may read `thing`; `DomainError` if a hub would adopt its own,
    or entries would come of each other in a circle; `ValidationError` if it is stated already
    or a column is wrong.
    """
    _refuse_who_may_not_claim(thing, adopter, by=by)
    if isinstance(adopter, Hub) and adopter.pk == thing.hub_id:
        raise DomainError(_("A hub does not adopt what it shares itself."))
    one_at_a_time(LINEAGE_LOCK)
    adoption = Adoption(
        entry=thing if isinstance(thing, Entry) else None,
        block=thing if isinstance(thing, BuildingBlock) else None,
        hub=adopter if isinstance(adopter, Hub) else None,
        organisation=adopter if isinstance(adopter, Organisation) else None,
        claimed_by=by,
        **{name: value for name, value in columns.items() if name in ADOPTION_TEXTS},
    )
    adoption.full_clean()
    _refuse_result(adoption, adoption.resulting_entry, by=by)
    sign(adoption, by)
    adoption.save()
    _record("adoption.claimed", adoption, by=by)
    return adoption


@transaction.atomic
def change_adoption(
    adoption: Adoption, *, changes: Mapping[str, object], expected_version: int, by: Member
) -> Adoption:
    """Change what an adoption says; what was confirmed waits to be confirmed anew.

    Raises `PermissionDenied` if `by` does not edit the adopting hub (of an organisation: did
    not state it), `StaleEdit` if it is not at `expected_version` any more, `DomainError` if it
    is gone, and else as `claim_adoption`.
    """
    one_at_a_time(LINEAGE_LOCK)
    current = _editable(adoption, by=by)
    refuse_stale(current, expected_version, readable(current, ADOPTION_TEXTS))
    texts = {name: value for name, value in changes.items() if name in ADOPTION_TEXTS}
    if texts.get("resulting_entry", current.resulting_entry) != current.resulting_entry:
        _refuse_result(current, texts["resulting_entry"], by=by)
    if any(getattr(current, name) != value for name, value in texts.items()):
        current.state, current.confirmed_by, current.confirmed_at = (
            AdoptionState.CLAIMED,
            None,
            None,
        )
    made = save_changed(current, texts, by=by)
    for follow in ADOPTION_CHANGED:
        follow(current.pk, by)
    _record("adoption.changed", current, by=by, changes=made)
    return current


@transaction.atomic
def confirm_adoption(adoption: Adoption, *, expected_version: int, by: Member) -> Adoption:
    """Confirm an adoption as the originator, as it says in its version `expected_version`.

    Raises `PermissionDenied` if `by` neither edits the originator hub nor moderates, or stated
    or wrote any of it, or is of the adopting hub; `StaleEdit` if it says something else by
    now; `DomainError` if it is confirmed already, or gone.
    """
    current = _decidable(adoption, by=by)
    refuse_stale(current, expected_version, readable(current, ADOPTION_TEXTS))
    current.state, current.confirmed_by = AdoptionState.CONFIRMED, by
    current.confirmed_at = timezone.now()
    save_changed(current, {}, by=by)
    for follow in ADOPTION_CHANGED:
        follow(current.pk, by)
    _record("adoption.confirmed", current, by=by)
    tell_claimant(current)
    return current


@transaction.atomic
def reject_adoption(adoption: Adoption, *, reason: str, by: Member) -> None:
    """Take an adoption that was only stated out of the catalogue, as the originator; who
    stated it is told why. Raises as `confirm_adoption`, and `DomainError` without a reason.
    """
    current = _decidable(adoption, by=by)
    said = _said(reason)
    tell_claimant(current, reason=said)
    _remove("adoption.rejected", current, said, by=by)


@transaction.atomic
def retract_adoption(adoption: Adoption, *, reason: str, by: Member) -> None:
    """Take back an adoption, in whatever state; history and activity keep it.

    One that failed is not taken back but says so. Raises `PermissionDenied` as
    `change_adoption`, `DomainError` without a reason.
    """
    current = _editable(adoption, by=by)
    _remove("adoption.retracted", current, _said(reason), by=by)


def _refuse_who_may_not_claim(
    thing: Entry | BuildingBlock, adopter: Hub | Organisation, *, by: Member
) -> None:
    readable_by_all = type(thing).objects.visible_to(by).published()
    if not by.takes_part or not readable_by_all.contains(thing):
        raise PermissionDenied
    if isinstance(adopter, Hub) and not Hub.objects.editable_by(by).contains(adopter):
        raise PermissionDenied


def _refuse_result(adoption: Adoption, result: Any, *, by: Member) -> None:
    """Refuse as what came of it an entry that is not the adopter's, or makes a circle."""
    if result is None:
        return
    if adoption.hub_id is not None and result.hub_id != adoption.hub_id:
        raise DomainError(_("What came of it must be an entry of the adopting hub."))
    if not Entry.objects.of_hubs_edited_by(by).contains(result):
        raise DomainError(_("What came of it must be an entry of a hub that you edit."))
    if adoption.entry_id is None:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT catalogue_leads_to(%s, %s, %s)",
            [result.pk, adoption.entry_id, adoption.pk or 0],
        )
        (makes_circle,) = cursor.fetchone()
    if makes_circle:
        raise DomainError(_("These entries would come of each other in a circle."))


def _editable(adoption: Adoption, *, by: Member) -> Adoption:
    current: Adoption = lock(adoption)
    if not Adoption.objects.editable_by(by).contains(current):
        raise PermissionDenied
    return current


def _decidable(adoption: Adoption, *, by: Member) -> Adoption:
    current: Adoption = lock(adoption)
    if not Adoption.objects.decidable_by(by).contains(current):
        raise PermissionDenied
    if current.is_confirmed:
        raise DomainError(_("This adoption is confirmed already."))
    return current


def _said(reason: str) -> str:
    if not reason.strip():
        raise DomainError(_("Say why."))
    return reason.strip()


def _remove(verb: str, adoption: Adoption, reason: str, *, by: Member) -> None:
    """Delete a locked adoption; the activity and the history keep what it said, and why."""
    changes: list[Change] = [
        {"field": name, "old": text, "new": None}
        for name, text in readable(adoption, ADOPTION_TEXTS).items()
        if text
    ]
    changes.append({"field": "reason", "old": None, "new": reason})
    _record(verb, adoption, by=by, changes=changes, is_gone=True)
    for let_go in ADOPTION_GOES:
        let_go(adoption.pk, by)
    sign(adoption, by)
    adoption.delete()


def _record(
    verb: str,
    adoption: Adoption,
    *,
    by: Member,
    changes: Iterable[Change] = (),
    is_gone: bool = False,
) -> None:
    """Write the activity; public where everybody may see the adoption, and it is not removed."""
    thing, adopter = adoption.thing, adoption.adopter
    hubs = [thing.hub] if thing else []
    if isinstance(adopter, Hub):
        hubs.append(adopter)
    result = adoption.resulting_entry
    is_public = all(hub.is_published for hub in hubs) and not is_gone
    if result is not None and not Entry.objects.published().contains(result):
        is_public = False
    record_activity(
        verb,
        adoption,
        by=by,
        audience=ActivityAudience.of(is_public=is_public),
        changes=changes,
        url=thing.get_absolute_url() if is_gone and thing else None,
    )
