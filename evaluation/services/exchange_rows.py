"""Steps that every change of an exchange takes: lock, right, version; then note what changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.services import Change, record_activity
from core.errors import DomainError
from evaluation.facts import with_facts
from evaluation.models import Exchange
from evaluation.services.audiences import audience_of, is_kept_back
from evaluation.services.awaiting import tell_awaited
from evaluation.services.finding import index_exchanges
from evaluation.services.rungs import settle_rungs
from evaluation.standing import standing_of
from hubs.services.rows import lock, refuse_stale, sign

if TYPE_CHECKING:
    from accounts.models import Member


def writable(
    exchange: Exchange,
    *,
    by: Member,
    expected_version: int | None = None,
    saved: Mapping[str, object] | None = None,
) -> Exchange:
    """Return the exchange, locked until the transaction ends.

    Raises `PermissionDenied` if `by` does not write it, `StaleEdit` with `saved` if it is not
    at `expected_version` any more.
    """
    current: Exchange = lock(exchange)
    if not Exchange.objects.editable_by(by).contains(current):
        raise PermissionDenied
    if expected_version is not None:
        refuse_stale(current, expected_version, saved or {})
    return current


def note_change(
    verb: str,
    current: Exchange,
    *,
    by: Member | None,
    changes: Iterable[Change] = (),
    was_public: bool | None = None,
) -> Exchange:
    """Save a locked exchange under its next version after a part of it changed, judge anew
    whether both sides confirm it, and write the activity.
    """
    current.version += 1
    current.is_starter = False
    sign(current, by)
    current.save()
    judge_confirmed(current, by=by)
    record_exchange(verb, current, by=by, changes=changes, was_public=was_public)
    index_exchanges([current.pk])
    return current


def judge_confirmed(current: Exchange, *, by: Member | None) -> None:
    """Note on a locked exchange whether every side confirms it as it is now; the rungs of its
    stories follow, and the sides that did not answer are told.
    """
    whole: Exchange = with_facts(Exchange.objects.filter(pk=current.pk)).get()
    standing = standing_of(whole)
    tell_awaited(current, standing, by=by)
    is_confirmed = standing.is_confirmed
    if current.is_confirmed == is_confirmed:
        return
    current.is_confirmed = is_confirmed
    current.save_without_historical_record(update_fields=["is_confirmed", "updated_at"])  # type: ignore[attr-defined]
    reason = (
        _("Both sides confirmed the exchange.")
        if is_confirmed
        else _("A confirmation of the exchange was voided.")
    )
    settle_rungs(current, reason=reason, by=by)


def record_exchange(
    verb: str,
    exchange: Exchange,
    *,
    by: Member | None,
    changes: Iterable[Change] = (),
    was_public: bool | None = None,
) -> None:
    """Write the activity; of what is confidential it names nothing and says no more than that
    something was done.
    """
    is_public = Exchange.objects.public().contains(exchange) and was_public is not False
    audience = audience_of(exchange, is_public=is_public, is_published=exchange.is_published)
    about: dict[str, Any] = {"audience": audience}
    if is_kept_back(exchange):
        about |= {"label": _("Confidential exchange"), "url": ""}
        changes = []
    record_activity(verb, exchange, by=by, changes=changes, **about)


def refuse_hidden(current: Exchange) -> None:
    """Raise `DomainError` where everybody would read of an exchange with a hub that is not
    public.
    """
    if current.is_public and current.parties.filter(hub__is_published=False).exists():
        raise DomainError(_("One of the parties is a hub that is not public yet."))


def said(reason: str) -> str:
    """Return a reason; raise `DomainError` if there is none."""
    if not reason.strip():
        raise DomainError(_("Say why."))
    return reason.strip()


def touch_exchange(exchange: Exchange) -> None:
    """Let its ETag and `updated_since` follow a change that leaves its version alone."""
    Exchange.objects.filter(pk=exchange.pk).update(updated_at=timezone.now())
