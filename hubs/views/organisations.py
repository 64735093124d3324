"""Organisations: the bodies that hubs coordinate with, and that fund them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db.models import Count, F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from core import codes
from core.facets import Facet, build_facet
from core.footnotes import SourceNumbers
from core.http import root_of
from core.shared_pages import shared_page
from core.views import ADDRESS_MEANINGS, FilteredListView, dictionary
from hubs.filters import OrganisationFilter
from hubs.models import CoordinationLink, FundingStream, Organisation
from hubs.querysets import OrganisationQuerySet, by_name
from hubs.serializers import ORGANISATION_COLUMNS, Addresses
from hubs.views.columns import ORGANISATION_MEANINGS
from hubs.wording import details, is_past, when

FACETS = ("kind", "country")


class OrganisationListView(FilteredListView):
    """/hubs/organisations/."""

    filterset_class = OrganisationFilter
    template_name = "hubs/organisation_list.html"
    results_template_name = "hubs/_organisation_fragment.html"
    orders = {"name": by_name(), "updated_at": F("updated_at")}
    order_menu = (("name", _("Name")), ("-updated_at", _("Last change, newest first")))
    columns = dictionary(ORGANISATION_COLUMNS, ORGANISATION_MEANINGS | ADDRESS_MEANINGS)

    def get_queryset(self) -> OrganisationQuerySet:
        found: OrganisationQuerySet = Organisation.objects.visible_to(self.request.user)
        return found

    def export_rows(self, things: QuerySet[Any]) -> Iterable[Mapping[str, object]]:
        names = ["pk", *(name for name in ORGANISATION_COLUMNS if name not in ("url", "api_url"))]
        rows = things.values(*names).iterator(chunk_size=500)
        return Addresses(root_of(self.request), "organisation").complete(rows, ORGANISATION_COLUMNS)

    def get_context(self, things: QuerySet[Any], *, is_valid: bool) -> dict[str, Any]:
        context = super().get_context(things, is_valid=is_valid)
        return context | {
            "rows": [(row, codes.country_name(row.country)) for row in context["page_obj"]],
            "count": context["page_obj"].paginator.count,
            "facets": list(self._facets()),
        }

    def _facets(self) -> Iterator[Facet]:
        """Give each facet; its counts leave out its own filter. One query each."""
        form = self.filterset.form
        for name in FACETS:
            found = self.get_queryset().matching(form.cleaned_data.get("q", ""))
            for other in FACETS:
                chosen = form.cleaned_data.get(other)
                if chosen and other != name:
                    found = found.filter(**{f"{other}__in": chosen})
            counts = dict(found.values_list(name).annotate(Count("pk")).order_by())
            yield build_facet(
                name,
                form.fields[name].label,
                form.fields[name].choices,
                counts=counts,
                selected=form.data.getlist(name),
                errors=form.errors.get(name, ()),
            )


@require_safe
@shared_page
def organisation_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """/hubs/organisations/<slug>/: the hubs that it works with and that it funds."""
    organisation = get_object_or_404(Organisation.objects.visible_to(request.user), slug=slug)
    links = CoordinationLink.objects.visible_to(request.user).filter(organisation=organisation)
    streams = FundingStream.objects.visible_to(request.user).filter(provider=organisation)
    context = {
        "organisation": organisation,
        "country": codes.country_name(organisation.country),
        "coordinates": list(_hub_lines(links)),
        "funds": [
            line | {"kind": line["fact"].get_source_type_display()} for line in _hub_lines(streams)
        ],
        "numbers": SourceNumbers(),
    }
    return render(request, "hubs/organisation_detail.html", context)


def _hub_lines(facts: Any) -> Iterator[dict[str, Any]]:
    """Give a line for each fact, told from the side of the hub."""
    for fact in facts.select_related("hub").with_sources().order_by(by_name("hub__name"), "pk"):
        yield {
            "fact": fact,
            "hub": fact.hub,
            "details": details(fact),
            "when": when(fact),
            "is_past": is_past(fact),
            "source_list": fact.source_list,
        }
