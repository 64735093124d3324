"""Mail that comes back: what is noted of its address, and by which mark a report is believed."""

from __future__ import annotations

import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.utils import timezone

from accounts.models import AddressState, Bounce, MailAddress

MOST = 3  # mails that come back for good within `WITHIN` before the address counts as dead
WITHIN = datetime.timedelta(days=14)
_SIGNER = Signer(sep=".", salt="accounts.mail.id")


def message_id(pk: int) -> str:
    """Return the Message-ID of mail `pk` of the outbox. Nobody else can make one: a report that
    quotes it is about mail that this portal sent.
    """
    return f"<{_SIGNER.sign(str(pk))}@{urlsplit(settings.SITE_URL).hostname or 'localhost'}>"


def mail_of(quoted: str) -> int | None:
    """Return which mail of the outbox a Message-ID names; None for any other."""
    try:
        return int(_SIGNER.unsign(quoted.strip().strip("<>").partition("@")[0]))
    except (BadSignature, ValueError):
        return None


def is_dead(address: str) -> bool:
    """Return whether only mail about the account itself goes to `address`."""
    return MailAddress.objects.dead().filter(address=address.lower()).exists()


@transaction.atomic
def note_bounce(address: str, *, key: str, code: str, reason: str) -> MailAddress:
    """Note that a mail will never arrive at `address`; the same `key` again changes nothing."""
    MailAddress.objects.get_or_create(address=address.lower())
    current = MailAddress.objects.select_for_update().get(address=address.lower())
    bounce = {"address": current, "code": code[:20], "reason": " ".join(reason.split())[:300]}
    _bounce, is_new = Bounce.objects.get_or_create(key=key, defaults=bounce)
    if is_new:
        lately = current.bounces.filter(at__gte=timezone.now() - WITHIN).count()
        _move(current, AddressState.DEAD if lately >= MOST else AddressState.BOUNCING)
    return current


def _move(current: MailAddress, state: AddressState) -> None:
    if current.state not in (state, AddressState.DEAD):  # dead it stays, until its owner acts
        current.state = state
        current.state_since = timezone.now()
        current.save(update_fields=["state", "state_since"])


def trust_again(address: str) -> None:
    """Forget what came back from `address`: its owner says, or proved, that it takes mail."""
    MailAddress.objects.filter(address=address.lower()).delete()
