"""Mail that members send to the portal, and what became of it."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from core.fields import choice_known


class MailOutcome(models.TextChoices):
    POSTED = "posted", _("Became a post")
    RETURNED = "returned", _("Report of a mail that came back")
    DROPPED = "dropped", _("Written by a machine, or to nobody")
    REFUSED = "refused", _("Refused; its writer was told")
    QUARANTINED = "quarantined", _("Set aside: who sent it is not who may answer")


class ReceivedMail(models.Model):
    """One mail that arrived; the same one a second time changes nothing.

    `raw` is kept of what was set aside only, for administrators to look at.
    """

    Outcome = MailOutcome

    # Of its Message-ID and the address that it was sent to, or else of the whole.
    digest = models.CharField(max_length=64, unique=True, editable=False)
    outcome = models.CharField(
        _("what became of it"), max_length=11, choices=MailOutcome, editable=False
    )
    reason = models.CharField(_("why"), max_length=300, blank=True, editable=False)
    sender = models.CharField(_("from"), max_length=254, blank=True, editable=False)
    subject = models.CharField(_("subject"), max_length=250, blank=True, editable=False)
    raw = models.BinaryField(null=True, editable=False)
    post = models.ForeignKey(
        "community.Post",
        models.PROTECT,
        related_name="received_as",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("post"),
    )
    received_at = models.DateTimeField(_("received"), db_default=Now(), editable=False)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("received mail")
        verbose_name_plural = _("received mail")
        constraints = [choice_known("community_receivedmail", "outcome", MailOutcome)]

    def __str__(self) -> str:
        return self.subject or self.sender or self.digest[:12]
