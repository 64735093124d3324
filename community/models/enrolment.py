"""Who takes part in an event: seats, the waiting list, who was there, what they thought."""

from __future__ import annotations

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from community.querysets.events import EnrolmentQuerySet
from core.fields import choice_known

MARKS = ("useful", "organised", "applied")  # the questions that are answered by 1 to 5


class EnrolmentState(models.TextChoices):
    REQUESTED = "requested", _("Asked for a seat")
    APPROVED = "approved", _("Has a seat")
    WAITING = "waiting", _("On the waiting list")
    DECLINED = "declined", _("Declined")
    CANCELLED = "cancelled", _("Withdrew")


class Enrolment(models.Model):
    """A member's wish to take part in an event, and what became of it.

    `number` is the order of the requests, given under the lock of the event's row: whoever waits
    with the lowest one gets the next free seat. Who withdraws and asks again has a new number.
    """

    State = EnrolmentState

    event = models.ForeignKey(
        "community.Event", models.CASCADE, related_name="enrolments", verbose_name=_("event")
    )
    member = models.ForeignKey(
        "accounts.Member", models.PROTECT, related_name="enrolments", verbose_name=_("member")
    )
    state = models.CharField(_("state"), max_length=9, choices=EnrolmentState)
    number = models.PositiveIntegerField(_("order of the request"))
    message = models.CharField(_("message to the organisers"), max_length=500, blank=True)
    requested_at = models.DateTimeField(_("asked"))
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(
        "accounts.Member",
        models.PROTECT,
        related_name="enrolments_decided",
        null=True,
        blank=True,
        verbose_name=_("decided by"),
    )
    reason = models.CharField(_("reason"), max_length=500, blank=True)

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        ordering = ["event", "number"]
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")
        constraints = [
            choice_known("community_enrolment", "state", EnrolmentState),
            models.UniqueConstraint(fields=["event", "member"], name="community_enrolment_once"),
            models.UniqueConstraint(fields=["event", "number"], name="community_enrolment_order"),
            models.CheckConstraint(
                condition=~Q(state="declined") | ~Q(reason=""),
                name="community_enrolment_declined_with_reason",
                violation_error_message=_("Say why it is declined."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event}: {self.get_state_display()}"


class EventAttendance(models.Model):
    """That somebody with a seat was there: at a session, or at an event that has none."""

    enrolment = models.ForeignKey(
        Enrolment, models.CASCADE, related_name="attendances", verbose_name=_("enrolment")
    )
    session = models.ForeignKey(
        "community.EventSession",
        models.CASCADE,
        related_name="attendances",
        null=True,
        blank=True,
        verbose_name=_("session"),
    )
    marked_by = models.ForeignKey(
        "accounts.Member",
        models.PROTECT,
        related_name="attendances_marked",
        editable=False,
        verbose_name=_("marked by"),
    )
    marked_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("attendance")
        verbose_name_plural = _("attendances")
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "session"],
                name="community_eventattendance_once",
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return f"{self.enrolment_id}: {self.session or self.enrolment.event}"


def _mark(question: Any) -> models.PositiveSmallIntegerField:
    return models.PositiveSmallIntegerField(
        question, validators=[MinValueValidator(1), MaxValueValidator(5)]
    )


class EventFeedback(models.Model):
    """What somebody who had a seat thought of an event; shown without a name, in a summary."""

    enrolment = models.OneToOneField(
        Enrolment, models.CASCADE, related_name="feedback", verbose_name=_("enrolment")
    )
    useful = _mark(_("How useful was it for your work?"))
    organised = _mark(_("How well was it organised?"))
    applied = _mark(_("How much of it will you apply at home?"))
    best = models.TextField(_("What helped you most?"), max_length=2_000, blank=True)
    better = models.TextField(_("What should be better next time?"), max_length=2_000, blank=True)
    given_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("feedback on an event")
        verbose_name_plural = _("feedback on events")
        constraints = [
            models.CheckConstraint(
                condition=Q(**{f"{name}__range": (1, 5)}),
                name=f"community_eventfeedback_{name}_in_range",
                violation_error_message=_("Choose one of the five answers."),
            )
            for name in MARKS
        ]

    def __str__(self) -> str:
        return f"{self.useful}, {self.organised}, {self.applied}"


class CalendarFeed(models.Model):
    """The address of a member's own calendar: `number` stands in it, signed, and changes when
    the member ends the address.
    """

    member = models.OneToOneField(
        "accounts.Member", models.PROTECT, related_name="calendar_feed", editable=False
    )
    number = models.PositiveIntegerField(default=1, editable=False)
    is_on = models.BooleanField(default=False, editable=False)

    objects = models.Manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("address of a calendar")
        verbose_name_plural = _("addresses of calendars")

    def __str__(self) -> str:
        return f"{self.member_id}: {self.number}"
