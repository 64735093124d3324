"""Pages on which a hub's people write an exchange, one thing a page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.http import signed_in_member
from core.errors import DomainError
from core.http import get_allowed, sent_version
from core.once import once
from core.typed import sign_in_first, sign_in_then
from evaluation.forms.exchanges import (
    EntriesForm,
    ExchangeForm,
    MoveForm,
    NewExchangeForm,
    ReasonForm,
)
from evaluation.models import Evidence, Exchange, ExchangeStatus, Party, Step
from evaluation.services.exchange_states import (
    move_exchange,
    publish_exchange,
    withdraw_exchange,
)
from evaluation.services.exchanges import (
    begin_exchange,
    change_exchange,
    copy_exchange,
    tie_entries,
)
from hubs.models import Hub
from hubs.views.form_pages import form_page, writes

TEMPLATE = "evaluation/exchanges/form.html"


def editable_exchange(request: HttpRequest, slug: str) -> Exchange:
    """Return an exchange to write: 404 if the reader may not see it, 403 if not write it."""
    user, exchanges = request.user, Exchange.objects
    seen = exchanges.visible_to(user).select_related("hub")
    exchange: Exchange = get_allowed(seen, exchanges.editable_by(user), slug=slug)
    return exchange


def back_to(exchange: Exchange) -> str:
    """Return the address of the task list."""
    return reverse("evaluation:exchange_edit", args=[exchange.slug])


def about(exchange: Exchange, title: str) -> dict[str, Any]:
    """Return what the page of a form says of the exchange."""
    return {"exchange": exchange, "title": title, "cancel_url": back_to(exchange)}


@writes(NewExchangeForm)
def exchange_add(request: HttpRequest) -> HttpResponse:
    """Begin an exchange."""
    if not Hub.objects.assessable_by(request.user).exists():
        raise PermissionDenied
    begun: list[Exchange] = []

    def save(form: NewExchangeForm) -> str:
        hub = form.cleaned_data["hub"]
        begun.append(begin_exchange(hub, columns=form.columns(), by=signed_in_member(request)))
        return _("The exchange is begun. Only its hub sees it yet. Name its parties next.")

    hub = Hub.objects.filter(slug=request.GET.get("hub", "").replace("\0", "")).first()
    initial = {"hub": hub.pk} if hub else {}
    context = {"title": _("Tell of an exchange"), "cancel_url": reverse("evaluation:exchange_list")}
    return form_page(
        request,
        lambda data: NewExchangeForm(data, user=request.user, initial=initial),
        save,
        context,
        done=lambda: back_to(begun[0]),
        template=TEMPLATE,
    )


@require_safe
@sign_in_first
def exchange_edit(request: HttpRequest, slug: str) -> HttpResponse:
    """/evaluation/exchanges/<slug>/edit/: the task list."""
    exchange = editable_exchange(request, slug)
    steps = Step.objects.filter(exchange=exchange).prefetch_related("attendances")
    context = {
        "exchange": exchange,
        "tasks": _tasks(exchange),
        "parties": list(
            Party.objects.filter(exchange=exchange)
            .select_related("hub", "organisation")
            .order_by("side", "pk")
        ),
        "steps": list(steps.order_by("starts_on", "pk")),
        "contributions": list(
            exchange.contributions.select_related(
                "party__hub", "party__organisation", "valuation"
            ).order_by("kind", "pk")
        ),
        "evidence": list(
            Evidence.objects.visible_to(request.user).filter(exchange=exchange).order_by("pk")
        ),
    }
    return render(request, "evaluation/exchanges/edit.html", context)


def _tasks(exchange: Exchange) -> list[dict[str, Any]]:
    sides = set(Party.objects.filter(exchange=exchange).values_list("side", flat=True))
    has_both = {"provider", "seeker"} <= sides
    number = exchange.entries.count()
    return [
        _task("change", exchange, _("Title, dates and form"), exchange.summary != ""),
        {
            "url": "#parties",
            "label": _("Parties"),
            "hint": _("A provider and a seeker at least."),
            "status": _("Stated") if has_both else _("A side is missing"),
            "kind": "ok" if has_both else "warn",
        },
        {"url": "#steps", "label": _("Steps and people"), "hint": "", "status": _("Below")},
        {"url": "#contributions", "label": _("Contributions"), "hint": "", "status": _("Below")},
        {"url": "#documents", "label": _("Documents"), "hint": "", "status": _("Below")},
        {
            "url": reverse("evaluation:exchange_entries", args=[exchange.slug]),
            "label": _("Entries of the catalogue"),
            "hint": _("Experience that was shared, or that came of it."),
            "status": ngettext("%(number)d entry", "%(number)d entries", number)
            % {"number": number},
        },
        {
            "url": reverse("evaluation:exchange_move", args=[exchange.slug]),
            "label": _("Status"),
            "hint": "",
            "status": exchange.get_status_display(),
        },
    ]


def _task(verb: str, exchange: Exchange, label: str, is_stated: bool) -> dict[str, Any]:
    return {
        "url": reverse(f"evaluation:exchange_{verb}", args=[exchange.slug]),
        "label": label,
        "hint": "",
        "status": _("Stated") if is_stated else _("No summary yet"),
        "kind": "ok" if is_stated else "warn",
    }


@writes(ExchangeForm)
def exchange_change(request: HttpRequest, slug: str) -> HttpResponse:
    """Change what an exchange says of itself."""
    exchange = editable_exchange(request, slug)

    def make(data: Any) -> ExchangeForm:
        # As saved: a form writes what was typed into its instance.
        return ExchangeForm(data, instance=Exchange.objects.get(pk=exchange.pk))

    def save(form: ExchangeForm) -> str:
        change_exchange(
            exchange,
            changes=form.columns(),
            expected_version=form.cleaned_data["version"],
            by=signed_in_member(request),
        )
        return _("The exchange was saved. What was changed waits to be confirmed anew.")

    context = about(exchange, _("Title, dates and form"))
    return form_page(
        request, make, save, context, done=back_to(exchange), row=exchange, template=TEMPLATE
    )


@writes(EntriesForm)
def exchange_entries(request: HttpRequest, slug: str) -> HttpResponse:
    """Tie an exchange to entries of the catalogue."""
    exchange = editable_exchange(request, slug)

    def save(form: EntriesForm) -> str:
        tie_entries(
            exchange,
            form.cleaned_data["entries"],
            expected_version=form.cleaned_data["version"],
            by=signed_in_member(request),
        )
        return _("The entries were saved.")

    return form_page(
        request,
        lambda data: EntriesForm(
            data, exchange=Exchange.objects.get(pk=exchange.pk), user=request.user
        ),
        save,
        about(exchange, _("Entries of the catalogue")),
        done=back_to(exchange),
        row=exchange,
        template=TEMPLATE,
    )


@writes(MoveForm)
def exchange_move(request: HttpRequest, slug: str) -> HttpResponse:
    """Say where an exchange stands now."""
    exchange = editable_exchange(request, slug)

    def save(form: MoveForm) -> str:
        move_exchange(
            exchange,
            ExchangeStatus(form.cleaned_data["status"]),
            reason=form.cleaned_data["reason"],
            expected_version=form.cleaned_data["version"],
            by=signed_in_member(request),
        )
        return _("The status was saved. Both sides are asked to confirm it.")

    return form_page(
        request,
        lambda data: MoveForm(data, exchange=Exchange.objects.get(pk=exchange.pk)),
        save,
        about(exchange, _("Status")),
        done=back_to(exchange),
        row=exchange,
        template=TEMPLATE,
    )


@require_POST
@sign_in_then("evaluation:exchange_detail")
def exchange_publish(request: HttpRequest, slug: str) -> HttpResponse:
    """Show an exchange to others, as it was read: the button sends the version."""
    exchange, version = editable_exchange(request, slug), sent_version(request)

    def act() -> str:
        publish_exchange(exchange, expected_version=version, by=signed_in_member(request))
        return _("The exchange is published. Each side can confirm it now.")

    return _acted(request, exchange, act)


@writes(ReasonForm)
def exchange_withdraw(request: HttpRequest, slug: str) -> HttpResponse:
    """Show an exchange to its own hub only."""
    exchange = editable_exchange(request, slug)

    def save(form: ReasonForm) -> str:
        reason = form.cleaned_data["reason"]
        withdraw_exchange(exchange, reason=reason, by=signed_in_member(request))
        return _("The exchange is withdrawn. Only its hub sees it now.")

    context = about(exchange, _("Withdraw the exchange")) | {
        "button": _("Withdraw"),
        "button_kind": "bad",
    }
    return form_page(request, ReasonForm, save, context, done=back_to(exchange), template=TEMPLATE)


@require_POST
@sign_in_then("evaluation:exchange_detail")
@once
def exchange_copy(request: HttpRequest, slug: str) -> HttpResponse:
    """Begin a new exchange like this one."""
    exchange = editable_exchange(request, slug)
    copy = copy_exchange(exchange, by=signed_in_member(request))
    messages.success(request, _("A new exchange is begun like this one. Write what is different."))
    return redirect(back_to(copy))


def _acted(request: HttpRequest, exchange: Exchange, act: Callable[[], str]) -> HttpResponse:
    try:
        messages.success(request, act())
    except DomainError as error:
        messages.error(request, str(error))
    return redirect(back_to(exchange))


def part_of(request: HttpRequest, slug: str, model: Any, pk: int) -> tuple[Exchange, Any]:
    """Return an exchange to write and one of its parts."""
    exchange = editable_exchange(request, slug)
    return exchange, get_object_or_404(model, exchange=exchange, pk=pk)
