"""Mail that goes out by the clock: reminders before an event, the question afterwards."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy

from community.models import Event, EventState
from community.services.event_mail import people_with, tell

REMIND_BEFORE = datetime.timedelta(hours=24)
ASK_WITHIN = datetime.timedelta(days=14)  # of the end; later nobody remembers


def remind_of_events(now: datetime.datetime) -> int:
    """Remind those who have a seat one day before, and ask them afterwards what they thought;
    return of how many events. Run twice, it owes nothing more; an event that was put off is told
    of again.
    """
    soon = Event.objects.starting(now, now + REMIND_BEFORE)
    soon = soon.exclude(reminded_for=F("starts_at")).order_by("starts_at", "pk")
    over = Event.objects.filter(
        state=EventState.PUBLISHED, ends_at__gt=now - ASK_WITHIN, ends_at__lte=now
    )
    over = over.filter(feedback_asked_at=None, enrolments__state="approved").distinct()
    reminded = [_remind(pk, now) for pk in list(soon.values_list("pk", flat=True))]
    asked = [_ask(pk, now) for pk in list(over.order_by("pk").values_list("pk", flat=True))]
    return sum(reminded) + sum(asked)


@transaction.atomic
def _remind(pk: int, now: datetime.datetime) -> int:
    events = Event.objects.starting(now, now + REMIND_BEFORE)
    event = _locked(events.exclude(reminded_for=F("starts_at")), pk)
    if event is None:
        return 0
    event.reminded_for = event.starts_at
    event.save_without_historical_record(update_fields=["reminded_for"])
    tell(
        people_with(event, "approved"),
        event,
        key=f"soon:{event.starts_at:%Y%m%dT%H%M}",
        subject=gettext_lazy("Soon: %(title)s"),
        body=gettext_lazy(
            "“%(title)s” begins soon.\n\n%(when)s\n\nPlace, agenda and the online address, if "
            "there is one:\n%(address)s"
        ),
    )
    return 1


@transaction.atomic
def _ask(pk: int, now: datetime.datetime) -> int:
    event = _locked(Event.objects.filter(feedback_asked_at=None, state=EventState.PUBLISHED), pk)
    if event is None:
        return 0
    event.feedback_asked_at = now
    event.save_without_historical_record(update_fields=["feedback_asked_at"])
    tell(
        people_with(event, "approved").exclude(
            enrolments__event=event, enrolments__feedback__isnull=False
        ),
        event,
        key="feedback",
        subject=gettext_lazy("How was it? %(title)s"),
        body=gettext_lazy(
            "Please say what you thought of “%(title)s”. It takes a minute, and the organisers "
            "read it without names:\n%(address)s"
        ),
        path=f"{event.get_absolute_url()}feedback/",
    )
    return 1


def _locked(events: Any, pk: int) -> Any:
    return events.select_for_update(no_key=True, of=("self",)).filter(pk=pk).first()
