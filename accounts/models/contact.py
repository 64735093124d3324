"""What visitors report or ask through the footer."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.querysets import ContactMessageQuerySet
from core.fields import choice_known


class ContactMessageKind(models.TextChoices):
    ISSUE = "issue", _("Report an issue")
    QUESTION = "question", _("Contact the moderators")


class ContactMessage(models.Model):
    """A report or a question to the moderators, from a member or from anybody."""

    Kind = ContactMessageKind

    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    member = models.ForeignKey(
        "accounts.Member",
        models.PROTECT,
        related_name="contact_messages",
        null=True,
        blank=True,
        verbose_name=_("member"),
    )
    name = models.CharField(_("name"), max_length=120, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    page = models.CharField(_("page"), max_length=500, blank=True)
    text = models.TextField(_("message"), max_length=5_000)
    created_at = models.DateTimeField(_("received"), db_default=Now(), editable=False)
    handled_at = models.DateTimeField(_("handled"), null=True, blank=True, editable=False)
    handled_by = models.ForeignKey(
        "accounts.Member",
        models.PROTECT,
        related_name="handled_messages",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("handled by"),
    )
    note = models.TextField(_("moderators' note"), max_length=2_000, blank=True)

    objects = ContactMessageQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("message to the moderators")
        verbose_name_plural = _("messages to the moderators")
        constraints = [
            choice_known("accounts_contactmessage", "kind", ContactMessageKind),
            models.CheckConstraint(
                condition=Q(handled_at__isnull=True) | Q(handled_by__isnull=False),
                name="accounts_contactmessage_handled_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.text[:60]}"
