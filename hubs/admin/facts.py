"""The seven kinds of facts, each with its list, search, history and revert."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.admin import DecidingAdmin, HistoryAdmin, ReadOnlyInline, locked
from accounts.http import signed_in_member
from core import codes
from hubs.admin.forms import FACT_DATES, FactAdminForm
from hubs.models import FACT_MODELS, DatedFact
from hubs.services import change_fact, create_fact, remove_fact
from hubs.services.facts import content_fields

_CHOICES = ("topic", "role", "government_level", "kind", "source_type", "approach")
_RELATED = ("model", "organisation", "provider")


class FactAdmin(DecidingAdmin, HistoryAdmin):
    """Facts of one kind. They are written and removed by the services that editors use."""

    may_add = True
    may_change = True
    form = FactAdminForm
    actions = ["remove"]
    search_fields = ["hub__name", "hub__acronym", "note"]
    date_hierarchy = "known_from"
    code_choices = {"country": codes.country_choices, "currency": codes.currency_choices}

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Return what is stated, then when it held and who says so."""
        common = ["hub", *FACT_DATES, "note", "sources", "is_published"]
        elsewhere = {*common, "id", "known_from"}
        stated = [
            field.name
            for field in self.model._meta.fields
            if field.editable and field.name not in elsewhere
        ]
        return ["hub", *stated, *common[1:], *(["expected_version"] if obj is not None else [])]

    def get_list_display(self, request: HttpRequest) -> Any:
        return ["__str__", "hub", "period", "stated", "is_published", "version"]

    def get_list_filter(self, request: HttpRequest) -> Any:
        return ["is_published", "is_starter", *(name for name in _CHOICES if self._has(name))]

    def get_queryset(self, request: HttpRequest) -> QuerySet[DatedFact]:
        found: QuerySet[DatedFact] = super().get_queryset(request)
        return found.select_related("hub", *(name for name in _RELATED if self._has(name)))

    def get_autocomplete_fields(self, request: HttpRequest) -> list[str]:
        return ["hub", "sources", *(name for name in _RELATED if self._has(name))]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        # A fact stays with its hub: about another one, it is another fact.
        return ["hub"] if obj is not None else []

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """State or change the fact as an editor would; restoring a removed one states it anew."""
        by = signed_in_member(request)
        sources = list(form.cleaned_data["sources"])
        saved = locked(obj) if change else None
        if saved is None:
            obj._state.adding = True
            create_fact(obj, sources=sources, by=by)
            return
        names = [*content_fields(obj), *(f"{name}_precision" for name in FACT_DATES)]
        changes = {name: getattr(obj, name) for name in names}
        is_same = all(getattr(saved, name) == value for name, value in changes.items())
        if is_same and set(saved.sources.all()) == set(sources):
            return
        change_fact(saved, changes=changes, sources=sources, expected_version=saved.version, by=by)

    @admin.action(description=gettext_lazy("Remove …"), permissions=["change"])
    def remove(self, request: HttpRequest, queryset: QuerySet[DatedFact]) -> HttpResponse | None:
        by = signed_in_member(request)
        return self.ask(
            request,
            queryset,
            lambda fact, reason: remove_fact(
                fact, reason=reason, expected_version=fact.version, by=by
            ),
            action="remove",
            title=_("Remove"),
        )

    @admin.display(description=gettext_lazy("held"))
    def period(self, fact: DatedFact) -> str:
        return fact.period_text

    @admin.display(description=gettext_lazy("stated on"), ordering="stated_on")
    def stated(self, fact: DatedFact) -> str:
        return fact.stated_text

    def _has(self, name: str) -> bool:
        return any(field.name == name for field in self.model._meta.fields)


class FactInline(ReadOnlyInline):
    """Facts inside a hub's page, with their sources; each is changed on its own page."""

    fields = ["period", "stated", "is_published", "cited"]

    def get_queryset(self, request: HttpRequest) -> Any:
        related = [
            field.name for field in self.model._meta.fields if field.name in ("hub", *_RELATED)
        ]
        found: Any = super().get_queryset(request)
        return found.select_related(*related).with_sources()

    @admin.display(description=gettext_lazy("held"))
    def period(self, fact: DatedFact) -> str:
        return fact.period_text

    @admin.display(description=gettext_lazy("stated on"))
    def stated(self, fact: DatedFact) -> str:
        return fact.stated_text

    @admin.display(description=gettext_lazy("sources"))
    def cited(self, fact: Any) -> SafeString:
        links = ((source["address"], source["title"]) for source in fact.source_list)
        return format_html_join(", ", '<a href="{}" rel="noopener">{}</a>', links)


admin.site.register(FACT_MODELS, FactAdmin)
FACT_INLINES = [
    type(f"{model.__name__}Inline", (FactInline,), {"model": model}) for model in FACT_MODELS
]
