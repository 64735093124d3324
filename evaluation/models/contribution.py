"""What parties put into an exchange, in kind and in money, and how the former is valued."""

from __future__ import annotations

from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from core import codes
from core.fields import WebAddressField, choice_known
from evaluation.models.exchange import Exchange, Party

NOT_NEGATIVE = [MinValueValidator(Decimal(0))]


class ContributionKind(models.TextChoices):
    """What was given; all but money and other things are counted in a unit of their own."""

    EXPERT_DAYS = "expert-days", _("Expert days")
    SEATS = "seats", _("Seats")
    SCHOLARSHIPS = "scholarships", _("Scholarships")
    TRAVEL = "travel", _("Journeys")
    VENUE = "venue", _("Days of a venue")
    OTHER = "other", _("Other things")
    MONEY = "money", _("Money")


class MoneyStage(models.TextChoices):
    PLEDGED = "pledged", _("Pledged")
    COMMITTED = "committed", _("Committed")
    SPENT = "spent", _("Spent")


class ValuationMethod(models.Model):
    """One version of a rule by which a unit in kind is valued in money; never changed.

    A changed rate is a new version with the same code; contributions name the version by
    which they were valued, so that every amount can be computed again.
    """

    code = models.SlugField(_("code"), max_length=60)
    number = models.PositiveIntegerField(_("version"), default=1, editable=False)
    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("what it values"), max_length=12, choices=ContributionKind)
    rate = models.DecimalField(
        _("money per unit"), max_digits=18, decimal_places=4, validators=NOT_NEGATIVE
    )
    currency = models.CharField(_("currency"), max_length=3)
    basis = models.TextField(_("where the rate is from"), max_length=1_000)
    source_url = WebAddressField(_("address of the source"), max_length=300, blank=True)
    created_by = models.ForeignKey(
        "accounts.Member",
        models.PROTECT,
        related_name="valuation_methods",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("recorded by"),
    )
    created_at = models.DateTimeField(_("recorded"), db_default=Now(), editable=False)

    class Meta:
        ordering = ["code", "-number"]
        verbose_name = _("valuation method")
        verbose_name_plural = _("valuation methods")
        constraints = [
            choice_known("evaluation_valuationmethod", "kind", ContributionKind),
            models.UniqueConstraint(
                fields=["code", "number"], name="evaluation_valuationmethod_version_once"
            ),
            models.CheckConstraint(
                condition=~Q(kind="money"), name="evaluation_valuationmethod_in_kind"
            ),
            models.CheckConstraint(
                condition=Q(rate__gte=0), name="evaluation_valuationmethod_rate_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(currency__in=codes.CURRENCIES),
                name="evaluation_valuationmethod_currency_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} (v{self.number})"


class Contribution(models.Model):
    """What one party put in: a quantity in kind, or an amount of money.

    In kind the quantity always stands; money follows only from `valuation`, and what is not
    valued is never 0 (evaluation rule 10). Amounts of different currencies are never added.
    """

    Kind = ContributionKind

    exchange = models.ForeignKey(
        Exchange, models.CASCADE, related_name="contributions", verbose_name=_("exchange")
    )
    party = models.ForeignKey(
        Party, models.PROTECT, related_name="contributions", verbose_name=_("party")
    )
    kind = models.CharField(_("what"), max_length=12, choices=ContributionKind)
    stage = models.CharField(_("stage"), max_length=9, choices=MoneyStage, blank=True)
    quantity = models.DecimalField(
        _("quantity"),
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        validators=NOT_NEGATIVE,
    )
    valuation = models.ForeignKey(
        ValuationMethod,
        models.PROTECT,
        related_name="contributions",
        null=True,
        blank=True,
        verbose_name=_("valued by"),
    )
    amount = models.DecimalField(
        _("amount"),
        max_digits=18,
        decimal_places=2,
        null=True,
        blank=True,
        validators=NOT_NEGATIVE,
    )
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    dated_on = models.DateField(_("date"), null=True, blank=True)
    note = models.CharField(_("what exactly"), max_length=500, blank=True)

    history = HistoricalRecords()

    class Meta:
        ordering = ["exchange", "kind", "pk"]
        verbose_name = _("contribution")
        verbose_name_plural = _("contributions")
        constraints = [
            choice_known("evaluation_contribution", "kind", ContributionKind),
            models.CheckConstraint(
                condition=Q(stage__in=["", *MoneyStage.values]),
                name="evaluation_contribution_stage_known",
            ),
            models.CheckConstraint(
                condition=Q(currency__in=["", *codes.CURRENCIES]),
                name="evaluation_contribution_currency_known",
            ),
            models.CheckConstraint(
                condition=Q(kind="money", amount__isnull=False, quantity=None, valuation=None)
                & ~Q(currency="")
                | ~Q(kind="money") & Q(quantity__isnull=False, amount=None, currency=""),
                name="evaluation_contribution_money_or_kind",
                violation_error_message=_(
                    "Money needs an amount and a currency; everything else needs a quantity."
                ),
            ),
            models.CheckConstraint(
                condition=Q(quantity=None) | Q(quantity__gte=0),
                name="evaluation_contribution_quantity_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(amount=None) | Q(amount__gte=0),
                name="evaluation_contribution_amount_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.party}: {self.get_kind_display()}"
