"""Query-string filters of the dashboard: those that the lists of exchanges and stories share."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.http import QueryDict

from core.facets import Chip, Facet, build_facet, chips_of
from evaluation.filters.exchanges import ExchangeFilter
from evaluation.filters.stories import StoryFilter
from evaluation.models import Exchange, ImpactStory

if TYPE_CHECKING:
    from evaluation.querysets import ExchangeQuerySet, StoryQuerySet
    from hubs.querysets import User

SHARED = ("hub", "country", "sector", "year")


class BoardFilter:
    """The exchanges and stories that the dashboard counts for `user`.

    Without a filter all that totals are made of, also what is confidential. With any, only what
    the lists show: numbers of confidential ones by hub, country, sector and year together would
    tell what they are about.
    """

    def __init__(self, query: QueryDict, user: User) -> None:
        self.user = user
        self.query = QueryDict(mutable=True)
        for name in SHARED:
            values = [value for value in query.getlist(name) if value]
            if values:
                self.query.setlist(name, values)
        self.is_narrowed = bool(self.query)

    @cached_property
    def _exchanges(self) -> ExchangeFilter:
        found: Any = Exchange.objects.counted()
        if self.is_narrowed:
            found = found.visible_to(self.user)
        return ExchangeFilter(self.query, queryset=found)

    @cached_property
    def _stories(self) -> StoryFilter:
        found: Any = ImpactStory.objects.published().counted()
        if self.is_narrowed:
            found = found.visible_to(self.user)
        return StoryFilter(self.query, queryset=found)

    @property
    def form(self) -> Any:
        """The form of the exchanges' filters, with its errors."""
        return self._exchanges.form

    def is_valid(self) -> bool:
        """Return whether every value can be asked for."""
        return bool(self._exchanges.is_valid() and self._stories.is_valid())

    def exchanges(self) -> ExchangeQuerySet:
        """Return the exchanges that are counted; none beside a bad value."""
        found: ExchangeQuerySet = _each_once(Exchange.objects, self._exchanges, self.is_valid())
        return found

    def stories(self) -> StoryQuerySet:
        """Return the stories that are counted; none beside a bad value."""
        found: StoryQuerySet = _each_once(ImpactStory.objects, self._stories, self.is_valid())
        return found

    def facets(self) -> list[Facet]:
        """Return what the form offers; nothing is counted beside the values."""
        fields = {name: self.form.fields[name] for name in SHARED}
        return [
            build_facet(
                name,
                field.label,
                field.choices,
                selected=self.query.getlist(name),
                errors=self.form.errors.get(name, ()),
            )
            for name, field in fields.items()
        ]

    def chips(self) -> list[Chip]:
        """Return the filters that are set."""
        return chips_of(self.form, self.query)

    def with_query(self, **more: str) -> str:
        """Return the filters that are set, and `more`, as a query string with its mark."""
        query = self.query.copy()
        for name, value in more.items():
            query[name] = value
        return f"?{query.urlencode()}"


def _each_once(rows: Any, asked: Any, is_valid: bool) -> Any:
    """Return what is found. The filters of several values ask for distinct rows, of which those
    alike in the columns that are counted would be one: so they find keys.
    """
    return rows.filter(pk__in=asked.qs.order_by().values("pk")) if is_valid else rows.none()
