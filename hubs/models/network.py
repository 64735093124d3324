"""Networks of hubs."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from core.fields import WebAddressField
from hubs.querysets import NetworkQuerySet


class Network(models.Model):
    """Hubs that work together under one name; `secretariat` is the hub that serves it."""

    name = models.CharField(_("name"), max_length=200, unique=True)
    acronym = models.CharField(_("acronym"), max_length=40, blank=True)
    slug = models.SlugField(max_length=80, unique=True)
    description = models.TextField(_("description"), max_length=2_000, blank=True)
    website = WebAddressField(_("website"), max_length=300, blank=True)
    secretariat = models.ForeignKey(
        "hubs.Hub",
        models.PROTECT,
        related_name="networks_served",
        null=True,
        blank=True,
        verbose_name=_("secretariat"),
    )
    sources = models.ManyToManyField(
        "hubs.Source", related_name="networks", blank=True, verbose_name=_("sources")
    )

    objects = NetworkQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["name"]
        verbose_name = _("network")
        verbose_name_plural = _("networks")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("hubs:network_detail", args=[self.slug])


class NetworkMembership(models.Model):
    """A hub's time in a network; both dates may be unknown."""

    network = models.ForeignKey(
        Network, models.CASCADE, related_name="memberships", verbose_name=_("network")
    )
    hub = models.ForeignKey(
        "hubs.Hub", models.PROTECT, related_name="network_memberships", verbose_name=_("hub")
    )
    joined_on = models.DateField(_("joined"), null=True, blank=True)
    left_on = models.DateField(_("left"), null=True, blank=True)

    class Meta:
        ordering = ["network", "pk"]
        verbose_name = _("hub of a network")
        verbose_name_plural = _("hubs of a network")
        constraints = [
            models.UniqueConstraint(
                fields=["network", "hub"],
                condition=Q(left_on=None),
                name="hubs_networkmembership_open_once",
            ),
            models.CheckConstraint(
                condition=Q(joined_on=None) | Q(left_on=None) | Q(left_on__gte=F("joined_on")),
                name="hubs_networkmembership_ends_after_start",
                violation_error_message=_("The end must not be before the start."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.hub}, {self.network}"
