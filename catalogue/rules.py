"""What holds of every content of an entry, whoever wrote it and however: forms, the API and
imports ask here to say at its place what is wrong, and services so that nothing else is kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from catalogue.models import MOST_OF_NAME, MOST_TAGS
from catalogue.querysets.tags import folded, words_of_tags

YEARS_TURNED = _("The last year cannot be before the first.")
UNIT_MISSING = _("Say in which unit the value is.")
TOO_MANY_TAGS = _("Give at most ten tags.")
NO_TAG = _("“%(tag)s” cannot be a tag: write a few words, at most 50 characters.")
TWICE = _("Two rows have the same address. Remove one of them.")


def are_years_turned(content: Mapping[str, Any]) -> bool:
    """Return whether the last year is before the first."""
    start, end = content.get("year_from"), content.get("year_to")
    return bool(start and end and end < start)


def lacks_unit(result: Mapping[str, Any]) -> bool:
    """Return whether a result row has a value and says not in which unit."""
    return result.get("value") is not None and not result.get("unit")


def has_twice(sources: Sequence[Mapping[str, Any]]) -> bool:
    """Return whether two sources, or copies, have one address."""
    return len({row["address"] for row in sources}) != len(sources)


def tags_problem(tags: Sequence[str]) -> str:
    """Return what is wrong with the tags of a content, "" if nothing is."""
    if len(tags) > MOST_TAGS:
        return str(TOO_MANY_TAGS)
    wrong = [each for each in tags if not may_be_tag(each)]
    return str(NO_TAG) % {"tag": wrong[0][:MOST_OF_NAME]} if wrong else ""


def may_be_tag(text: str) -> bool:
    """Return whether a text could be typed as one tag."""
    is_one = words_of_tags(text) == [text]
    return len(text) <= MOST_OF_NAME and bool(folded(text)) and is_one


def check_content(content: Mapping[str, Any]) -> None:
    """Raise `ValidationError` by column or list where a content breaks one of these rules."""
    problems: dict[str, Any] = {}
    if are_years_turned(content):
        problems["year_to"] = YEARS_TURNED
    if any(map(lacks_unit, content["results"])):
        problems["results"] = UNIT_MISSING
    if problem := tags_problem(content.get("tags", ())):
        problems["tags"] = problem
    if has_twice(content["sources"]):
        problems["sources"] = TWICE
    if problems:
        raise ValidationError(problems)
