"""The hub itself: who it is, and whether its page has been verified."""

import datetime

from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from core import codes
from core.dates import today
from core.fields import CodeArrayField, WebAddressField, choice_known, codes_known
from hubs.querysets import HubQuerySet


class HubLevel(models.TextChoices):
    NATIONAL = "national", _("National")
    SECTOR = "sector", _("Sector")
    SUB_NATIONAL = "sub-national", _("Sub-national")
    REGIONAL = "regional", _("Regional")
    GLOBAL = "global", _("Global")


class HubStatus(models.TextChoices):
    ACTIVE = "active", _("Active")
    DISSOLVED = "dissolved", _("Dissolved")
    MERGED = "merged", _("Merged")
    PLANNED = "planned", _("Planned")


class Hub(models.Model):
    """An institution or network through which a country or sector shares and learns.

    Everything said about a hub is a dated and sourced fact in a row of its own; the columns
    here are what names and finds it, and `Statement` rows carry their sources. Editors of
    the hub change it through `hubs.services`; verification is the moderators'.
    """

    Level = HubLevel
    Status = HubStatus

    name = models.CharField(_("name"), max_length=200)
    acronym = models.CharField(_("acronym"), max_length=40, blank=True)
    native_name = models.CharField(_("name in its own language"), max_length=200, blank=True)
    native_language = models.CharField(_("language of that name"), max_length=7, blank=True)
    slug = models.SlugField(max_length=80, unique=True)
    countries = CodeArrayField(codes.country_choices, verbose_name=_("countries"))
    level = models.CharField(_("level"), max_length=12, choices=HubLevel)
    sectors = CodeArrayField(codes.sector_choices, verbose_name=_("sectors"))
    languages = CodeArrayField(codes.language_choices, verbose_name=_("working languages"))
    website = WebAddressField(_("website"), max_length=300, blank=True)
    logo = models.ImageField(_("logo"), upload_to="logos/", blank=True)
    founded_year = models.PositiveSmallIntegerField(
        _("founded in"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1500), MaxValueValidator(2100)],
    )
    status = models.CharField(
        _("status"), max_length=9, choices=HubStatus, default=HubStatus.ACTIVE
    )
    successor = models.ForeignKey(
        "self",
        models.PROTECT,
        related_name="predecessors",
        null=True,
        blank=True,
        verbose_name=_("successor"),
    )
    summary = models.TextField(_("summary"), max_length=2_000, blank=True)
    iati_identifier = models.CharField(
        _("IATI organisation identifier"),
        max_length=60,
        blank=True,
        validators=[
            RegexValidator(
                r"^[A-Z]{2,}-[A-Z0-9]+-[^\s/&|?]+$|^[0-9]{5}$",
                _("Write it as registered, for example “XM-DAC-41114”."),
            )
        ],
    )
    is_published = models.BooleanField(_("published"), default=False)
    is_starter = models.BooleanField(
        _("starter content"), default=False, editable=False
    )  # as the portal brought it; nobody has edited it
    verified_on = models.DateField(_("verified on"), null=True, blank=True, editable=False)
    verified_by = models.ForeignKey(
        "accounts.Member",
        models.PROTECT,
        related_name="verified_hubs",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("verified by"),
    )
    review_due = models.DateField(_("review due"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    objects = HubQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["slug"]
        verbose_name = _("hub")
        verbose_name_plural = _("hubs")
        indexes = [
            GinIndex(fields=["countries"], name="hubs_hub_countries"),
            GinIndex(fields=["sectors"], name="hubs_hub_sectors"),
            models.Index(fields=["updated_at", "id"], name="hubs_hub_updated"),
        ]
        constraints = [
            choice_known("hubs_hub", "level", HubLevel),
            choice_known("hubs_hub", "status", HubStatus),
            codes_known("hubs_hub", "countries", codes.COUNTRIES),
            codes_known("hubs_hub", "sectors", codes.SECTORS),
            codes_known("hubs_hub", "languages", codes.LANGUAGES),
            models.CheckConstraint(
                condition=Q(founded_year=None) | Q(founded_year__range=(1500, 2100)),
                name="hubs_hub_founded_year_plausible",
                violation_error_message=_("The year of foundation must be from 1500 to 2100."),
            ),
            models.CheckConstraint(
                condition=Q(successor=None) | ~Q(successor=F("pk")),
                name="hubs_hub_successor_is_another",
                violation_error_message=_("A hub cannot succeed itself."),
            ),
            models.CheckConstraint(
                condition=Q(verified_on=None) | Q(verified_by__isnull=False),
                name="hubs_hub_verified_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("hubs:hub_detail", args=[self.slug])

    @property
    def short_name(self) -> str:
        """The acronym, or the name where there is none."""
        return self.acronym or self.name

    @property
    def is_due_for_review(self) -> bool:
        return self.review_due is not None and self.review_due < today()

    def mark_verified(self, by_pk: int, *, next_review: datetime.date) -> None:
        """Set who verified the page today and when it is due again, without saving."""
        self.verified_on = today()
        self.verified_by_id = by_pk
        self.review_due = next_review
