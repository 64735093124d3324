"""The log of what moderators decided, for moderators: as page and as CSV."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _

from community.filters.moderation import DecisionFilter
from community.models import Decision
from community.querysets.moderation import moderates
from community.serializers.moderation import DECISION_COLUMNS, decision_rows
from community.services.moderation_mail import title_of
from core.http import root_of
from core.views import FilteredListView, dictionary

MEANINGS = {
    "at": _("When it was decided (UTC)."),
    "moderator": _("Who decided: name in addresses."),
    "act": _("What was decided."),
    "measure": _("What was done about the member: warn, limit, suspend, close; empty: nothing."),
    "kind": _("What kind of thing it was about."),
    "title": _("What it is called."),
    "member": _("Whose it is: name in addresses; empty: a hub's."),
    "reason": _("Why."),
    "version": _("Version of the thing that was read; 0: it has none."),
    "undone_at": _("When the decision was taken back; empty: it stands."),
    "undone_by": _("Who took it back."),
    "url": _("Address of the page."),
}


class DecisionLogView(FilteredListView):
    """/community/moderation/log/: decisions on what the reader moderates and may read now."""

    filterset_class = DecisionFilter
    template_name = "community/moderation/log.html"
    results_template_name = "community/moderation/log.html"
    orders = {"at": F("at")}
    order_menu = (("-at", _("Newest first")), ("at", _("Oldest first")))
    columns = dictionary(DECISION_COLUMNS, MEANINGS)
    feed_order = ""

    @method_decorator(login_required)
    def get(self, request: HttpRequest) -> HttpResponseBase:
        """Answer those who moderate."""
        if not moderates(request.user):
            raise PermissionDenied
        return super().get(request)

    def get_queryset(self) -> QuerySet[Any]:
        return Decision.objects.visible_to(self.request.user).for_list()

    def export_rows(self, things: QuerySet[Any]) -> Iterable[Mapping[str, object]]:
        rows = things.iterator(chunk_size=500)
        return decision_rows(rows, root=root_of(self.request))

    def get_context(self, things: QuerySet[Any], *, is_valid: bool) -> dict[str, Any]:
        context = super().get_context(things, is_valid=is_valid)
        lines = [(each, title_of(each.kind, each.thing)) for each in context["page_obj"]]
        return context | {"lines": lines}

    def noun(self) -> str:
        return "decisions"
