"""Review: the queue, a draft beside the conversation about it, verdicts and decisions."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.http import signed_in_member
from accounts.models import Member
from accounts.querysets import is_moderator
from catalogue.content import column_of
from catalogue.forms import AssignForm, DecisionForm, DeskForm, MessageForm, VerdictForm
from catalogue.models import Draft, Gate, GateVerdict
from catalogue.sections import SECTION_OF
from catalogue.services import (
    assign_reviewer,
    decline_draft,
    gates_of,
    give_verdict,
    publish_draft,
    request_changes,
    write_message,
)
from catalogue.views.drafts import seen_draft
from catalogue.views.telling import tag_hints, told
from core.errors import DomainError
from core.once import once
from core.typed import recall_typed, sign_in_first

SHOWN = 200  # drafts in the queue, the longest waiting first


@sign_in_first
@once
def review_queue(request: HttpRequest) -> HttpResponse:
    """/catalogue/review/: what waits for review, how long, and who waits for whom; moderators
    act on several at once.
    """
    drafts = Draft.objects.visible_to(request.user)
    waiting = list(drafts.in_review().for_queue()[:SHOWN])
    shown = drafts.filter(pk__in=[draft.pk for draft in waiting])
    mine = set(shown.reviewable_by(request.user).values_list("pk", flat=True))
    is_sent = request.method == "POST"
    if is_sent and not is_moderator(request.user):
        raise PermissionDenied
    typed = request.POST if is_sent else recall_typed(request)
    form = DeskForm(typed, offered=mine)
    if is_sent and form.is_valid():
        _act_on_all(request, form.cleaned_data)
        return redirect("catalogue:review_queue")
    context = {
        "lines": [_queue_line(draft, may_review=draft.pk in mine) for draft in waiting],
        "form": form,
        "is_desk": is_moderator(request.user),
        "marked": typed.getlist("drafts") if typed else [],
        "with_authors": drafts.with_authors_asked().for_queue()[:SHOWN],
    }
    return render(request, "catalogue/drafts/review_queue.html", context)


def _act_on_all(request: HttpRequest, asked: dict[str, Any]) -> None:
    """Do the same with each draft, in a transaction of its own, and say what came of it."""
    by, done = signed_in_member(request), 0
    for draft in Draft.objects.visible_to(by).filter(pk__in=asked["drafts"]):
        try:
            if asked["act"] == "assign":
                assign_reviewer(draft, asked["reviewer"], by=by)
            elif asked["act"] == "decline":
                decline_draft(draft, note=asked["note"], by=by)
            else:
                request_changes(draft, note=asked["note"], by=by)
            done += 1
        except (DomainError, PermissionDenied) as error:
            reason = str(error) or _("You may not do this.")
            messages.error(request, f"{draft}: {reason}")
    if done:
        text = ngettext("Done with %(number)d draft.", "Done with %(number)d drafts.", done)
        messages.success(request, text % {"number": done})


def _queue_line(draft: Draft, *, may_review: bool) -> dict[str, Any]:
    asked = [each.reviewer for each in draft.assignments.all()]
    spoke = {
        each.reviewer_id
        for part in draft.rounds.all()
        if part.number == draft.round
        for each in part.verdicts.all()
    }
    return {
        "draft": draft,
        "days": (timezone.now() - draft.state_since).days,
        "waits_for": [each for each in asked if each.pk not in spoke],
        "is_unassigned": not asked,
        "may_review": may_review,
    }


@require_safe
@sign_in_first
def draft_review(request: HttpRequest, pk: int) -> HttpResponse:
    """/catalogue/drafts/<pk>/review/: the text, the gates, the conversation, what can be done."""
    return _review_page(request, seen_draft(request, pk), {})


def _review_page(
    request: HttpRequest, draft: Draft, forms: dict[str, Any], problem: str = ""
) -> HttpResponse:
    user = signed_in_member(request)
    can_review = Draft.objects.reviewable_by(user).contains(draft)
    can_decide = Draft.objects.decidable_by(user).contains(draft)
    rounds = list(draft.rounds.select_related("submitted_by", "decided_by"))
    verdicts = GateVerdict.objects.filter(round__draft=draft).select_related("reviewer", "round")
    context = told(draft.content, hub=draft.hub, user=request.user) | {
        "tag_hints": tag_hints(column_of(draft.content, "tags"), request.user),
        "draft": draft,
        "problem": problem,
        "can_review": can_review,
        "can_decide": can_decide,
        "rounds": rounds,
        "gates": [
            {
                "name": Gate(gate).label,
                "state": state,
                "verdicts": [each for each in verdicts if each.gate == gate],
            }
            for gate, state in gates_of(draft).items()
        ],
        "talk": _talk(draft),
        "assignments": draft.assignments.select_related("reviewer"),
        "message_form": forms.get("message") or MessageForm(auto_id="message_%s"),
        "verdict_form": forms.get("verdict")
        or VerdictForm(initial={"round": draft.round}, auto_id="verdict_%s"),
        "decision_form": forms.get("decision")
        or DecisionForm(
            initial={"round": draft.round}, may_decline=can_decide, auto_id="decision_%s"
        ),
        "assign_form": forms.get("assign") or AssignForm(draft=draft, auto_id="assign_%s"),
        "form": next(iter(forms.values()), None),
    }
    status = HTTPStatus.CONFLICT if problem else HTTPStatus.OK
    return render(request, "catalogue/drafts/draft_review.html", context, status=status)


def _talk(draft: Draft) -> list[dict[str, Any]]:
    """Return what was said of the draft, the oldest first."""
    return [
        {
            "author": each.author,
            "at": each.sent_at,
            "text": each.text,
            "section": SECTION_OF[each.section].title if each.section in SECTION_OF else "",
        }
        for each in draft.messages.select_related("author")
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_first
@once
def review_act(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """Say something, give a verdict, ask a reviewer, decide; then back to the review. Who
    signed in again before it was sent finds there what they had typed.
    """
    if act not in ACTS:
        raise Http404
    draft = seen_draft(request, pk)
    if request.method != "POST":
        return _recalled(request, draft, act)
    user = signed_in_member(request)
    make, do, receipt = ACTS[act]
    drafts = Draft.objects
    # Before the form: whether somebody has an account is not for every reviewer to find out.
    allowed = drafts.decidable_by(user) if act == "assign" else drafts.reviewable_by(user)
    if act != "message" and draft.is_open and not allowed.contains(draft):
        raise PermissionDenied
    form = make(request.POST, draft, user)
    if not form.is_valid():
        return _review_page(request, draft, {act: form})
    try:
        do(draft, form.cleaned_data, user)
    except DomainError as error:
        return _review_page(request, seen_draft(request, pk), {act: form}, str(error))
    messages.success(request, str(receipt))
    return redirect("catalogue:draft_review", pk)


def _recalled(request: HttpRequest, draft: Draft, act: str) -> HttpResponse:
    typed = recall_typed(request)
    if typed is None:
        return redirect("catalogue:draft_review", draft.pk)
    messages.warning(request, _("What you typed was kept. It is not saved yet."))
    make, _do, _receipt = ACTS[act]
    return _review_page(request, draft, {act: make(typed, draft, signed_in_member(request))})


def _decide(draft: Draft, data: dict[str, Any], by: Member) -> None:
    number, note = data["round"], data["note"]
    if data["decision"] == "published":
        publish_draft(draft, by=by, number=number)
    elif data["decision"] == "declined":
        decline_draft(draft, note=note, by=by, number=number)
    else:
        request_changes(draft, note=note, by=by, number=number)


def _decision_form(data: Any, draft: Draft, user: Member) -> DecisionForm:
    may_decline = Draft.objects.decidable_by(user).contains(draft)
    return DecisionForm(data, may_decline=may_decline, auto_id="decision_%s")


Act = tuple[Callable[..., Any], Callable[..., Any], Any]
ACTS: dict[str, Act] = {
    "message": (
        lambda data, draft, user: MessageForm(data, auto_id="message_%s"),
        lambda draft, data, by: write_message(draft, by=by, **data),
        gettext_lazy("The message was sent."),
    ),
    "verdict": (
        lambda data, draft, user: VerdictForm(data, auto_id="verdict_%s"),
        lambda draft, data, by: give_verdict(
            draft, data["gate"], data["verdict"], note=data["note"], by=by, number=data["round"]
        ),
        gettext_lazy("Your verdict was saved."),
    ),
    "assign": (
        lambda data, draft, user: AssignForm(data, draft=draft, auto_id="assign_%s"),
        lambda draft, data, by: assign_reviewer(draft, data["reviewer"], by=by),
        gettext_lazy("The reviewer was asked by mail."),
    ),
    "decision": (
        _decision_form,
        _decide,
        gettext_lazy("Your decision was saved. The authors are told."),
    ),
}
