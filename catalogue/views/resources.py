"""The library: the list of resources, a resource's page, its files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from catalogue.filters import ResourceFilter
from catalogue.meanings import RESOURCE_EDITING_MEANINGS
from catalogue.models import Entry, Resource, ResourceLink
from catalogue.querysets import ResourceQuerySet, availability, may_add_resources
from catalogue.resource_cells import RESOURCE_EDITING
from catalogue.serializers import RESOURCE_COLUMNS, resource_editing_rows, resource_rows
from catalogue.views.columns import RESOURCE_MEANINGS
from catalogue.views.faceted import FacetedListView
from core import codes
from core.http import root_of
from core.shared_pages import shared_page
from core.uploads import attachment_response, kind_name
from core.views import ADDRESS_MEANINGS, dictionary
from hubs.querysets import by_name


class ResourceListView(FacetedListView):
    """/catalogue/resources/: as page, fragment, feed, CSV."""

    filterset_class = ResourceFilter
    template_name = "catalogue/resource_list.html"
    results_template_name = "catalogue/_resource_fragment.html"
    facets = {
        "type": ("kind", False),
        "language": ("languages", True),
        "year": ("year", False),
        "hub": ("hub__slug", False),
        "publisher": ("publisher", False),
        "copy": (availability(), False),
    }
    orders = {"title": by_name("title"), "year": F("year"), "updated_at": F("updated_at")}
    order_menu = (
        ("-year", _("Newest first")),
        ("title", _("Title")),
        ("-updated_at", _("Last change, newest first")),
    )
    editing_columns = dictionary(RESOURCE_EDITING, RESOURCE_EDITING_MEANINGS)
    columns = dictionary(RESOURCE_COLUMNS, RESOURCE_MEANINGS | ADDRESS_MEANINGS)

    def get_queryset(self) -> ResourceQuerySet:
        found: ResourceQuerySet = Resource.objects.visible_to(self.request.user).published()
        return found

    def export_rows(self, things: QuerySet[Any]) -> Iterable[Mapping[str, object]]:
        return resource_rows(things, root=root_of(self.request))

    def editing_rows(self, things: QuerySet[Any]) -> Iterable[Mapping[str, object]]:
        return resource_editing_rows(things, root=root_of(self.request), columns=RESOURCE_EDITING)

    def get_context(self, things: QuerySet[Any], *, is_valid: bool) -> dict[str, Any]:
        things = things.select_related("hub").with_link_list()  # type: ignore[attr-defined]
        context = super().get_context(things, is_valid=is_valid)
        return context | {
            "lines": [_line(resource) for resource in context["page_obj"]],
            "count": context["page_obj"].paginator.count,
            "facets": list(self.facet_list()),
            "can_add": may_add_resources(self.request.user),
        }


def _line(resource: Any) -> dict[str, Any]:
    return {
        "resource": resource,
        "languages": [codes.language_name(code) for code in resource.languages],
        "has_copy": bool(resource.link_list),
        "is_unreachable": bool(resource.link_list)
        and all(link["unreachable_since"] for link in resource.link_list),
    }


@require_safe
@shared_page
def resource_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """/catalogue/resources/<slug>/: what it is, where to get it, what it documents."""
    found = Resource.objects.visible_to(request.user).select_related("hub")
    resource: Any = get_object_or_404(found.with_link_list().with_source_list(), slug=slug)
    entries = Entry.objects.visible_to(request.user).published().filter(resources=resource)
    context = {
        "resource": resource,
        "languages": [codes.language_name(code) for code in resource.languages],
        "copies": list(copies_of(resource)),
        "entries": entries.for_list().order_by(by_name("title"), "pk"),
        "sources": resource.source_list,
        "can_edit": request.user.is_authenticated
        and Resource.objects.editable_by(request.user).contains(resource),
    }
    return render(request, "catalogue/resource_detail.html", context)


@require_safe
def resource_file(request: HttpRequest, slug: str, pk: int) -> HttpResponseBase:
    """/catalogue/resources/<slug>/files/<n>/: a file, for those who may see the resource."""
    links = ResourceLink.objects.visible_to(request.user).exclude(file="")
    link = get_object_or_404(links.select_related("resource"), resource__slug=slug, pk=pk)
    return attachment_response(link.file, link.content_type, link.file_name)


def copies_of(resource: Any) -> Iterator[dict[str, Any]]:
    """Give each copy of a resource `with_link_list`: its language in words, whether it can be
    had.
    """
    for link in resource.link_list:
        yield link | {
            "code": link["language"],
            "language": codes.language_name(link["language"]) if link["language"] else "",
            "kind": kind_name(link["content_type"]),
            "since": _moment(link["unreachable_since"]),
        }


def _moment(text: str | None) -> object:
    return parse_datetime(text) if text else None


def documents_of(entry: Entry, resources: ResourceQuerySet) -> QuerySet[Any]:
    """Return the published resources that document an entry, the newest first."""
    found: QuerySet[Any] = resources.published().filter(entries=entry)
    return found.order_by(F("year").desc(nulls_last=True), "pk")
