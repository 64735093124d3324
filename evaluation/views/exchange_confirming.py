"""Pages on which a provider or seeker says what is so, what differs, and what may differ."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.http import signed_in_member
from core.errors import DomainError
from core.http import sent_version
from core.typed import sign_in_first
from evaluation.facts import with_facts
from evaluation.forms.exchanges import AgreeForm, DifferForm
from evaluation.models import Exchange, Party
from evaluation.services.confirming import agree_to_differ, confirm_facts, state_difference
from evaluation.standing import standing_of
from evaluation.views.exchange_editing import TEMPLATE
from evaluation.views.exchanges import lines_in_words
from hubs.views.form_pages import form_page, writes


def _mine(request: HttpRequest, slug: str, pk: int) -> tuple[Any, Party]:
    """Return an exchange and a party of it for which the reader speaks: 404 or 403 if not."""
    user = request.user
    exchanges = with_facts(Exchange.objects.visible_to(user).select_related("hub"))
    exchange: Any = get_object_or_404(exchanges, slug=slug)
    party = next((each for each in exchange.parties.all() if each.pk == int(pk)), None)
    if party is None:
        raise Http404
    if not Party.objects.confirmable_by(user).contains(party):
        raise PermissionDenied
    return exchange, party


@sign_in_first
def exchange_confirm(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """/evaluation/exchanges/<slug>/confirm/<party>/: the facts, to be confirmed one by one or
    all at once.
    """
    exchange, party = _mine(request, slug, pk)
    if request.method == "POST":
        return _confirmed(request, exchange, party)
    standing = standing_of(exchange)
    lines = lines_in_words(standing, list(exchange.parties.all()))
    for line in lines:
        line["own"] = next(cell for cell in line["cells"] if cell["party"].pk == party.pk)
    context = {
        "exchange": exchange,
        "party": party,
        "lines": lines,
        "open": standing.open_count(party),
        "can_confirm": any(line["own"]["is_open"] for line in lines),
    }
    return render(request, "evaluation/exchanges/confirm.html", context)


def _confirmed(request: HttpRequest, exchange: Exchange, party: Party) -> HttpResponse:
    """Confirm the facts that were ticked, or with the button for it all that are left."""
    facts = None if "all" in request.POST else request.POST.getlist("fact")
    try:
        confirm_facts(
            party, facts, expected_version=sent_version(request), by=signed_in_member(request)
        )
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("evaluation:exchange_confirm", exchange.slug, party.pk)
    messages.success(request, _("What you confirmed was saved."))
    return redirect(f"{exchange.get_absolute_url()}#confirmations")


@writes(DifferForm)
def exchange_differ(request: HttpRequest, slug: str, pk: int, fact: str) -> HttpResponse:
    """Say that a fact is otherwise."""

    def say(party: Party, form: Any) -> str:
        state_difference(
            party,
            fact,
            text=form.cleaned_data["text"],
            stated=form.cleaned_data["stated"] or None,
            expected_version=form.cleaned_data["version"],
            by=signed_in_member(request),
        )
        return _("The difference was saved; it is shown beside what the exchange says.")

    return _said(request, (slug, pk, fact), DifferForm, say, _("State it differently"))


@writes(AgreeForm)
def exchange_agree(request: HttpRequest, slug: str, pk: int, fact: str) -> HttpResponse:
    """Let a difference stand."""

    def say(party: Party, form: Any) -> str:
        agree_to_differ(
            party,
            fact,
            text=form.cleaned_data["text"],
            expected_version=form.cleaned_data["version"],
            by=signed_in_member(request),
        )
        return _("Your side agrees to differ. It is settled once every side does.")

    return _said(request, (slug, pk, fact), AgreeForm, say, _("Agree to differ"))


def _said(
    request: HttpRequest,
    address: tuple[str, int, str],
    form_class: type[Any],
    say: Callable[[Party, Any], str],
    title: str,
) -> HttpResponse:
    slug, pk, fact = address
    exchange, party = _mine(request, slug, pk)
    standing = standing_of(exchange)
    lines = lines_in_words(standing, list(exchange.parties.all()))
    line = next((each for each in lines if each["key"] == fact), None)
    if line is None:
        raise Http404

    def make(data: Any) -> Any:
        version = Exchange.objects.values_list("version", flat=True).get(pk=exchange.pk)
        return form_class(data, initial={"version": version})

    context = {
        "exchange": exchange,
        "title": title,
        "line": line,
        "cancel_url": reverse("evaluation:exchange_confirm", args=[slug, pk]),
    }
    done = reverse("evaluation:exchange_confirm", args=[slug, pk])
    return form_page(
        request,
        make,
        lambda form: say(party, form),
        context,
        done=done,
        row=exchange,
        template=TEMPLATE,
    )
