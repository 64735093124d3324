"""Adoptions: the list with filters, and the page of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from catalogue.filters import AdoptionFilter
from catalogue.models import Adoption
from catalogue.querysets import AdoptionQuerySet
from catalogue.serializers import ADOPTION_COLUMNS, adoption_rows
from catalogue.views.columns import ADOPTION_MEANINGS
from catalogue.views.faceted import FacetedListView
from core.facets import Facet, build_facet
from core.http import root_of
from core.shared_pages import shared_page
from core.views import ADDRESS_MEANINGS, dictionary


class AdoptionListView(FacetedListView):
    """/catalogue/adoptions/: as page, fragment, feed, CSV. Whoever decides on some finds here
    those that wait.
    """

    filterset_class = AdoptionFilter
    template_name = "catalogue/adoption_list.html"
    results_template_name = "catalogue/_adoption_fragment.html"
    facets = {
        "state": ("state", False),
        "outcome": ("outcome", False),
        "hub": ("hub__slug", False),
    }
    orders = {"created_at": F("created_at"), "updated_at": F("updated_at")}
    order_menu = (
        ("-created_at", _("Stated last")),
        ("created_at", _("Stated first")),
        ("-updated_at", _("Last change, newest first")),
    )
    columns = dictionary(ADOPTION_COLUMNS, ADOPTION_MEANINGS | ADDRESS_MEANINGS)

    def get_queryset(self) -> AdoptionQuerySet:
        adoptions: AdoptionQuerySet = Adoption.objects.visible_to(self.request.user)
        # The feed names each by what was adopted and by whom.
        return adoptions.select_related("entry", "block", "hub", "organisation")

    def export_rows(self, things: QuerySet[Any]) -> Iterable[Mapping[str, object]]:
        plain = things.select_related(None)
        return adoption_rows(plain, user=self.request.user, root=root_of(self.request))

    def get_context(self, things: QuerySet[Any], *, is_valid: bool) -> dict[str, Any]:
        # First which, then what is said of them: only the lines shown are read whole.
        narrow = things.select_related(None).only("pk")
        context = super().get_context(narrow, is_valid=is_valid)
        keys = [row.pk for row in context["page_obj"]]
        lines = Adoption.objects.for_list(self.request.user).in_bulk(keys)
        return context | {
            "lines": [lines[key] for key in keys if key in lines],
            "count": context["page_obj"].paginator.count,
            "facets": [*self._awaiting(), *self.facet_list()],
        }

    def _awaiting(self) -> Iterator[Facet]:
        """Give the facet of what waits for the reader, where one is signed in."""
        if not self.request.user.is_authenticated:
            return
        form = self.filterset.form
        waiting = Adoption.objects.awaiting_decision_of(self.request.user)
        field: Any = form.fields["awaiting"]
        yield build_facet(
            "awaiting",
            field.label,
            field.choices,
            counts={"yes": self._without("awaiting").filter(pk__in=waiting.values("pk")).count()},
            selected=self.request.GET.getlist("awaiting"),
            errors=form.errors.get("awaiting", ()),
        )


@require_safe
@shared_page
def adoption_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """/catalogue/adoptions/<n>/: who took up what, what was kept, changed, dropped, and why."""
    user = request.user
    adoptions = Adoption.objects.visible_to(user).for_list(user)
    adoption: Any = get_object_or_404(adoptions.select_related("claimed_by"), pk=pk)
    same = Adoption.objects.filter(pk=adoption.pk)
    context = {
        "adoption": adoption,
        "can_edit": same.editable_by(user).exists(),
        "can_decide": same.awaiting_decision_of(user).exists(),
        "texts": [
            (_("What was kept"), adoption.kept),
            (_("What was changed"), adoption.changed),
            (_("What was dropped"), adoption.dropped),
            (_("Why"), adoption.why),
        ],
    }
    return render(request, "catalogue/adoption_detail.html", context)
