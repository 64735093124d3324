"""What is asked of people after an exchange, and what parties mean to do next."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from core import codes
from core.fields import choice_known
from evaluation.models.evidence import Evidence
from evaluation.models.exchange import Exchange, Party
from evaluation.querysets import (
    ActionItemQuerySet,
    ActionPlanQuerySet,
    SurveyPartQuerySet,
    SurveyQuerySet,
)


class Moment(models.TextChoices):
    """When people are asked, counted from the end of the exchange."""

    END = "0", _("At the end")
    HALF_YEAR = "6", _("6 months after")
    TWO_YEARS = "24", _("24 months after")

    @property
    def months(self) -> int:
        """Months after the end of the exchange."""
        return int(self.value)


class Survey(models.Model):
    """What is asked at one moment after one exchange; `due_on` follows from its end."""

    Moment = Moment

    exchange = models.ForeignKey(
        Exchange, models.CASCADE, related_name="surveys", verbose_name=_("exchange")
    )
    moment = models.CharField(_("moment"), max_length=2, choices=Moment)
    due_on = models.DateField(_("asked from"))
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = SurveyQuerySet.as_manager()

    class Meta:
        ordering = ["exchange", "due_on"]
        verbose_name = _("survey")
        verbose_name_plural = _("surveys")
        constraints = [
            choice_known("evaluation_survey", "moment", Moment),
            models.UniqueConstraint(fields=["exchange", "moment"], name="evaluation_survey_once"),
        ]

    def __str__(self) -> str:
        return f"{self.exchange}: {self.get_moment_display()}"

    def get_absolute_url(self) -> str:
        return reverse("evaluation:survey_detail", args=[self.pk])


class FollowUpPerson(models.Model):
    """Somebody who took part in an exchange and may be asked about it at each moment.

    Personal data: the row can be deleted at any time, and is deleted some days after the last
    moment (`evaluation.services.surveys.KEPT_FOR`), once the exchange is cancelled, and a year
    after it was noted if the exchange is not completed; answers stay, without a name.
    """

    exchange = models.ForeignKey(
        Exchange, models.CASCADE, related_name="people_to_ask", verbose_name=_("exchange")
    )
    name = models.CharField(_("name"), max_length=120)
    email = models.EmailField(_("e-mail address"))
    language = models.CharField(_("language of the questions"), max_length=7, default="en")
    added_by = models.ForeignKey(
        "accounts.Member",
        models.PROTECT,
        related_name="people_to_ask",
        editable=False,
        verbose_name=_("added by"),
    )
    added_at = models.DateTimeField(_("added"), db_default=Now(), editable=False)

    objects = SurveyQuerySet.as_manager()

    class Meta:
        ordering = ["exchange", "pk"]
        verbose_name = _("person to ask")
        verbose_name_plural = _("people to ask")
        constraints = [
            models.CheckConstraint(
                condition=Q(language__in=codes.LANGUAGES),
                name="evaluation_followupperson_language_known",
                violation_error_message=_("Choose a language from the list."),
            ),
            models.UniqueConstraint(
                fields=["exchange", "email"],
                name="evaluation_followupperson_once",
                violation_error_message=_("This person is asked already."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class SurveyInvitation(models.Model):
    """That one person was asked at one moment, by a link that takes one answer.

    The token is kept as a hash. `answers` has one text or number by question; it is written
    once, with `answered_at`, and stays when the person's name is forgotten.
    """

    survey = models.ForeignKey(
        Survey, models.CASCADE, related_name="invitations", verbose_name=_("survey")
    )
    person = models.ForeignKey(
        FollowUpPerson,
        models.SET_NULL,
        related_name="invitations",
        null=True,
        blank=True,
        verbose_name=_("person"),
    )
    language = models.CharField(_("language"), max_length=7, default="en")
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField(_("made"), db_default=Now(), editable=False)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True, editable=False)
    reminded_at = models.DateTimeField(_("reminded"), null=True, blank=True, editable=False)
    expires_at = models.DateTimeField(_("ends"))
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True, editable=False)
    answers = models.JSONField(_("answers"), default=dict, blank=True, editable=False)
    may_be_quoted = models.BooleanField(_("may be quoted"), default=False, editable=False)
    evidence = models.OneToOneField(
        Evidence,
        models.SET_NULL,
        related_name="survey_answer",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("evidence made of it"),
    )

    objects = SurveyPartQuerySet.as_manager()

    class Meta:
        ordering = ["survey", "pk"]
        verbose_name = _("invitation to a survey")
        verbose_name_plural = _("invitations to surveys")
        indexes = [
            models.Index(
                fields=["expires_at"],
                condition=Q(answered_at=None),
                name="evaluation_invitation_open",
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["survey", "person"], name="evaluation_invitation_once"),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=False) | Q(may_be_quoted=False, answers={}),
                name="evaluation_invitation_answered_at_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.survey}, {self.pk}"


class ActionPlan(models.Model):
    """What one party means to do after an exchange, point by point."""

    exchange = models.ForeignKey(
        Exchange, models.CASCADE, related_name="action_plans", verbose_name=_("exchange")
    )
    party = models.OneToOneField(
        Party, models.CASCADE, related_name="action_plan", verbose_name=_("party")
    )
    created_by = models.ForeignKey(
        "accounts.Member",
        models.PROTECT,
        related_name="action_plans",
        editable=False,
        verbose_name=_("begun by"),
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = ActionPlanQuerySet.as_manager()

    class Meta:
        ordering = ["exchange", "pk"]
        verbose_name = _("action plan")
        verbose_name_plural = _("action plans")

    def __str__(self) -> str:
        return f"{self.exchange}: {self.party}"

    def get_absolute_url(self) -> str:
        return reverse("evaluation:plan_detail", args=[self.pk])


class ActionItem(models.Model):
    """One thing to be done by a day; its member is reminded once before and once after it."""

    plan = models.ForeignKey(
        ActionPlan, models.CASCADE, related_name="items", verbose_name=_("action plan")
    )
    title = models.CharField(_("what is to be done"), max_length=300)
    due_on = models.DateField(_("by"))
    responsible = models.CharField(_("who sees to it"), max_length=200, blank=True)
    member = models.ForeignKey(
        "accounts.Member",
        models.PROTECT,
        related_name="action_items",
        null=True,
        blank=True,
        verbose_name=_("member who sees to it"),
        help_text=_("They are reminded by mail before the day, and once when it is over."),
    )
    done_on = models.DateField(_("done on"), null=True, blank=True, editable=False)
    note = models.CharField(_("what came of it"), max_length=1_000, blank=True)
    reminded_at = models.DateTimeField(_("reminded"), null=True, blank=True, editable=False)
    overdue_told_at = models.DateTimeField(
        _("told that it is late"), null=True, blank=True, editable=False
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    objects = ActionItemQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["plan", "due_on", "pk"]
        verbose_name = _("point of an action plan")
        verbose_name_plural = _("points of action plans")
        indexes = [
            models.Index(
                fields=["due_on"], condition=Q(done_on=None), name="evaluation_actionitem_open"
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("evaluation:plan_detail", args=[self.plan_id])
