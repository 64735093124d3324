"""Steps that every change of a versioned row takes: lock, compare, set, save, say so."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from django.db import connection, models
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import ActivityAudience, Member
from accounts.services import Change, changes_between, record_activity
from core.dates import Precision, partial_isoformat
from core.errors import Removed, StaleEdit
from hubs.models import Hub

Row = TypeVar("Row", bound=models.Model)


def lock(row: Row) -> Row:
    """Return `row` as it is in the database now, locked until the transaction ends.

    Raises `Removed` if it is there no more.
    """
    queryset = type(row)._default_manager.select_for_update(no_key=True, of=("self",))
    current: Row | None = queryset.filter(pk=row.pk).first()
    if current is None:
        raise Removed(_("Somebody removed this in the meantime."))
    return current


def hold(row: models.Model) -> None:
    """Keep `row` from being deleted until the transaction ends, for what is to name it; who
    changes it is not kept waiting. Raises `Removed` if it is there no more.
    """
    # Django knows no lock as weak. Without it the database finds out at the commit, too late to
    # say so in words.
    table, key = row._meta.db_table, str(row._meta.pk.column)
    with connection.cursor() as cursor:
        quote = connection.ops.quote_name
        cursor.execute(
            f"SELECT 1 FROM {quote(table)} WHERE {quote(key)} = %s FOR KEY SHARE",  # noqa: S608
            [row.pk],
        )
        if cursor.fetchone() is None:
            raise Removed(_("Somebody removed this in the meantime."))


def sign(row: models.Model, by: Member | None) -> None:
    """Tell the history who writes `row` next; None: the portal itself."""
    row._history_user = by  # type: ignore[attr-defined]  # read by the history


def refuse_stale(current: Any, expected_version: int, saved: Mapping[str, object]) -> None:
    """Raise `StaleEdit` with what is saved now, if somebody saved in between."""
    if current.version != expected_version:
        raise StaleEdit(
            _("Somebody else saved this in the meantime. Nothing of yours was saved yet."),
            saved=saved,
            version=current.version,
        )


def readable(row: models.Model, names: Iterable[str]) -> dict[str, object]:
    """Return columns of `row` as a person reads them; JSON can keep each."""
    return {name: _text(row, name) for name in names}


def _text(row: models.Model, name: str) -> object:
    display = getattr(row, f"get_{name}_display", None)
    value = display() if display else getattr(row, name)
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, list):
        return ", ".join(str(item) for item in value)
    if isinstance(value, datetime.date):
        return partial_isoformat(value, getattr(row, f"{name}_precision", Precision.DAY))
    return str(value)


def save_changed(current: Any, changes: Mapping[str, object], *, by: Member | None) -> list[Change]:
    """Set `changes`, let the constraints speak, save under the next version.

    Return what changed, readable. Raises `ValidationError` in the words of the fields.
    """
    visible = [name for name in changes if not name.endswith("_precision")]
    before = readable(current, visible)
    for name, value in changes.items():
        setattr(current, name, value)
    current.version += 1
    if hasattr(current, "is_starter"):
        current.is_starter = False
    current.full_clean()
    sign(current, by)
    current.save()
    return changes_between(before, readable(current, visible))


def touch(hub: Hub) -> None:
    """Note that something of the hub changed: its ETag and `updated_since` follow."""
    Hub.objects.filter(pk=hub.pk).update(updated_at=timezone.now())


def record_fact(
    verb: str, fact: Any, *, by: Member | None, changes: Iterable[Change], is_public: bool
) -> None:
    """Write the activity of a fact, as one about its hub: the hub's history shows it.

    What is a draft or confidential is for the moderators only.
    """
    name: Change = {"field": fact._meta.model_name, "old": None, "new": str(fact)}
    record_activity(
        verb,
        fact.hub,
        by=by,
        audience=ActivityAudience.of(is_public=is_public),
        changes=[name, *changes],
    )
