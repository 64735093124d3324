"""What each side says about the shared facts of an exchange."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from core.fields import choice_known
from evaluation.models.exchange import Exchange, Party


class ConfirmationState(models.TextChoices):
    CONFIRMED = "confirmed", _("Confirmed")
    DIFFERS = "differs", _("Stated differently")
    AGREED_TO_DIFFER = "agreed-to-differ", _("Agreed to differ")


class Confirmation(models.Model):
    """What one provider or seeker says of one shared fact, and of which value it says so.

    It holds as long as `value` is what the exchange says: a changed fact voids its own
    confirmations and no others. The newest row of a party and fact counts; earlier ones stay.
    """

    State = ConfirmationState

    exchange = models.ForeignKey(
        Exchange, models.CASCADE, related_name="confirmations", verbose_name=_("exchange")
    )
    party = models.ForeignKey(
        Party, models.CASCADE, related_name="confirmations", verbose_name=_("party")
    )
    fact = models.CharField(_("fact"), max_length=60)
    value = models.JSONField(_("what the exchange said"))
    state = models.CharField(_("state"), max_length=16, choices=ConfirmationState)
    stated = models.JSONField(_("what this side states"), null=True, blank=True)
    text = models.CharField(_("explanation"), max_length=1_000, blank=True)
    by = models.ForeignKey(
        "accounts.Member",
        models.PROTECT,
        related_name="confirmations",
        null=True,
        blank=True,
        verbose_name=_("who"),
    )
    at = models.DateTimeField(_("when"), db_default=Now(), editable=False)

    class Meta:
        ordering = ["exchange", "party", "fact", "-pk"]
        verbose_name = _("confirmation")
        verbose_name_plural = _("confirmations")
        indexes = [
            models.Index(
                fields=["exchange", "party", "fact", "-id"], name="evaluation_confirmation_newest"
            )
        ]
        constraints = [
            choice_known("evaluation_confirmation", "state", ConfirmationState),
            models.CheckConstraint(
                condition=Q(state="confirmed") | ~Q(text=""),
                name="evaluation_confirmation_difference_explained",
                violation_error_message=_("Say in which way it differs."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.party}: {self.fact} {self.get_state_display()}"
