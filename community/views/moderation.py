"""The queue of what waits for moderators, and the page on which each thing is decided."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.http import signed_in_member
from accounts.models import Member
from community.forms.moderation import AppealDecisionForm, DecideForm
from community.models import Appeal, Decision
from community.querysets.moderation import (
    TARGETS,
    judgeable_by,
    kept_by,
    moderates,
    queue_for,
    waiting_for,
)
from community.services.appeals import decide_appeal
from community.services.claims import claim, let_go
from community.services.deciding import author_of, decide, text_at
from community.services.queue import WHYS, Item, items_of
from community.services.undoing import undo
from core.errors import DomainError, StaleEdit
from core.http import get_allowed
from core.once import once
from core.typed import recall_typed, sign_in_first
from core.views import page_number
from hubs.views.form_pages import writes

PAGE_SIZE = 25  # things


def moderator_of(request: HttpRequest) -> Member:
    """Return who asks; raise `PermissionDenied` unless they moderate the portal or a space."""
    by = signed_in_member(request)
    if not moderates(by):
        raise PermissionDenied
    return by


@require_safe
@sign_in_first
def moderation(request: HttpRequest) -> HttpResponse:
    """/community/moderation/: what waits for the reader, the oldest first."""
    by = moderator_of(request)
    why = request.GET.get("why", "")
    why = why if why in WHYS else ""
    page = Paginator(queue_for(by, why=why), PAGE_SIZE).get_page(page_number(request))
    context = {
        "page_obj": page,
        "items": items_of(page.object_list),
        "whys": WHYS.items(),
        "why": why,
    }
    return render(request, "community/moderation/queue.html", context)


@writes(DecideForm)
def moderation_item(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """/community/moderation/<kind>/<pk>/: one thing, why it waits, and the decision on it."""
    by = moderator_of(request)
    if kind == "appeal":
        return _appeal(request, pk, by)
    if kind not in TARGETS:
        raise Http404
    thing = get_allowed(kept_by(kind, by), judgeable_by(kind, by), pk=pk)
    sent = request.POST if request.method == "POST" else recall_typed(request)
    first = {"version": getattr(thing, "version", 0)}
    form = DecideForm(sent, kind=kind, thing=thing, by=by, initial=first)
    context: dict[str, Any] = {}
    status = HTTPStatus.OK
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        expected = data.pop("version")
        try:
            decision = decide(kind, thing, by=by, expected_version=expected, **data)
        except StaleEdit as error:
            context = {"read": text_at(kind, thing, expected or 0), "now": error.saved["text"]}
            status = HTTPStatus.CONFLICT
            form = _at_version(form, kind, thing, by, error)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Your decision is saved. Both sides are told."))
            return redirect(decision)
    return _item_page(request, kind, thing, form, by, context, status)


def _at_version(form: Any, kind: str, thing: Any, by: Member, error: StaleEdit) -> DecideForm:
    """Return the form as it was typed, for the version that is saved now."""
    typed = form.data.copy()
    typed["version"] = str(error.version)
    thing.refresh_from_db()
    new = DecideForm(typed, kind=kind, thing=thing, by=by)
    new.is_valid()
    new.add_error(None, str(error))
    return new


def _item_page(
    request: HttpRequest,
    kind: str,
    thing: Any,
    form: Any,
    by: Member,
    context: dict[str, Any],
    status: int,
) -> HttpResponse:
    row = _row(kind, thing.pk, by)
    (item,) = items_of([row]) if row else [Item(kind, "flag", None, thing)]
    decisions = Decision.objects.visible_to(by).about(kind, thing).for_list()
    context |= {
        "item": item,
        "waits": row is not None,
        "form": form,
        "author": author_of(kind, thing),
        "decisions": decisions[:20],
        "is_mine": item.claim is not None and item.claim.moderator_id == by.pk,
    }
    return render(request, "community/moderation/item.html", context, status=status)


def _row(kind: str, pk: int, by: Member) -> Any:
    columns = ("what", "why", "pk", "since")
    return waiting_for(kind, by).filter(pk=pk).values_list(*columns, named=True).first()


def _appeal(request: HttpRequest, pk: int, by: Member) -> HttpResponse:
    """Show an appeal with the decision that it is against, and decide on it."""
    appeal = get_object_or_404(Appeal.objects.judged_by(by), pk=pk)
    sent = request.POST if request.method == "POST" else recall_typed(request)
    form = AppealDecisionForm(sent)
    if request.method == "POST" and form.is_valid():
        granted = form.cleaned_data["act"] == "granted"
        reason = form.cleaned_data["reason"]
        try:
            decide_appeal(appeal, is_granted=granted, reason=reason, by=by)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The appeal is decided. The member is told."))
            return redirect("community:moderation")
    row = _row("appeal", pk, by)
    item = items_of([row])[0] if row else Item("appeal", "appeal", appeal.made_at, appeal)
    mine = item.claim is not None and item.claim.moderator_id == by.pk
    context = {"appeal": appeal, "item": item, "form": form, "is_mine": mine}
    return render(request, "community/moderation/appeal.html", context)


@require_POST
@sign_in_first
@once
def moderation_claim(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Take something on, or leave it to the others again."""
    by = moderator_of(request)
    if kind not in (*TARGETS, "appeal"):
        raise Http404
    get_object_or_404(waiting_for(kind, by), pk=pk)
    try:
        if "let_go" in request.POST:
            let_go(kind, pk, by=by)
        else:
            claim(kind, pk, by=by)
    except DomainError as error:
        messages.error(request, str(error))
    return redirect("community:moderation_item", kind, pk)


@require_safe
@sign_in_first
def moderation_decision(request: HttpRequest, pk: int) -> HttpResponse:
    """/community/moderation/decisions/<pk>/: what was decided, and the way back."""
    by = moderator_of(request)
    seen = Decision.objects.visible_to(by).for_list()
    decision: Any = get_object_or_404(seen, pk=pk)
    may_undo = decision.is_in_time and Decision.objects.undoable_by(by).filter(pk=pk).exists()
    (item,) = [Item(decision.kind, "flag", None, decision.thing)]
    flags = decision.flags_settled.select_related("member").order_by("pk")
    context = {"decision": decision, "item": item, "may_undo": may_undo, "flags": flags}
    return render(request, "community/moderation/decision.html", context)


@require_POST
@sign_in_first
@once
def moderation_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a decision back."""
    by = moderator_of(request)
    decision: Any = get_object_or_404(Decision.objects.visible_to(by), pk=pk)
    try:
        undo(decision, by=by)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The decision is taken back. Both sides are told."))
    return redirect(decision)
