"""What moderators do: they take things on, decide with a reason, warn."""

from __future__ import annotations

import datetime

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community.models.target import OnTarget, one_target
from community.querysets.moderation import DecisionQuerySet
from core.fields import choice_known

CLAIM_HOLDS = datetime.timedelta(minutes=30)
UNDO_WITHIN = datetime.timedelta(hours=24)


class WaitingKind(models.TextChoices):
    """The kinds of things in the queue."""

    POST = "post", _("Post")
    THREAD = "thread", _("Thread")
    ENTRY = "entry", _("Entry")
    RESOURCE = "resource", _("Resource")
    HUB = "hub", _("Hub")
    PERSON = "person", _("Member")
    DRAFT = "draft", _("Text sent for review")
    ARTICLE = "article", _("Proposed article")
    MEMBERSHIP = "membership", _("Role in a hub")
    APPEAL = "appeal", _("Appeal")


class Claim(models.Model):
    """That a moderator looks at something in the queue now; others leave it alone until then.

    It names the thing by kind and number: a claim says nothing about it and ends by itself.
    """

    kind = models.CharField(_("kind"), max_length=10, choices=WaitingKind, editable=False)
    object_pk = models.BigIntegerField(editable=False)
    moderator = models.ForeignKey(
        "accounts.Member",
        models.PROTECT,
        related_name="claims",
        editable=False,
        verbose_name=_("moderator"),
    )
    claimed_at = models.DateTimeField(_("since"), db_default=Now(), editable=False)

    class Meta:
        ordering = ["claimed_at", "pk"]
        verbose_name = _("thing taken on")
        verbose_name_plural = _("things taken on")
        constraints = [
            choice_known("community_claim", "kind", WaitingKind),
            models.UniqueConstraint(fields=["kind", "object_pk"], name="community_claim_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_pk}"

    @property
    def until(self) -> datetime.datetime:
        """When it ends."""
        return self.claimed_at + CLAIM_HOLDS


class Act(models.TextChoices):
    """What a moderator decides on a thing."""

    APPROVE = "approve", _("Show it")
    REMOVE = "remove", _("Remove it")
    CONTEST = "contest", _("Mark it as contested")
    UPHOLD = "uphold", _("The reports are right")
    DISMISS = "dismiss", _("Leave it as it is")
    ADMIT = "admit", _("Let the member in")
    DECLINE = "decline", _("Decline the member")
    MEASURE = "measure", _("Take a measure only")
    GRANTED = "granted", _("Appeal granted")
    REFUSED = "refused", _("Appeal refused")


class Measure(models.TextChoices):
    """What is done about a member, the mildest first."""

    WARN = "warn", _("Warn")
    LIMIT = "limit", _("Limit")
    SUSPEND = "suspend", _("Suspend")
    CLOSE = "close", _("Close the account for good")


# The same once it is decided.
DECIDED = {
    Act.APPROVE: _("Shown"),
    Act.REMOVE: _("Removed"),
    Act.CONTEST: _("Marked as contested"),
    Act.UPHOLD: _("Reports found right"),
    Act.DISMISS: _("Left as it is"),
    Act.ADMIT: _("Let in"),
    Act.DECLINE: _("Declined"),
    Act.GRANTED: _("Appeal granted"),
    Act.REFUSED: _("Appeal refused"),
}
TAKEN = {
    Measure.WARN: _("Warned"),
    Measure.LIMIT: _("Limited"),
    Measure.SUSPEND: _("Suspended"),
    Measure.CLOSE: _("Account closed"),
}


class Decision(OnTarget):
    """What a moderator decided on a thing, and why; perhaps undone later.

    `version` is that of the thing as it was read. `before` is what an undo puts back. `sanction`
    is the activity that limited or suspended the member, or let them in. Never altered but for
    the undoing.
    """

    Act = Act
    Measure = Measure

    act = models.CharField(_("decision"), max_length=8, choices=Act, editable=False)
    measure = models.CharField(
        _("measure"), max_length=7, choices=Measure, blank=True, editable=False
    )
    reason = models.TextField(_("reason"), max_length=500, editable=False)
    moderator = models.ForeignKey(
        "accounts.Member",
        models.PROTECT,
        related_name="decisions_taken",
        editable=False,
        verbose_name=_("moderator"),
    )
    member = models.ForeignKey(
        "accounts.Member",
        models.PROTECT,
        related_name="decisions_about",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("about whom"),
    )
    sanction = models.ForeignKey(
        "accounts.Activity",
        models.PROTECT,
        related_name="decisions",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("measure as recorded"),
    )
    version = models.PositiveIntegerField(_("version"), default=0, editable=False)
    before = models.JSONField(default=dict, editable=False)
    at = models.DateTimeField(_("when"), db_default=Now(), editable=False)
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True, editable=False)
    undone_by = models.ForeignKey(
        "accounts.Member",
        models.PROTECT,
        related_name="decisions_undone",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("undone by"),
    )

    objects = DecisionQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("decision of a moderator")
        verbose_name_plural = _("decisions of moderators")
        indexes = [
            models.Index(fields=["-at", "-id"], name="community_decision_newest"),
            models.Index(fields=["member", "-at"], name="community_decision_of_member"),
        ]
        constraints = [
            choice_known("community_decision", "act", Act),
            models.CheckConstraint(
                condition=Q(measure__in=["", *Measure.values]),
                name="community_decision_measure_known",
            ),
            models.CheckConstraint(condition=one_target(), name="community_decision_one_target"),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="community_decision_with_reason",
                violation_error_message=_("Say why."),
            ),
            models.CheckConstraint(
                condition=Q(undone_at=None, undone_by=None)
                | Q(undone_at__isnull=False, undone_by__isnull=False),
                name="community_decision_undone_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(measure="") | Q(member__isnull=False),
                name="community_decision_measure_of_member",
            ),
        ]

    def __str__(self) -> str:
        return self.get_act_display()

    def get_absolute_url(self) -> str:
        return reverse("community:moderation_decision", args=[self.pk])

    @property
    def told(self) -> str:
        """What was decided, in words for everybody."""
        if self.act == Act.MEASURE:
            return self.measure_told
        return str(DECIDED[Act(self.act)])

    @property
    def measure_told(self) -> str:
        """What was done about the member, "" if nothing."""
        return str(TAKEN[Measure(self.measure)]) if self.measure else ""

    @property
    def is_in_time(self) -> bool:
        """Whether it can still be undone."""
        return self.undone_at is None and timezone.now() < self.at + UNDO_WITHIN


class QueueTelling(models.Model):
    """When somebody who moderates was last told by mail of what waits in the queue."""

    member = models.OneToOneField(
        "accounts.Member",
        models.PROTECT,
        related_name="queue_telling",
        editable=False,
        verbose_name=_("member"),
    )
    told_at = models.DateTimeField(_("told"), editable=False)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("mail about the queue")
        verbose_name_plural = _("mails about the queue")

    def __str__(self) -> str:
        return f"{self.member}: {self.told_at}"


class MemberWarning(models.Model):
    """That a member was warned, and whether they have read it."""

    decision = models.OneToOneField(
        Decision,
        models.PROTECT,
        related_name="warning",
        editable=False,
        verbose_name=_("decision"),
    )
    member = models.ForeignKey(
        "accounts.Member",
        models.PROTECT,
        related_name="warnings",
        editable=False,
        verbose_name=_("member"),
    )
    at = models.DateTimeField(_("when"), db_default=Now(), editable=False)
    seen_at = models.DateTimeField(_("read"), null=True, blank=True, editable=False)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True, editable=False)

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("warning")
        verbose_name_plural = _("warnings")

    def __str__(self) -> str:
        return self.decision.reason[:80]
