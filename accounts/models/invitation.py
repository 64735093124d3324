"""Invitations to join: who asks whom, and whether they came."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower, Now
from django.utils.translation import gettext_lazy as _


class Invitation(models.Model):
    """That a member asks somebody to join; a moderator's lets them in without another approval.

    Made through `accounts.services.invite` only. One that was not taken up ends by itself.
    """

    email = models.EmailField(_("e-mail address"))
    invited_by = models.ForeignKey(
        "accounts.Member",
        models.PROTECT,
        related_name="invitations",
        editable=False,
        verbose_name=_("invited by"),
    )
    language = models.CharField(_("language"), max_length=7, choices=settings.LANGUAGES)
    message = models.TextField(_("message"), max_length=1_000, blank=True)
    sent_at = models.DateTimeField(_("sent"), db_default=Now(), editable=False)
    accepted_by = models.OneToOneField(
        "accounts.Member",
        models.PROTECT,
        related_name="came_by",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("accepted by"),
    )

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            models.CheckConstraint(
                condition=Q(email=Lower("email")), name="accounts_invitation_email_lowercase"
            ),
            models.UniqueConstraint(
                fields=["email", "invited_by"],
                condition=Q(accepted_by=None),
                name="accounts_invitation_open_once",
            ),
        ]

    def __str__(self) -> str:
        return self.email
