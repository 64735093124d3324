"""Building blocks: the list with filters, and the page of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db.models import Count, F, Func, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from catalogue.filters import BuildingBlockFilter
from catalogue.models import BlockUse, BuildingBlock, Entry
from catalogue.querysets import BuildingBlockQuerySet
from catalogue.serializers import BLOCK_COLUMNS, block_rows
from catalogue.views.adoption_lists import adopted_by
from catalogue.views.columns import BLOCK_MEANINGS
from catalogue.views.faceted import FacetedListView
from core import codes
from core.facets import Facet, build_facet
from core.http import root_of
from core.shared_pages import shared_page
from core.views import ADDRESS_MEANINGS, dictionary
from hubs.models import Hub
from hubs.querysets import by_name

# Facet -> the list of codes, of the entries that have a block, of which it counts.
OF_ENTRIES = {"sector": "entry__sectors", "country": "entry__countries"}
ENTRIES_SHOWN = 100  # on the page of a block


class BuildingBlockListView(FacetedListView):
    """/catalogue/building-blocks/: as page, fragment, feed, CSV."""

    filterset_class = BuildingBlockFilter
    template_name = "catalogue/block_list.html"
    results_template_name = "catalogue/_block_fragment.html"
    facets = {"hub": ("hub__slug", False), "language": ("language", False)}
    orders = {"title": by_name("title"), "updated_at": F("updated_at")}
    order_menu = (("title", _("Title")), ("-updated_at", _("Last change, newest first")))
    columns = dictionary(BLOCK_COLUMNS, BLOCK_MEANINGS | ADDRESS_MEANINGS)

    def get_queryset(self) -> BuildingBlockQuerySet:
        blocks: BuildingBlockQuerySet = BuildingBlock.objects.visible_to(self.request.user)
        return blocks

    def noun(self) -> str:
        return "building-blocks"

    def export_rows(self, things: QuerySet[Any]) -> Iterable[Mapping[str, object]]:
        return block_rows(things, user=self.request.user, root=root_of(self.request))

    def get_context(self, things: QuerySet[Any], *, is_valid: bool) -> dict[str, Any]:
        user = self.request.user
        blocks = things.select_related("hub").with_entry_count(user)  # type: ignore[attr-defined]
        context = super().get_context(blocks, is_valid=is_valid)
        return context | {
            "lines": [_line(block) for block in context["page_obj"]],
            "count": context["page_obj"].paginator.count,
            "facets": [*self._facets_of_entries(), *self.facet_list()],
            "can_add": user.is_authenticated and Hub.objects.editable_by(user).exists(),
        }

    def _facets_of_entries(self) -> Iterator[Facet]:
        """Give the facets that come from the entries; they count blocks. One query each."""
        form = self.filterset.form
        for name, column in OF_ENTRIES.items():
            field: Any = form.fields[name]
            code = Func(F(column), function="unnest", set_returning=True)
            uses = BlockUse.objects.in_entries_for(self.request.user).order_by()
            uses = uses.filter(block__in=self._without(name).order_by().values("pk"))
            counted = uses.annotate(code=code).values_list("code")
            yield build_facet(
                name,
                field.label,
                field.choices,
                counts=dict(counted.annotate(Count("block", distinct=True))),
                selected=self.request.GET.getlist(name),
                errors=form.errors.get(name, ()),
                query=self.request.GET,
            )


def _line(block: Any) -> dict[str, Any]:
    return {
        "block": block,
        "language": codes.language_name(block.language),
        "entry_count": block.entry_count,
    }


@require_safe
@shared_page
def block_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """/catalogue/building-blocks/<slug>/: what it is, and which entries have it."""
    block = get_object_or_404(
        BuildingBlock.objects.visible_to(request.user).select_related("hub"), slug=slug
    )
    entries = Entry.objects.visible_to(request.user).published().filter(block_uses__block=block)
    uses = BlockUse.objects.editable_by(request.user).filter(block=block)
    context = {
        "part": block,
        "language": codes.language_name(block.language),
        "entries": entries.for_list().order_by("-published_at", "pk")[:ENTRIES_SHOWN],
        "entry_count": entries.count(),
        "adopted": adopted_by(block, request.user),
        "can_edit": BuildingBlock.objects.editable_by(request.user).contains(block),
        "can_attach": Entry.objects.of_hubs_edited_by(request.user).exists(),
        "detachable": set(uses.values_list("entry", flat=True)),
    }
    return render(request, "catalogue/block_detail.html", context)
