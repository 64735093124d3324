"""Figures, what is owed of them and what drifted, for moderators."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.admin import PortalAdmin
from accounts.http import signed_in_member
from evaluation.admin.frameworks import SeenFrameworksAdmin
from evaluation.models import Drift, Figure, Indicator, Recalculation
from evaluation.services.recalculating import retry_recalculations, settle_drift


class OwedFiguresAdmin(SeenFrameworksAdmin):
    """Rows of the frameworks that the moderator may see. Of the others those that ask for
    something to be done (`owed`) are counted, not named.
    """

    owed: Q

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """List what is seen, and say how much of what is owed is not."""
        if self.has_view_permission(request):
            seen = self.get_queryset(request).values("pk")
            hidden = self.model._default_manager.filter(self.owed).exclude(pk__in=seen).count()
            self._tell_hidden(request, hidden)
        response: HttpResponse = super().changelist_view(request, extra_context)
        return response

    def _tell_hidden(self, request: HttpRequest, number: int) -> None:
        text = ngettext(
            "%(number)d more row is about what only its own people read.",
            "%(number)d more rows are about what only its own people read.",
            number,
        )
        if number:
            self.message_user(request, text % {"number": number}, messages.INFO)


@admin.register(Figure)
class FigureAdmin(PortalAdmin):
    """A figure as it was published; nobody changes it. Its own page explains it."""

    list_display = ["indicator", "period", "cell", "series", "status", "value", "computed_at"]
    list_filter = ["series", "status", ("superseded_at", admin.EmptyFieldListFilter)]
    list_select_related = ["indicator__definition", "period", "cell"]
    search_fields = ["indicator__definition__title", "indicator__result__framework__title"]
    date_hierarchy = "computed_at"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Figure]:
        """Return those of frameworks that the moderator may see."""
        found: QuerySet[Figure] = super().get_queryset(request)
        return found.filter(indicator__in=Indicator.objects.visible_to(request.user))


@admin.register(Recalculation)
class RecalculationAdmin(OwedFiguresAdmin):
    """What is owed, with why it failed; failed ones can be tried again at once."""

    list_display = ["indicator", "requested_at", "due_at", "done_at", "attempts", "error"]
    list_filter = [
        ("done_at", admin.EmptyFieldListFilter),
        ("error", admin.EmptyFieldListFilter),
    ]
    list_select_related = ["indicator__definition"]
    search_fields = ["indicator__definition__title", "error"]
    date_hierarchy = "requested_at"
    actions = ["retry"]
    framework_path = "indicator__result__framework"
    owed = Q(done_at=None) & ~Q(error="")

    @admin.action(description=gettext_lazy("Try again now"), permissions=["view"])
    def retry(self, request: HttpRequest, queryset: QuerySet[Recalculation]) -> None:
        by = signed_in_member(request)
        self.each(request, queryset, lambda row: retry_recalculations([row.pk], by=by))


class FindingForm(forms.Form):
    """What was found about a drift."""

    note = forms.CharField(
        label=gettext_lazy("What was found"),
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
    )


@admin.register(Drift)
class DriftAdmin(OwedFiguresAdmin):
    """What the nightly check computed otherwise than it is kept, until somebody settles it."""

    list_display = ["figure", "stored", "computed", "found_at", "settled_at", "settled_by"]
    list_filter = [("settled_at", admin.EmptyFieldListFilter)]
    list_select_related = ["figure__indicator__definition", "settled_by"]
    search_fields = ["figure__indicator__definition__title", "note"]
    date_hierarchy = "found_at"
    actions = ["settle"]
    framework_path = "figure__indicator__result__framework"
    owed = Q(settled_at=None)

    @admin.action(
        description=gettext_lazy("Settle with a note and compute anew"), permissions=["view"]
    )
    def settle(self, request: HttpRequest, queryset: QuerySet[Drift]) -> HttpResponse | None:
        by = signed_in_member(request)
        return self.ask(
            request,
            queryset,
            lambda drift, note: settle_drift(drift, note=note, by=by),
            action="settle",
            title=_("What was found about these drifts?"),
            form_class=FindingForm,
        )
