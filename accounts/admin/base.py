"""What every admin page has in common: limited rights, a trace, no lost updates."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import ModelAdmin
from django.db.models import Model
from django.forms import BaseModelForm
from django.http import HttpRequest

from accounts.http import signed_in_member
from accounts.models import ActivityAudience
from accounts.services import Change, record_activity


class PortalAdmin(ModelAdmin):
    """Moderators see and search; what they may write, each class says.

    There are no model permissions: `may_add`, `may_change` and `may_delete` are the rules.
    """

    may_add = False
    may_change = False
    may_delete = False
    only_administrators = False
    show_full_result_count = False
    list_per_page = 50

    def _is_allowed(self, request: HttpRequest) -> bool:
        name = "is_administrator" if self.only_administrators else "is_moderator"
        return bool(getattr(request.user, name, False))

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._is_allowed(request)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self._is_allowed(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.may_add and self._is_allowed(request)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.may_change and self._is_allowed(request)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.may_delete and self._is_allowed(request)

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Django's own log is not kept: activities are the audit trail."""

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """See `log_addition`."""

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        """See `log_addition`."""

    def save_model(self, request: HttpRequest, obj: Any, form: BaseModelForm, change: bool) -> None:
        """Save under the next version, as somebody's edit, with an activity."""
        if change and hasattr(obj, "version"):
            saved = type(obj)._default_manager.only("version").get(pk=obj.pk)
            obj.version = saved.version + 1
        if hasattr(obj, "is_starter"):
            obj.is_starter = False
        super().save_model(request, obj, form, change)
        is_revert = "history" in request.path
        verb = "admin.reverted" if is_revert else "admin.changed" if change else "admin.added"
        self._record(request, verb, obj, _changes(form))

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Remove with an activity; the history keeps the row."""
        self._record(request, "admin.removed", obj, [])
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        """Remove one by one, each with its activity."""
        for obj in queryset:
            self.delete_model(request, obj)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Save the rows below, each under its next version, with one activity for all."""
        for row in formset.save(commit=False):
            if hasattr(row, "version") and row.pk:
                row.version += 1
            if hasattr(row, "is_starter"):
                row.is_starter = False
            row.save()
        for row in formset.deleted_objects:
            row.delete()
        formset.save_m2m()
        changes: list[Change] = [
            {"field": str(each.instance._meta.verbose_name), "old": None, "new": str(each.instance)}
            for each in formset.forms
            if each.has_changed() and each.instance.pk
        ]
        changes += [
            {"field": str(row._meta.verbose_name), "old": str(row), "new": None}
            for row in formset.deleted_objects
        ]
        if changes:
            self._record(request, "admin.changed", form.instance, changes)

    def _record(self, request: HttpRequest, verb: str, obj: Any, changes: list[Change]) -> None:
        record_activity(
            verb,
            obj,
            by=signed_in_member(request),
            audience=ActivityAudience.MODERATORS,
            changes=changes,
        )


def _changes(form: BaseModelForm) -> list[Change]:
    return [
        {
            "field": name,
            "old": _text(form.initial.get(name)),
            "new": _text(form.cleaned_data.get(name)),
        }
        for name in form.changed_data
        if name in form.cleaned_data
    ]


def _text(value: object) -> str | None:
    if value is None:
        return None
    if isinstance(value, list | tuple):
        return ", ".join(str(item) for item in value)
    return str(value)[:1_000]
