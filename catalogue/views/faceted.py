"""Lists whose filters say how many things each of their values would find."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import Count, F, Func, QuerySet
from django.db.models.expressions import Combinable

from core.facets import Facet, build_facet
from core.views import FilteredListView

_YES_NO = {True: "yes", False: "no"}


class FacetedListView(FilteredListView):
    """A filtered list with facets.

    `facets`: parameter -> what is counted (a column or an expression), and whether that is a
    list of codes.
    """

    facets: Mapping[str, tuple[str | Combinable, bool]] = {}

    def facet_list(self) -> Iterator[Facet]:
        """Give each facet; its counts leave out its own filter. One query each."""
        form = self.filterset.form
        for name, (column, is_list) in self.facets.items():
            field: Any = form.fields[name]
            yield build_facet(
                name,
                field.label,
                field.choices,
                counts=_counts(self._without(name), column, is_list=is_list),
                selected=self.request.GET.getlist(name),
                errors=form.errors.get(name, ()),
                query=self.request.GET,
            )

    def _without(self, name: str) -> QuerySet[Any]:
        """Return what is found without the filter `name`; nothing beside a bad value."""
        found: QuerySet[Any] = self.filterset.queryset
        if not self.filterset.is_valid():
            return found.none()
        for other, each in self.filterset.filters.items():
            if other != name:
                found = each.filter(found, self.filterset.form.cleaned_data[other])
        return found


def _counts(things: QuerySet[Any], column: str | Combinable, *, is_list: bool) -> dict[str, int]:
    """Return how many things have each value of a column, or of a list of codes."""
    value = F(column) if isinstance(column, str) else column
    if is_list:
        value = Func(value, function="unnest", set_returning=True)
    # A name that no model has as a column.
    rows = (
        things.order_by()
        .annotate(facet_value=value)
        .values_list("facet_value")
        .annotate(Count("pk"))
    )
    return {str(_YES_NO.get(key, key)): number for key, number in rows}
