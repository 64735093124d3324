"""The mail outbox: what the portal owes, kept until it has left."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class OutgoingMail(models.Model):
    """One message to one address.

    Written in the transaction of what it reports, by `accounts.services.queue_mail`; sent by
    a task, and by the sweeper when that task was lost. `key` names the effect, so that the
    same effect never makes a second mail.
    """

    key = models.CharField(max_length=120, unique=True)
    to = models.EmailField()
    subject = models.CharField(max_length=250)
    body = models.TextField()
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    sent_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("outgoing mail")
        verbose_name_plural = _("outgoing mail")
        indexes = [
            models.Index(
                fields=["created_at"],
                condition=models.Q(sent_at__isnull=True),
                name="accounts_outgoingmail_unsent",
            )
        ]

    def __str__(self) -> str:
        return self.subject
