"""What every API view does the same way, whatever it is about."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from http import HTTPStatus
from typing import Any, ClassVar, NamedTuple

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import MethodNotAllowed, ValidationError
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.settings import api_settings
from rest_framework.views import APIView
from rest_framework.viewsets import GenericViewSet

from core.api.negotiation import FormatNegotiation, JsonFormat
from core.api.parsers import StrictJsonParser, refuse_too_long
from core.api.responses import JSON_LD, chosen_fields, csv_response, json_response
from core.api.schema import PortalSchema
from core.http import root_of

PORTION = 500  # rows of a file that are fetched at a time
SCHEMA_ORG = "https://schema.org"
_PAGE_PARAMETERS = ("cursor", "page_size", "count")


class LinkedData(NamedTuple):
    """How a list is told as JSON-LD: of which columns, and what `node` makes of a row."""

    columns: Sequence[str]
    node: Callable[[Mapping[str, Any]], dict[str, Any]]


class RowShape(NamedTuple):
    """How things of a kind are told as plain rows of `columns`, in the list and one by one.

    `values` makes of things and fields dictionaries of what the fields need; `complete`, given
    the portal's `root`, of these rows with just the fields.
    """

    name: str  # of the file
    columns: Sequence[str]
    values: Callable[[Any, Sequence[str]], QuerySet[Any]]
    complete: Callable[..., Iterable[dict[str, Any]]]


class ApiView(APIView):
    """Strict parameters, formats by action, problem details, ETags.

    `action_parameters` names, for each action (of a single endpoint: each method), the
    parameters it knows beside those of its filters and pages; any other is answered with 400.
    """

    schema = PortalSchema()
    parser_classes = [StrictJsonParser]
    content_negotiation_class = FormatNegotiation
    metadata_class = None
    action_parameters: ClassVar[Mapping[str, tuple[OpenApiParameter, ...]]] = {}
    may_be_gone: ClassVar[tuple[str, ...]] = ()  # actions that say so of what was withdrawn
    action_formats: ClassVar[Mapping[str, tuple[type[BaseRenderer], ...]]] = {}

    def get_renderers(self) -> list[BaseRenderer]:
        formats = self.action_formats.get(self._action(), (JsonFormat,))
        return [renderer() for renderer in formats]

    def parameters(self) -> tuple[OpenApiParameter, ...]:
        """Return what the present action knows beside its filters and pages."""
        return self.action_parameters.get(self._action(), ())

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        # Before signing in is asked for: no member could use the method either.
        if request.method not in self.allowed_methods:
            raise MethodNotAllowed(str(request.method))
        refuse_too_long(request._request)  # the CSRF token is looked for in what was sent
        super().initial(request, *args, **kwargs)
        self._refuse_unknown(request.query_params)

    def options(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Say in `Allow` which methods there are."""
        return HttpResponse(status=HTTPStatus.NO_CONTENT)

    def answer(self, data: object, **options: Any) -> HttpResponse:
        """Return `data` as JSON with its ETag (see `json_response`)."""
        return json_response(self.request, data, **options)

    def answer_linked(self, node: Mapping[str, Any], **options: Any) -> HttpResponse:
        """Return a thing of schema.org as JSON-LD."""
        linked = {"@context": SCHEMA_ORG, **node}
        return self.answer(linked, content_type=JSON_LD, **options)

    def checked(self, serializer: Any) -> dict[str, Any]:
        """Return what `serializer` accepts of the body; refuse a body that says nothing."""
        serializer.is_valid(raise_exception=True)
        if not serializer.validated_data:
            raise ValidationError(_("Name at least one field."))
        return dict(serializer.validated_data)

    def _action(self) -> str:
        return getattr(self, "action", None) or str(self.request.method).lower()

    def _refuse_unknown(self, given: Iterable[str]) -> None:
        known = {"format", *(parameter.name for parameter in self.parameters())}
        known.update(self._list_parameters())
        unknown = [name for name in given if name not in known]
        if unknown:
            hint = _("Unknown parameter. There are: %(known)s.") % {
                "known": ", ".join(sorted(known))
            }
            raise ValidationError({name[:80]: [hint] for name in unknown[:20]})

    def _list_parameters(self) -> Iterable[str]:
        return ()


class ApiViewSet(ApiView, GenericViewSet):
    """The endpoints of one kind of thing; its `list` has filters and pages."""

    def _list_parameters(self) -> Iterable[str]:
        if self.action != "list":
            return ()
        names: list[str] = []
        if self.pagination_class is not None:
            names += [*_PAGE_PARAMETERS, "order"]
        filterset = getattr(self, "filterset_class", None)
        if filterset is not None and api_settings.DEFAULT_FILTER_BACKENDS:
            names += filterset.base_filters
        return names

    def list_page(self, rows: QuerySet[Any]) -> dict[str, Any]:
        """Return one page of `rows`, a queryset with its filters applied."""
        paginator: Any = self.paginator
        return dict(paginator.page(paginator.paginate_queryset(rows, self.request, self)))

    def page_or_csv(
        self,
        things: QuerySet[Any],
        columns: Sequence[str],
        *,
        name: str,
        values: Callable[[Any, Sequence[str]], QuerySet[Any]],
        complete: Callable[..., Iterable[dict[str, Any]]],
        linked: LinkedData | None = None,
    ) -> HttpResponseBase:
        """Return a page of `things`, filtered already, or all of them as the file `name`.csv.

        Of `columns` those that `?fields=` asks for; as JSON-LD, what `linked` says. `values`
        makes of things and fields dictionaries of what the fields need, `complete` of these
        rows with just the fields.
        """
        fields = chosen_fields(self.request, columns)
        if is_csv(self.request):
            rows = values(self.in_order(things), fields).iterator(chunk_size=PORTION)
            return csv_response(f"{name}.csv", fields, complete(rows, columns=fields))
        if linked is not None and is_json_ld(self.request):
            page = self.list_page(values(things, linked.columns))
            found = complete(page["results"], columns=linked.columns)
            nodes = [linked.node(row) for row in found]
            return self.with_links(self.answer_linked({"@graph": nodes}), page)
        page = self.list_page(values(things, fields))
        page["results"] = list(complete(page["results"], columns=fields))
        return self.answer(page)

    def told_list(self, shape: RowShape) -> HttpResponseBase:
        """Return a page of what the reader may see and asked for, or all of it as CSV."""
        return self.page_or_csv(
            self.filter_queryset(self.get_queryset()),
            shape.columns,
            name=shape.name,
            values=shape.values,
            complete=partial(shape.complete, root=root_of(self.request)),
        )

    def told(self, shape: RowShape, thing: Any) -> dict[str, Any]:
        """Return one thing as the list tells it, as it is saved now; 404 if it is gone."""
        found = type(thing)._default_manager.filter(pk=thing.pk)
        rows = shape.values(found, shape.columns)
        told = shape.complete(rows, root=root_of(self.request), columns=shape.columns)
        row = next(iter(told), None)
        if row is None:
            raise Http404
        return row

    def in_order(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Return all of `rows` in the order asked for, for formats without pages."""
        for name in _PAGE_PARAMETERS:
            if name in self.request.query_params:
                raise ValidationError({name: [_("This format is the whole list at once.")]})
        paginator: Any = self.paginator
        ordered: QuerySet[Any] = paginator.in_order(rows, self.request, self)
        return ordered

    def with_links(self, response: HttpResponse, page: Mapping[str, Any]) -> HttpResponse:
        """Name the neighbours of `page` in the Link header, for formats without room for it."""
        links = [
            f'<{page[name]}>; rel="{relation}"'
            for name, relation in (("next", "next"), ("previous", "prev"))
            if page[name]
        ]
        if links:
            response["Link"] = ", ".join(links)
        return response


def is_csv(request: Request) -> bool:
    """Return whether the answer is to be CSV."""
    return bool(request.accepted_renderer.format == "csv")


def is_json_ld(request: Request) -> bool:
    """Return whether the answer is to be JSON-LD."""
    return bool(request.accepted_renderer.format == "jsonld")
