"""Spaces: rooms in which members talk, and who may read, write and see whom in each."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from community.querysets.spaces import SpacePersonQuerySet, SpaceQuerySet
from core import codes
from core.fields import choice_known


class Audience(models.TextChoices):
    """Who a setting of a space speaks of, the widest first."""

    EVERYBODY = "everybody", _("Everybody")
    MEMBERS = "members", _("Members")
    HUB = "hub", _("Members of its hub")
    PEOPLE = "people", _("The people of the space")


class SpaceDimension(models.TextChoices):
    """The five questions of Bali, by the names that the sections of a hub's page have."""

    INSTITUTIONAL = "institutional-arrangements", _("Institutional model")
    COORDINATION = "coordination-links", _("National coordination")
    EXPERTISE = "expertise-sources", _("Sources of expertise")
    FUNDING = "funding-streams", _("Funding")
    MONITORING = "monitoring-practices", _("Monitoring and evaluation")


class Space(models.Model):
    """A room for threads on one subject.

    `readers`, `writers` and `people_shown_to` are three separate settings. Moderators of the
    portal read a closed space only if they are among its people. Changed by its moderators
    through `community.services` only.
    """

    Audience = Audience
    Dimension = SpaceDimension

    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(max_length=80, unique=True, editable=False)
    description = models.TextField(_("what it is for"), max_length=2_000)
    readers = models.CharField(
        _("who reads"), max_length=9, choices=Audience, default=Audience.EVERYBODY
    )
    writers = models.CharField(
        _("who writes"), max_length=9, choices=Audience, default=Audience.MEMBERS
    )
    people_shown_to = models.CharField(
        _("who sees its people"), max_length=9, choices=Audience, default=Audience.MEMBERS
    )
    dimension = models.CharField(_("dimension"), max_length=26, choices=SpaceDimension, blank=True)
    sector = models.CharField(_("sector"), max_length=10, blank=True)
    hub = models.ForeignKey(
        "hubs.Hub",
        models.PROTECT,
        related_name="spaces",
        null=True,
        blank=True,
        verbose_name=_("hub"),
    )
    is_archived = models.BooleanField(_("archived"), default=False, editable=False)
    is_starter = models.BooleanField(_("starter content"), default=False, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    objects = SpaceQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("space")
        verbose_name_plural = _("spaces")
        constraints = [
            choice_known("community_space", "readers", Audience),
            choice_known("community_space", "writers", Audience),
            choice_known("community_space", "people_shown_to", Audience),
            models.CheckConstraint(
                condition=Q(dimension__in=["", *SpaceDimension.values]),
                name="community_space_dimension_known",
            ),
            models.CheckConstraint(
                condition=Q(sector__in=["", *codes.SECTORS]),
                name="community_space_sector_known",
                violation_error_message=_("Choose a sector from the list."),
            ),
            models.CheckConstraint(
                condition=~Q(writers="everybody"),
                name="community_space_writers_are_members",
                violation_error_message=_("Only members can write."),
            ),
            models.CheckConstraint(
                condition=Q(readers__in=["everybody", "members"])
                | Q(readers="hub", writers__in=["hub", "people"])
                | Q(readers="people", writers="people"),
                name="community_space_writers_read",
                violation_error_message=_("Who may write must also be able to read."),
            ),
            models.CheckConstraint(
                condition=Q(hub__isnull=False)
                | (~Q(readers="hub") & ~Q(writers="hub") & ~Q(people_shown_to="hub")),
                name="community_space_names_its_hub",
                violation_error_message=_("Choose the hub whose members you mean."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("community:space_detail", args=[self.slug])


class SpaceRole(models.TextChoices):
    MODERATOR = "moderator", _("Moderator")
    MEMBER = "member", _("Member")


class SpacePerson(models.Model):
    """Somebody who belongs to a space; its moderators change its settings and its threads."""

    Role = SpaceRole

    space = models.ForeignKey(Space, models.CASCADE, related_name="people", verbose_name=_("space"))
    member = models.ForeignKey(
        "accounts.Member", models.PROTECT, related_name="spaces", verbose_name=_("member")
    )
    role = models.CharField(_("role"), max_length=9, choices=SpaceRole, default=SpaceRole.MEMBER)
    added_at = models.DateTimeField(_("added"), db_default=Now(), editable=False)

    objects = SpacePersonQuerySet.as_manager()

    class Meta:
        ordering = ["space", "pk"]
        verbose_name = _("person of a space")
        verbose_name_plural = _("people of spaces")
        constraints = [
            choice_known("community_spaceperson", "role", SpaceRole),
            models.UniqueConstraint(
                fields=["space", "member"],
                name="community_spaceperson_once",
                violation_error_message=_("This member belongs to the space already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} – {self.space}"
