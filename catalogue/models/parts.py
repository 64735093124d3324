"""What an entry is made of besides its text: who took part, what came of it."""

from django.db import models
from django.db.models import Q
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from catalogue.codelists import ResultLevel
from catalogue.querysets import EntryPartnerQuerySet, EntryPartQuerySet
from core.fields import choice_known


class PartnerRole(models.TextChoices):
    PROVIDER = "provider", _("Provider")
    FACILITATOR = "facilitator", _("Facilitator")
    FUNDER = "funder", _("Funder")
    PARTNER = "partner", _("Partner")


class EntryPartner(models.Model):
    """A body that took part beside the hub: another hub, an organisation, or a name only.

    The name stands alone where the source does not say clearly enough which body it means.
    """

    Role = PartnerRole

    entry = models.ForeignKey(
        "catalogue.Entry", models.CASCADE, related_name="partners", verbose_name=_("entry")
    )
    role = models.CharField(_("role"), max_length=11, choices=PartnerRole)
    hub = models.ForeignKey(
        "hubs.Hub",
        models.PROTECT,
        related_name="partnered_entries",
        null=True,
        blank=True,
        verbose_name=_("hub"),
    )
    organisation = models.ForeignKey(
        "hubs.Organisation",
        models.PROTECT,
        related_name="partnered_entries",
        null=True,
        blank=True,
        verbose_name=_("organisation"),
    )
    name = models.CharField(_("name"), max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    objects = EntryPartnerQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("partner of an entry")
        verbose_name_plural = _("partners of entries")
        constraints = [
            choice_known("catalogue_entrypartner", "role", PartnerRole),
            models.CheckConstraint(
                condition=Q(hub__isnull=False, organisation=None, name="")
                | Q(hub=None, organisation__isnull=False, name="")
                | (Q(hub=None, organisation=None) & ~Q(name="")),
                name="catalogue_entrypartner_is_one_body",
                violation_error_message=_("Choose a hub or an organisation, or write a name."),
            ),
            models.UniqueConstraint(
                fields=["entry", "position"], name="catalogue_entrypartner_position"
            ),
        ]

    def __str__(self) -> str:
        return str(self.hub or self.organisation or self.name)


class ResultRow(models.Model):
    """One result, with its figure where the source gives one; not stated is never nought."""

    Level = ResultLevel

    entry = models.ForeignKey(
        "catalogue.Entry", models.CASCADE, related_name="results", verbose_name=_("entry")
    )
    statement = models.CharField(_("result"), max_length=500)
    value = models.DecimalField(_("value"), max_digits=20, decimal_places=4, null=True, blank=True)
    unit = models.CharField(_("unit"), max_length=60, blank=True)
    period = models.CharField(_("period"), max_length=40, blank=True)
    level = models.CharField(_("level"), max_length=30, choices=ResultLevel, blank=True)
    source = models.ForeignKey(
        "hubs.Source",
        models.PROTECT,
        related_name="result_rows",
        null=True,
        blank=True,
        verbose_name=_("source"),
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    objects = EntryPartQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("result")
        verbose_name_plural = _("results")
        constraints = [
            models.CheckConstraint(
                condition=Q(level__in=["", *ResultLevel.values]),
                name="catalogue_resultrow_level_known",
                violation_error_message=_("Choose a level from the list."),
            ),
            models.CheckConstraint(
                condition=Q(value=None) | ~Q(unit=""),
                name="catalogue_resultrow_value_has_unit",
                violation_error_message=_("Say in which unit the value is."),
            ),
            models.UniqueConstraint(
                fields=["entry", "position"], name="catalogue_resultrow_position"
            ),
        ]

    def __str__(self) -> str:
        return self.statement

    @property
    def figure(self) -> str:
        """The value as the reader's language writes it, no more exact than stated; "" if not."""
        if self.value is None:
            return ""
        return number_format(f"{self.value.normalize():f}", force_grouping=True)
