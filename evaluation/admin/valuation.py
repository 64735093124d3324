"""Methods by which what is given in kind is valued: added version by version, never changed."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Max
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.admin import PortalAdmin
from accounts.http import signed_in_member
from core import codes
from core.naming import one_at_a_time
from evaluation.models import ContributionKind, ValuationMethod

NUMBERING_LOCK = 5_014_041  # key of the advisory lock under which versions are numbered


@admin.register(ValuationMethod)
class ValuationMethodAdmin(PortalAdmin):
    """A method, in one version; with the code of another it becomes the next version of that."""

    may_add = True
    list_display = ["code", "number", "name", "kind", "rate", "currency", "created_at"]
    list_filter = ["kind"]
    search_fields = ["code", "name", "basis"]
    code_choices = {"currency": codes.currency_choices}

    def formfield_for_choice_field(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """Offer what is in kind only: money needs no method."""
        if db_field.name == "kind":
            kinds = [pair for pair in ContributionKind.choices if pair[0] != "money"]
            kwargs["choices"] = [("", _("Choose")), *kinds]
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Number the new version under a lock, so that two at once get two numbers."""
        one_at_a_time(NUMBERING_LOCK)
        known = ValuationMethod.objects.filter(code=obj.code).aggregate(last=Max("number"))
        obj.number = (known["last"] or 0) + 1
        obj.created_by = signed_in_member(request)
        super().save_model(request, obj, form, change)
