"""Report packs: as a page to print, as an archive of tables."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.api.responses import iso
from core.http import root_of
from core.zips import stream_zip
from evaluation.exchange_wording import number
from evaluation.forms.packs import pack_form
from evaluation.models import MoneyStage
from evaluation.packs.content import Scope, Totals, gather
from evaluation.packs.files import counts, pack_files
from hubs.models import Hub
from hubs.wording import money


@require_safe
def pack_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """/evaluation/packs/<hub>/?year=2012&as_of=2026-03-31: the pack as a page; 400 with the form
    for a year or moment that is none.
    """
    hub = get_object_or_404(Hub.objects.visible_to(request.user), slug=slug)
    form = pack_form(request.GET, hub, request.user)
    context: dict[str, Any] = {"hub": hub, "form": form}
    if not form.is_valid():
        return render(request, "evaluation/packs/pack.html", context, status=HTTPStatus.BAD_REQUEST)
    pack = gather(form.scope(hub, request.user))
    query = query_of(pack.scope)
    context |= {
        "pack": pack,
        "year": str(pack.scope.year),
        "moment": pack.scope.moment,
        "counts": [(label, number(found)) for label, found in counts(pack)],
        "totals": [_totals(name, each) for name, each in pack.totals().items()],
        "exchanges": [
            {"exchange": each, "parties": pack.parties.get(each.pk, [])} for each in pack.exchanges
        ],
        "address": f"{reverse('evaluation:pack_detail', args=[hub.slug])}?{query}",
        "zip_address": f"{reverse('evaluation:pack_zip', args=[hub.slug])}?{query}",
    }
    return render(request, "evaluation/packs/pack.html", context)


@require_safe
def pack_zip(request: HttpRequest, slug: str) -> HttpResponseBase:
    """/evaluation/packs/<hub>/zip/: its tables, what their columns mean, a text to read first;
    the same query gives the same archive, to the byte.
    """
    hub = get_object_or_404(Hub.objects.visible_to(request.user), slug=slug)
    form = pack_form(request.GET, hub, request.user)
    if not form.is_valid():
        return HttpResponse(
            form.errors.as_text(), status=HTTPStatus.BAD_REQUEST, content_type="text/plain"
        )
    pack = gather(form.scope(hub, request.user))
    name = f"{hub.slug}-{pack.scope.year}.zip"
    return stream_zip(name, pack_files(pack, root=root_of(request)), dated=pack.scope.moment)


def query_of(scope: Scope) -> str:
    """Return the query that gives this very pack again."""
    query = {"year": str(scope.year), "as_of": iso(scope.moment)}
    return urlencode(query | ({"internal": "on"} if scope.is_internal else {}))


def _totals(name: str, totals: Totals) -> dict[str, Any]:
    names = {"confirmed": _("Confirmed by both sides"), "reported": _("Reported by one side")}
    stages = dict(MoneyStage.choices)
    return {
        "name": names[name],
        "exchanges": number(totals.exchanges),
        "participations": None if totals.participations is None else number(totals.participations),
        "expert_days": None if totals.expert_days is None else number(totals.expert_days),
        "money": [
            f"{money(amount, currency)} {stages.get(stage, '')}".strip()
            for (currency, stage), amount in sorted(totals.money.items())
        ],
    }
