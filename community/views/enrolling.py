"""Taking part in an event: seats, who decides on them, who was there, what they thought."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.http import signed_in_member
from community.event_times import told_at_place, told_time
from community.forms.enrolling import EnrolForm, FeedbackForm
from community.forms.event_parts import ReasonForm
from community.models import Enrolment, EnrolmentState, Event, EventSession
from community.serializers.event_people import (
    ATTENDANCE,
    ATTENDANCE_COLUMNS,
    PEOPLE,
    PEOPLE_COLUMNS,
    SUMMARY,
    SUMMARY_COLUMNS,
    people_of,
    people_rows,
    summary_rows,
)
from community.services import attending, enrolling
from community.views.event_editing import editable_event
from core.api.views import PORTION
from core.csv import stream_csv, stream_dictionary
from core.errors import DomainError
from core.http import get_allowed
from core.once import once
from core.typed import sign_in_first, sign_in_then
from hubs.querysets import by_name
from hubs.views.form_pages import form_page, writes

FORM = "community/event_form.html"
RECEIPTS = {
    EnrolmentState.APPROVED: gettext_lazy("You have a seat."),
    EnrolmentState.WAITING: gettext_lazy(
        "All seats are taken. You are on the waiting list and are told when one is yours."
    ),
    EnrolmentState.REQUESTED: gettext_lazy(
        "The organisers have your request. You are told what they decide."
    ),
}
SPARE_LINES = 5  # of a list to sign, for who comes unannounced
_ORDER = ("requested", "approved", "waiting", "declined", "cancelled")


@writes(EnrolForm)
def event_enrol(request: HttpRequest, slug: str) -> HttpResponse:
    """/community/events/<slug>/enrol/: ask for a seat, with a message to the organisers."""
    events, by = Event.objects, signed_in_member(request)
    # Not `enrollable_by`: whoever comes late is told so.
    event: Any = get_object_or_404(events.visible_to(by), slug=slug)
    if not by.takes_part:
        raise PermissionDenied
    state: list[EnrolmentState] = []

    def save(form: EnrolForm) -> str:
        enrolment = enrolling.enrol(event, message=form.cleaned_data["message"], by=by)
        state.append(EnrolmentState(enrolment.state))
        return str(RECEIPTS.get(state[0], ""))

    context = {
        "event": event,
        "title": _("Enrol"),
        "button": _("Enrol"),
        "cancel_url": event.get_absolute_url(),
    }
    return form_page(
        request, EnrolForm, save, context, done=event.get_absolute_url(), template=FORM
    )


@require_POST
@sign_in_then("community:event_detail")
@once
def event_give_up(request: HttpRequest, slug: str) -> HttpResponse:
    """Give up one's seat, or one's place on the waiting list."""
    by = signed_in_member(request)
    event: Any = get_object_or_404(Event.objects.visible_to(by), slug=slug)
    try:
        enrolling.give_up(event, by=by)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("You do not take part. Who waits longest gets the seat."))
    return redirect(event)


@require_safe
@sign_in_first
def event_people(request: HttpRequest, slug: str) -> HttpResponseBase:
    """/community/events/<slug>/people/: who asked, who comes, who was there; for organisers."""
    event = editable_event(request, slug)
    found = people_of(event.enrolments.all())
    if request.GET.get("export") == "dictionary":
        return stream_dictionary(f"{event.slug}-people-dictionary.csv", PEOPLE)
    if request.GET.get("export") == "csv":
        lines = people_rows(found.iterator(chunk_size=PORTION), reader=request.user)
        return stream_csv(f"{event.slug}-people.csv", PEOPLE_COLUMNS, lines)
    rows = list(found)
    groups = [
        (state, EnrolmentState(state).label, [row for row in rows if row.state == state])
        for state in _ORDER
    ]
    context = {
        "event": event,
        "groups": [group for group in groups if group[2]],
        "sessions": attending.parts_of(event),
        "has_begun": event.starts_at <= timezone.now(),
        "seats_taken": sum(row.state == EnrolmentState.APPROVED for row in rows),
        "decidable": set(
            Enrolment.objects.decidable_by(request.user)
            .filter(event=event)
            .values_list("pk", flat=True)
        ),
    }
    return render(request, "community/event_people.html", context)


@require_POST
@sign_in_then("community:event_detail")
@once
def enrolment_approve(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Give a seat to who asked, or a place on the waiting list."""
    enrolment = _to_decide(request, slug, pk)
    try:
        decided = enrolling.approve(enrolment, by=signed_in_member(request))
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, decided.get_state_display())
    return redirect("community:event_people", slug=slug)


@writes(ReasonForm)
def enrolment_decline(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """/community/events/<slug>/people/<pk>/decline/: refuse a wish, with a reason."""
    enrolment = _to_decide(request, slug, pk)
    by = signed_in_member(request)

    def save(form: ReasonForm) -> str:
        enrolling.decline(enrolment, reason=form.cleaned_data["reason"], by=by)
        return _("Declined. The member is told why.")

    back = reverse("community:event_people", args=[slug])
    context = {
        "event": enrolment.event,
        "title": _("Decline"),
        "text": _("%(name)s is told your reason.") % {"name": enrolment.member.name},
        "button": _("Decline"),
        "button_kind": "bad",
        "cancel_url": back,
    }
    return form_page(request, ReasonForm, save, context, done=back, template=FORM)


def _to_decide(request: HttpRequest, slug: str, pk: int) -> Any:
    event = editable_event(request, slug)
    rows = Enrolment.objects
    seen = rows.visible_to(request.user).filter(event=event).select_related("event", "member")
    return get_allowed(seen, rows.decidable_by(request.user), pk=pk)


@sign_in_first
@once
def event_attendance(request: HttpRequest, slug: str, session: int) -> HttpResponse:
    """/community/events/<slug>/people/attendance/<session>/: tick who was there; 0: at the event
    as a whole.
    """
    event = editable_event(request, slug)
    part = _part_or_404(event, session)
    if request.method == "POST":
        return _marked(request, event, part)
    context = {
        "event": event,
        "part": part,
        "session": session,
        "rows": list(_seated(event, part)),
    }
    return render(request, "community/event_attendance.html", context)


@require_safe
@sign_in_first
def event_sheet(request: HttpRequest, slug: str, session: int) -> HttpResponseBase:
    """/community/events/<slug>/people/sheet/<session>/: the list to print and to sign; as CSV
    with who was there.
    """
    event = editable_event(request, slug)
    part = _part_or_404(event, session)
    rows = _seated(event, part)
    if request.GET.get("export") == "dictionary":
        return stream_dictionary(f"{event.slug}-attendance-dictionary.csv", ATTENDANCE)
    if request.GET.get("export") == "csv":
        lines = people_rows(
            rows.iterator(chunk_size=PORTION), reader=request.user, columns=ATTENDANCE_COLUMNS
        )
        return stream_csv(f"{event.slug}-attendance.csv", ATTENDANCE_COLUMNS, lines)
    context = {
        "event": event,
        "part": part,
        "when": told_time(part, event.zone) if part else told_at_place(event),
        "rows": list(people_rows(rows, reader=request.user, columns=ATTENDANCE_COLUMNS)),
        "spare": range(SPARE_LINES),
    }
    return render(request, "community/event_sheet.html", context)


def _seated(event: Any, part: EventSession | None) -> Any:
    rows = event.enrolments.seated().with_presence(part.pk if part else None)
    return rows.select_related("member").order_by(by_name("member__name"), "pk")


def _marked(request: HttpRequest, event: Any, part: EventSession | None) -> HttpResponse:
    """Write down what was ticked otherwise than the page showed it: two who tick at once undo
    nothing of each other.
    """
    here, shown, asked = (
        set(_numbers(request.POST.getlist(name))) for name in ("present", "shown", "asked")
    )
    try:
        number = attending.mark_attendance(
            event, part, present=here, asked=asked & (here ^ shown), by=signed_in_member(request)
        )
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Present: %(number)d.") % {"number": number})
    return redirect("community:event_people", slug=event.slug)


def _part_or_404(event: Any, number: int) -> EventSession | None:
    try:
        return attending.part_of(event, number)
    except EventSession.DoesNotExist as error:
        raise Http404 from error


def _numbers(texts: list[str]) -> list[int]:
    return [int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 19]


@writes(FeedbackForm)
def event_feedback(request: HttpRequest, slug: str) -> HttpResponse:
    """/community/events/<slug>/feedback/: what one thought of it."""
    events, by = Event.objects, signed_in_member(request)
    event: Any = get_allowed(events.visible_to(by), events.answerable_by(by), slug=slug)

    def make(data: Any) -> FeedbackForm:
        return FeedbackForm(data, instance=attending.sheet_of(event, by))

    def save(form: FeedbackForm) -> str:
        attending.give_feedback(event, answers=form.cleaned_data, by=by)
        return _("Thank you. The organisers read it without your name.")

    context = {
        "event": event,
        "title": _("What did you think of it?"),
        "text": _("The organisers see averages and texts, never names."),
        "button": _("Send"),
        "cancel_url": event.get_absolute_url(),
    }
    return form_page(request, make, save, context, done=event.get_absolute_url(), template=FORM)


@require_safe
@sign_in_first
def feedback_summary(request: HttpRequest, slug: str) -> HttpResponseBase:
    """/community/events/<slug>/feedback/summary/: what all thought of it; for organisers."""
    event = editable_event(request, slug)
    told = attending.summary_of(event)
    if request.GET.get("export") == "dictionary":
        return stream_dictionary(f"{slug}-feedback-dictionary.csv", SUMMARY)
    if request.GET.get("export") == "csv":
        return stream_csv(f"{slug}-feedback.csv", SUMMARY_COLUMNS, summary_rows(told))
    context = {"event": event, "fewest": attending.FEWEST_TOLD, **told}
    return render(request, "community/event_feedback_summary.html", context)
