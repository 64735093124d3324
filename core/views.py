"""Filtered lists: one queryset and one filterset as page, as htmx fragment and as files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.db.models.expressions import OrderBy
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views import View
from django_filters import FilterSet

from core.csv import stream_csv
from core.facets import chips_of

PAGE_SIZE = 25  # rows
EXPORTS = ("csv", "dictionary")


def is_htmx(request: HttpRequest) -> bool:
    """Return True for a request that htmx made and that wants a fragment."""
    return request.headers.get("HX-Request") == "true" and "HX-Boosted" not in request.headers


def page_number(request: HttpRequest) -> int:
    """Return the page asked for; anything odd is the first one."""
    text = request.GET.get("page", "1")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 1


class FilteredListView(View):
    """A page of filtered things, its results fragment, and the whole list as CSV.

    `?export=csv` and the `HX-Request` header change how the result is shown, never what is in
    it. A bad filter value shows an empty list with its error; an export answers 400.
    """

    filterset_class: type[FilterSet]
    template_name: str
    results_template_name: str
    order_choices: Mapping[str, tuple[Promise, Any]] = {}  # an expression, or an F
    columns: Mapping[str, Promise] = {}  # of the CSV, with what each means

    def get_queryset(self) -> QuerySet[Any]:
        """Return what the reader may see, with what a row shows."""
        raise NotImplementedError

    def export_rows(self, things: QuerySet[Any]) -> Iterable[Mapping[str, object]]:
        """Return `things` as rows of `columns`, read in portions."""
        raise NotImplementedError

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """Answer with the page, the fragment or a file."""
        export = request.GET.get("export")
        if export == "dictionary":
            return self._dictionary()
        self.filterset = self.filterset_class(
            request.GET, queryset=self.get_queryset(), request=request
        )
        is_valid = self.filterset.is_valid()
        if export == "csv":
            return self._csv() if is_valid else self._refusal()
        things = self.ordered(self.filterset.qs) if is_valid else self.filterset.queryset.none()
        context = self.get_context(things, is_valid=is_valid)
        name = self.results_template_name if is_htmx(request) else self.template_name
        response = render(request, name, context)
        patch_vary_headers(response, ["HX-Request"])
        return response

    def ordered(self, things: QuerySet[Any]) -> QuerySet[Any]:
        """Return `things` in the order asked for, or else in the first one of the choices."""
        key = self.request.GET.get("order", "")
        if key.removeprefix("-") not in self.order_choices:
            key = next(iter(self.order_choices))
        expression = self.order_choices[key.removeprefix("-")][1]
        by = OrderBy(expression, descending=key.startswith("-"), nulls_last=True)
        return things.order_by(by, "pk")

    def get_context(self, things: QuerySet[Any], *, is_valid: bool) -> dict[str, Any]:
        """Return what the templates draw."""
        form = self.filterset.form
        return {
            "form": form,
            "is_valid": is_valid,
            "page_obj": self.page_of(things, count=self.count()),
            "chips": chips_of(form, self.request.GET) if is_valid else [],
            "clear_url": self.request.path,
            "orders": [(key, label) for key, (label, _by) in self.order_choices.items()],
            "order": self.request.GET.get("order", ""),
            "csv_url": self._with(export="csv"),
            "dictionary_url": f"{self.request.path}?export=dictionary",
        }

    def count(self) -> int | None:
        """Return how many things are found, where that is known without a query."""
        return None

    def page_of(self, things: QuerySet[Any], count: int | None = None) -> Page[Any]:
        """Return the page asked for, or the last one beyond it; `count` saves a query."""
        paginator = Paginator(things, PAGE_SIZE)
        if count is not None:
            paginator.count = count
        return paginator.get_page(page_number(self.request))

    def _with(self, **changes: str) -> str:
        query = self.request.GET.copy()
        query.pop("page", None)
        for name, value in changes.items():
            query[name] = value
        return f"{self.request.path}?{query.urlencode()}"

    def _csv(self) -> HttpResponseBase:
        rows = self.export_rows(self.ordered(self.filterset.qs))
        return stream_csv(f"{self.noun()}.csv", list(self.columns), rows)

    def _dictionary(self) -> HttpResponseBase:
        rows = [{"column": name, "meaning": str(text)} for name, text in self.columns.items()]
        return stream_csv(f"{self.noun()}-dictionary.csv", ["column", "meaning"], rows)

    def _refusal(self) -> HttpResponse:
        return HttpResponse(
            self.filterset.form.errors.as_text(),
            status=HTTPStatus.BAD_REQUEST,
            content_type="text/plain; charset=utf-8",
        )

    def noun(self) -> str:
        """Return the plural name of the things, for file names."""
        model = self.filterset_class._meta.model
        return f"{model._meta.model_name}s"


def dictionary(columns: Sequence[str], meanings: Mapping[str, Promise]) -> dict[str, Promise]:
    """Return the meaning of each of `columns`; one without fails at import."""
    return {name: meanings[name] for name in columns}


ADDRESS_MEANINGS = {
    "url": _("Address of the page."),
    "api_url": _("Address in the programming interface."),
    "updated_at": _("When something of it last changed (UTC)."),
    "slug": _("Name in addresses; never changes."),
}
