"""Exchanges: begun, changed, copied as the draft of a new one, tied to entries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.services import changes_between
from catalogue.models import Entry
from core.errors import DomainError
from core.naming import free_slug, one_at_a_time
from evaluation.models import Exchange, Party, Step
from evaluation.services.exchange_rows import (
    note_change,
    record_exchange,
    refuse_hidden,
    writable,
)
from hubs.models import Hub
from hubs.services.rows import readable, refuse_stale, sign

if TYPE_CHECKING:
    from accounts.models import Member
    from hubs.querysets import User

CONTENT_FIELDS = (
    *("title", "language", "summary", "modality", "instruments", "sectors", "sdgs"),
    *("starts_on", "ends_on", "confidentiality"),
)
PRECISIONS = ("starts_on_precision", "ends_on_precision")
NAMING_LOCK = 5_014_040  # key of the advisory lock under which exchanges are named
MOST_OF_SLUG = 94  # characters made of a title; the column has room for a number
RESERVED = {"add", "board"}  # words that mean something else in addresses
MAX_ENTRIES = 50  # that one exchange is tied to
COPIED = ("modality", "instruments", "sectors", "sdgs", "language", "summary", "confidentiality")


@transaction.atomic
def begin_exchange(hub: Hub, *, columns: Mapping[str, object], by: Member) -> Exchange:
    """Save a new exchange of `hub`, planned and not published; `columns` of `CONTENT_FIELDS`.

    Raises `PermissionDenied` if `by` is not head, editor or M&E focal point of the hub,
    `ValidationError` if a column is wrong.
    """
    if not Hub.objects.assessable_by(by).contains(hub):
        raise PermissionDenied
    exchange = Exchange(hub=hub, created_by=by)
    for name, value in columns.items():
        if name in (*CONTENT_FIELDS, *PRECISIONS):
            setattr(exchange, name, value)
    _save_new(exchange, by=by)
    record_exchange("exchange.begun", exchange, by=by)
    return exchange


@transaction.atomic
def change_exchange(
    exchange: Exchange, *, changes: Mapping[str, object], expected_version: int, by: Member
) -> Exchange:
    """Change columns of an exchange; confirmations of what changed are void, all others stay.

    Raises `PermissionDenied` if `by` does not write it, `StaleEdit` if it is not at
    `expected_version` any more, `ValidationError` if a column is wrong, `DomainError` if
    everybody would read of a hub that is not public.
    """
    current = writable(exchange, by=by)
    saved = readable(current, CONTENT_FIELDS)
    refuse_stale(current, expected_version, saved)
    was_public = current.is_public
    for name, value in changes.items():
        if name in (*CONTENT_FIELDS, *PRECISIONS):
            setattr(current, name, value)
    current.full_clean()
    if not was_public:
        refuse_hidden(current)
    made = changes_between(saved, readable(current, CONTENT_FIELDS))
    return note_change("exchange.changed", current, by=by, changes=made, was_public=was_public)


def entries_named(slugs: Sequence[str], *, by: User) -> list[Entry]:
    """Return the published entries with these names in addresses; one query. Raises
    `ValidationError` for names of none, and for very many.
    """
    if len(slugs) > MAX_ENTRIES:
        raise ValidationError(_("These are very many entries. Name fewer."))
    seen = Entry.objects.visible_to(by).published()
    found = {entry.slug: entry for entry in seen.filter(slug__in=slugs)}
    if missing := [slug for slug in slugs if slug not in found]:
        raise ValidationError(
            _("There is no published entry at: %(addresses)s."),
            params={"addresses": ", ".join(missing)[:300]},
        )
    return list(found.values())


@transaction.atomic
def tie_entries(
    exchange: Exchange, entries: Iterable[Entry], *, expected_version: int, by: Member
) -> Exchange:
    """Say from which published entries the exchange grew, or which grew from it.

    Those tied already that `by` may not see stay. Raises `PermissionDenied` if `by` does not
    write the exchange, `DomainError` for an entry that not everybody may read or for too many.
    """
    current = writable(exchange, by=by, expected_version=expected_version)
    chosen = {entry.pk: entry for entry in entries}
    seen = Entry.objects.visible_to(by).published()
    if seen.filter(pk__in=chosen).count() < len(chosen):
        raise DomainError(_("Choose entries that are published."))
    if len(chosen) > MAX_ENTRIES:
        raise DomainError(
            _("An exchange is tied to at most %(max)s entries.") % {"max": MAX_ENTRIES}
        )
    # What is hidden by now is neither taken out nor named.
    old = sorted(seen.filter(exchanges=current).values_list("title", flat=True))
    hidden = current.entries.exclude(pk__in=seen.values("pk"))
    current.entries.set([*chosen.values(), *hidden])
    new = sorted(entry.title for entry in chosen.values())
    made = changes_between({"entries": "; ".join(old)}, {"entries": "; ".join(new)})
    return note_change("exchange.tied", current, by=by, changes=made)


@transaction.atomic
def copy_exchange(exchange: Exchange, *, by: Member) -> Exchange:
    """Begin a new exchange like this one, in the same hub: parties, instruments, sectors, goals,
    entries, and steps without dates, places and people.

    What somebody confirmed, what was contributed and when anything was is not copied. Raises
    `PermissionDenied` if `by` does not write the exchange.
    """
    source = writable(exchange, by=by)
    copied = {name: getattr(source, name) for name in COPIED}
    copy = Exchange(hub=source.hub, created_by=by, copied_from=source, **copied)
    copy.title = _("Copy of %(title)s") % {"title": source.title}
    copy.title = copy.title[:200]
    _save_new(copy, by=by)
    for party in source.parties.order_by("pk"):
        Party.objects.create(
            exchange=copy,
            side=party.side,
            hub_id=party.hub_id,
            organisation_id=party.organisation_id,
            country=party.country,
            note=party.note,
        )
    for step in source.steps.order_by("starts_on", "pk"):
        told = {name: getattr(step, name) for name in ("title", "instrument", "is_online")}
        Step.objects.create(exchange=copy, **told)
    copy.entries.set(source.entries.all())
    record_exchange("exchange.copied", copy, by=by)
    return copy


def _save_new(exchange: Exchange, *, by: Member) -> None:
    one_at_a_time(NAMING_LOCK)
    exchange.slug = free_slug(
        Exchange.objects, exchange.title, most=MOST_OF_SLUG, otherwise="exchange", taken=RESERVED
    )
    exchange.full_clean()
    sign(exchange, by)
    exchange.save()
