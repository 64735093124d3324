"""A hub's own view of its capabilities, shown with its consent only."""

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from core.dates import today
from core.fields import choice_known
from hubs.querysets import SelfAssessmentQuerySet


class SelfAssessment(models.Model):
    """One self-assessment of a hub on one day, over eight pillars.

    Shown outside the hub only once one of its heads has consented, who may take that back.
    """

    hub = models.ForeignKey(
        "hubs.Hub", models.PROTECT, related_name="self_assessments", verbose_name=_("hub")
    )
    assessed_on = models.DateField(_("assessed on"), default=today)
    note = models.TextField(_("note"), max_length=1_000, blank=True)
    consented_at = models.DateTimeField(_("consent given"), null=True, blank=True, editable=False)
    consented_by = models.ForeignKey(
        "accounts.Member",
        models.PROTECT,
        related_name="consented_assessments",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("consent given by"),
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    objects = SelfAssessmentQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["-assessed_on", "-pk"]
        verbose_name = _("self-assessment")
        verbose_name_plural = _("self-assessments")
        constraints = [
            models.UniqueConstraint(
                fields=["hub", "assessed_on"],
                name="hubs_selfassessment_once_a_day",
                violation_error_message=_("There is a self-assessment of this day already."),
            ),
            models.CheckConstraint(
                condition=Q(consented_at=None) | Q(consented_by__isnull=False),
                name="hubs_selfassessment_consent_has_giver",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.hub}, {self.assessed_on}"


class Pillar(models.TextChoices):
    """The four pillars of the organisation and the four of its work (World Bank, Becoming a
    Knowledge-Sharing Organization, 2015, as named in the domain).
    """

    LEADERSHIP = "leadership", _("Leadership and culture")
    GOVERNANCE = "governance", _("Governance")
    FUNDING = "funding", _("Funding")
    PARTNERSHIPS = "partnerships", _("Partnerships")
    CAPTURING = "capturing", _("Identifying and capturing")
    PACKAGING = "packaging", _("Packaging")
    SHARING = "sharing", _("Sharing")
    MONITORING = "monitoring", _("Monitoring")


class PillarScore(models.Model):
    """The level, 0 to 4, that a hub gives itself on one pillar, and what shows it."""

    assessment = models.ForeignKey(
        SelfAssessment, models.CASCADE, related_name="scores", verbose_name=_("self-assessment")
    )
    pillar = models.CharField(_("pillar"), max_length=12, choices=Pillar)
    level = models.PositiveSmallIntegerField(_("level"), validators=[MaxValueValidator(4)])
    evidence = models.TextField(_("evidence"), max_length=1_000, blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("pillar score")
        verbose_name_plural = _("pillar scores")
        constraints = [
            choice_known("hubs_pillarscore", "pillar", Pillar),
            models.UniqueConstraint(
                fields=["assessment", "pillar"], name="hubs_pillarscore_pillar_once"
            ),
            models.CheckConstraint(
                condition=Q(level__lte=4),
                name="hubs_pillarscore_level_0_to_4",
                violation_error_message=_("A level is from 0 to 4."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_pillar_display()}: {self.level}"
