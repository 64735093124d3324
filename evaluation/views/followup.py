"""Following up an exchange: who is asked, what they answer, and the parties' action plans."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.http import signed_in_member
from core.dates import today
from core.errors import DomainError
from core.http import get_allowed
from core.once import once
from core.typed import sign_in_first
from evaluation.forms.followup import (
    AnswerForm,
    DoneForm,
    ForgetForm,
    ItemForm,
    PersonForm,
    UseAnswerForm,
)
from evaluation.models import (
    ActionItem,
    ActionPlan,
    Exchange,
    FollowUpPerson,
    Party,
    Survey,
    SurveyInvitation,
)
from evaluation.services import plans, surveys
from evaluation.survey_questions import QUESTIONS, told_answers
from hubs.models import Hub
from hubs.views.form_pages import form_page, writes

FORM = "evaluation/followup_form.html"
# Of a button: who pressed it and had to sign in first comes back by GET, and is led to its page.
BUTTON = ["GET", "HEAD", "POST"]


@require_safe
@sign_in_first
def follow_up(request: HttpRequest, slug: str) -> HttpResponse:
    """/evaluation/follow-up/exchanges/<slug>/: people asked, surveys, action plans."""
    user = request.user
    followable = Exchange.objects.followable_by(user).select_related("hub")
    exchange: Any = get_object_or_404(followable, slug=slug)
    is_own = Hub.objects.joined_by(user).filter(pk=exchange.hub_id).exists()
    plan_rows = ActionPlan.objects.visible_to(user).filter(exchange=exchange)
    parties = exchange.parties.select_related("hub", "organisation").order_by("pk")
    plannable = set(parties.plannable_by(user).values_list("pk", flat=True))
    found = {plan.party_id: plan for plan in plan_rows}
    lines = [
        {
            "party": party,
            "plan": found.get(party.pk),
            "can_begin": party.pk in plannable,
        }
        for party in parties
    ]
    context = {
        "exchange": exchange,
        "lines": lines,
        "is_own": is_own,
        "can_keep": Exchange.objects.tellable_by(user).contains(exchange),
        "surveys": Survey.objects.visible_to(user).filter(exchange=exchange),
        "people": FollowUpPerson.objects.visible_to(user).filter(exchange=exchange),
    }
    return render(request, "evaluation/follow_up.html", context)


@writes(PersonForm)
def person_add(request: HttpRequest, slug: str) -> HttpResponse:
    """/evaluation/follow-up/exchanges/<slug>/people/add/: somebody to ask."""
    by = signed_in_member(request)
    exchange = _own_exchange(request, slug)

    def save(form: PersonForm) -> str:
        surveys.add_person(exchange, by=by, **form.cleaned_data)
        return _("They will be asked at the end of the exchange, and 6 and 24 months after it.")

    return _form(
        request,
        PersonForm,
        save,
        exchange,
        title=_("Add somebody to ask"),
        text=_(
            "Add only people who know that they will be asked. Their name and address serve these "
            "questions alone and are deleted after the last of them."
        ),
        button=_("Add"),
    )


@writes(ForgetForm)
def person_forget(request: HttpRequest, pk: int) -> HttpResponse:
    """/evaluation/follow-up/people/<n>/forget/: delete a name and an address."""
    user = request.user
    people = FollowUpPerson.objects
    seen = people.visible_to(user).select_related("exchange__hub")
    person: FollowUpPerson = get_allowed(seen, people.editable_by(user), pk=pk)
    by = signed_in_member(request)

    def save(form: ForgetForm) -> str:
        surveys.forget_person(person, with_answers=form.cleaned_data["with_answers"], by=by)
        return _("Name and address are deleted.")

    return _form(
        request,
        ForgetForm,
        save,
        person.exchange,
        title=_("Delete this name and address"),
        text=str(person),
        button=_("Delete"),
        button_kind="bad",
    )


@require_safe
@sign_in_first
def survey_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """/evaluation/follow-up/surveys/<n>/: the questions, and what was answered."""
    found = Survey.objects.visible_to(request.user).select_related("exchange__hub")
    survey: Any = get_object_or_404(found, pk=pk)
    invitations = survey.invitations.select_related("evidence").order_by("answered_at", "pk")
    answered = [each for each in invitations if each.answered_at]
    context = {
        "survey": survey,
        "asked": len(invitations),
        "questions": QUESTIONS[Survey.Moment(survey.moment)],
        "answers": [
            {"invitation": each, "told": list(told_answers(survey.moment, each.answers))}
            for each in answered
        ],
        "can_use": Survey.objects.editable_by(request.user).contains(survey),
    }
    return render(request, "evaluation/survey_detail.html", context)


@writes(UseAnswerForm)
def answer_use(request: HttpRequest, pk: int) -> HttpResponse:
    """/evaluation/follow-up/answers/<n>/use/: make an answer evidence of the exchange."""
    user = request.user
    invitations = SurveyInvitation.objects
    seen = invitations.visible_to(user).exclude(answered_at=None)
    seen = seen.select_related("survey__exchange__hub")
    invitation: Any = get_allowed(seen, invitations.editable_by(user), pk=pk)
    by = signed_in_member(request)

    def save(form: UseAnswerForm) -> str:
        surveys.use_answer(invitation, by=by, **form.cleaned_data)
        return _("The answer stands among the evidence of the exchange.")

    return _form(
        request,
        UseAnswerForm,
        save,
        invitation.survey.exchange,
        title=_("Use this answer as evidence"),
        button=_("Use it"),
        cancel_url=invitation.survey.get_absolute_url(),
        done=invitation.survey.get_absolute_url(),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def survey_answer(request: HttpRequest, token: str) -> HttpResponse:
    """/evaluation/follow-up/answer/<token>/: the questions, for whoever has the link, in their
    language.
    """
    invitation = surveys.invitation_of(token)
    if invitation is None:
        raise Http404
    with translation.override(surveys.spoken(invitation.language)):
        response = _answered(request, invitation)
        response["Content-Language"] = translation.get_language() or ""
    add_never_cache_headers(response)
    response["Referrer-Policy"] = "no-referrer"  # the address is a secret
    return response


def _answered(request: HttpRequest, invitation: SurveyInvitation) -> HttpResponse:
    now = timezone.now()
    data = request.POST if request.method == "POST" else None
    form = AnswerForm(data, moment=invitation.survey.moment)
    context = {"survey": invitation.survey, "form": form, "is_over": invitation.expires_at <= now}
    context["is_done"] = invitation.answered_at is not None
    status = HTTPStatus.OK
    if data is not None and form.is_valid():
        may_be_quoted = form.cleaned_data["may_be_quoted"]
        try:
            surveys.answer_survey(invitation, form.answers(), may_be_quoted=may_be_quoted, now=now)
        except DomainError as error:
            form.add_error(None, str(error))
            status = HTTPStatus.CONFLICT
        else:
            context |= {"is_done": True, "is_thanked": True}
    return render(request, "evaluation/survey_answer.html", context, status=status)


@require_http_methods(BUTTON)
@sign_in_first
@once
def plan_begin(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin the action plan of a party."""
    parties = Party.objects.visible_to(request.user).select_related("exchange")
    party: Any = get_object_or_404(parties, pk=pk)
    if request.method != "POST":
        return redirect("evaluation:follow_up", party.exchange.slug)
    return redirect(plans.begin_plan(party, by=signed_in_member(request)))


@require_safe
@sign_in_first
def plan_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """/evaluation/follow-up/plans/<n>/: what a party means to do, what is done, what is late."""
    found = ActionPlan.objects.visible_to(request.user)
    plan: Any = get_object_or_404(_whole(found), pk=pk)
    items = list(plan.items.select_related("member"))
    mine = ActionItem.objects.completable_by(request.user).filter(plan=plan)
    finishable = set(mine.values_list("pk", flat=True))
    context = {
        "plan": plan,
        "lines": [
            {
                "item": item,
                "is_late": item.done_on is None and item.due_on < today(),
                "can_finish": item.pk in finishable,
            }
            for item in items
        ],
        "can_edit": ActionPlan.objects.editable_by(request.user).contains(plan),
    }
    return render(request, "evaluation/plan_detail.html", context)


@writes(ItemForm)
def item_add(request: HttpRequest, pk: int) -> HttpResponse:
    """/evaluation/follow-up/plans/<n>/add/: one more point."""
    user, rows = request.user, ActionPlan.objects
    plan: Any = get_allowed(_whole(rows.visible_to(user)), rows.editable_by(user), pk=pk)
    by = signed_in_member(request)

    def make(data: Any) -> ItemForm:
        return ItemForm(data, plan=plan)

    def save(form: ItemForm) -> str:
        plans.add_item(plan, ActionItem(**form.columns()), by=by)
        return _("The point was added.")

    return _form(
        request,
        make,
        save,
        plan.exchange,
        title=_("Add a point"),
        button=_("Add"),
        cancel_url=plan.get_absolute_url(),
        done=plan.get_absolute_url(),
    )


@writes(ItemForm)
def item_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """/evaluation/follow-up/points/<n>/: change a point."""
    item = _allowed_item(request, "editable_by", pk)
    by = signed_in_member(request)

    def make(data: Any) -> ItemForm:
        # As saved: a form writes what was typed into its instance.
        return ItemForm(data, instance=ActionItem.objects.get(pk=item.pk), plan=item.plan)

    def save(form: ItemForm) -> str:
        version = form.cleaned_data["version"] or 0
        plans.change_item(item, changes=form.columns(), expected_version=version, by=by)
        return _("Saved.")

    return _form(
        request,
        make,
        save,
        item.plan.exchange,
        title=_("Change this point"),
        cancel_url=item.get_absolute_url(),
        done=item.get_absolute_url(),
        row=item,
    )


@writes(DoneForm)
def item_done(request: HttpRequest, pk: int) -> HttpResponse:
    """/evaluation/follow-up/points/<n>/done/: mark a point as done, with what came of it."""
    item = _allowed_item(request, "completable_by", pk)
    by = signed_in_member(request)

    def save(form: DoneForm) -> str:
        plans.finish_item(item, note=form.cleaned_data["note"], by=by)
        return _("The point is done.")

    return _form(
        request,
        DoneForm,
        save,
        item.plan.exchange,
        title=_("Mark as done"),
        text=item.title,
        button=_("Mark as done"),
        cancel_url=item.get_absolute_url(),
        done=item.get_absolute_url(),
    )


@require_http_methods(BUTTON)
@sign_in_first
def item_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark a point as not done."""
    item = _allowed_item(request, "completable_by", pk)
    if request.method != "POST":
        return redirect(item)
    plans.reopen_item(item, by=signed_in_member(request))
    messages.success(request, _("The point is open again."))
    return redirect(item)


def _own_exchange(request: HttpRequest, slug: str) -> Any:
    """Return an exchange to follow up: 404 if the reader may not see it, 403 if they are not of
    the hub that tells it.
    """
    user, exchanges = request.user, Exchange.objects
    seen = exchanges.visible_to(user).select_related("hub")
    return get_allowed(seen, exchanges.tellable_by(user), slug=slug)


def _allowed_item(request: HttpRequest, right: str, pk: int) -> Any:
    user, items = request.user, ActionItem.objects
    seen = items.visible_to(user).select_related("plan__exchange__hub", "plan__party")
    return get_allowed(seen, getattr(items, right)(user), pk=pk)


def _whole(found: Any) -> Any:
    return found.select_related("exchange__hub", "party__hub", "party__organisation")


def _form(
    request: HttpRequest,
    make: Any,
    save: Any,
    exchange: Any,
    *,
    done: str = "",
    row: Any = None,
    **context: Any,
) -> HttpResponse:
    page = reverse("evaluation:follow_up", args=[exchange.slug])
    context = {"exchange": exchange, "page": page, "cancel_url": page, **context}
    return form_page(request, make, save, context, done=done or page, row=row, template=FORM)
