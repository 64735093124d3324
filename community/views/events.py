"""Events: the list, an event's page, and calendar files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models import F, Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.http import signed_in_member
from catalogue.models import Resource
from catalogue.views.faceted import FacetedListView
from community.event_calendars import calendar_of
from community.event_times import told_at_place, told_days, told_for, told_moment, told_time
from community.filters.events import EventFilter
from community.models import CalendarFeed, Enrolment, EnrolmentPolicy, Event, EventState
from community.querysets.events import EventQuerySet, month_of_start, nearest_first, when_it_is
from community.serializers.events import EVENT_COLUMNS, event_rows
from community.services.calendar_feeds import end_feed, member_of, new_feed, token_of
from core import codes
from core.calendars import calendar_response
from core.http import root_of
from core.once import once
from core.shared_pages import shared_page
from core.text import render_markdown
from core.typed import sign_in_first
from core.views import ADDRESS_MEANINGS, dictionary
from hubs.models import Hub
from hubs.querysets import by_name

CALENDAR_SIZE = 1_000  # events in one file
EVENT_MEANINGS = {
    "title": gettext_lazy("Title, in the language of the text."),
    "kind": gettext_lazy("Kind: meeting, training, study-tour and so on."),
    "language": gettext_lazy("Language of the text."),
    "summary": gettext_lazy("What it is about, in short."),
    "state": gettext_lazy("published or cancelled; draft: only its own people see it."),
    "starts_on": gettext_lazy("First day at the place, as precisely as it is known."),
    "ends_on": gettext_lazy("Last day at the place, as precisely as it is known."),
    "starts_at": gettext_lazy("Start (UTC)."),
    "ends_at": gettext_lazy("The first moment after it (UTC)."),
    "precision": gettext_lazy("How exactly the time is known: time, day, month or year."),
    "time_zone": gettext_lazy("Time zone of the place (IANA)."),
    "place": gettext_lazy("Where it takes place."),
    "country": gettext_lazy("Country (ISO 3166-1)."),
    "is_online": gettext_lazy("Whether one can take part online."),
    "languages": gettext_lazy("Languages spoken (ISO 639-1)."),
    "interpretation": gettext_lazy("Interpretation into these languages (ISO 639-1)."),
    "hubs": gettext_lazy("Hubs that organise it: names in addresses."),
    "organisers": gettext_lazy("Others that organise it."),
    "exchange": gettext_lazy("Exchange that it belongs to: name in addresses."),
    "policy": gettext_lazy("Enrolment: open, approval (the organisers decide) or none."),
    "capacity": gettext_lazy("Seats; empty: room for everybody."),
    "seats_taken": gettext_lazy("How many people have a seat."),
    "people_waiting": gettext_lazy("How many people wait for a seat."),
    "enrolment_closes_at": gettext_lazy("Until when one can enrol (UTC)."),
    "cancelled_reason": gettext_lazy("Why it was cancelled."),
    "participants": gettext_lazy("Who came, as the sources state it."),
    "outcome": gettext_lazy("What came of it."),
    "note": gettext_lazy("Note on the sources."),
    "uid": gettext_lazy("Its name in calendar files; never changes."),
    "sequence": gettext_lazy("Its version in calendar files; grows with each change."),
    "published_at": gettext_lazy("When it was published (UTC)."),
}


class EventListView(FacetedListView):
    """/community/events/: as page, fragment, feed, CSV, calendar."""

    filterset_class = EventFilter
    template_name = "community/event_list.html"
    results_template_name = "community/_event_fragment.html"
    facets = {
        "when": (when_it_is(), False),
        "kind": ("kind", False),
        "hub": ("hub_slugs", True),
        "country": ("country", False),
        "language": ("languages", True),
        "month": (month_of_start(), False),
    }
    orders = {
        "nearest": nearest_first(),
        "starts_at": F("starts_at"),
        "title": by_name("title"),
        "updated_at": F("updated_at"),
    }
    order_menu = (
        ("nearest", gettext_lazy("What comes next, then what was last")),
        ("-starts_at", gettext_lazy("Latest first")),
        ("title", gettext_lazy("Title")),
    )
    columns = dictionary(EVENT_COLUMNS, EVENT_MEANINGS | ADDRESS_MEANINGS)

    def get_queryset(self) -> EventQuerySet:
        found: EventQuerySet = Event.objects.visible_to(self.request.user).listed()
        return found.with_hub_slugs()

    def export_rows(self, things: QuerySet[Any]) -> Iterable[Mapping[str, object]]:
        return event_rows(things, root=root_of(self.request))

    def get_context(self, things: QuerySet[Any], *, is_valid: bool) -> dict[str, Any]:
        user = self.request.user
        things = things.prefetch_related(_seen_hubs(user))
        context = super().get_context(things, is_valid=is_valid)
        zone = user.time_zone if user.is_authenticated else ""
        return context | {
            "lines": [_line(event, zone) for event in context["page_obj"]],
            "count": context["page_obj"].paginator.count,
            "facets": list(self.facet_list()),
            "ics_url": self._with(export="ics"),
            "can_begin": user.is_authenticated and Hub.objects.editable_by(user).exists(),
        }

    def _files(self) -> Mapping[str | None, Callable[[], HttpResponseBase]]:
        return {**super()._files(), "ics": self._calendar}

    def _calendar(self) -> HttpResponse:
        """Return what was asked for as a calendar, without what is known to the month only."""
        whole: Any = self.filterset.qs
        events = whole.timed().order_by("-starts_at", "pk")[:CALENDAR_SIZE]
        name = f"{capfirst(str(Event._meta.verbose_name_plural))} – {settings.SITE_NAME}"
        return calendar_response(
            "events.ics", calendar_of(name, events, root=root_of(self.request))
        )


def _seen_hubs(user: Any) -> Prefetch:
    return Prefetch("hubs", queryset=Hub.objects.visible_to(user).by_name(), to_attr="seen_hubs")


def _line(event: Any, zone: str) -> dict[str, Any]:
    return {
        "event": event,
        "when": told_days(event),
        "for_you": told_for(event, zone) if zone else "",
        "where": [text for text in (event.place, codes.country_name(event.country)) if text],
        "is_past": event.is_past,
    }


@require_safe
@shared_page
def event_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """/community/events/<slug>/: what it is, when and where, and the reader's own seat."""
    user: Any = request.user
    events = Event.objects
    found = events.visible_to(user).with_seats().select_related("exchange", "author")
    event: Any = get_object_or_404(found.prefetch_related(_seen_hubs(user)), slug=slug)
    same = events.filter(pk=event.pk)
    is_member = user.is_authenticated
    mine = Enrolment.objects.filter(event=event, member=user.pk).first() if is_member else None
    closes = event.enrolment_closes_at
    context = {
        "event": event,
        "when": told_at_place(event),
        "for_you": told_for(event, user.time_zone) if is_member else "",
        "text": render_markdown(event.description),
        "facts": _facts(event),
        "sessions": [(session, told_time(session, event.zone)) for session in event.sessions.all()],
        "materials": list(Resource.objects.visible_to(user).filter(events=event).order_by("title")),
        "sources": list(event.sources.order_by("title", "pk")),
        "mine": mine,
        "before_me": _before(mine),
        "is_open": is_open(event),
        "closes": told_moment(closes, event.zone) if closes else "",
        "can_enrol": is_member and same.enrollable_by(user).exists(),
        "can_edit": is_member and same.editable_by(user).exists(),
        "can_answer": is_member and same.answerable_by(user).exists(),
        "is_joined": is_member and same.joinable_by(user).exists(),
        "has_calendar": event.precision in ("time", "day") and event.state != EventState.DRAFT,
    }
    return render(request, "community/event_detail.html", context)


def _before(mine: Any) -> int:
    """Return how many wait before the reader, for those who wait."""
    if mine is None or mine.state != Enrolment.State.WAITING:
        return 0
    waiting = Enrolment.objects.waiting().filter(event=mine.event_id, number__lt=mine.number)
    return int(waiting.count())


def is_open(event: Any) -> bool:
    """Return whether one can enrol now."""
    closes = event.enrolment_closes_at
    return (
        event.state == EventState.PUBLISHED
        and event.policy != EnrolmentPolicy.NONE
        and not event.is_past
        and (closes is None or closes > timezone.now())
    )


def _facts(event: Any) -> list[tuple[str, list[str]]]:
    where = [event.place, codes.country_name(event.country) if event.country else ""]
    if event.is_online:
        where.append(_("online"))
    facts = [
        (_("Place"), where),
        (_("Languages spoken"), _languages(event.languages)),
        (_("Interpretation"), _languages(event.interpretation)),
        (_("Other organisers"), event.organiser_list),
        (_("Who came"), [event.participants]),
    ]
    stated = [(label, [text for text in texts if text]) for label, texts in facts]
    return [(label, texts) for label, texts in stated if texts]


def _languages(spoken: Iterable[str]) -> list[str]:
    return [codes.language_name(code) for code in spoken]


@require_safe
def event_file(request: HttpRequest, slug: str) -> HttpResponse:
    """/community/events/<slug>/event.ics: for a calendar; with the online address for those who
    have a seat.
    """
    user = request.user
    found = Event.objects.visible_to(user).listed().timed()
    event: Any = get_object_or_404(found, slug=slug)
    is_joined = Event.objects.joinable_by(user).filter(pk=event.pk).exists()
    joined = [event.pk] if is_joined else []
    text = calendar_of(event.title, [event], root=root_of(request), joined=joined)
    return calendar_response(f"{event.slug}.ics", text)


@require_safe
@sign_in_first
def my_events(request: HttpRequest) -> HttpResponse:
    """/community/events/calendar/: the events for which one enrolled, and one's own calendar."""
    by = signed_in_member(request)
    mine = Enrolment.objects.filter(member=by).select_related("event").order_by("-event__starts_at")
    seen = Event.objects.visible_to(by)
    feed = CalendarFeed.objects.filter(member=by, is_on=True).first()
    path = reverse("community:event_feed", args=[token_of(feed)]) if feed else ""
    context = {
        "lines": [
            (row, told_at_place(row.event))
            for row in mine.filter(event__in=seen.values("pk"))[:100]
        ],
        "feed_url": f"{root_of(request)}{path}" if path else "",
    }
    return render(request, "community/my_events.html", context)


@require_POST
@sign_in_first
@once
def event_feed_new(request: HttpRequest) -> HttpResponse:
    """Give oneself an address of a calendar; the one before it ends."""
    new_feed(signed_in_member(request))
    messages.success(request, _("This is the address of your calendar. Keep it to yourself."))
    return redirect("community:my_events")


@require_POST
@sign_in_first
@once
def event_feed_end(request: HttpRequest) -> HttpResponse:
    """End the address of one's own calendar."""
    end_feed(signed_in_member(request))
    messages.success(request, _("The address has ended. Nobody can read your calendar by it."))
    return redirect("community:my_events")


@require_safe
def event_feed(request: HttpRequest, token: str) -> HttpResponse:
    """/community/events/calendar/<token>/events.ics: what a member enrolled for, for whoever has
    the address.
    """
    member = member_of(token)
    if member is None:
        raise Http404
    events = Event.objects.attended_by(member).timed().order_by("-starts_at", "pk")
    joined = set(Event.objects.joinable_by(member).values_list("pk", flat=True))
    text = calendar_of(
        _("My events – %(site)s") % {"site": settings.SITE_NAME},
        events[:CALENDAR_SIZE],
        root=root_of(request),
        joined=joined,
    )
    response = calendar_response("events.ics", text)
    response["Cache-Control"] = "private, no-store"
    return response
