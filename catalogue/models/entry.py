"""A packaged experience: what was tried, what came of it, what it takes."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from catalogue.codelists import (
    SDGS,
    CostBand,
    EntrySize,
    Instrument,
    expertise_choices,
    instrument_choices,
    sdg_choices,
)
from catalogue.models.tag import MOST_TAGS
from catalogue.models.translation import Told
from catalogue.querysets import EntryQuerySet
from core import codes
from core.fields import CodeArrayField, choice_known, codes_known
from hubs.models.dimensions import ExpertiseKind


class EntryState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    ARCHIVED = "archived", _("Archived")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Entry(models.Model):
    """An experience that a hub offers to others, as it was last published.

    What readers see is in these columns and in the parts; `EntryVersion` keeps each published
    text for good. `editorial_fields` names the columns that are this project's own coding and
    no claim of the sources.
    """

    State = EntryState

    hub = models.ForeignKey(
        "hubs.Hub", models.PROTECT, related_name="entries", verbose_name=_("hub")
    )
    title = models.CharField(_("title"), max_length=200)
    slug = models.SlugField(max_length=100, unique=True)
    language = models.CharField(_("language"), max_length=7, default="en")
    summary = models.TextField(_("summary"), max_length=600)
    countries = CodeArrayField(codes.country_choices, verbose_name=_("countries"))
    provider_countries = CodeArrayField(
        codes.country_choices, verbose_name=_("countries that shared it")
    )
    size = models.CharField(
        _("size"), max_length=8, choices=EntrySize, default=EntrySize.SNAPSHOT, editable=False
    )
    sectors = CodeArrayField(codes.sector_choices, verbose_name=_("sectors"))
    sdgs = CodeArrayField(sdg_choices, verbose_name=_("Sustainable Development Goals"))
    instruments = CodeArrayField(
        instrument_choices,
        base_field=models.CharField(max_length=30),
        verbose_name=_("instruments"),
    )
    expertise = CodeArrayField(
        expertise_choices,
        base_field=models.CharField(max_length=13),
        verbose_name=_("sources of expertise"),
    )
    working_languages = CodeArrayField(
        codes.language_choices, verbose_name=_("languages of the exchange")
    )
    # Names in addresses of `Tag`; the database knows them (migration 0021).
    tags = ArrayField(
        models.CharField(max_length=60),
        default=list,
        db_default=[],
        blank=True,
        verbose_name=_("tags"),
        help_text=_("Separate them by commas. Choose words that others use, where there are any."),
    )
    year_from = models.PositiveSmallIntegerField(
        _("from year"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1900), MaxValueValidator(2100)],
    )
    year_to = models.PositiveSmallIntegerField(
        _("to year"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1900), MaxValueValidator(2100)],
    )
    cost_band = models.CharField(_("cost"), max_length=9, choices=CostBand, blank=True)
    cost_text = models.TextField(_("what it cost"), max_length=2_000, blank=True)
    challenge = models.TextField(_("the challenge"), max_length=10_000, blank=True)
    what_was_done = models.TextField(_("what was done"), max_length=20_000, blank=True)
    enabling = models.TextField(_("what helped"), max_length=5_000, blank=True)
    hindering = models.TextField(_("what hindered"), max_length=5_000, blank=True)
    what_did_not_work = models.TextField(_("what did not work"), max_length=5_000, blank=True)
    lessons = models.TextField(_("lessons"), max_length=20_000, blank=True)
    how_to_adapt = models.TextField(_("how to adapt it"), max_length=10_000, blank=True)
    contacts = models.TextField(_("contacts"), max_length=2_000, blank=True)
    note = models.TextField(_("note"), max_length=2_000, blank=True)
    is_contested = models.BooleanField(_("contested"), default=False)
    contested_statement = models.TextField(_("what is contested"), max_length=5_000, blank=True)
    sources = models.ManyToManyField(
        "hubs.Source", related_name="entries", blank=True, verbose_name=_("sources")
    )
    editorial_fields = ArrayField(
        models.CharField(max_length=30), default=list, blank=True, editable=False
    )
    state = models.CharField(
        _("state"), max_length=9, choices=EntryState, default=EntryState.DRAFT, editable=False
    )
    withdrawn_reason = models.TextField(
        _("why it was withdrawn"), max_length=2_000, blank=True, editable=False
    )
    latest_version = models.PositiveIntegerField(_("version"), default=0, editable=False)
    published_at = models.DateTimeField(_("published"), null=True, blank=True, editable=False)
    # Confirmed adoptions that everybody may see; the database keeps it (migration 0011).
    adoption_count = models.PositiveIntegerField(
        _("confirmed adoptions"), default=0, db_default=0, editable=False
    )
    is_starter = models.BooleanField(_("starter content"), default=False, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    objects = EntryQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["adoption_count"])

    class Meta:
        ordering = ["slug"]
        verbose_name = _("entry")
        verbose_name_plural = _("entries")
        indexes = [
            GinIndex(fields=["countries"], name="catalogue_entry_countries"),
            GinIndex(fields=["sectors"], name="catalogue_entry_sectors"),
            GinIndex(fields=["tags"], name="catalogue_entry_tags"),
            models.Index(fields=["updated_at", "id"], name="catalogue_entry_updated"),
            models.Index(fields=["-published_at", "id"], name="catalogue_entry_published"),
            models.Index(fields=["adoption_count", "id"], name="catalogue_entry_adopted"),
        ]
        constraints = [
            choice_known("catalogue_entry", "state", EntryState),
            choice_known("catalogue_entry", "size", EntrySize),
            models.CheckConstraint(
                condition=Q(cost_band__in=["", *CostBand.values]),
                name="catalogue_entry_cost_band_known",
                violation_error_message=_("Choose one of the values offered."),
            ),
            models.CheckConstraint(
                condition=~Q(state=EntryState.WITHDRAWN) | ~Q(withdrawn_reason=""),
                name="catalogue_entry_withdrawn_with_reason",
            ),
            codes_known("catalogue_entry", "expertise", ExpertiseKind.values),
            codes_known("catalogue_entry", "countries", codes.COUNTRIES),
            codes_known("catalogue_entry", "provider_countries", codes.COUNTRIES),
            codes_known("catalogue_entry", "sectors", codes.SECTORS),
            codes_known("catalogue_entry", "sdgs", SDGS),
            codes_known("catalogue_entry", "instruments", Instrument.values),
            codes_known("catalogue_entry", "working_languages", codes.LANGUAGES),
            models.CheckConstraint(
                condition=Q(tags__len__lte=MOST_TAGS),
                name="catalogue_entry_tags_few",
                violation_error_message=_("An entry has at most ten tags."),
            ),
            models.CheckConstraint(
                condition=Q(language__in=codes.LANGUAGES),
                name="catalogue_entry_language_known",
                violation_error_message=_("Choose a language from the list."),
            ),
            models.CheckConstraint(
                condition=Q(year_from=None) | Q(year_to=None) | Q(year_to__gte=F("year_from")),
                name="catalogue_entry_years_in_order",
                violation_error_message=_("The last year cannot be before the first."),
            ),
            models.CheckConstraint(
                condition=Q(state=EntryState.DRAFT)
                | Q(latest_version__gte=1, published_at__isnull=False),
                name="catalogue_entry_published_has_version",
            ),
            models.CheckConstraint(
                condition=Q(is_contested=False) | ~Q(contested_statement=""),
                name="catalogue_entry_contested_with_statement",
                violation_error_message=_("Say what is contested, and by whom."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("catalogue:entry_detail", args=[self.slug])

    @cached_property
    def told(self) -> Told:
        """What a list says of it, in the language that `EntryQuerySet.told_in` asked for."""
        return Told.of(self, getattr(self, "translated", None))

    def is_editorial(self, name: str) -> bool:
        """Return whether a column is this project's coding and no claim of the sources."""
        return name in self.editorial_fields
