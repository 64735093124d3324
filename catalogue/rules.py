"""What holds of every content of an entry, whoever wrote it and however: forms, the API and
imports ask here to say at its place what is wrong, and services so that nothing else is kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

YEARS_TURNED = _("The last year cannot be before the first.")
UNIT_MISSING = _("Say in which unit the value is.")
TWICE = _("Two rows have the same address. Remove one of them.")


def are_years_turned(content: Mapping[str, Any]) -> bool:
    """Return whether the last year is before the first."""
    start, end = content.get("year_from"), content.get("year_to")
    return bool(start and end and end < start)


def lacks_unit(result: Mapping[str, Any]) -> bool:
    """Return whether a result row has a value and says not in which unit."""
    return result.get("value") is not None and not result.get("unit")


def has_twice(sources: Sequence[Mapping[str, Any]]) -> bool:
    """Return whether two sources have one address."""
    return len({row["address"] for row in sources}) != len(sources)


def check_content(content: Mapping[str, Any]) -> None:
    """Raise `ValidationError` by column or list where a content breaks one of these rules."""
    problems: dict[str, Any] = {}
    if are_years_turned(content):
        problems["year_to"] = YEARS_TURNED
    if any(map(lacks_unit, content["results"])):
        problems["results"] = UNIT_MISSING
    if has_twice(content["sources"]):
        problems["sources"] = TWICE
    if problems:
        raise ValidationError(problems)
