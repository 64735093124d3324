"""The bodies around hubs, and the sources that facts are taken from."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from core import codes
from core.dates import Precision, format_partial_date
from core.fields import WebAddressField, choice_known
from hubs.querysets import OrganisationQuerySet, SourceQuerySet


class OrganisationKind(models.TextChoices):
    MINISTRY = "ministry", _("Ministry or central government body")
    PUBLIC_BODY = "public-body", _("Public agency or company")
    SUB_NATIONAL = "sub-national", _("Sub-national government")
    MULTILATERAL = "multilateral", _("Multilateral organisation")
    FUNDER = "funder", _("Bilateral funder")
    FOUNDATION = "foundation", _("Foundation")
    COMPANY = "company", _("Company")
    ACADEMIA = "academia", _("University or research institute")
    CIVIL_SOCIETY = "civil-society", _("Civil society organisation")
    NETWORK = "network", _("Network")
    GROUP = "group", _("Group of bodies that the source does not name singly")


class Organisation(models.Model):
    """Any body that is not a hub: it coordinates with hubs, funds them or hosts them."""

    Kind = OrganisationKind

    name = models.CharField(_("name"), max_length=200, unique=True)
    acronym = models.CharField(_("acronym"), max_length=40, blank=True)
    slug = models.SlugField(max_length=80, unique=True)
    kind = models.CharField(_("kind"), max_length=13, choices=OrganisationKind)
    country = models.CharField(_("country"), max_length=2, blank=True)
    website = WebAddressField(_("website"), max_length=300, blank=True)
    iati_identifier = models.CharField(_("IATI organisation identifier"), max_length=60, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    objects = OrganisationQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["slug"]
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        constraints = [
            choice_known("hubs_organisation", "kind", OrganisationKind),
            models.CheckConstraint(
                condition=Q(country__in=["", *codes.COUNTRIES]),
                name="hubs_organisation_country_known",
                violation_error_message=_("Choose a country from the list."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("hubs:organisation_detail", args=[self.slug])


class Source(models.Model):
    """A page or document in which facts are stated; many facts may share one."""

    title = models.CharField(_("title"), max_length=300)
    publisher = models.CharField(_("publisher"), max_length=200, blank=True)
    address = WebAddressField(_("address"), max_length=1_000, unique=True)
    dated_on = models.DateField(_("date of the source"), null=True, blank=True)
    dated_on_precision = models.CharField(
        max_length=5, choices=Precision, default=Precision.DAY, editable=False
    )
    seen_on = models.DateField(_("seen on"), null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = SourceQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["title", "pk"]
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        constraints = [
            choice_known("hubs_source", "dated_on_precision", Precision),
            models.CheckConstraint(
                condition=Q(address__startswith="http://") | Q(address__startswith="https://"),
                name="hubs_source_address_is_web",
                violation_error_message=_("The address must start with https:// or http://."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def date_text(self) -> str:
        """The date as precisely as it is known, in the reader's language; "" if unknown."""
        return format_partial_date(self.dated_on, self.dated_on_precision)
