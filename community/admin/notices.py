"""Activities whose followers could not be told, to be tried again."""

from __future__ import annotations

from django.contrib import admin
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.admin import PortalAdmin
from community.models import FanOut
from community.tasks import tell_followers
from core.tasks import enqueue


@admin.register(FanOut)
class FanOutAdmin(PortalAdmin):
    """Usually empty: what stays here was tried several times."""

    only_administrators = True
    list_display = ["activity", "attempts", "created_at"]
    list_select_related = ["activity__subject"]
    actions = ["retry"]

    @admin.action(description=gettext_lazy("Try again"), permissions=["view"])
    @transaction.atomic
    def retry(self, request: HttpRequest, queryset: QuerySet[FanOut]) -> None:
        number = FanOut.objects.filter(pk__in=queryset.values("pk")).update(attempts=0)
        enqueue(tell_followers)
        text = _("Activities that will be told: %(number)d.") % {"number": number}
        self.message_user(request, text)
