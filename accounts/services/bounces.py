"""Reports of mail servers that a mail will not be delivered (RFC 3464)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import policy
from email.parser import BytesParser
from typing import Any, NamedTuple

from accounts.models import Member, OutgoingMail
from accounts.returned import is_dead, mail_of, note_bounce, trust_again

__all__ = ["Returned", "bounce_of", "is_dead", "receive_bounce", "trust_again", "try_again"]
MOST_BYTES = 1_000_000  # of a report that are read
_PERMANENT = re.compile(r"5\.\d{1,3}\.\d{1,3}")
_QUOTED = re.compile(r"^Message-ID:\s*(<[^<>\s]{1,400}>)", re.IGNORECASE | re.MULTILINE)


class Returned(NamedTuple):
    """One mail of the outbox that came back for good."""

    mail: int
    address: str
    code: str
    reason: str


def bounce_of(message: bytes) -> Returned | None:
    """Return which mail of the outbox `message` says will never arrive; None if it is no such
    report: of a delay, of somebody else's mail, or forged.
    """
    parsed: Any = BytesParser(policy=policy.compat32).parsebytes(message[:MOST_BYTES])
    failed = next(_failures(parsed), None)
    mail = next((pk for pk in map(mail_of, _quoted(parsed)) if pk is not None), None)
    if failed is None or mail is None:
        return None
    address = OutgoingMail.objects.filter(pk=mail).values_list("to", flat=True).first()
    return Returned(mail, address, *failed) if address else None


def receive_bounce(message: bytes) -> bool:
    """Note a mail that came back; return whether `message` was such a report."""
    found = bounce_of(message)
    if found is None:
        return False
    note_bounce(found.address, key=f"mail:{found.mail}", code=found.code, reason=found.reason)
    return True


def try_again(member: Member) -> None:
    """Send mail to the member's address again, as they ask for: what came back is forgotten."""
    trust_again(member.email)


def _failures(parsed: Any) -> Iterator[tuple[str, str]]:
    """Give code and reason of each recipient whom the mail will never reach."""
    for part in parsed.walk():
        if part.get_content_type() != "message/delivery-status":
            continue
        groups = part.get_payload()
        for group in groups if isinstance(groups, list) else []:
            code = _PERMANENT.search(str(group.get("Status", "")))
            if str(group.get("Action", "")).strip().lower() == "failed" and code:
                yield code.group(), str(group.get("Diagnostic-Code", ""))


def _quoted(parsed: Any) -> Iterator[str]:
    """Give the Message-IDs of the mail that the report returns, whole or its headers alone."""
    for part in parsed.walk():
        if part.get_content_type() == "message/rfc822":
            inner = part.get_payload()
            if isinstance(inner, list) and inner:
                yield str(inner[0].get("Message-ID", ""))
        elif part.get_content_type() == "text/rfc822-headers":
            raw = part.get_payload(decode=True) or b""
            yield from _QUOTED.findall(raw.decode("utf-8", "replace"))
