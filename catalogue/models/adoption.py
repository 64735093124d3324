"""Adoptions: who took up an experience, and what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from catalogue.models.block import BuildingBlock
from catalogue.models.entry import Entry
from catalogue.querysets import AdoptionQuerySet
from core.fields import choice_known

if TYPE_CHECKING:
    from hubs.models import Hub, Organisation

MAX_TEXT = 2_000  # characters


class AdoptionOutcome(models.TextChoices):
    WORKING = "working", _("It works")
    PARTLY = "partly", _("It works in part")
    FAILED = "failed", _("It failed")
    UNKNOWN = "unknown", _("Not known yet")


class AdoptionState(models.TextChoices):
    CLAIMED = "claimed", _("Stated by the adopter")
    CONFIRMED = "confirmed", _("Confirmed by the originator")


def _one_of(first: str, second: str) -> Q:
    return Q(**{first: None, f"{second}__isnull": False}) | Q(
        **{f"{first}__isnull": False, second: None}
    )


class Adoption(models.Model):
    """An entry or building block that a hub or organisation took up; failed ones count too.

    `resulting_entry` is the adopter's own account of it. Entries and what came of them never
    form a cycle, and `Entry.adoption_count` follows by itself: the database sees to both
    (migration 0011).
    """

    Outcome = AdoptionOutcome
    State = AdoptionState

    entry = models.ForeignKey(
        Entry,
        models.PROTECT,
        related_name="adoptions",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("entry"),
    )
    block = models.ForeignKey(
        BuildingBlock,
        models.PROTECT,
        related_name="adoptions",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("building block"),
    )
    hub = models.ForeignKey(
        "hubs.Hub",
        models.PROTECT,
        related_name="adoptions",
        null=True,
        blank=True,
        verbose_name=_("adopting hub"),
    )
    organisation = models.ForeignKey(
        "hubs.Organisation",
        models.PROTECT,
        related_name="adoptions",
        null=True,
        blank=True,
        verbose_name=_("adopting organisation"),
    )
    resulting_entry = models.ForeignKey(
        Entry,
        models.PROTECT,
        related_name="adapted_from",
        null=True,
        blank=True,
        verbose_name=_("entry that came of it"),
    )
    outcome = models.CharField(
        _("outcome"), max_length=7, choices=AdoptionOutcome, default=AdoptionOutcome.UNKNOWN
    )
    kept = models.TextField(_("what was kept"), max_length=MAX_TEXT, blank=True)
    changed = models.TextField(_("what was changed"), max_length=MAX_TEXT, blank=True)
    dropped = models.TextField(_("what was dropped"), max_length=MAX_TEXT, blank=True)
    why = models.TextField(_("why"), max_length=MAX_TEXT, blank=True)
    state = models.CharField(
        _("state"),
        max_length=9,
        choices=AdoptionState,
        default=AdoptionState.CLAIMED,
        editable=False,
    )
    claimed_by = models.ForeignKey(
        "accounts.Member",
        models.PROTECT,
        related_name="adoptions_claimed",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("stated by"),
    )
    confirmed_by = models.ForeignKey(
        "accounts.Member",
        models.PROTECT,
        related_name="adoptions_confirmed",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("confirmed by"),
    )
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(_("stated"), db_default=Now(), editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    objects = AdoptionQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("adoption")
        verbose_name_plural = _("adoptions")
        indexes = [models.Index(fields=["updated_at", "id"], name="catalogue_adoption_updated")]
        constraints = [
            choice_known("catalogue_adoption", "outcome", AdoptionOutcome),
            choice_known("catalogue_adoption", "state", AdoptionState),
            models.CheckConstraint(
                condition=_one_of("entry", "block"), name="catalogue_adoption_of_one_thing"
            ),
            models.CheckConstraint(
                condition=_one_of("hub", "organisation"),
                name="catalogue_adoption_by_one_body",
                violation_error_message=_("Choose a hub or an organisation, not both."),
            ),
            models.CheckConstraint(
                condition=Q(entry=None) | Q(resulting_entry=None) | ~Q(entry=F("resulting_entry")),
                name="catalogue_adoption_of_another",
                violation_error_message=_("An entry cannot come of itself."),
            ),
            models.CheckConstraint(
                condition=Q(state="claimed", confirmed_by=None, confirmed_at=None)
                | Q(state="confirmed", confirmed_by__isnull=False, confirmed_at__isnull=False),
                name="catalogue_adoption_confirmed_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None)
                | Q(claimed_by=None)
                | ~Q(confirmed_by=F("claimed_by")),
                name="catalogue_adoption_not_self_confirmed",
                violation_error_message=_("Nobody confirms what they stated themselves."),
            ),
            *(
                models.UniqueConstraint(
                    fields=[thing, body],
                    name=f"catalogue_adoption_{thing}_{body}_once",
                    violation_error_message=_("This adoption is stated already."),
                )
                for thing in ("entry", "block")
                for body in ("hub", "organisation")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.thing} – {self.adopter}"

    def get_absolute_url(self) -> str:
        return reverse("catalogue:adoption_detail", args=[self.pk])

    @property
    def thing(self) -> Entry | BuildingBlock | None:
        """What was adopted."""
        return self.entry or self.block

    @property
    def adopter(self) -> Hub | Organisation | None:
        """Who adopted it."""
        return self.hub or self.organisation

    @property
    def is_confirmed(self) -> bool:
        return self.state == AdoptionState.CONFIRMED
