"""Figures as they were computed and published, and what each of them was made of."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from core.fields import choice_known
from evaluation.models.framework import Indicator, Period, number_field
from evaluation.models.indicator import Cell
from evaluation.models.update import Update
from evaluation.querysets import FigureQuerySet


class Series(models.TextChoices):
    APPROVED = "approved", _("Approved")
    WITH_PENDING = "with-pending", _("With what waits for approval")


class FigureStatus(models.TextChoices):
    """As the engine says it (`evaluation.figures.FigureStatus`)."""

    OK = "ok", _("Computed")
    MISSING = "missing", _("Not reported")
    NOT_AVAILABLE = "not_available", _("Not available")
    NO_DENOMINATOR = "no_denominator", _("n/a: no denominator")
    LIST = "list", _("Listed, not combined")
    NARRATIVE = "narrative", _("Told in words")
    UNSOUND = "unsound", _("Its definition cannot be computed")


class LineRole(models.TextChoices):
    """As the engine says it (`evaluation.figures.LineStatus`)."""

    COUNTED = "counted", _("Counted")
    EXCLUDED = "excluded", _("Left out")
    UNMAPPED = "unmapped", _("Without a place above")
    PENDING = "pending", _("Waits for approval")
    SUPERSEDED = "superseded", _("Superseded")
    MISSING = "missing", _("Not reported")
    NOT_LATEST = "not_latest", _("Not the latest")
    NOT_LARGEST = "not_largest", _("Not the largest")
    LISTED = "listed", _("Listed")


class Figure(models.Model):
    """The figure of an indicator for a period (None: for life) and a cell (None: the whole).

    Never changed but for `superseded_at`: a new computation that differs is a new row, so that
    each figure can be asked for as of a past moment (rule 12).
    """

    Series = Series
    Status = FigureStatus

    indicator = models.ForeignKey(
        Indicator, models.CASCADE, related_name="figures", verbose_name=_("indicator")
    )
    period = models.ForeignKey(
        Period,
        models.CASCADE,
        related_name="figures",
        null=True,
        blank=True,
        verbose_name=_("period"),
    )
    cell = models.ForeignKey(
        Cell,
        models.PROTECT,
        related_name="figures",
        null=True,
        blank=True,
        verbose_name=_("part"),
    )
    series = models.CharField(_("series"), max_length=12, choices=Series, default=Series.APPROVED)
    status = models.CharField(_("status"), max_length=14, choices=FigureStatus)
    value = number_field(_("value"))
    numerator = number_field(_("numerator"))
    denominator = number_field(_("denominator"))
    distinct_low = number_field(_("different people, at least"))
    distinct_high = number_field(_("different people, at most"))
    unknown = models.JSONField(
        _("not in any part, by dimension"), default=dict, help_text=_("code -> number as text")
    )
    reported = models.PositiveIntegerField(_("reported"), default=0)
    expected = models.PositiveIntegerField(_("expected"), default=0)
    leaf_reported = models.PositiveIntegerField(_("reports at the bottom"), default=0)
    leaf_expected = models.PositiveIntegerField(_("reports due at the bottom"), default=0)
    pending = models.PositiveIntegerField(_("waiting for approval"), default=0)
    signature = models.CharField(max_length=64, editable=False)
    computed_at = models.DateTimeField(_("computed"), db_default=Now(), editable=False)
    superseded_at = models.DateTimeField(_("superseded"), null=True, blank=True, editable=False)

    objects = FigureQuerySet.as_manager()

    class Meta:
        ordering = ["indicator", "period", "cell"]
        verbose_name = _("figure")
        verbose_name_plural = _("figures")
        indexes = [
            models.Index(
                fields=["indicator", "series", "computed_at"], name="evaluation_figure_as_of"
            )
        ]
        constraints = [
            choice_known("evaluation_figure", "series", Series),
            choice_known("evaluation_figure", "status", FigureStatus),
            models.UniqueConstraint(
                fields=["indicator", "period", "cell", "series"],
                condition=Q(superseded_at=None),
                nulls_distinct=False,
                name="evaluation_figure_current_once",
            ),
            models.CheckConstraint(
                condition=Q(superseded_at=None) | Q(superseded_at__gte=F("computed_at")),
                name="evaluation_figure_superseded_later",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator}: {self.value if self.value is not None else self.status}"


class FigureLine(models.Model):
    """One line of what a figure was made of: an update, or a child indicator's figure.

    Counted lines add up to the figure exactly (rule 11).
    """

    Role = LineRole

    figure = models.ForeignKey(
        Figure, models.CASCADE, related_name="lines", verbose_name=_("figure")
    )
    role = models.CharField(_("part played"), max_length=11, choices=LineRole)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    update = models.ForeignKey(
        Update,
        models.PROTECT,
        related_name="figure_lines",
        null=True,
        blank=True,
        verbose_name=_("update"),
    )
    child = models.ForeignKey(
        Figure,
        models.CASCADE,
        related_name="used_in",
        null=True,
        blank=True,
        verbose_name=_("figure below"),
    )
    child_indicator = models.ForeignKey(
        Indicator,
        models.CASCADE,
        related_name="used_in",
        null=True,
        blank=True,
        verbose_name=_("indicator below"),
    )
    value = number_field(_("value"))
    numerator = number_field(_("numerator"))
    denominator = number_field(_("denominator"))

    class Meta:
        ordering = ["figure", "pk"]
        verbose_name = _("line of a figure")
        verbose_name_plural = _("lines of figures")
        constraints = [choice_known("evaluation_figureline", "role", LineRole)]

    def __str__(self) -> str:
        return f"{self.get_role_display()}: {self.value}"


class Recalculation(models.Model):
    """That an indicator's figures, and all above it, have to be computed anew: an outbox row.

    Written in the transaction of the change; taken, with lock, by the worker; kept with its
    error when it failed, to be tried again.
    """

    indicator = models.ForeignKey(
        Indicator, models.CASCADE, related_name="recalculations", verbose_name=_("indicator")
    )
    requested_at = models.DateTimeField(_("asked for"), db_default=Now(), editable=False)
    due_at = models.DateTimeField(_("due"), db_default=Now(), editable=False)
    done_at = models.DateTimeField(_("done"), null=True, blank=True, editable=False)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    error = models.TextField(_("error"), blank=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("recalculation")
        verbose_name_plural = _("recalculations")
        indexes = [
            models.Index(
                fields=["id"], condition=Q(done_at=None), name="evaluation_recalculation_due"
            )
        ]

    def __str__(self) -> str:
        return f"{self.indicator}, {self.requested_at}"


class Drift(models.Model):
    """A stored figure that the nightly check computed differently (rule 11)."""

    figure = models.ForeignKey(
        Figure, models.CASCADE, related_name="drifts", verbose_name=_("figure")
    )
    stored = models.CharField(_("stored"), max_length=120)
    computed = models.CharField(_("computed"), max_length=120)
    found_at = models.DateTimeField(_("found"), db_default=Now(), editable=False)
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)
    settled_by = models.ForeignKey(
        "accounts.Member",
        models.PROTECT,
        related_name="drifts_settled",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("settled by"),
    )
    note = models.CharField(_("note"), max_length=500, blank=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("drift")
        verbose_name_plural = _("drifts")

    def __str__(self) -> str:
        return f"{self.figure}: {self.stored} → {self.computed}"
