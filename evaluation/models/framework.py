"""Results frameworks: what is hoped for, by what it is measured, in which periods."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from core import codes
from core.dates import Precision, format_partial_date, today
from core.fields import choice_known
from evaluation.models.indicator import DefinitionVersion, Frequency
from evaluation.querysets import FrameworkQuerySet, IndicatorQuerySet

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


def number_field(label: StrOrPromise) -> models.DecimalField[Decimal | int | None, Decimal | None]:
    """Return a column of an exact number; NULL is "not reported", 0 a reported zero."""
    return models.DecimalField(label, max_digits=24, decimal_places=6, null=True, blank=True)


class Layer(models.TextChoices):
    COMMUNITY = "community", _("Community")
    COUNTRY = "country", _("Country")
    HUB = "hub", _("Hub")
    EXCHANGE = "exchange", _("Exchange")


class ResultKind(models.TextChoices):
    OUTPUT = "output", _("Output")
    OUTCOME = "outcome", _("Outcome")
    IMPACT = "impact", _("Impact")


class Framework(models.Model):
    """A tree of results of the community, a country, a hub or an exchange.

    The hub's M&E focal points, editors and heads write it; of the community's and of a country
    without a hub, moderators. A template is there to be copied and is never reported on.
    """

    Layer = Layer

    title = models.CharField(_("title"), max_length=200)
    slug = models.SlugField(max_length=100, unique=True, editable=False)
    summary = models.TextField(_("summary"), max_length=2_000, blank=True)
    language = models.CharField(_("language"), max_length=7, default="en")
    layer = models.CharField(_("layer"), max_length=9, choices=Layer)
    country = models.CharField(_("country"), max_length=2, blank=True)
    hub = models.ForeignKey(
        "hubs.Hub",
        models.PROTECT,
        related_name="frameworks",
        null=True,
        blank=True,
        verbose_name=_("hub"),
    )
    network = models.ForeignKey(
        "hubs.Network",
        models.PROTECT,
        related_name="frameworks",
        null=True,
        blank=True,
        verbose_name=_("network"),
    )
    exchange = models.ForeignKey(
        "evaluation.Exchange",
        models.PROTECT,
        related_name="frameworks",
        null=True,
        blank=True,
        verbose_name=_("exchange"),
    )
    starts_on = models.DateField(_("start"))
    ends_on = models.DateField(_("end"), null=True, blank=True)
    lock_after_days = models.PositiveSmallIntegerField(
        _("periods lock so many days after their end"), null=True, blank=True
    )
    is_template = models.BooleanField(_("template"), default=False)
    copied_from = models.ForeignKey(
        "self",
        models.SET_NULL,
        related_name="copies",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("copied from"),
    )
    sources = models.ManyToManyField(
        "hubs.Source", related_name="frameworks", blank=True, verbose_name=_("sources")
    )
    is_published = models.BooleanField(_("published"), default=False, editable=False)
    is_starter = models.BooleanField(_("starter content"), default=False, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    objects = FrameworkQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["slug"]
        verbose_name = _("framework")
        verbose_name_plural = _("frameworks")
        indexes = [models.Index(fields=["updated_at", "id"], name="evaluation_framework_updated")]
        constraints = [
            choice_known("evaluation_framework", "layer", Layer),
            models.CheckConstraint(
                condition=Q(country__in=["", *codes.COUNTRIES]),
                name="evaluation_framework_country_known",
            ),
            models.CheckConstraint(
                condition=Q(layer="community", hub=None, exchange=None, country="")
                | Q(layer="country", exchange=None) & ~Q(country="")
                | Q(layer="hub", exchange=None) & (Q(hub__isnull=False) | Q(is_template=True))
                | Q(layer="exchange") & (Q(exchange__isnull=False) | Q(is_template=True)),
                name="evaluation_framework_belongs_to_its_layer",
                violation_error_message=_("Say to which hub, country or exchange it belongs."),
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="evaluation_framework_ends_after_start",
                violation_error_message=_("The end must not be before the start."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("evaluation:framework_detail", args=[self.slug])


class Result(models.Model):
    """One thing that is hoped for; it contributes to one above it in its framework, and rolls
    up to one of a framework of a higher layer.
    """

    Kind = ResultKind

    framework = models.ForeignKey(
        Framework, models.CASCADE, related_name="results", verbose_name=_("framework")
    )
    kind = models.CharField(_("kind"), max_length=7, choices=ResultKind)
    title = models.CharField(_("title"), max_length=300)
    description = models.TextField(_("description"), max_length=2_000, blank=True)
    contributes_to = models.ForeignKey(
        "self",
        models.PROTECT,
        related_name="contributions",
        null=True,
        blank=True,
        verbose_name=_("contributes to"),
    )
    rolls_up_to = models.ForeignKey(
        "self",
        models.PROTECT,
        related_name="rolled_up_from",
        null=True,
        blank=True,
        verbose_name=_("rolls up to"),
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    history = HistoricalRecords()

    class Meta:
        ordering = ["framework", "position", "pk"]
        verbose_name = _("result")
        verbose_name_plural = _("results")
        constraints = [
            choice_known("evaluation_result", "kind", ResultKind),
            models.CheckConstraint(
                condition=Q(contributes_to=None) | ~Q(contributes_to=F("pk")),
                name="evaluation_result_contributes_to_another",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def version(self) -> int:
        """How often it was saved: what a page was made from; one query."""
        number: int = self.history.count()
        return number


class Indicator(models.Model):
    """A definition of the library, used for one result, with baseline and life target.

    `rolls_up_to` is the indicator above, of another framework, into which its figures go;
    one that is `is_excluded` is listed there and not added (rule 4).
    """

    result = models.ForeignKey(
        Result, models.CASCADE, related_name="indicators", verbose_name=_("result")
    )
    definition = models.ForeignKey(
        DefinitionVersion,
        models.PROTECT,
        related_name="indicators",
        verbose_name=_("indicator of the library"),
    )
    rolls_up_to = models.ForeignKey(
        "self",
        models.PROTECT,
        related_name="children",
        null=True,
        blank=True,
        verbose_name=_("rolls up to"),
    )
    is_excluded = models.BooleanField(_("left out of the total above"), default=False)
    exclusion_reason = models.CharField(_("why left out"), max_length=300, blank=True)
    frequency = models.CharField(
        _("frequency"), max_length=9, choices=Frequency, default=Frequency.YEAR
    )
    baseline_value = number_field(_("baseline"))
    baseline_numerator = number_field(_("baseline numerator"))
    baseline_denominator = number_field(_("baseline denominator"))
    baseline_year = models.PositiveSmallIntegerField(
        _("year of the baseline"), null=True, blank=True
    )
    baseline_note = models.CharField(_("note on the baseline"), max_length=500, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    objects = IndicatorQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["result", "position", "pk"]
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        constraints = [
            choice_known("evaluation_indicator", "frequency", Frequency),
            models.CheckConstraint(
                condition=Q(rolls_up_to=None) | ~Q(rolls_up_to=F("pk")),
                name="evaluation_indicator_rolls_up_to_another",
            ),
            models.CheckConstraint(
                condition=Q(is_excluded=False) | ~Q(exclusion_reason=""),
                name="evaluation_indicator_excluded_with_reason",
                violation_error_message=_("Say why it is left out."),
            ),
        ]

    def __str__(self) -> str:
        return self.definition.title

    @property
    def version(self) -> int:
        """How often it was saved: what a page was made from; one query."""
        number: int = self.history.count()
        return number


class Period(models.Model):
    """A span of time for which is reported, for all indicators of its frequency.

    Without an end it is open. It locks `lock_after_days` after its end, or when somebody locks
    it; `LockException` opens it for a while.
    """

    framework = models.ForeignKey(
        Framework, models.CASCADE, related_name="periods", verbose_name=_("framework")
    )
    frequency = models.CharField(_("frequency"), max_length=9, choices=Frequency)
    starts_on = models.DateField(_("start"))
    ends_on = models.DateField(_("end"), null=True, blank=True)
    label = models.CharField(_("name"), max_length=60, blank=True)
    locked_at = models.DateTimeField(_("locked"), null=True, blank=True, editable=False)

    history = HistoricalRecords()

    class Meta:
        ordering = ["framework", "frequency", "starts_on"]
        verbose_name = _("period")
        verbose_name_plural = _("periods")
        constraints = [
            choice_known("evaluation_period", "frequency", Frequency),
            models.UniqueConstraint(
                fields=["framework", "frequency", "starts_on"], name="evaluation_period_start_once"
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="evaluation_period_ends_after_start",
                violation_error_message=_("The end must not be before the start."),
            ),
        ]

    def __str__(self) -> str:
        """Return its name, or else its days in the reader's language."""
        if self.label:
            return self.label
        days = (self.starts_on, self.ends_on)
        first, last = (format_partial_date(day, Precision.DAY) for day in days)
        return f"{first} – {last or '…'}"

    @property
    def plain_name(self) -> str:
        """Its name, or else its days as ISO 8601: what files, programs and records are told."""
        return self.label or f"{self.starts_on} – {self.ends_on or '…'}"

    @property
    def is_over(self) -> bool:
        return self.ends_on is not None and self.ends_on < today()


class LockException(models.Model):
    """Leave to report on a locked period until a moment, for one indicator or for all."""

    period = models.ForeignKey(
        Period, models.CASCADE, related_name="exceptions", verbose_name=_("period")
    )
    indicator = models.ForeignKey(
        Indicator,
        models.CASCADE,
        related_name="exceptions",
        null=True,
        blank=True,
        verbose_name=_("indicator"),
    )
    until = models.DateTimeField(_("until"))
    reason = models.CharField(_("reason"), max_length=500)
    by = models.ForeignKey(
        "accounts.Member",
        models.PROTECT,
        related_name="lock_exceptions",
        verbose_name=_("given by"),
    )
    at = models.DateTimeField(_("given"), db_default=Now(), editable=False)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("exception from a lock")
        verbose_name_plural = _("exceptions from locks")
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""), name="evaluation_lockexception_with_reason"
            )
        ]

    def __str__(self) -> str:
        return f"{self.period}: {self.reason}"


class Target(models.Model):
    """What is to be reached in a period; without a period, in the framework's life (rule 9)."""

    indicator = models.ForeignKey(
        Indicator, models.CASCADE, related_name="targets", verbose_name=_("indicator")
    )
    period = models.ForeignKey(
        Period,
        models.CASCADE,
        related_name="targets",
        null=True,
        blank=True,
        verbose_name=_("period"),
    )
    value = number_field(_("target"))
    numerator = number_field(_("numerator"))
    denominator = number_field(_("denominator"))
    text = models.CharField(_("in words"), max_length=500, blank=True)

    history = HistoricalRecords()

    class Meta:
        ordering = ["indicator", "pk"]
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "period"],
                nulls_distinct=False,
                name="evaluation_target_period_once",
                violation_error_message=_("This period has a target already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.indicator}: {self.value if self.value is not None else self.text}"

    @property
    def version(self) -> int:
        """How often the target of its place was set or taken away, whichever row held it."""
        kept = Target.history.filter(indicator=self.indicator_id, period=self.period_id)
        number: int = kept.count()
        return number
