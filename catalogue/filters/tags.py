"""Filters by tags: those that everybody may know of, and what they were called before."""

from __future__ import annotations

import re
from typing import Any

from django.http import QueryDict
from django_filters.fields import MultipleChoiceField

from catalogue.models import Tag
from core.filters import ChoicesFilter
from hubs.filters import AnyCodeFilter

_SLUG = re.compile(r"[-a-z0-9_]{1,60}")


def today(query: QueryDict) -> QueryDict | None:
    """Return a query string with merged tags by the names they have today; None if it has none."""
    slugs = [each for each in query.getlist("tag") if _SLUG.fullmatch(each)]
    became = Tag.objects.all().became(slugs)
    if not became:
        return None
    renamed = query.copy()
    tags = (became.get(each, each) for each in query.getlist("tag"))
    renamed.setlist("tag", list(dict.fromkeys(tags)))
    return renamed


def tag_choices() -> list[tuple[str, str]]:
    """Return the tags that everybody may know of, by name."""
    return [(tag.slug, tag.label) for tag in Tag.objects.public().by_name()]


class TagField(MultipleChoiceField):
    """A choice of tags, also by the names of tags that were merged into them."""

    def clean(self, value: Any) -> Any:
        """Return the slugs as they are today."""
        return super().clean(list(dict.fromkeys(self._today(value or []))))

    def _today(self, slugs: list[str]) -> list[str]:
        offered = {code for code, _name in self.choices}
        unknown = [each for each in slugs if each not in offered and _SLUG.fullmatch(str(each))]
        became = Tag.objects.all().became(unknown)
        return [became.get(each, each) for each in slugs]


class TagChoices(ChoicesFilter):
    """What filters by tags have in common."""

    field_class = TagField

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(field_name="tag", choices=tag_choices, **kwargs)


class TagFilter(TagChoices, AnyCodeFilter):
    """Entries with any of the tags chosen."""

    def filter(self, qs: Any, value: list[str]) -> Any:
        return qs.filter(tags__overlap=value) if value else qs
