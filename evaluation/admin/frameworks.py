"""Frameworks, their periods and the exceptions from locks, for moderators."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.admin import DecidingAdmin, HistoryAdmin, ReadOnlyInline, SeenHistoryMixin
from accounts.http import signed_in_member
from evaluation.models import Framework, LockException, Period, Result
from evaluation.services.locks import (
    allow_late_report,
    end_leave,
    is_locked,
    leaves_in_force,
    lock_period,
    unlock_period,
)
from evaluation.services.recalculating import recalculate_framework


class SeenFrameworksAdmin(SeenHistoryMixin, DecidingAdmin):
    """Rows of the frameworks that the moderator may see: none of a confidential exchange, not
    even as history.
    """

    framework_path = "framework"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        found: QuerySet[Any] = super().get_queryset(request)
        seen = Framework.objects.visible_to(request.user)
        return found.filter(**{f"{self.framework_path}__in": seen})


class SeenFrameworkHistoryAdmin(SeenFrameworksAdmin, HistoryAdmin):
    """The same, of rows whose every state is kept."""


class ResultInline(ReadOnlyInline):
    model = Result
    fields = ["kind", "title", "contributes_to", "rolls_up_to", "position"]
    show_change_link = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Result]:
        found: QuerySet[Result] = super().get_queryset(request)
        return found.select_related("contributes_to", "rolls_up_to")


class PeriodInline(ReadOnlyInline):
    model = Period
    fields = ["frequency", "label", "starts_on", "ends_on", "locked_at"]


class LockExceptionInline(ReadOnlyInline):
    model = LockException
    fields = ["indicator", "until", "reason", "by", "at"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[LockException]:
        found: QuerySet[LockException] = super().get_queryset(request)
        return found.select_related("indicator__definition", "by")


@admin.register(Framework)
class FrameworkAdmin(SeenFrameworkHistoryAdmin):
    """A tree of results; it is written on its own pages, where its figures follow."""

    framework_path = "pk"
    list_display = ["title", "layer", "hub", "country", "is_published", "is_template", "ends_on"]
    list_filter = ["layer", "is_published", "is_template", "is_starter"]
    list_select_related = ["hub"]
    search_fields = ["title", "summary", "hub__name", "exchange__title"]
    date_hierarchy = "starts_on"
    inlines = [PeriodInline, ResultInline]
    actions = ["recalculate"]

    @admin.action(description=gettext_lazy("Compute all figures anew"), permissions=["view"])
    def recalculate(self, request: HttpRequest, queryset: QuerySet[Framework]) -> None:
        by = signed_in_member(request)
        self.each(request, queryset, lambda row: recalculate_framework(row, by=by))


class LeaveForm(forms.Form):
    """Until when, and why, a locked period takes reports again."""

    until = forms.DateTimeField(
        label=gettext_lazy("Until"),
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=500, widget=forms.Textarea({"rows": 3})
    )


class LockedFilter(admin.SimpleListFilter):
    """Periods by what keeps reports from them now."""

    title = gettext_lazy("lock")
    parameter_name = "lock"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("by-hand", _("Locked by hand")),
            ("opened", _("Opened for a while")),
            ("other", _("By its age, or not locked")),
        ]

    def queryset(self, request: Any, queryset: QuerySet[Any]) -> QuerySet[Any]:
        opened = leaves_in_force().values("period")
        if self.value() == "by-hand":
            return queryset.exclude(locked_at=None)
        if self.value() == "opened":
            return queryset.filter(pk__in=opened)
        if self.value() == "other":
            return queryset.filter(locked_at=None).exclude(pk__in=opened)
        return queryset


@admin.register(Period)
class PeriodAdmin(SeenFrameworkHistoryAdmin):
    """Periods are made on the framework's pages; here they are locked, and opened for a while."""

    list_display = ["__str__", "framework", "frequency", "starts_on", "ends_on", "is_closed"]
    list_filter = [LockedFilter, "frequency", "framework__layer"]
    list_select_related = ["framework"]
    search_fields = ["label", "framework__title", "framework__hub__name"]
    date_hierarchy = "starts_on"
    inlines = [LockExceptionInline]
    actions = ["lock", "unlock", "open"]

    @admin.display(description=gettext_lazy("locked"), boolean=True)
    def is_closed(self, period: Period) -> bool:
        """Say whether it is locked, by age or by hand; leave aside."""
        return is_locked(period)

    @admin.action(description=gettext_lazy("Lock at once"), permissions=["view"])
    def lock(self, request: HttpRequest, queryset: QuerySet[Period]) -> None:
        by = signed_in_member(request)
        self.each(request, queryset, lambda period: lock_period(period, by=by))

    @admin.action(description=gettext_lazy("Take back locks set by hand"), permissions=["view"])
    def unlock(self, request: HttpRequest, queryset: QuerySet[Period]) -> None:
        by = signed_in_member(request)
        self.each(request, queryset, lambda period: unlock_period(period, by=by))

    @admin.action(
        description=gettext_lazy("Open for a while, with a reason …"), permissions=["view"]
    )
    def open(self, request: HttpRequest, queryset: QuerySet[Period]) -> HttpResponse | None:
        by = signed_in_member(request)
        return self.ask(
            request,
            queryset,
            lambda period, until, reason: allow_late_report(
                period, indicator=None, until=until, reason=reason, by=by
            ),
            action="open",
            title=_("Open for a while"),
            form_class=LeaveForm,
        )


class InForceFilter(admin.SimpleListFilter):
    """Leave that holds now, and leave that is over."""

    title = gettext_lazy("in force")
    parameter_name = "in_force"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("Yes")), ("no", _("No"))]

    def queryset(self, request: Any, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "yes":
            return queryset.filter(pk__in=leaves_in_force().values("pk"))
        if self.value() == "no":
            return queryset.exclude(pk__in=leaves_in_force().values("pk"))
        return queryset


@admin.register(LockException)
class LockExceptionAdmin(SeenFrameworksAdmin):
    """Leave to report late: given with a reason on the period's list, and ended here."""

    framework_path = "period__framework"
    list_display = ["period", "framework", "indicator", "until", "reason", "by", "at"]
    list_filter = [InForceFilter]
    list_select_related = ["period__framework", "indicator__definition", "by"]
    search_fields = ["reason", "period__label", "period__framework__title", "by__name"]
    date_hierarchy = "until"
    actions = ["end"]

    @admin.display(description=gettext_lazy("framework"))
    def framework(self, leave: LockException) -> Framework:
        """Return the framework of the period."""
        return leave.period.framework

    @admin.action(description=gettext_lazy("End at once"), permissions=["view"])
    def end(self, request: HttpRequest, queryset: QuerySet[LockException]) -> None:
        by = signed_in_member(request)
        self.each(request, queryset, lambda leave: end_leave(leave, by=by))
