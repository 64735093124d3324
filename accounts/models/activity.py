"""One thing that somebody did: audit trail, news feed and outbox in one row."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.querysets import ActivityQuerySet
from accounts.registers import describe
from core.fields import choice_known


class ActivityAudience(models.TextChoices):
    PUBLIC = "public", _("Everybody")
    MEMBERS = "members", _("Members")
    MODERATORS = "moderators", _("Moderators")

    @classmethod
    def of(cls, *, is_public: bool) -> ActivityAudience:
        """Return who is told of a change: everybody, or the moderators alone."""
        return cls.PUBLIC if is_public else cls.MODERATORS


class Activity(models.Model):
    """Who did what to which object, and what changed.

    Append-only: the database refuses UPDATE and DELETE. Written by services, in the
    transaction of the change itself, through `accounts.services.record_activity`.
    """

    Audience = ActivityAudience

    at = models.DateTimeField(_("at"), db_default=Now(), editable=False)
    # Members are never deleted, only closed, so the actor is always found.
    actor = models.ForeignKey(
        "accounts.Member",
        models.PROTECT,
        related_name="activities",
        null=True,
        blank=True,
        verbose_name=_("who"),
        help_text=_("Empty: the portal itself."),
    )
    verb = models.CharField(_("what"), max_length=60)
    subject = models.ForeignKey(
        "accounts.Member",
        models.PROTECT,
        related_name="activities_about",
        null=True,
        blank=True,
        verbose_name=_("about whom"),
        help_text=_("Names change and go; so texts here name nobody."),
    )
    object_app = models.CharField(max_length=30)
    object_model = models.CharField(max_length=60)
    object_pk = models.BigIntegerField()
    object_label = models.CharField(_("to what"), max_length=300, blank=True)
    object_url = models.CharField(max_length=300, blank=True)
    audience = models.CharField(_("audience"), max_length=10, choices=Audience)
    changes = models.JSONField(
        _("changes"),
        default=list,
        blank=True,
        help_text=_("One item a field: field, old, new."),
    )
    request_id = models.CharField(max_length=64, blank=True)

    objects = ActivityQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("activity")
        verbose_name_plural = _("activities")
        indexes = [
            models.Index(
                fields=["object_app", "object_model", "object_pk", "-at"],
                name="accounts_activity_object",
            ),
            models.Index(fields=["-at", "-id"], name="accounts_activity_newest"),
        ]
        constraints = [choice_known("accounts_activity", "audience", ActivityAudience)]

    def __str__(self) -> str:
        return f"{self.verb} {self.label}"

    @property
    def label(self) -> str:
        """What it was done to; people by the name they have now."""
        name = self.subject.name if self.subject else ""
        return ", ".join(part for part in (name, self.object_label) if part)

    @property
    def address(self) -> str:
        """Where that is seen, "" where there is no page."""
        if self.subject and not self.object_url:
            return self.subject.get_absolute_url()
        return self.object_url

    @property
    def verb_text(self) -> str:
        """What was done, in the reader's language."""
        return describe(self.verb)
