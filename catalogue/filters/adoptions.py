"""Query-string filters of adoptions, the same for the pages, the API and the CSV export."""

from __future__ import annotations

from typing import Any

import django_filters as df
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from catalogue.models import Adoption
from core.filters import ChoicesFilter
from hubs.filters import MAX_TEXT, AskingOnceFilterSet, published_hubs


class AwaitingMeFilter(ChoicesFilter):
    """Adoptions that wait for the reader to confirm or reject them ("yes")."""

    def filter(self, qs: QuerySet[Any], value: list[str]) -> QuerySet[Any]:
        if not value:
            return qs
        waiting = Adoption.objects.awaiting_decision_of(self.parent.request.user)
        return qs.filter(pk__in=waiting.values("pk"))


class AdoptionFilter(AskingOnceFilterSet):
    """What a list of adoptions can be asked for. Each may be given several times: any of them."""

    asked_once = ("hub",)

    q = df.CharFilter(method="filter_text", label=_("Search"), max_length=MAX_TEXT)
    awaiting = AwaitingMeFilter(
        choices=[("yes", _("Waiting for me to decide"))], label=_("Waiting for me")
    )
    state = ChoicesFilter(choices=Adoption.State.choices, label=_("State"))
    outcome = ChoicesFilter(choices=Adoption.Outcome.choices, label=_("Outcome"))
    hub = ChoicesFilter(field_name="hub__slug", choices=published_hubs, label=_("Adopting hub"))

    class Meta:
        model = Adoption
        fields: list[str] = []

    def filter_text(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.matching(value)
