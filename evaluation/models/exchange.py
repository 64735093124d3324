"""Exchanges: pieces of cooperation between parties, and what each step of them was."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from catalogue.codelists import SDGS, Instrument, instrument_choices, sdg_choices
from core import codes
from core.dates import Precision, format_partial_date
from core.fields import CodeArrayField, choice_known, codes_known
from evaluation.querysets import ExchangeQuerySet, PartyQuerySet, StepQuerySet

if TYPE_CHECKING:
    from hubs.models import Hub, Organisation


class Modality(models.TextChoices):
    BILATERAL = "bilateral", _("Bilateral")
    TRIANGULAR = "triangular", _("Triangular")
    REGIONAL = "regional", _("Regional")
    MULTILATERAL = "multilateral", _("Multilateral")


class ExchangeStatus(models.TextChoices):
    PLANNED = "planned", _("Planned")
    AGREED = "agreed", _("Agreed")
    UNDER_WAY = "under-way", _("Under way")
    COMPLETED = "completed", _("Completed")
    CANCELLED = "cancelled", _("Cancelled")
    UNKNOWN = "unknown", _("Not stated")


class Confidentiality(models.TextChoices):
    PUBLIC = "public", _("Everybody")
    PARTIES = "parties", _("The parties' hubs only; counted, never named, elsewhere")


class PartySide(models.TextChoices):
    PROVIDER = "provider", _("Provider")
    SEEKER = "seeker", _("Seeker")
    FACILITATOR = "facilitator", _("Facilitator")
    FUNDER = "funder", _("Funder")


CONFIRMING_SIDES = (PartySide.PROVIDER, PartySide.SEEKER)


class Exchange(models.Model):
    """A piece of cooperation between parties, written by one hub and confirmed by each side.

    Life cycle: planned -> agreed -> under way -> completed, and cancelled from each but
    completed. Change it through `evaluation.services` only. `is_confirmed` follows the
    confirmations: every provider and seeker confirmed every shared fact, or agreed to differ.
    """

    Status = ExchangeStatus
    Modality = Modality

    NEXT = {
        ExchangeStatus.PLANNED: {
            ExchangeStatus.AGREED,
            ExchangeStatus.UNDER_WAY,
            ExchangeStatus.CANCELLED,
        },
        ExchangeStatus.AGREED: {ExchangeStatus.UNDER_WAY, ExchangeStatus.CANCELLED},
        ExchangeStatus.UNDER_WAY: {ExchangeStatus.COMPLETED, ExchangeStatus.CANCELLED},
        ExchangeStatus.COMPLETED: {ExchangeStatus.UNDER_WAY},
        ExchangeStatus.CANCELLED: {ExchangeStatus.PLANNED},
        # Of one that was gathered from sources: whoever knows says it.
        ExchangeStatus.UNKNOWN: {
            ExchangeStatus.UNDER_WAY,
            ExchangeStatus.COMPLETED,
            ExchangeStatus.CANCELLED,
        },
    }

    hub = models.ForeignKey(
        "hubs.Hub", models.PROTECT, related_name="exchanges", verbose_name=_("hub that tells it")
    )
    title = models.CharField(_("title"), max_length=200)
    slug = models.SlugField(max_length=100, unique=True, editable=False)
    summary = models.TextField(_("summary"), max_length=2_000, blank=True)
    language = models.CharField(_("language"), max_length=7, default="en")
    modality = models.CharField(_("modality"), max_length=12, choices=Modality)
    instruments = CodeArrayField(
        instrument_choices,
        base_field=models.CharField(max_length=30),
        verbose_name=_("instruments"),
    )
    sectors = CodeArrayField(codes.sector_choices, verbose_name=_("sectors"))
    sdgs = CodeArrayField(sdg_choices, verbose_name=_("goals"))
    status = models.CharField(
        _("status"), max_length=9, choices=ExchangeStatus, default=ExchangeStatus.PLANNED
    )
    starts_on = models.DateField(_("start"), null=True, blank=True)
    starts_on_precision = models.CharField(
        max_length=5, choices=Precision, default=Precision.DAY, editable=False
    )
    ends_on = models.DateField(_("end"), null=True, blank=True)
    ends_on_precision = models.CharField(
        max_length=5, choices=Precision, default=Precision.DAY, editable=False
    )
    cancel_reason = models.CharField(_("why it was cancelled"), max_length=500, blank=True)
    confidentiality = models.CharField(
        _("who may see it"),
        max_length=7,
        choices=Confidentiality,
        default=Confidentiality.PUBLIC,
    )
    entries = models.ManyToManyField(
        "catalogue.Entry", related_name="exchanges", blank=True, verbose_name=_("experiences")
    )
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
        "hubs.Source", related_name="exchanges", blank=True, verbose_name=_("sources")
    )
    is_published = models.BooleanField(_("published"), default=False, editable=False)
    is_confirmed = models.BooleanField(_("confirmed by both sides"), default=False, editable=False)
    is_starter = models.BooleanField(_("starter content"), default=False, editable=False)
    created_by = models.ForeignKey(
        "accounts.Member",
        models.PROTECT,
        related_name="exchanges_begun",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("begun by"),
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    objects = ExchangeQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["-starts_on", "-pk"]
        verbose_name = _("exchange")
        verbose_name_plural = _("exchanges")
        indexes = [
            models.Index(fields=["updated_at", "id"], name="evaluation_exchange_updated"),
            models.Index(fields=["hub", "status"], name="evaluation_exchange_hub_status"),
            GinIndex(fields=["sectors"], name="evaluation_exchange_sectors"),
        ]
        constraints = [
            choice_known("evaluation_exchange", "modality", Modality),
            choice_known("evaluation_exchange", "status", ExchangeStatus),
            choice_known("evaluation_exchange", "starts_on_precision", Precision),
            choice_known("evaluation_exchange", "ends_on_precision", Precision),
            choice_known("evaluation_exchange", "confidentiality", Confidentiality),
            codes_known("evaluation_exchange", "instruments", Instrument.values),
            codes_known("evaluation_exchange", "sectors", codes.SECTORS),
            codes_known("evaluation_exchange", "sdgs", SDGS),
            models.CheckConstraint(
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="evaluation_exchange_ends_after_start",
                violation_error_message=_("The end must not be before the start."),
            ),
            models.CheckConstraint(
                condition=~Q(status="cancelled") | ~Q(cancel_reason=""),
                name="evaluation_exchange_cancelled_with_reason",
                violation_error_message=_("Say why it was cancelled."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("evaluation:exchange_detail", args=[self.slug])

    @property
    def is_public(self) -> bool:
        """Whether everybody may see it."""
        return self.is_published and self.confidentiality == Confidentiality.PUBLIC

    @property
    def starts_text(self) -> str:
        return format_partial_date(self.starts_on, self.starts_on_precision)

    @property
    def ends_text(self) -> str:
        return format_partial_date(self.ends_on, self.ends_on_precision)


class Party(models.Model):
    """A hub's, an organisation's or a country's part in one exchange.

    A party of a country alone is an institution that the source does not name. The same body
    may stand on several sides, once on each.
    """

    Side = PartySide

    exchange = models.ForeignKey(
        Exchange, models.CASCADE, related_name="parties", verbose_name=_("exchange")
    )
    side = models.CharField(_("side"), max_length=11, choices=PartySide)
    hub = models.ForeignKey(
        "hubs.Hub",
        models.PROTECT,
        related_name="parts",
        null=True,
        blank=True,
        verbose_name=_("hub"),
    )
    organisation = models.ForeignKey(
        "hubs.Organisation",
        models.PROTECT,
        related_name="parts",
        null=True,
        blank=True,
        verbose_name=_("organisation"),
    )
    country = models.CharField(_("country"), max_length=2, blank=True)
    note = models.CharField(_("part played"), max_length=300, blank=True)

    objects = PartyQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["exchange", "side", "pk"]
        verbose_name = _("party")
        verbose_name_plural = _("parties")
        constraints = [
            choice_known("evaluation_party", "side", PartySide),
            models.CheckConstraint(
                condition=Q(country__in=["", *codes.COUNTRIES]),
                name="evaluation_party_country_known",
                violation_error_message=_("Choose a country from the list."),
            ),
            models.CheckConstraint(
                condition=Q(hub__isnull=False, organisation=None)
                | Q(hub=None, organisation__isnull=False)
                | Q(hub=None, organisation=None) & ~Q(country=""),
                name="evaluation_party_is_one_body",
                violation_error_message=_("Choose one hub, or one organisation, or a country."),
            ),
            models.UniqueConstraint(
                fields=["exchange", "side", "hub", "organisation", "country"],
                nulls_distinct=False,
                name="evaluation_party_side_once",
                violation_error_message=_("This party stands on this side already."),
            ),
        ]

    def __str__(self) -> str:
        if self.body is not None:
            return str(self.body)
        return codes.country_name(self.country)

    @property
    def body(self) -> Hub | Organisation | None:
        """The hub or organisation; None where only its country is known."""
        return self.hub or self.organisation

    @property
    def countries(self) -> set[str]:
        """Its own country, its organisation's and its hub's, as `party_in` finds it by."""
        found = {self.country}
        if self.organisation is not None:
            found.add(self.organisation.country)
        if self.hub is not None:
            found.update(self.hub.countries)
        return found - {""}


class Step(models.Model):
    """One activity of an exchange: what was done, when, where."""

    exchange = models.ForeignKey(
        Exchange, models.CASCADE, related_name="steps", verbose_name=_("exchange")
    )
    title = models.CharField(_("what was done"), max_length=200)
    instrument = models.CharField(_("instrument"), max_length=30, choices=Instrument, blank=True)
    starts_on = models.DateField(_("start"), null=True, blank=True)
    starts_on_precision = models.CharField(
        max_length=5, choices=Precision, default=Precision.DAY, editable=False
    )
    ends_on = models.DateField(_("end"), null=True, blank=True)
    ends_on_precision = models.CharField(
        max_length=5, choices=Precision, default=Precision.DAY, editable=False
    )
    country = models.CharField(_("country"), max_length=2, blank=True)
    place = models.CharField(_("place"), max_length=200, blank=True)
    is_online = models.BooleanField(_("online"), default=False)
    is_done = models.BooleanField(_("done"), default=False)
    note = models.TextField(_("note"), max_length=2_000, blank=True)

    objects = StepQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["exchange", "starts_on", "pk"]
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        constraints = [
            models.CheckConstraint(
                condition=Q(country__in=["", *codes.COUNTRIES]),
                name="evaluation_step_country_known",
            ),
            models.CheckConstraint(
                condition=Q(instrument__in=["", *Instrument.values]),
                name="evaluation_step_instrument_known",
            ),
            choice_known("evaluation_step", "starts_on_precision", Precision),
            choice_known("evaluation_step", "ends_on_precision", Precision),
            models.CheckConstraint(
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="evaluation_step_ends_after_start",
                violation_error_message=_("The end must not be before the start."),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Attendance(models.Model):
    """How many people of one party took part in one step; empty means not stated, never 0."""

    step = models.ForeignKey(
        Step, models.CASCADE, related_name="attendances", verbose_name=_("step")
    )
    party = models.ForeignKey(
        Party, models.CASCADE, related_name="attendances", verbose_name=_("party")
    )
    women = models.PositiveIntegerField(_("women"), null=True, blank=True)
    men = models.PositiveIntegerField(_("men"), null=True, blank=True)
    total = models.PositiveIntegerField(_("people in all"))

    history = HistoricalRecords()

    class Meta:
        ordering = ["step", "pk"]
        verbose_name = _("attendance")
        verbose_name_plural = _("attendances")
        constraints = [
            models.UniqueConstraint(
                fields=["step", "party"], name="evaluation_attendance_party_once"
            ),
            models.CheckConstraint(
                condition=Q(women=None) & Q(men=None)
                | Q(men=None) & Q(total__gte=F("women"))
                | Q(women=None) & Q(total__gte=F("men"))
                | Q(total__gte=F("women") + F("men")),
                name="evaluation_attendance_parts_fit",
                violation_error_message=_("Women and men are more than all people together."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.party}: {self.total}"

    @property
    def not_stated(self) -> int:
        """People of whom it is not stated whether they are women or men (rule 6)."""
        return self.total - (self.women or 0) - (self.men or 0)
