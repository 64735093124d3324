"""Events: meetings, trainings and visits, when and where they are, and who may come."""

from __future__ import annotations

import datetime
import uuid
import zoneinfo
from typing import TYPE_CHECKING

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from accounts.models.member import validate_time_zone
from community.querysets.events import EventQuerySet
from core import codes
from core.fields import CodeArrayField, WebAddressField, choice_known, codes_known

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_SEATS = 100_000


class EventKind(models.TextChoices):
    MEETING = "meeting", _("Meeting")
    HIGH_LEVEL_MEETING = "high-level-meeting", _("High-level meeting")
    CONFERENCE = "conference", _("Conference")
    SEMINAR = "seminar", _("Seminar")
    WORKSHOP = "workshop", _("Workshop")
    TRAINING = "training", _("Training")
    STUDY_TOUR = "study-tour", _("Study tour")
    PEER_REVIEW = "peer-review", _("Peer review")
    DIALOGUE = "dialogue", _("Dialogue")
    WEBINAR = "webinar", _("Webinar")
    FAIR = "fair", _("Fair")
    LAUNCH = "launch", _("Launch")
    CLOSING_EVENT = "closing-event", _("Closing event")


class EventPrecision(models.TextChoices):
    """How exactly it is known when an event was or will be."""

    TIME = "time", _("To the minute")
    DAY = "day", _("Whole days")
    MONTH = "month", _("Month")
    YEAR = "year", _("Year")


class EnrolmentPolicy(models.TextChoices):
    OPEN = "open", _("Everybody who enrols gets a seat")
    APPROVAL = "approval", _("The organisers decide")
    NONE = "none", _("No enrolment here")


class EventState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    CANCELLED = "cancelled", _("Cancelled")


class Event(models.Model):
    """Something that takes place, of one or several hubs.

    Life cycle: draft -> published -> cancelled. `starts_at` and `ends_at` are moments; of whole
    days, months and years they are the first midnight at the place and the one after the last
    day. `uid` and `sequence` are those of its calendar files (RFC 5545): the one never changes,
    the other grows with each change that people who wrote it down must know. The online address
    is for the enrolled alone and stands in no history.
    """

    Kind, Precision, State, Policy = EventKind, EventPrecision, EventState, EnrolmentPolicy

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    title = models.CharField(_("title"), max_length=200)
    slug = models.SlugField(max_length=100, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=18, choices=EventKind)
    language = models.CharField(_("language of the text"), max_length=7, default="en")
    summary = models.TextField(_("in short"), max_length=1_000, blank=True)
    description = models.TextField(
        _("description"),
        max_length=20_000,
        blank=True,
        help_text=_("Markdown: headings, lists and links."),
    )
    starts_at = models.DateTimeField(_("start"))
    ends_at = models.DateTimeField(_("end"))
    precision = models.CharField(
        _("how exactly the time is known"),
        max_length=5,
        choices=EventPrecision,
        default=EventPrecision.TIME,
    )
    time_zone = models.CharField(
        _("time zone of the place"),
        max_length=50,
        default="UTC",
        validators=[validate_time_zone],
    )
    place = models.CharField(_("place"), max_length=200, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True)
    is_online = models.BooleanField(_("takes place online"), default=False)
    online_address = WebAddressField(
        _("online address"),
        max_length=500,
        blank=True,
        help_text=_("Only those who have a seat see it, and the organisers."),
    )
    languages = CodeArrayField(codes.language_choices, verbose_name=_("languages spoken"))
    interpretation = CodeArrayField(
        codes.language_choices, verbose_name=_("interpretation into these languages")
    )
    hubs = models.ManyToManyField(
        "hubs.Hub", related_name="events", blank=True, verbose_name=_("organising hubs")
    )
    organisers = models.CharField(
        _("other organisers"),
        max_length=500,
        blank=True,
        help_text=_("Separate several with semicolons."),
    )
    exchange = models.ForeignKey(
        "evaluation.Exchange",
        models.PROTECT,
        related_name="events",
        null=True,
        blank=True,
        verbose_name=_("exchange that it belongs to"),
    )
    policy = models.CharField(
        _("enrolment"), max_length=8, choices=EnrolmentPolicy, default=EnrolmentPolicy.OPEN
    )
    capacity = models.PositiveIntegerField(
        _("seats"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_SEATS)],
        help_text=_("Leave empty if there is room for everybody."),
    )
    enrolment_closes_at = models.DateTimeField(_("enrolment closes"), null=True, blank=True)
    participants = models.CharField(_("who came"), max_length=300, blank=True)
    outcome = models.TextField(_("what came of it"), max_length=4_000, blank=True)
    note = models.TextField(_("note on the sources"), max_length=1_000, blank=True)
    sources = models.ManyToManyField(
        "hubs.Source", related_name="events", blank=True, verbose_name=_("sources")
    )
    materials = models.ManyToManyField(
        "catalogue.Resource", related_name="events", blank=True, verbose_name=_("materials")
    )
    state = models.CharField(
        _("state"), max_length=9, choices=EventState, default=EventState.DRAFT, editable=False
    )
    cancelled_reason = models.CharField(
        _("why cancelled"), max_length=500, blank=True, editable=False
    )
    author = models.ForeignKey(
        "accounts.Member",
        models.PROTECT,
        related_name="events_begun",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("begun by"),
    )
    published_at = models.DateTimeField(_("published"), null=True, blank=True, editable=False)
    # The start of which those with a seat were reminded, and when they were asked what they think.
    reminded_for = models.DateTimeField(null=True, blank=True, editable=False)
    feedback_asked_at = models.DateTimeField(null=True, blank=True, editable=False)
    sequence = models.PositiveIntegerField(_("calendar version"), default=0, editable=False)
    is_starter = models.BooleanField(_("starter content"), default=False, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    objects = EventQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["online_address"])

    class Meta:
        ordering = ["-starts_at", "-pk"]
        verbose_name = _("event")
        verbose_name_plural = _("events")
        indexes = [
            models.Index(fields=["updated_at", "id"], name="community_event_updated"),
            models.Index(fields=["state", "ends_at"], name="community_event_state_ends"),
        ]
        constraints = [
            choice_known("community_event", "kind", EventKind),
            choice_known("community_event", "precision", EventPrecision),
            choice_known("community_event", "policy", EnrolmentPolicy),
            choice_known("community_event", "state", EventState),
            codes_known("community_event", "languages", codes.LANGUAGES),
            codes_known("community_event", "interpretation", codes.LANGUAGES),
            models.CheckConstraint(
                condition=Q(language__in=codes.LANGUAGES),
                name="community_event_language_known",
                violation_error_message=_("Choose a language from the list."),
            ),
            models.CheckConstraint(
                condition=Q(country__in=["", *codes.COUNTRIES]),
                name="community_event_country_known",
                violation_error_message=_("Choose a country from the list."),
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="community_event_ends_after_start",
                violation_error_message=_("The end must come after the start."),
            ),
            models.CheckConstraint(
                condition=Q(capacity=None) | Q(capacity__range=(1, MOST_SEATS)),
                name="community_event_capacity_in_range",
                violation_error_message=_("State at least one seat, or leave this empty."),
            ),
            models.CheckConstraint(
                condition=Q(enrolment_closes_at=None) | Q(enrolment_closes_at__lte=F("ends_at")),
                name="community_event_closes_before_end",
                violation_error_message=_("Enrolment cannot close after the end of the event."),
            ),
            models.CheckConstraint(
                condition=~Q(state="cancelled") | ~Q(cancelled_reason=""),
                name="community_event_cancelled_with_reason",
                violation_error_message=_("Say why it is cancelled."),
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(published_at__isnull=False),
                name="community_event_shown_since",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("community:event_detail", args=[self.slug])

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        """The time zone of the place."""
        return zoneinfo.ZoneInfo(self.time_zone)

    @property
    def first_day(self) -> datetime.date:
        """The day on which it begins, at the place."""
        return self.starts_at.astimezone(self.zone).date()

    @property
    def last_day(self) -> datetime.date:
        """The day on which it ends, at the place."""
        last = self.ends_at - datetime.timedelta(microseconds=1)
        return last.astimezone(self.zone).date()

    @property
    def is_past(self) -> bool:
        return self.ends_at <= timezone.now()

    @property
    def organiser_list(self) -> Sequence[str]:
        """The other organisers one by one."""
        return [name.strip() for name in self.organisers.split(";") if name.strip()]


class EventSession(models.Model):
    """One item of the agenda of an event."""

    event = models.ForeignKey(
        "community.Event", models.CASCADE, related_name="sessions", verbose_name=_("event")
    )
    title = models.CharField(_("title"), max_length=200)
    starts_at = models.DateTimeField(_("start"))
    ends_at = models.DateTimeField(_("end"))
    speakers = models.CharField(_("speakers"), max_length=500, blank=True)
    description = models.TextField(_("description"), max_length=2_000, blank=True)

    class Meta:
        ordering = ["starts_at", "pk"]
        verbose_name = _("session of an event")
        verbose_name_plural = _("sessions of events")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="community_eventsession_ends_after_start",
                violation_error_message=_("The end must come after the start."),
            )
        ]

    def __str__(self) -> str:
        return self.title
