"""What members are told of what happened, and what is still to be told."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import MailKind
from community.querysets.follows import NotificationQuerySet
from core.fields import choice_known


class Reason(models.TextChoices):
    """Why somebody is told."""

    FOLLOWS = "follows", _("You follow it")
    MENTIONED = "mentioned", _("You are mentioned")
    ANSWERED = "answered", _("Somebody answers you")


KIND_OF_MAIL = {
    Reason.FOLLOWS: MailKind.NEWS,
    Reason.MENTIONED: MailKind.MENTIONS,
    Reason.ANSWERED: MailKind.MENTIONS,
}

MOST_ATTEMPTS = 5  # at an activity that cannot be told, before a person has to look


class FanOut(models.Model):
    """An activity whose followers are still to be told.

    Written in the transaction of the activity itself, so that nothing is forgotten however late
    that commits; taken out in the transaction that tells them, so that nothing is told twice.
    """

    activity = models.OneToOneField(
        "accounts.Activity",
        models.PROTECT,
        related_name="fan_out",
        editable=False,
        verbose_name=_("activity"),
    )
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0, editable=False)
    created_at = models.DateTimeField(_("at"), db_default=Now(), editable=False)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("activity to be told")
        verbose_name_plural = _("activities to be told")

    def __str__(self) -> str:
        return f"{self.pk}"


class Notification(models.Model):
    """One member is told of one activity. A quiet one comes by mail only and is not counted.

    What happened stands in the activity; who may read it is asked each time (`visible_to`).
    Notices of one `line` (`community.gathering.line_of`) are shown as one; `held_until`: its
    mail waits until then for more of the line.
    """

    Reason = Reason

    member = models.ForeignKey(
        "accounts.Member",
        models.PROTECT,
        related_name="notifications",
        editable=False,
        verbose_name=_("member"),
    )
    activity = models.ForeignKey(
        "accounts.Activity",
        models.PROTECT,
        related_name="notifications",
        editable=False,
        verbose_name=_("activity"),
    )
    reason = models.CharField(_("reason"), max_length=9, choices=Reason, editable=False)
    is_quiet = models.BooleanField(_("by mail only"), default=False, editable=False)
    waits_for_mail = models.BooleanField(_("waits for the next mail"), editable=False)
    created_at = models.DateTimeField(_("at"), db_default=Now(), editable=False)
    line = models.CharField(
        _("shown as one with"),
        max_length=100,
        blank=True,
        default="",
        db_default="",
        editable=False,
    )
    held_until = models.DateTimeField(_("mail held until"), null=True, editable=False)
    read_at = models.DateTimeField(_("read"), null=True, editable=False)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        constraints = [
            choice_known("community_notification", "reason", Reason),
            models.UniqueConstraint(
                fields=["member", "activity"], name="community_notification_once"
            ),
        ]
        indexes = [
            models.Index(fields=["member", "-id"], name="community_notice_newest"),
            models.Index(
                fields=["member"],
                condition=Q(read_at__isnull=True, is_quiet=False),
                name="community_notice_unread",
            ),
            models.Index(
                fields=["member", "reason"],
                condition=Q(waits_for_mail=True),
                name="community_notice_waits",
            ),
            models.Index(
                fields=["member", "line"],
                condition=~Q(line=""),
                name="community_notice_line",
            ),
            models.Index(
                fields=["held_until"],
                condition=Q(held_until__isnull=False),
                name="community_notice_held",
            ),
            models.Index(
                fields=["read_at"],
                condition=Q(read_at__isnull=False),
                name="community_notice_read",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member}: {self.activity}"
