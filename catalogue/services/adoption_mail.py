"""What who stated an adoption is told of the decision on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from accounts.models import MailKind
from accounts.services import notify_each

if TYPE_CHECKING:
    from catalogue.models import Adoption


def tell_claimant(adoption: Adoption, *, reason: str = "") -> None:
    """Owe who stated `adoption` a mail: that it is confirmed, or with `reason` that it is not.

    Call it in the transaction of the decision. Who takes part no more is not told.
    """
    person = adoption.claimed_by
    if person is None or not person.takes_part:
        return
    if reason:
        subject = _("An adoption that you stated was rejected")
        body = _(
            "You stated that %(adopter)s took up “%(thing)s”. The originator rejected it:"
            "\n\n%(reason)s\n\n%(address)s"
        )
    else:
        subject = _("An adoption that you stated was confirmed")
        body = _(
            "You stated that %(adopter)s took up “%(thing)s”. The originator confirmed it."
            "\n\n%(address)s"
        )
    thing, decision = adoption.thing, "rejected" if reason else "confirmed"
    notify_each(
        [person],
        MailKind.ADOPTIONS,
        key=f"adoption-{decision}:{adoption.pk}:{adoption.version}",
        subject=subject,
        body=body,
        words={"thing": thing, "adopter": adoption.adopter, "reason": reason},
        path=thing.get_absolute_url() if thing else "/",
    )
