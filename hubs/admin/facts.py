"""The seven kinds of facts, each with its list, search, history and revert."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin import TabularInline
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from simple_history.admin import SimpleHistoryAdmin

from accounts.admin import PortalAdmin
from hubs.models import FACT_MODELS, DatedFact

_CHOICES = ("topic", "role", "government_level", "kind", "source_type", "approach")


class FactAdmin(PortalAdmin, SimpleHistoryAdmin):
    """Facts of one kind; dates are kept to the day here, to the year on the hub's pages."""

    may_add = True
    may_change = True
    may_delete = True
    list_select_related = ["hub"]
    autocomplete_fields = ["hub", "sources"]
    history_list_display = ["note"]
    search_fields = ["hub__name", "hub__acronym", "note"]
    date_hierarchy = "known_from"

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        return ["__str__", "hub", "period", "stated_on", "is_published", "version"]

    def get_list_filter(self, request: HttpRequest) -> list[Any]:
        names = {field.name for field in self.model._meta.fields}
        return ["is_published", "is_starter", *(name for name in _CHOICES if name in names)]

    def get_queryset(self, request: HttpRequest) -> Any:
        related = [
            field.name
            for field in self.model._meta.fields
            if field.name in ("hub", "model", "organisation", "provider")
        ]
        return super().get_queryset(request).select_related(*related)

    def get_autocomplete_fields(self, request: HttpRequest) -> list[str]:
        names = {field.name for field in self.model._meta.fields}
        return ["hub", "sources", *({"organisation", "provider"} & names)]

    @admin.display(description=_("held"))
    def period(self, fact: DatedFact) -> str:
        return fact.period_text


class FactInline(TabularInline):
    """Facts inside a hub's page; the whole fact is one click away."""

    extra = 0
    show_change_link = True
    can_delete = False
    fields = ["summary", "valid_from", "valid_to", "is_published"]
    readonly_fields = ["summary"]

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("hub", *self._related())

    def _related(self) -> list[str]:
        names = ("model", "organisation", "provider")
        return [field.name for field in self.model._meta.fields if field.name in names]

    @admin.display(description=_("fact"))
    def summary(self, fact: DatedFact) -> str:
        return str(fact)


admin.site.register(FACT_MODELS, FactAdmin)
FACT_INLINES = [
    type(f"{model.__name__}Inline", (FactInline,), {"model": model}) for model in FACT_MODELS
]
