"""Stating, changing and removing the dated and sourced facts of a hub."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Member
from accounts.services import changes_between
from core.errors import DomainError
from hubs.models import DatedFact, FundingStream, Hub, Source
from hubs.models.dimensions import Confidentiality
from hubs.services.rows import lock, readable, record_fact, refuse_stale, save_changed, sign, touch


@transaction.atomic
def create_fact(fact: DatedFact, *, sources: Iterable[Source], by: Member) -> DatedFact:
    """Save a new fact with its sources.

    Raises `PermissionDenied` if `by` does not edit the hub, `DomainError` if the fact is
    published without a source, `ValidationError` if a column is wrong.
    """
    if not Hub.objects.editable_by(by).contains(fact.hub):
        raise PermissionDenied
    cited = list(sources)
    _refuse_unsourced(fact, cited)
    fact.full_clean()
    sign(fact, by)
    fact.save()
    fact.sources.set(cited)
    if _is_public(fact):  # a draft changes nothing that others are shown, not even a time
        touch(fact.hub)
    changes = [
        {"field": name, "old": None, "new": value}
        for name, value in readable(fact, content_fields(fact)).items()
        if value not in (None, "")
    ]
    if cited:
        changes.append({"field": "sources", "old": None, "new": _titles(fact)})
    record_fact("fact.added", fact, by=by, changes=changes, is_public=_is_public(fact))  # type: ignore[arg-type]
    return fact


@transaction.atomic
def change_fact(
    fact: DatedFact,
    *,
    changes: Mapping[str, object],
    sources: Sequence[Source] | None,
    expected_version: int,
    by: Member,
) -> DatedFact:
    """Change columns of a fact, and its sources unless `sources` is None.

    Return the saved row. Raises `PermissionDenied` if `by` does not edit the hub,
    `StaleEdit` if the fact is not at `expected_version` any more, `DomainError` if it would
    be published without a source, `ValidationError` if a column is wrong.
    """
    current = lock(fact)
    if not type(fact).objects.editable_by(by).contains(current):
        raise PermissionDenied
    refuse_stale(current, expected_version, _saved(current))
    was_public = _is_public(current)
    old_sources = _titles(current)
    cited = list(current.sources.all()) if sources is None else list(sources)
    made = save_changed(current, changes, by=by)
    _refuse_unsourced(current, cited)
    current.sources.set(cited)
    made += changes_between({"sources": old_sources}, {"sources": _titles(current)})
    if was_public or _is_public(current):
        touch(current.hub)
    is_public = was_public and _is_public(current)
    record_fact("fact.changed", current, by=by, changes=made, is_public=is_public)
    return current


@transaction.atomic
def remove_fact(fact: DatedFact, *, reason: str, expected_version: int, by: Member) -> None:
    """Remove a fact that should never have been stated; history and activity keep it.

    A fact that has ceased to hold is given an end instead. Raises as `change_fact`, and
    `DomainError` without a reason.
    """
    current = lock(fact)
    if not type(fact).objects.editable_by(by).contains(current):
        raise PermissionDenied
    refuse_stale(current, expected_version, _saved(current))
    if not reason.strip():
        raise DomainError(_("Say why the fact is removed."))
    old = readable(current, content_fields(current))
    changes = [{"field": name, "old": text, "new": None} for name, text in old.items() if text]
    changes.append({"field": "reason", "old": None, "new": reason.strip()})
    is_public = _is_public(current)
    record_fact("fact.removed", current, by=by, changes=changes, is_public=is_public)  # type: ignore[arg-type]
    if is_public:
        touch(current.hub)
    sign(current, by)
    current.delete()


def content_fields(fact: DatedFact) -> list[str]:
    """Return the names of the columns that people write, in the order of the model."""
    hidden = {"id", "hub", "recorded_on", "known_from", "version", "is_starter"}
    hidden |= {"created_at", "updated_at"}
    names: list[Any] = [field.name for field in fact._meta.concrete_fields]
    return [name for name in names if name not in hidden and not name.endswith("_precision")]


def _saved(fact: DatedFact) -> dict[str, object]:
    return readable(fact, content_fields(fact)) | {"sources": _titles(fact)}


def _titles(fact: DatedFact) -> str:
    return "; ".join(source.title for source in fact.sources.all())


def _is_public(fact: DatedFact) -> bool:
    if isinstance(fact, FundingStream) and fact.confidentiality != Confidentiality.PUBLIC:
        return False
    return fact.is_published and fact.hub.is_published


def _refuse_unsourced(fact: DatedFact, sources: Sequence[Source]) -> None:
    if fact.is_published and not sources:
        raise DomainError(_("A published fact needs at least one source."))
