"""Flags: what members report to moderators."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from community.models.target import OnTarget, one_target
from community.querysets.moderation import TARGETS, FlagQuerySet
from core.fields import choice_known


class FlagReason(models.TextChoices):
    SPAM = "spam", _("Advertising or fraud")
    RUDE = "rude", _("Rude or hurtful")
    OFF_TOPIC = "off-topic", _("Does not belong here")
    WRONG_FACTS = "wrong-facts", _("Wrong facts about a country")
    SENSITIVE = "sensitive", _("Sensitive: it could harm somebody")
    COPYRIGHT = "copyright", _("Somebody else's work, used without leave")
    WATCHED = "watched", _("Holds a watched word")
    OTHER = "other", _("Something else")


class FlagState(models.TextChoices):
    OPEN = "open", _("Waits for a moderator")
    UPHELD = "upheld", _("Found right")
    DISMISSED = "dismissed", _("Found not to be so")


class Flag(OnTarget):
    """That a member, or the portal by a watched word, reports something.

    Each member has one open flag on a thing at most. The decision that settles it is `decision`.
    Change it through `community.services` only.
    """

    Reason = FlagReason
    State = FlagState

    member = models.ForeignKey(
        "accounts.Member",
        models.PROTECT,
        related_name="flags_raised",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("reported by"),
        help_text=_("Empty: the portal itself."),
    )
    reason = models.CharField(_("what is wrong"), max_length=11, choices=FlagReason)
    text = models.TextField(
        _("in your words"),
        max_length=2_000,
        blank=True,
        help_text=_(
            "What a moderator should know. If facts are wrong: what is right, and where it stands."
        ),
    )
    state = models.CharField(
        _("state"), max_length=9, choices=FlagState, default=FlagState.OPEN, editable=False
    )
    decision = models.ForeignKey(
        "community.Decision",
        models.PROTECT,
        related_name="flags_settled",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("decision"),
    )
    made_at = models.DateTimeField(_("reported"), db_default=Now(), editable=False)

    objects = FlagQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        indexes = [
            models.Index(fields=["member", "made_at"], name="community_flag_of_member"),
        ]
        constraints = [
            choice_known("community_flag", "reason", FlagReason),
            choice_known("community_flag", "state", FlagState),
            models.CheckConstraint(condition=one_target(), name="community_flag_one_target"),
            models.CheckConstraint(
                condition=Q(state="open", decision=None)
                | (~Q(state="open") & Q(decision__isnull=False)),
                name="community_flag_settled_by_decision",
            ),
            *(
                models.UniqueConstraint(
                    fields=["member", kind],
                    condition=Q(state="open", **{f"{kind}__isnull": False}),
                    nulls_distinct=False,
                    name=f"community_flag_{kind}_once",
                    violation_error_message=_("You have reported this already."),
                )
                for kind in TARGETS
            ),
        ]

    def __str__(self) -> str:
        return self.get_reason_display()
