"""The kinds of facts: the five dimensions, presences, and anything else a source states."""

from decimal import Decimal
from typing import Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core import codes
from core.fields import choice_known
from hubs.models.fact import DatedFact
from hubs.querysets import FundingStreamQuerySet


class InstitutionalModel(models.Model):
    """One way to set up a hub. Moderators may add to the twelve of the Bali debate."""

    code = models.SlugField(_("code"), max_length=60, primary_key=True)
    name = models.CharField(_("name"), max_length=120)

    class Meta:
        ordering = ["name"]
        verbose_name = _("institutional model")
        verbose_name_plural = _("institutional models")

    def __str__(self) -> str:
        return gettext(self.name)


class InstitutionalArrangement(DatedFact):
    """How the hub is set up: dimension 1."""

    model = models.ForeignKey(
        InstitutionalModel, models.PROTECT, related_name="arrangements", verbose_name=_("model")
    )
    host_institution = models.CharField(_("host institution"), max_length=300, blank=True)
    legal_basis = models.CharField(_("legal basis"), max_length=300, blank=True)
    governing_body = models.CharField(_("governing body"), max_length=300, blank=True)
    staff_number = models.PositiveIntegerField(_("staff"), null=True, blank=True)

    class Meta(DatedFact.Meta):
        verbose_name = _("institutional arrangement")
        verbose_name_plural = _("institutional arrangements")
        constraints = DatedFact.fact_constraints("hubs_arrangement")

    def __str__(self) -> str:
        return str(self.model)


class CoordinationRole(models.TextChoices):
    LEAD = "lead", _("Lead")
    CO_CHAIR = "co-chair", _("Co-chair")
    MEMBER = "member", _("Member")
    SECRETARIAT = "secretariat", _("Secretariat")
    OBSERVER = "observer", _("Observer")
    IMPLEMENTER = "implementer", _("Implementer")


class GovernmentLevel(models.TextChoices):
    CENTRAL = "central", _("Central")
    SUB_NATIONAL = "sub-national", _("Sub-national")
    REGIONAL = "regional", _("Regional")
    INTERNATIONAL = "international", _("International")


class CoordinationLink(DatedFact):
    """With whom the hub coordinates at home: dimension 2."""

    Role = CoordinationRole
    Level = GovernmentLevel

    organisation = models.ForeignKey(
        "hubs.Organisation",
        models.PROTECT,
        related_name="coordination_links",
        verbose_name=_("organisation"),
    )
    role = models.CharField(_("role"), max_length=11, choices=CoordinationRole)
    government_level = models.CharField(
        _("level of government"), max_length=13, choices=GovernmentLevel
    )
    mechanism = models.CharField(_("how"), max_length=500, blank=True)

    class Meta(DatedFact.Meta):
        verbose_name = _("coordination link")
        verbose_name_plural = _("coordination links")
        constraints = [
            *DatedFact.fact_constraints("hubs_coordination"),
            choice_known("hubs_coordination", "role", CoordinationRole),
            choice_known("hubs_coordination", "government_level", GovernmentLevel),
        ]

    def __str__(self) -> str:
        return str(self.organisation)


class ExpertiseKind(models.TextChoices):
    PUBLIC = "public", _("Public sector")
    PRIVATE = "private", _("Private sector")
    ACADEMIA = "academia", _("Academia")
    CIVIL_SOCIETY = "civil-society", _("Civil society")
    SUB_NATIONAL = "sub-national", _("Sub-national governments")


class Engagement(models.TextChoices):
    MAIN = "main", _("Main source")
    REGULAR = "regular", _("Regular source")
    EMERGING = "emerging", _("Emerging source")


class ExpertiseSource(DatedFact):
    """Where the hub's expertise comes from: dimension 3."""

    Kind = ExpertiseKind

    kind = models.CharField(_("kind"), max_length=13, choices=ExpertiseKind)
    engagement = models.CharField(
        _("engagement"),
        max_length=8,
        choices=Engagement,
        blank=True,
        help_text=_("Leave empty where no source says."),
    )
    example = models.CharField(_("example"), max_length=500, blank=True)

    class Meta(DatedFact.Meta):
        verbose_name = _("source of expertise")
        verbose_name_plural = _("sources of expertise")
        constraints = [
            *DatedFact.fact_constraints("hubs_expertise"),
            choice_known("hubs_expertise", "kind", ExpertiseKind),
            models.CheckConstraint(
                condition=Q(engagement__in=["", *Engagement.values]),
                name="hubs_expertise_engagement_known",
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())


class FundingSourceType(models.TextChoices):
    STATE_BUDGET = "state-budget", _("State budget")
    MULTILATERAL = "multilateral", _("Multilateral")
    BILATERAL = "bilateral", _("Bilateral")
    FOUNDATION = "foundation", _("Foundation")
    PRIVATE = "private", _("Private")
    OWN_FEES = "own-fees", _("Own fees")
    MEMBERSHIP = "membership", _("Membership")
    OTHER = "other", _("Other")


class Confidentiality(models.TextChoices):
    PUBLIC = "public", _("Everybody")
    MEMBERS = "members", _("Members")
    HUB = "hub", _("This hub only")


class FundingStream(DatedFact):
    """Who pays: dimension 4. Its year or span of years is `valid_from` to `valid_to`.

    Amounts stay in their currency and are added up only within it; NULL is "not stated".
    """

    SourceType = FundingSourceType

    source_type = models.CharField(_("source type"), max_length=12, choices=FundingSourceType)
    provider = models.ForeignKey(
        "hubs.Organisation",
        models.PROTECT,
        related_name="funding_streams",
        null=True,
        blank=True,
        verbose_name=_("provider"),
    )
    pledged = models.DecimalField(
        _("pledged"), max_digits=18, decimal_places=2, null=True, blank=True
    )
    committed = models.DecimalField(
        _("committed"), max_digits=18, decimal_places=2, null=True, blank=True
    )
    spent = models.DecimalField(_("spent"), max_digits=18, decimal_places=2, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    share = models.DecimalField(
        _("share of the hub's funding in %"),
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[
            MinValueValidator(Decimal(0), _("A share cannot be below 0 %%.")),
            MaxValueValidator(Decimal(100), _("A share cannot be over 100 %%.")),
        ],
    )
    earmark = models.CharField(_("earmarked for"), max_length=300, blank=True)
    confidentiality = models.CharField(
        _("who may see it"),
        max_length=7,
        choices=Confidentiality,
        default=Confidentiality.PUBLIC,
    )

    objects: ClassVar[Any] = FundingStreamQuerySet.as_manager()

    class Meta(DatedFact.Meta):
        verbose_name = _("funding stream")
        verbose_name_plural = _("funding streams")
        constraints = [
            *DatedFact.fact_constraints("hubs_funding"),
            choice_known("hubs_funding", "source_type", FundingSourceType),
            choice_known("hubs_funding", "confidentiality", Confidentiality),
            models.CheckConstraint(
                condition=Q(share=None) | Q(share__range=(0, 100)),
                name="hubs_funding_share_is_percent",
                violation_error_message=_("A share must be from 0 to 100 %."),
            ),
            models.CheckConstraint(
                condition=(Q(pledged=None) | Q(pledged__gte=0))
                & (Q(committed=None) | Q(committed__gte=0))
                & (Q(spent=None) | Q(spent__gte=0)),
                name="hubs_funding_amounts_not_negative",
                violation_error_message=_("An amount cannot be negative."),
            ),
            models.CheckConstraint(
                condition=Q(pledged=None, committed=None, spent=None) | ~Q(currency=""),
                name="hubs_funding_amounts_have_currency",
                violation_error_message=_("An amount needs its currency."),
            ),
            models.CheckConstraint(
                condition=Q(currency__in=["", *codes.CURRENCIES]),
                name="hubs_funding_currency_known",
                violation_error_message=_("Choose a currency from the list."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_source_type_display()}: {self.provider or _('not named')}"


class MonitoringApproach(models.TextChoices):
    IMPLEMENTATION_FOCUS = "implementation-focus", _("Focus on implementation")
    RESULTS_FRAMEWORK = "results-framework", _("Results framework")
    IMPACT_NARRATIVE = "impact-narrative", _("Impact narrative")
    GUIDELINE = "guideline", _("Guideline")
    EVALUATION_UNIT = "evaluation-unit", _("Evaluation unit")


class MonitoringPractice(DatedFact):
    """How the hub follows what came of it: dimension 5."""

    Approach = MonitoringApproach

    approach = models.CharField(_("approach"), max_length=20, choices=MonitoringApproach)
    description = models.TextField(_("description"), max_length=2_000, blank=True)

    class Meta(DatedFact.Meta):
        verbose_name = _("monitoring practice")
        verbose_name_plural = _("monitoring practices")
        constraints = [
            *DatedFact.fact_constraints("hubs_monitoring"),
            choice_known("hubs_monitoring", "approach", MonitoringApproach),
        ]

    def __str__(self) -> str:
        return str(self.get_approach_display())


class PresenceKind(models.TextChoices):
    OFFICE = "office", _("Office")
    PROGRAMME = "programme", _("Programme")
    CORRESPONDENT = "correspondent", _("Correspondent")


class Presence(DatedFact):
    """A country in which the hub has an office, a programme or a correspondent."""

    Kind = PresenceKind

    country = models.CharField(_("country"), max_length=2)
    place = models.CharField(_("place"), max_length=120, blank=True)
    kind = models.CharField(_("kind"), max_length=13, choices=PresenceKind)

    class Meta(DatedFact.Meta):
        verbose_name = _("presence")
        verbose_name_plural = _("presences")
        constraints = [
            *DatedFact.fact_constraints("hubs_presence"),
            choice_known("hubs_presence", "kind", PresenceKind),
            models.CheckConstraint(
                condition=Q(country__in=codes.COUNTRIES),
                name="hubs_presence_country_known",
                violation_error_message=_("Choose a country from the list."),
            ),
        ]

    def __str__(self) -> str:
        country = codes.country_name(self.country)
        return f"{self.place}, {country}" if self.place else country


class StatementTopic(models.TextChoices):
    NAME = "name", _("Name")
    FOUNDING = "founding", _("Founding")
    LEVEL = "level", _("Level")
    COUNTRIES = "countries", _("Countries")
    SECTORS = "sectors", _("Sectors")
    WEBSITE = "website", _("Website")
    SUMMARY = "summary", _("Summary")
    REACH = "reach", _("Partner countries")
    SIZE = "size", _("Size")
    OTHER = "other", _("Other")


class Statement(DatedFact):
    """What a source says of the hub beside the five dimensions: its founding, reach, size.

    Statements on name, founding, level, countries, sectors, website and summary are the
    sources of the hub's own columns.
    """

    Topic = StatementTopic

    topic = models.CharField(_("topic"), max_length=9, choices=StatementTopic)
    text = models.CharField(_("statement"), max_length=500)

    class Meta(DatedFact.Meta):
        verbose_name = _("statement")
        verbose_name_plural = _("statements")
        constraints = [
            *DatedFact.fact_constraints("hubs_statement"),
            choice_known("hubs_statement", "topic", StatementTopic),
        ]

    def __str__(self) -> str:
        return self.text
