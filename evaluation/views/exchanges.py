"""Exchanges: the list with filters and totals, and the page of each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import F, QuerySet
from django.db.models.functions import ExtractYear
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.models import Activity
from catalogue.codelists import SDGS, Instrument
from catalogue.models import Entry
from catalogue.views.faceted import FacetedListView
from core import codes
from core.facets import Facet, build_facet
from core.http import root_of
from core.shared_pages import shared_page
from core.views import ADDRESS_MEANINGS, dictionary
from evaluation.burden import days_chart, shares_of
from evaluation.exchange_wording import fact_text, number, said_kind, said_text, stated_text
from evaluation.facts import with_facts
from evaluation.filters.exchanges import ExchangeFilter
from evaluation.models import (
    Evidence,
    Exchange,
    MoneyStage,
    Party,
    PartySide,
    Step,
)
from evaluation.querysets import ExchangeQuerySet
from evaluation.querysets.exchanges import party_countries
from evaluation.serializers.exchanges import EXCHANGE_COLUMNS, exchange_rows
from evaluation.standing import Line, Standing, standing_of
from evaluation.views.exchange_columns import EXCHANGE_MEANINGS
from hubs.models import Hub
from hubs.querysets import by_name
from hubs.wording import money

CHANGES_SHOWN = 30  # newest recorded changes


class ExchangeListView(FacetedListView):
    """/evaluation/exchanges/: as page, fragment, feed, CSV."""

    filterset_class = ExchangeFilter
    template_name = "evaluation/exchanges/exchange_list.html"
    results_template_name = "evaluation/exchanges/_fragment.html"
    facets = {
        "status": ("status", False),
        "confirmed": ("is_confirmed", False),
        "modality": ("modality", False),
        "sector": ("sectors", True),
        "country": (party_countries(), True),
        "instrument": ("instruments", True),
        "sdg": ("sdgs", True),
        "year": (ExtractYear("starts_on"), False),
    }
    orders = {
        "starts_on": F("starts_on"),
        "title": by_name("title"),
        "updated_at": F("updated_at"),
    }
    order_menu = (
        ("-starts_on", gettext_lazy("Start, newest first")),
        ("starts_on", gettext_lazy("Start, oldest first")),
        ("title", gettext_lazy("Title")),
        ("-updated_at", gettext_lazy("Last change, newest first")),
    )
    columns = dictionary(EXCHANGE_COLUMNS, EXCHANGE_MEANINGS | ADDRESS_MEANINGS)

    def get_queryset(self) -> ExchangeQuerySet:
        found: ExchangeQuerySet = Exchange.objects.visible_to(self.request.user)
        return found

    def export_rows(self, things: QuerySet[Any]) -> Iterable[Mapping[str, object]]:
        return exchange_rows(things, root=root_of(self.request))

    def get_context(self, things: Any, *, is_valid: bool) -> dict[str, Any]:
        context = super().get_context(things.select_related("hub").with_names(), is_valid=is_valid)
        rows = list(context["page_obj"])
        return context | {
            "lines": [{"exchange": row, "countries": _names(row.countries)} for row in rows],
            "count": context["page_obj"].paginator.count,
            "facets": [*self.facet_list(), *self._uncounted()],
            "totals": totals_in_words(things.totals()),
            "can_begin": Hub.objects.assessable_by(self.request.user).exists(),
        }

    def _uncounted(self) -> Iterable[Facet]:
        """Give the filters whose values would cost too much to count."""
        form = self.filterset.form
        for name in ("counted", "side", "hub", "party"):
            field: Any = form.fields[name]
            selected = self.request.GET.getlist(name)
            errors = form.errors.get(name, ())
            yield build_facet(name, field.label, field.choices, selected=selected, errors=errors)


def _names(countries: Iterable[str]) -> list[str]:
    return sorted(codes.country_name(code) for code in countries)


def totals_in_words(totals: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the two series of `totals()` for a table; what is not stated stays None."""
    names = {"confirmed": _("Confirmed by both sides"), "reported": _("Reported by one side")}
    stages = dict(MoneyStage.choices)
    return [
        {
            **one,
            "name": names[key],
            "participations": _figure(one["participations"]),
            "expert_days": _figure(one["expert_days"]),
            "money": [
                f"{money(each['amount'], each['currency'])} {stages.get(each['stage'], '')}".strip()
                for each in one["money"]
            ],
        }
        for key, one in totals.items()
    ]


def _figure(value: Any) -> str | None:
    return None if value is None else number(value)


@require_safe
@shared_page
def exchange_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """/evaluation/exchanges/<slug>/: who did what with whom, what each side says and gave."""
    user = request.user
    exchange: Any = get_object_or_404(
        with_facts(Exchange.objects.visible_to(user).select_related("hub", "copied_from")),
        slug=slug,
    )
    same = Exchange.objects.filter(pk=exchange.pk)
    parties = list(exchange.parties.all())
    standing = standing_of(exchange)
    mine = set(
        Party.objects.confirmable_by(user).filter(exchange=exchange).values_list("pk", flat=True)
    )
    shares = shares_of(exchange, parties)
    copied_from = exchange.copied_from
    if copied_from and not Exchange.objects.visible_to(user).contains(copied_from):
        copied_from = None
    context = {
        "exchange": exchange,
        "countries": _names(set().union(*(party.countries for party in parties))),
        "instruments": [Instrument(code).label for code in exchange.instruments],
        "sectors": [codes.sector_name(code) for code in exchange.sectors],
        "sdgs": [f"{code}. {SDGS[code]}" for code in exchange.sdgs],
        "sides": _sides(parties),
        "steps": [_step(step, parties) for step in exchange.steps.all()],
        "standing": standing,
        "lines": lines_in_words(standing, parties),
        "outside": [
            party
            for party in parties
            if party.hub_id is None and party.side in (PartySide.PROVIDER, PartySide.SEEKER)
        ],
        "awaited": [(party, standing.open_count(party)) for party in standing.awaited()],
        "mine": [party for party in standing.parties if party.pk in mine],
        "shares": [_share_in_words(share) for share in shares],
        "chart": days_chart(shares),
        "evidence": list(
            Evidence.objects.visible_to(user).in_force().filter(exchange=exchange).order_by("pk")
        ),
        "entries": list(
            Entry.objects.visible_to(user)
            .published()
            .filter(exchanges=exchange)
            .order_by(by_name("title"), "pk")
        ),
        "sources": list(exchange.sources.order_by("title", "pk")),
        "copied_from": copied_from,
        "changes": list(
            Activity.objects.visible_to(user)
            .about(app="evaluation", model="exchange", pk=exchange.pk)
            .for_list()[:CHANGES_SHOWN]
        ),
        "can_edit": same.editable_by(user).exists(),
    }
    return render(request, "evaluation/exchanges/exchange_detail.html", context)


def _sides(parties: list[Party]) -> list[dict[str, Any]]:
    return [
        {"name": label, "parties": [party for party in parties if party.side == side]}
        for side, label in PartySide.choices
    ]


def _step(step: Step, parties: list[Party]) -> dict[str, Any]:
    """Return a step with its people by party; a party of which nothing is stated is left out."""
    names = {party.pk: party for party in parties}
    people = [
        {
            "party": names[row.party_id],
            "total": number(row.total),
            "women": _figure(row.women),
            "men": _figure(row.men),
            "not_stated": number(row.not_stated),
        }
        for row in step.attendances.all()
    ]
    country = codes.country_name(step.country) if step.country else ""
    return {"step": step, "people": people, "country": country}


def lines_in_words(standing: Standing, parties: list[Party]) -> list[dict[str, Any]]:
    """Return the difference table for the page: fact, what the exchange says, what each says."""
    return [_line(line, parties) for line in standing.lines]


def _line(line: Line, parties: list[Party]) -> dict[str, Any]:
    cells = [
        {
            "party": said.party,
            "text": said_text(said),
            "kind": said_kind(said),
            "stated": stated_text(said.confirmation.stated) if said.confirmation else "",
            "note": said.confirmation.text if said.confirmation else "",
            "by": said.confirmation.by if said.confirmation else None,
            "at": said.confirmation.at if said.confirmation else None,
            "state": said.state,
            "is_open": said.is_open,
        }
        for said in line.said
    ]
    return {
        "key": line.fact.key,
        "label": line.fact.label,
        "text": fact_text(line.fact.key, line.fact.value, parties),
        "cells": cells,
        "is_disputed": line.is_disputed,
        "may_differ": line.may_differ,
    }


def _share_in_words(share: Any) -> dict[str, Any]:
    return {
        "party": share.party,
        "days": _figure(share.days),
        "others": [f"{unit}: {number(amount)}" for unit, amount in share.others],
        "money": [
            f"{money(each.amount, each.currency)} {each.stage}".strip() for each in share.money
        ],
        "worth": [money(each.amount, each.currency) for each in share.worth],
        "not_valued": [f"{unit}: {number(amount)}" for unit, amount in share.not_valued],
    }
