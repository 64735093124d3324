"""Sources, organisations and the vocabulary of institutional models."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.admin import HistoryAdmin, PortalAdmin
from core import codes
from hubs.admin.forms import SourceForm
from hubs.models import (
    FACT_MODELS,
    CoordinationLink,
    FundingStream,
    Hub,
    InstitutionalModel,
    Organisation,
    Source,
)


class CountryFilter(admin.SimpleListFilter):
    """Countries that organisations are of, by name."""

    title = _("country")
    parameter_name = "country"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        used = Organisation.objects.exclude(country="").values_list("country", flat=True).distinct()
        named = ((code, codes.country_name(code)) for code in used)
        return sorted(named, key=lambda pair: pair[1])

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Organisation]
    ) -> QuerySet[Organisation] | None:
        country = self.value()
        return queryset.filter(country=country) if country else None


@admin.register(Organisation)
class OrganisationAdmin(HistoryAdmin):
    """Bodies around hubs; a correction shows on every hub that names them."""

    may_add = True
    may_change = True
    list_display = ["name", "acronym", "kind", "country_shown", "updated_at"]
    list_filter = ["kind", CountryFilter]
    search_fields = ["name", "acronym", "slug"]
    code_choices = {"country": codes.country_choices}

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict[str, Any]:
        return {} if obj is not None else {"slug": ["name"]}

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        # An address that was given out never changes.
        return ["slug"] if obj is not None else []

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save; the hubs that name the organisation have changed with it."""
        super().save_model(request, obj, form, change)
        links = CoordinationLink.objects.published().filter(organisation=obj).values("hub")
        streams = FundingStream.objects.published().filter(provider=obj).values("hub")
        _touch(Q(pk__in=links) | Q(pk__in=streams))

    @admin.display(description=_("country"), ordering="country")
    def country_shown(self, organisation: Organisation) -> str:
        return codes.country_name(organisation.country) if organisation.country else ""


@admin.register(Source)
class SourceAdmin(HistoryAdmin):
    """Pages and documents; a correction shows on every fact that cites them."""

    may_add = True
    may_change = True
    form = SourceForm
    list_display = ["title", "publisher", "address", "dated", "seen_on"]
    list_filter = [("dated_on", admin.EmptyFieldListFilter)]
    search_fields = ["title", "publisher", "address"]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save; the hubs whose facts cite the source have changed with it."""
        super().save_model(request, obj, form, change)
        cited = Q()
        for model in FACT_MODELS:
            cited |= Q(pk__in=model.objects.published().filter(sources=obj).values("hub"))
        _touch(cited)

    @admin.display(description=_("date of the source"), ordering="dated_on")
    def dated(self, source: Source) -> str:
        return source.date_text


@admin.register(InstitutionalModel)
class InstitutionalModelAdmin(PortalAdmin):
    """Moderators may add to the twelve; a code that facts use never changes."""

    may_add = True
    may_change = True
    list_display = ["code", "name"]
    search_fields = ["code", "name"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["code"] if obj is not None else []


def _touch(which: Q) -> None:
    Hub.objects.filter(which).update(updated_at=timezone.now())
