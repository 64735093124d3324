"""Addresses that mail comes back from."""

from django.db import models
from django.db.models.functions import Lower, Now
from django.utils.translation import gettext_lazy as _

from accounts.querysets import MailAddressQuerySet
from core.fields import choice_known


class AddressState(models.TextChoices):
    OK = "ok", _("Mail arrives")
    BOUNCING = "bouncing", _("Some mail came back")
    DEAD = "dead", _("Mail does not arrive")


class MailAddress(models.Model):
    """What became of mail to one address; those without a row never sent anything back.

    Life cycle: ok -> bouncing -> dead, by `Bounce`s; back to ok when its owner proves that it
    takes mail, or asks for another try. To a dead one only mail about the account itself goes.
    Change `state` through `accounts.services.bounces` only.
    """

    State = AddressState

    address = models.EmailField(_("e-mail address"), unique=True, editable=False)
    state = models.CharField(
        _("state"), max_length=8, choices=AddressState, default=AddressState.OK, editable=False
    )
    state_since = models.DateTimeField(_("since"), db_default=Now(), editable=False)

    objects = MailAddressQuerySet.as_manager()

    class Meta:
        ordering = ["address"]
        verbose_name = _("address with mail that came back")
        verbose_name_plural = _("addresses with mail that came back")
        constraints = [
            choice_known("accounts_mailaddress", "state", AddressState),
            models.CheckConstraint(
                condition=models.Q(address=Lower("address")),
                name="accounts_mailaddress_lowercase",
            ),
        ]

    def __str__(self) -> str:
        return self.address


class Bounce(models.Model):
    """One mail that an address will never take. `key` names the failure, so that it counts once."""

    address = models.ForeignKey(
        MailAddress,
        models.CASCADE,
        related_name="bounces",
        editable=False,
        verbose_name=_("address"),
    )
    key = models.CharField(max_length=120, unique=True, editable=False)
    code = models.CharField(_("code"), max_length=20, blank=True, editable=False)
    reason = models.CharField(_("reason"), max_length=300, blank=True, editable=False)
    at = models.DateTimeField(_("at"), db_default=Now(), editable=False)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("mail that came back")
        verbose_name_plural = _("mail that came back")

    def __str__(self) -> str:
        return f"{self.code} {self.reason}".strip()
