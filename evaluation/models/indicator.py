"""The indicator library: shared, versioned definitions and their dimensions."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from core.fields import WebAddressField, choice_known
from evaluation.querysets import DimensionQuerySet, IndicatorDefinitionQuerySet


class IndicatorKind(models.TextChoices):
    COUNT = "count", _("Count")
    MEASURE = "measure", _("Measure with a unit")
    RATIO = "ratio", _("Ratio of two counts")
    YES_NO = "yes-no", _("Yes or no")
    ORDINAL = "ordinal", _("Level on a scale")
    NARRATIVE = "narrative", _("Told in words")


class TimeOp(models.TextChoices):
    SUM = "sum", _("Sum of the periods")
    LAST = "last", _("Last period")
    MAX = "max", _("Largest period")
    AVERAGE = "average", _("Average of the periods")


class SpaceOp(models.TextChoices):
    SUM = "sum", _("Sum of the reporters")
    RATIO = "ratio", _("Sum of numerators over sum of denominators")
    MAX = "max", _("Largest reporter")
    AVERAGE = "average", _("Average of the reporters")
    NONE = "none", _("Not combined; listed")


class Direction(models.TextChoices):
    UP = "up", _("Higher is better")
    DOWN = "down", _("Lower is better")
    MAINTAIN = "maintain", _("Stay within a band")


class Frequency(models.TextChoices):
    MONTH = "month", _("Each month")
    QUARTER = "quarter", _("Each quarter")
    HALF_YEAR = "half-year", _("Each half-year")
    YEAR = "year", _("Each year")
    ONCE = "once", _("Once, for the whole time")


class DimensionKind(models.TextChoices):
    PARTITION = "partition", _("Parts that add up to the whole")
    OVERLAPPING = "overlapping", _("Overlapping parts, never added up")


class Dimension(models.Model):
    """One way to break a figure down, shared by all indicators: sex, age, country …"""

    Kind = DimensionKind

    code = models.SlugField(_("code"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=11, choices=DimensionKind)

    objects = DimensionQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["code"]
        verbose_name = _("dimension")
        verbose_name_plural = _("dimensions")
        constraints = [choice_known("evaluation_dimension", "kind", DimensionKind)]

    def __str__(self) -> str:
        return self.name

    @property
    def version(self) -> int:
        """How often it was saved: what a program read; one query."""
        number: int = self.history.count()
        return number


class Cell(models.Model):
    """One part of a dimension. A cross of two dimensions is a dimension of its own."""

    dimension = models.ForeignKey(
        Dimension, models.PROTECT, related_name="cells", verbose_name=_("dimension")
    )
    code = models.SlugField(_("code"), max_length=60)
    name = models.CharField(_("name"), max_length=120)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        ordering = ["dimension", "position", "pk"]
        verbose_name = _("part of a dimension")
        verbose_name_plural = _("parts of dimensions")
        constraints = [
            models.UniqueConstraint(fields=["dimension", "code"], name="evaluation_cell_code_once")
        ]

    def __str__(self) -> str:
        return self.name


class CellMapping(models.Model):
    """Which part of another dimension a part rolls up into; what has none is listed (rule 6)."""

    source = models.ForeignKey(
        Cell, models.CASCADE, related_name="mapped_to", verbose_name=_("part")
    )
    target = models.ForeignKey(
        Cell, models.CASCADE, related_name="mapped_from", verbose_name=_("rolls up into")
    )

    class Meta:
        verbose_name = _("mapping of parts")
        verbose_name_plural = _("mappings of parts")
        constraints = [
            models.UniqueConstraint(
                fields=["source", "target"], name="evaluation_cellmapping_once"
            ),
            models.CheckConstraint(
                condition=~Q(source=F("target")), name="evaluation_cellmapping_to_another"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} → {self.target}"


class IndicatorDefinition(models.Model):
    """An indicator of the library: its name in addresses; what it says is in its versions.

    `hub` owns it, or the community where none is named.
    """

    code = models.SlugField(_("code"), max_length=80, unique=True)
    hub = models.ForeignKey(
        "hubs.Hub",
        models.PROTECT,
        related_name="indicator_definitions",
        null=True,
        blank=True,
        verbose_name=_("hub that keeps it"),
    )
    current = models.ForeignKey(
        "evaluation.DefinitionVersion",
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("newest version"),
    )
    is_retired = models.BooleanField(_("not for new use"), default=False)
    is_starter = models.BooleanField(_("starter content"), default=False, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    objects = IndicatorDefinitionQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["code"]
        verbose_name = _("indicator of the library")
        verbose_name_plural = _("indicator library")

    def __str__(self) -> str:
        return self.current.title if self.current else self.code

    def get_absolute_url(self) -> str:
        return reverse("evaluation:indicator_detail", args=[self.code])


class DefinitionVersion(models.Model):
    """What an indicator means and how its figures are combined, in one version; never changed.

    Indicators of frameworks name a version. A newer one is taken over by an act of their own,
    so that no figure changes its meaning unseen.
    """

    Kind = IndicatorKind
    TimeOp = TimeOp
    SpaceOp = SpaceOp
    Direction = Direction

    definition = models.ForeignKey(
        IndicatorDefinition, models.PROTECT, related_name="versions", verbose_name=_("indicator")
    )
    number = models.PositiveIntegerField(_("version"), default=1, editable=False)
    title = models.CharField(_("title"), max_length=200)
    meaning = models.TextField(_("what it means"), max_length=2_000, blank=True)
    kind = models.CharField(_("kind"), max_length=9, choices=IndicatorKind)
    unit = models.CharField(_("unit"), max_length=60, blank=True)
    numerator_label = models.CharField(_("numerator"), max_length=200, blank=True)
    denominator_label = models.CharField(_("denominator"), max_length=200, blank=True)
    factor = models.PositiveIntegerField(
        _("factor"), default=1, help_text=_("100 for per cent, 1000 for per mille.")
    )
    scale = models.JSONField(_("levels of the scale, lowest first"), default=list, blank=True)
    time_op = models.CharField(
        _("how periods combine"), max_length=7, choices=TimeOp, default=TimeOp.SUM
    )
    space_op = models.CharField(
        _("how reporters combine"), max_length=7, choices=SpaceOp, default=SpaceOp.SUM
    )
    accumulates = models.BooleanField(_("entered as running totals"), default=False)
    direction = models.CharField(
        _("direction"), max_length=8, choices=Direction, default=Direction.UP
    )
    band_low = models.DecimalField(
        _("lowest of the band"), max_digits=24, decimal_places=6, null=True, blank=True
    )
    band_high = models.DecimalField(
        _("highest of the band"), max_digits=24, decimal_places=6, null=True, blank=True
    )
    distinct_people = models.BooleanField(_("counts people"), default=False)
    decimals = models.PositiveSmallIntegerField(_("decimals"), default=0)
    allow_negative = models.BooleanField(_("may be negative"), default=False)
    minimum = models.DecimalField(
        _("lowest plausible"), max_digits=24, decimal_places=6, null=True, blank=True
    )
    maximum = models.DecimalField(
        _("highest plausible"), max_digits=24, decimal_places=6, null=True, blank=True
    )
    dimensions = models.ManyToManyField(
        Dimension, related_name="definitions", blank=True, verbose_name=_("dimensions")
    )
    verification = models.TextField(_("means of verification"), max_length=2_000, blank=True)
    collection = models.TextField(_("how it is collected"), max_length=2_000, blank=True)
    frequency = models.CharField(
        _("frequency"), max_length=9, choices=Frequency, default=Frequency.YEAR
    )
    users = models.TextField(_("who uses it, and for what"), max_length=2_000, blank=True)
    limits = models.TextField(_("known limits"), max_length=2_000, blank=True)
    reference_vocabulary = models.CharField(_("vocabulary"), max_length=60, blank=True)
    reference_code = models.CharField(_("code in it"), max_length=60, blank=True)
    reference_url = WebAddressField(_("address"), max_length=300, blank=True)
    change_note = models.CharField(_("what changed"), max_length=500, blank=True)
    made_by = models.ForeignKey(
        "accounts.Member",
        models.PROTECT,
        related_name="definition_versions",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("made by"),
    )
    made_at = models.DateTimeField(_("made"), db_default=Now(), editable=False)

    class Meta:
        ordering = ["definition", "-number"]
        verbose_name = _("version of an indicator")
        verbose_name_plural = _("versions of indicators")
        constraints = [
            choice_known("evaluation_definitionversion", "kind", IndicatorKind),
            choice_known("evaluation_definitionversion", "time_op", TimeOp),
            choice_known("evaluation_definitionversion", "space_op", SpaceOp),
            choice_known("evaluation_definitionversion", "direction", Direction),
            choice_known("evaluation_definitionversion", "frequency", Frequency),
            models.UniqueConstraint(
                fields=["definition", "number"], name="evaluation_definitionversion_once"
            ),
            models.CheckConstraint(
                condition=Q(factor__gte=1), name="evaluation_definitionversion_factor_positive"
            ),
            models.CheckConstraint(
                condition=Q(decimals__lte=6), name="evaluation_definitionversion_decimals_few"
            ),
            models.CheckConstraint(
                condition=~Q(kind="ratio") | Q(space_op__in=["ratio", "none"]),
                name="evaluation_definitionversion_ratio_not_summed",
                violation_error_message=_("Ratios are combined as ratios, or not at all."),
            ),
            models.CheckConstraint(
                condition=~Q(kind="narrative") | Q(space_op="none"),
                name="evaluation_definitionversion_words_not_summed",
                violation_error_message=_("Words are not combined."),
            ),
            models.CheckConstraint(
                condition=~Q(kind="ordinal") | ~Q(space_op__in=["sum", "ratio"]),
                name="evaluation_definitionversion_levels_not_summed",
                violation_error_message=_("Levels of a scale are not added up."),
            ),
            models.CheckConstraint(
                condition=Q(band_low=None) | Q(band_high=None) | Q(band_high__gte=F("band_low")),
                name="evaluation_definitionversion_band_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} (v{self.number})"
