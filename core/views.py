"""Filtered lists: one queryset and one filterset as page, as htmx fragment, as feed and files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.db.models.expressions import OrderBy
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.feedgenerator import Atom1Feed
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views import View
from django_filters import FilterSet

from core.csv import stream_csv, stream_dictionary
from core.facets import chips_of, from_start
from core.htmx import is_htmx
from core.shared_pages import shared_page
from core.workbooks import xlsx_response

PAGE_SIZE = 25  # rows
FEED_SIZE = 50  # entries
WORKBOOK_SIZE = 5_000  # rows from which on a workbook takes longer than anybody waits


def page_number(request: HttpRequest) -> int:
    """Return the page asked for; anything odd is the first one."""
    text = request.GET.get("page", "1")
    is_number = text.isascii() and text.isdigit() and len(text) < 7
    return max(int(text), 1) if is_number else 1


class FilteredListView(View):
    """A page of filtered things, its results fragment, the newest as feed, all as CSV.

    `?export=` and the `HX-Request` header change how the result is shown, never what is in
    it. A bad filter value shows an empty list with its error; an export answers 400.
    """

    filterset_class: type[FilterSet]
    template_name: str
    results_template_name: str
    orders: Mapping[str, Any] = {}  # key -> expression; "-key" turns it round
    order_menu: Sequence[tuple[str, Promise]] = ()  # what the page offers; the first is usual
    columns: Mapping[str, Promise] = {}  # of the CSV, with what each means
    editing_columns: Mapping[str, Promise] = {}  # of the files that can be imported again
    feed_order = "updated_at"  # the things' moment of change; "" for lists without a feed

    def get_queryset(self) -> QuerySet[Any]:
        """Return what the reader may see, with what a row shows."""
        raise NotImplementedError

    def export_rows(self, things: QuerySet[Any]) -> Iterable[Mapping[str, object]]:
        """Return `things` as rows of `columns`, read in portions."""
        raise NotImplementedError

    def editing_rows(self, things: QuerySet[Any]) -> Iterable[Mapping[str, object]]:
        """Return `things` as rows of `editing_columns`, read in portions."""
        raise NotImplementedError

    @shared_page
    def get(self, request: HttpRequest) -> HttpResponseBase:
        """Answer with the page, the fragment or a file."""
        export = request.GET.get("export")
        if export == "dictionary":
            return self._dictionary()
        self.filterset = self.filterset_class(
            request.GET, queryset=self.get_queryset(), request=request
        )
        is_valid = self.filterset.is_valid()
        if export in self._files():
            return self._files()[export]() if is_valid else self._refusal()
        things = self.ordered(self.filterset.qs) if is_valid else self.filterset.queryset.none()
        context = self.get_context(things, is_valid=is_valid)
        name = self.results_template_name if is_htmx(request) else self.template_name
        response = render(request, name, context)
        patch_vary_headers(response, ["HX-Request"])
        return response

    def ordered(self, things: QuerySet[Any]) -> QuerySet[Any]:
        """Return `things` in the order asked for, or else in the usual one."""
        key = self.order_key()
        expression = self.orders[key.removeprefix("-")]
        by = OrderBy(expression, descending=key.startswith("-"), nulls_last=True)
        return things.order_by(by, "pk")

    def order_key(self) -> str:
        """Return the order asked for, the usual one for anything unknown."""
        key = self.request.GET.get("order", "")
        offered = self.orders_on_offer()
        is_known = key.removeprefix("-") in self.orders or key in dict(offered)
        return key if is_known else offered[0][0]

    def orders_on_offer(self) -> Sequence[tuple[str, Promise]]:
        """Return what the page offers; the first is the usual one."""
        return self.order_menu

    def get_context(self, things: QuerySet[Any], *, is_valid: bool) -> dict[str, Any]:
        """Return what the templates draw."""
        form = self.filterset.form
        return {
            "form": form,
            "is_valid": is_valid,
            "is_fragment": is_htmx(self.request),
            "page_obj": self.page_of(things, count=self.count()),
            "chips": chips_of(form, self.request.GET),
            "clear_url": self.request.path,
            "order_menu": self.orders_on_offer(),
            "order": self.order_key(),
            "csv_url": self._with(export="csv"),
            "feed_url": self._with(export="atom") if self.feed_order else "",
            "workbook_url": self._with(export="xlsx") if self.editing_columns else "",
            "editing_url": self._with(export="editing") if self.editing_columns else "",
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

    def _files(self) -> Mapping[str | None, Callable[[], HttpResponseBase]]:
        files: dict[str | None, Callable[[], HttpResponseBase]] = {"csv": self._csv}
        if self.feed_order:
            files["atom"] = self._atom
        if self.editing_columns:
            files |= {"editing": self._editing, "xlsx": self._workbook}
        return files

    def _with(self, **changes: str) -> str:
        query = from_start(self.request.GET)
        query.pop("export", None)
        for name, value in changes.items():
            query[name] = value
        return f"{self.request.path}?{query.urlencode()}" if query else self.request.path

    def _csv(self) -> HttpResponseBase:
        rows = self.export_rows(self.ordered(self.filterset.qs))
        return stream_csv(f"{self.noun()}.csv", list(self.columns), rows)

    def _editing(self) -> HttpResponseBase:
        """Return the whole list with all texts, to be edited and imported again."""
        rows = self.editing_rows(self.ordered(self.filterset.qs))
        return stream_csv(f"{self.noun()}-editing.csv", list(self.editing_columns), rows)

    def _workbook(self) -> HttpResponseBase:
        """Return the same as a workbook with a sheet that explains the columns."""
        things = self.ordered(self.filterset.qs)
        if things[:WORKBOOK_SIZE].count() == WORKBOOK_SIZE:
            text = _("The list is too long for a workbook. Take the CSV, or use more filters.")
            return HttpResponse(
                text, status=HTTPStatus.BAD_REQUEST, content_type="text/plain; charset=utf-8"
            )
        rows = self.editing_rows(things)
        return xlsx_response(f"{self.noun()}-editing.xlsx", self.editing_columns, rows)

    def _atom(self) -> HttpResponse:
        """Return the things changed last, newest first (RFC 4287)."""
        whole = self.request.build_absolute_uri
        feed = Atom1Feed(
            title=f"{self.feed_title()} – {settings.SITE_NAME}",
            link=whole(self._with()),
            description="",
            feed_url=whole(self._with(export="atom")),
            language=get_language(),
        )
        for thing in self.feed_things():
            feed.add_item(
                title=str(thing),
                link=whole(thing.get_absolute_url()),
                description=getattr(thing, "summary", ""),
                updateddate=getattr(thing, self.feed_order),
            )
        return HttpResponse(
            feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8"
        )

    def feed_things(self) -> Iterable[Any]:
        """Return the `FEED_SIZE` things changed last, the newest first."""
        newest: QuerySet[Any] = self.filterset.qs.order_by(f"-{self.feed_order}", "pk")
        return newest[:FEED_SIZE]

    def feed_title(self) -> str:
        """Return what the feed is called."""
        return capfirst(str(self.filterset_class._meta.model._meta.verbose_name_plural))

    def _dictionary(self) -> HttpResponseBase:
        return stream_dictionary(f"{self.noun()}-dictionary.csv", self.columns)

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
