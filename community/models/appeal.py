"""Appeals: a member asks that another moderator looks at a decision again."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from community.querysets.moderation import AppealQuerySet
from core.fields import choice_known


class AppealState(models.TextChoices):
    OPEN = "open", _("Waits for another moderator")
    GRANTED = "granted", _("Granted")
    REFUSED = "refused", _("Refused")


class Appeal(models.Model):
    """Against a decision of the queue, or a measure that was taken without it (`measure`).

    One a decision, decided once, never by who took it. Change it through `community.services`.
    """

    State = AppealState

    member = models.ForeignKey(
        "accounts.Member",
        models.PROTECT,
        related_name="appeals",
        editable=False,
        verbose_name=_("member"),
    )
    decision = models.OneToOneField(
        "community.Decision",
        models.PROTECT,
        related_name="appeal",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("decision"),
    )
    measure = models.OneToOneField(
        "accounts.Activity",
        models.PROTECT,
        related_name="appeal",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("measure as recorded"),
    )
    text = models.TextField(
        _("why it should be looked at again"),
        max_length=2_000,
        help_text=_("Another moderator reads this and decides."),
    )
    state = models.CharField(
        _("state"), max_length=7, choices=AppealState, default=AppealState.OPEN, editable=False
    )
    made_at = models.DateTimeField(_("made"), db_default=Now(), editable=False)
    decided_by = models.ForeignKey(
        "accounts.Member",
        models.PROTECT,
        related_name="appeals_decided",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True, editable=False)
    reason = models.TextField(_("reason"), max_length=500, blank=True, editable=False)

    objects = AppealQuerySet.as_manager()

    class Meta:
        ordering = ["made_at", "pk"]
        verbose_name = _("appeal")
        verbose_name_plural = _("appeals")
        constraints = [
            choice_known("community_appeal", "state", AppealState),
            models.CheckConstraint(
                condition=Q(decision__isnull=False, measure=None)
                | Q(decision=None, measure__isnull=False),
                name="community_appeal_against_one",
            ),
            models.CheckConstraint(
                condition=Q(state="open", decided_by=None)
                | (~Q(state="open") & Q(decided_by__isnull=False) & ~Q(reason="")),
                name="community_appeal_decided_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:80]
