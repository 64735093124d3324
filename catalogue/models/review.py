"""The review of a draft: who reads it, what the gates say, and the conversation."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from catalogue.models.draft import Draft, ReviewRound
from catalogue.querysets import DraftPartQuerySet, RoundPartQuerySet
from core.fields import choice_known


class Gate(models.TextChoices):
    """What a text must be before it is published."""

    RELEVANT = "relevant", _("Relevant")
    EVIDENCE = "evidence", _("Evidence shown")
    USABLE = "usable", _("Can be used by others")


class Verdict(models.TextChoices):
    PASS = "pass", _("Passes")
    FAIL = "fail", _("Does not pass yet")


class ReviewerAssignment(models.Model):
    """A member whom a moderator asked to review a draft, through all its rounds."""

    draft = models.ForeignKey(
        Draft, models.PROTECT, related_name="assignments", verbose_name=_("draft")
    )
    reviewer = models.ForeignKey(
        "accounts.Member",
        models.PROTECT,
        related_name="review_assignments",
        verbose_name=_("reviewer"),
    )
    assigned_by = models.ForeignKey(
        "accounts.Member",
        models.PROTECT,
        related_name="reviewers_assigned",
        editable=False,
        verbose_name=_("assigned by"),
    )
    assigned_at = models.DateTimeField(_("assigned"), db_default=Now(), editable=False)

    objects = DraftPartQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("assignment of a reviewer")
        verbose_name_plural = _("assignments of reviewers")
        constraints = [
            models.UniqueConstraint(
                fields=["draft", "reviewer"],
                name="catalogue_reviewerassignment_once",
                violation_error_message=_("This member reviews it already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.reviewer}, {self.draft}"


class GateVerdict(models.Model):
    """What one reviewer says at one gate in one round, with a note for the authors."""

    Gate = Gate
    Verdict = Verdict

    round = models.ForeignKey(
        ReviewRound, models.PROTECT, related_name="verdicts", verbose_name=_("round")
    )
    gate = models.CharField(_("gate"), max_length=8, choices=Gate)
    verdict = models.CharField(_("verdict"), max_length=4, choices=Verdict)
    note = models.TextField(_("note"), max_length=2_000)
    reviewer = models.ForeignKey(
        "accounts.Member",
        models.PROTECT,
        related_name="gate_verdicts",
        editable=False,
        verbose_name=_("reviewer"),
    )
    given_at = models.DateTimeField(_("given"), auto_now=True)

    objects = RoundPartQuerySet.as_manager()

    class Meta:
        ordering = ["round", "gate", "pk"]
        verbose_name = _("verdict")
        verbose_name_plural = _("verdicts")
        constraints = [
            choice_known("catalogue_gateverdict", "gate", Gate),
            choice_known("catalogue_gateverdict", "verdict", Verdict),
            models.UniqueConstraint(
                fields=["round", "gate", "reviewer"], name="catalogue_gateverdict_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_gate_display()}: {self.get_verdict_display()}"


class ReviewMessage(models.Model):
    """One message between authors and reviewers, about a part of the text or the whole."""

    draft = models.ForeignKey(
        Draft, models.PROTECT, related_name="messages", verbose_name=_("draft")
    )
    author = models.ForeignKey(
        "accounts.Member",
        models.PROTECT,
        related_name="review_messages",
        editable=False,
        verbose_name=_("author"),
    )
    section = models.CharField(_("about"), max_length=20, blank=True)
    text = models.TextField(_("message"), max_length=5_000)
    sent_at = models.DateTimeField(_("sent"), db_default=Now(), editable=False)

    objects = DraftPartQuerySet.as_manager()

    class Meta:
        ordering = ["sent_at", "pk"]
        verbose_name = _("message in a review")
        verbose_name_plural = _("messages in reviews")

    def __str__(self) -> str:
        return self.text[:80]
