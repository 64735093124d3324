"""What every admin page has in common: limited rights, a trace, no lost updates."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.contrib.admin import ModelAdmin, TabularInline
from django.core.exceptions import FieldDoesNotExist, PermissionDenied
from django.db import connection, transaction
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from simple_history.admin import SimpleHistoryAdmin

from accounts.http import signed_in_member
from accounts.models import ActivityAudience
from accounts.services import Change, changes_between, record_activity
from core.forms import version_field

MAX_SHOWN = 1_000  # characters of one field in an activity
MAX_PK_DIGITS = 18  # of a bigint


class VersionedForm(forms.ModelForm):
    """Carries the version that the page was made from, and refuses to undo another's edit."""

    expected_version = version_field(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["expected_version"] = self.instance.version

    def clean(self) -> dict[str, Any]:
        """Compare versions; a second save of the same form is a decision, and goes through."""
        super().clean()
        saved = self.instance
        if saved.pk is None or self.cleaned_data.get("expected_version") == saved.version:
            return self.cleaned_data
        self.data = self.data.copy()  # type: ignore[attr-defined]  # a request's data
        self.data[self.add_prefix("expected_version")] = str(saved.version)  # type: ignore[index]
        raise forms.ValidationError(
            [
                _("Somebody else saved this in the meantime. Nothing of yours was saved yet."),
                _("Save again to put yours in its place. What is saved now:"),
                *(
                    f"{capfirst(str(self.fields[name].label))}: {shown(saved, name)}"
                    for name in self.changed_data
                    if name != "expected_version"
                ),
            ]
        )


class PortalAdmin(ModelAdmin):
    """Moderators see and search; what they may write, each class says.

    There are no model permissions: `may_add` and `may_change` are the rules. Nothing is
    deleted here: what has to go, goes through a service, with a reason.
    """

    knows_rights = True  # the site takes no other classes
    may_add = False
    may_change = False
    only_administrators = False
    show_full_result_count = False
    list_per_page = 50
    # Columns that hold one code of a list: name -> its choices in the reader's language.
    code_choices: dict[str, Callable[[], list[tuple[str, str]]]] = {}

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
        return False

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Django's own log is not kept: activities are the audit trail."""

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """See `log_addition`."""

    def get_object(self, request: HttpRequest, object_id: str, from_field: Any = None) -> Any:
        """Return the row; for a form that was sent, as it is now and locked until saved."""
        found = super().get_object(request, object_id, from_field)
        if found is None or request.method != "POST" or not connection.in_atomic_block:
            return found
        return locked(found)

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        """Return the form, with the row's version where it has one and may be changed."""
        is_plain = self.form is forms.ModelForm and is_versioned(self.model)
        if is_plain and obj is not None and self.has_change_permission(request, obj):
            kwargs.setdefault("form", VersionedForm)
        return super().get_form(request, obj, change=change, **kwargs)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Offer a code list where a column holds one of its codes."""
        choices = self.code_choices.get(db_field.name)
        if choices is None:
            return super().formfield_for_dbfield(db_field, request, **kwargs)
        return forms.ChoiceField(
            label=capfirst(str(db_field.verbose_name)),
            choices=lambda: [("", "–"), *choices()],
            required=not db_field.blank,
            help_text=db_field.help_text,
        )

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save under the next version, as somebody's edit, with an activity."""
        before = locked(obj) if change else None
        changes = self.changes(before, obj, form)
        if before is not None and not changes:
            return
        if before is not None and is_versioned(self.model):
            obj.version = before.version + 1
        super().save_model(request, obj, form, change)
        is_revert = hasattr(obj, "_history")
        verb = "admin.reverted" if is_revert else "admin.changed" if change else "admin.added"
        self.record(request, verb, obj, changes)

    @staticmethod
    def changes(before: Any, after: Any, form: Any) -> list[Change]:
        """Return what the form changes from `before` (None: a new row), as people read it."""
        names = [name for name in form.cleaned_data if _is_column(after, name)]
        sets = [field.name for field in after._meta.many_to_many if field.name in form.cleaned_data]
        old: dict[str, object] = {}
        if before is not None:
            old = {name: shown(before, name) for name in (*names, *sets)}
        new: dict[str, object] = {name: shown(after, name) for name in names}
        new |= {name: _listed(form.cleaned_data[name]) for name in sets}
        return [item for item in changes_between(old, new) if before or item["new"] is not None]

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Save the rows below, with one activity for all."""
        rows = formset.save(commit=False)
        changes: list[Change] = [
            {"field": str(row._meta.verbose_name), "old": None, "new": str(row)} for row in rows
        ]
        for row in rows:
            row.save()
        for row in formset.deleted_objects:
            changes.append({"field": str(row._meta.verbose_name), "old": str(row), "new": None})
            row.delete()
        formset.save_m2m()
        if changes:
            self.record(request, "admin.changed", form.instance, changes)

    def record(
        self, request: HttpRequest, verb: str, obj: Any, changes: Iterable[Change] = ()
    ) -> None:
        """Write the activity of something done here; the moderators see it."""
        record_activity(
            verb,
            obj,
            by=signed_in_member(request),
            audience=ActivityAudience.MODERATORS,
            changes=changes,
        )

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """Show what was done to a row that has no history of its own: its activities."""
        row = self.get_object(request, object_id)
        if not self.has_view_permission(request, row):
            raise PermissionDenied
        if row is None:
            raise Http404
        about = {
            "object_app": self.opts.app_label,
            "object_model": str(self.opts.model_name),
            "object_pk": object_id,
        }
        url = reverse("admin:accounts_activity_changelist")
        return HttpResponseRedirect(f"{url}?{urlencode(about)}")


class HistoryAdmin(PortalAdmin, SimpleHistoryAdmin):
    """Admin of rows whose every state is kept, shown and, where they may change, restored."""

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """Show every state of a row, also of one that was removed."""
        _require_pk(object_id)
        return SimpleHistoryAdmin.history_view(  # type: ignore[no-any-return]
            self, request, object_id, extra_context
        )

    @transaction.atomic
    def history_form_view(
        self, request: HttpRequest, object_id: str, version_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """Show one state of a row; restore it when its form is sent."""
        _require_pk(object_id)
        _require_pk(version_id)
        return super().history_form_view(  # type: ignore[no-any-return]
            request, object_id, version_id, extra_context
        )


class SeenAdmin(PortalAdmin):
    """Rows that the moderator may read on the pages, and no others."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        found: QuerySet[Any] = super().get_queryset(request)
        ask: Any = self.model._default_manager
        return found.filter(pk__in=ask.visible_to(request.user).values("pk"))


class SeenHistoryMixin:
    """Shows the history of rows that are seen only: before an admin of history."""

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """Show what was done to a row that is seen."""
        self.refuse_unseen(request, object_id)
        above: Any = super()
        return above.history_view(request, object_id, extra_context)  # type: ignore[no-any-return]

    def history_form_view(
        self, request: HttpRequest, object_id: str, version_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """Show one state of a row that is seen."""
        self.refuse_unseen(request, object_id)
        above: Any = super()
        shown: HttpResponse = above.history_form_view(request, object_id, version_id, extra_context)
        return shown

    def refuse_unseen(self: Any, request: HttpRequest, object_id: str) -> None:
        """Answer that a row which is not seen is not there."""
        if self.get_object(request, object_id) is None:
            raise Http404


class SeenHistoryAdmin(SeenHistoryMixin, SeenAdmin, HistoryAdmin):
    """Rows of `SeenAdmin` whose every state is kept."""


class ReadOnlyInline(TabularInline):
    """Rows below another's page, to be read."""

    extra = 0
    max_num = 0
    can_delete = False
    show_change_link = True

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The page above is for moderators already."""
        return True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    has_change_permission = has_delete_permission = has_add_permission

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """All of them; some are computed, which Django shows only if they are named here."""
        return self.fields


def is_versioned(model: type[Model]) -> bool:
    """Return whether rows of `model` carry a version against lost updates."""
    try:
        field = model._meta.get_field("version")
    except FieldDoesNotExist:
        return False
    return not getattr(field, "editable", True)


def locked(row: Any) -> Any:
    """Return `row` as it is saved now, locked until the transaction ends; None if gone."""
    rows = type(row)._default_manager.select_for_update(no_key=True, of=("self",))
    return rows.filter(pk=row.pk).first()


def shown(row: Any, name: str) -> object:
    """Return one field of `row` as a person reads it; JSON can keep it."""
    display = getattr(row, f"get_{name}_display", None)
    value = display() if display else getattr(row, name)
    if hasattr(value, "all"):
        return _listed(value.all())
    if isinstance(value, list):
        return _listed(value)
    return value if isinstance(value, bool | int) else str(value)[:MAX_SHOWN] if value else None


def _listed(values: Iterable[object]) -> str | None:
    return "; ".join(sorted(str(value) for value in values))[:MAX_SHOWN] or None


def _is_column(row: Model, name: str) -> bool:
    return any(field.name == name for field in row._meta.concrete_fields)


def _require_pk(text: str) -> None:
    if not (text.isascii() and text.isdigit() and len(text) <= MAX_PK_DIGITS):
        raise Http404
