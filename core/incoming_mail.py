"""What a mail says, however it is made: who sent it to whom, whether a machine did, and what its
writer added to what they answer. Nothing in here fails because of what somebody sent.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import policy
from email.errors import MessageError
from email.header import decode_header, make_header
from email.parser import BytesParser
from email.utils import getaddresses
from html.parser import HTMLParser
from typing import Any, NamedTuple

MOST_BYTES = 12_000_000  # of a mail that is read; the longest that other servers send
MOST_TEXT = 200_000  # characters of it that are looked at
CUT = "#--#"  # stands in a line of our mails above which people answer
# What the parser of the standard library is known to raise on odd mail.
FAULTS = (
    *(MessageError, RecursionError, ValueError, LookupError, TypeError, AttributeError),
    *(AssertionError, OverflowError),
)
_MACHINES = ("mailer-daemon", "postmaster", "no-reply", "noreply", "do-not-reply", "bounce")
_FOR_MANY = {"bulk", "junk", "list", "auto_reply", "auto-reply"}
_WROTE = re.compile(
    r"^\s*(on|el|le|em|pada|am|في|بتاريخ)\b.{4,300}?"
    r"(wrote|escribió|a écrit|escreveu|menulis|schrieb|كتب).{0,120}?:\s*$",
    re.IGNORECASE | re.DOTALL,
)
_FORWARDED = re.compile(
    r"^\s*([-_]{2,}\s*(original message|mensaje original|message d.origine|mensagem original|"
    r"pesan asli|الرسالة الأصلية).*|_{20,}\s*)$",
    re.IGNORECASE,
)
_FROM = re.compile(r"^\*?(from|de|dari|من)\*?\s*:\s.*[@\[<]", re.IGNORECASE)
_SENT = re.compile(
    r"^\*?(sent|date|enviado|envoyé|data|fecha|dikirim|tanggal|to|para|à|kepada)\*?\s*:",
    re.IGNORECASE,
)
_SIGNATURE = re.compile(r"^-- ?$")


class IncomingMail(NamedTuple):
    """A mail as far as it could be read; what could not is empty."""

    sender: str  # address, in small letters
    recipients: list[str]  # addresses, in small letters
    subject: str
    message_id: str
    is_automatic: bool
    text: str  # what its writer added


def read_mail(raw: bytes) -> IncomingMail | None:
    """Return what a mail says; None of one that cannot be read at all."""
    try:
        message: Any = BytesParser(policy=policy.compat32).parsebytes(raw[:MOST_BYTES])
        sender = next(iter(_addresses(message, "From")), "")
        return IncomingMail(
            sender=sender,
            recipients=_addresses(message, "To", "Cc", "Delivered-To", "X-Original-To"),
            subject=_header(message, "Subject")[:250],
            message_id=_header(message, "Message-ID")[:400],
            is_automatic=_is_automatic(message, sender),
            text=answer_in(_text(message)),
        )
    except FAULTS:
        return None


def _header(message: Any, name: str) -> str:
    """Return a header in one line, without what no text holds."""
    raw = str(message.get(name, ""))
    try:
        text = str(make_header(decode_header(raw)))
    except FAULTS:
        text = raw
    text = text.encode("utf-8", "replace").decode("utf-8")
    return " ".join(text.replace("\x00", "").split())


def _addresses(message: Any, *names: str) -> list[str]:
    found = []
    for name in names:
        for each in message.get_all(name, [])[:20]:
            found += [address.strip().lower() for _name, address in getaddresses([str(each)])]
    return [address for address in found if "@" in address and "\x00" not in address]


def _is_automatic(message: Any, sender: str) -> bool:
    """Return whether a machine wrote it (RFC 3834), or it goes to many."""
    answered = _header(message, "Auto-Submitted").lower()
    own = ("X-Autoreply", "X-Autorespond", "List-Id", "X-Loop")
    return (
        not sender
        or sender.partition("@")[0].startswith(_MACHINES)
        or (answered != "" and not answered.startswith("no"))
        or _header(message, "Precedence").lower() in _FOR_MANY
        or _header(message, "Return-Path") == "<>"
        or any(message.get(name) is not None for name in own)
        or message.get_content_type() in ("multipart/report", "message/delivery-status")
    )


def _text(message: Any) -> str:
    """Return the plain text, or what people see of the HTML where there is no other."""
    parts = list(_parts(message))
    plain = next((part for kind, part in parts if kind == "text/plain"), None)
    if plain is not None:
        return _decoded(plain)
    html = next((part for kind, part in parts if kind == "text/html"), None)
    return "" if html is None else _seen(_decoded(html))


def _parts(message: Any) -> Iterator[tuple[str, Any]]:
    for part in message.walk():
        is_file = "attachment" in str(part.get("Content-Disposition", "")).lower()
        if not part.is_multipart() and not is_file:
            yield part.get_content_type(), part


def _decoded(part: Any) -> str:
    raw = part.get_payload(decode=True)
    content = raw if isinstance(raw, bytes) else b""
    try:
        text = content.decode(part.get_content_charset() or "utf-8", "replace")
    except FAULTS:
        text = content.decode("utf-8", "replace")
    text = text.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n")
    return text[:MOST_TEXT].encode("utf-8", "replace").decode("utf-8")


class _Reader(HTMLParser):
    """Notes the text of HTML, a line for each block, without what is quoted or not shown."""

    _BLOCKS = {"p", "div", "br", "li", "tr", "h1", "h2", "h3", "blockquote"}
    _HIDDEN = {"script", "style", "head", "blockquote"}

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.hidden += tag in self._HIDDEN
        if tag in self._BLOCKS:
            self.text.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self.hidden = max(0, self.hidden - (tag in self._HIDDEN))
        if tag in self._BLOCKS:
            self.text.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.text.append(" ".join(data.split("\n")))


def _seen(html: str) -> str:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    lines = (" ".join(line.split()) for line in "".join(reader.text).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines))


def answer_in(text: str) -> str:
    """Return what somebody wrote in answer to a mail, without the mail and the signature.

    Who writes below what they quote is understood too, if they quote with ">".
    """
    lines = text.split("\n")
    end = next((at for at in range(len(lines)) if _ends_at(lines, at)), len(lines))
    above = "\n".join(lines[:end]).strip()
    if above:
        return above
    below = [line for line in lines[end:] if not line.lstrip().startswith(">")]
    while below and (_ends_at(below, 0) or not below[0].strip()):
        below = below[_announced(below[:3]) or 1 :]
    signed = next((at for at, line in enumerate(below) if _SIGNATURE.match(line)), len(below))
    return "" if any(CUT in line for line in below) else "\n".join(below[:signed]).strip()


def _ends_at(lines: list[str], at: int) -> bool:
    """Return whether what is answered, or the signature, begins in a line."""
    line = lines[at]
    return bool(
        CUT in line
        or line.lstrip().startswith(">")
        or _SIGNATURE.match(line)
        or _FORWARDED.match(line)
        or _announced(lines[at : at + 3])
        or (_FROM.match(line) and any(_SENT.match(each) for each in lines[at + 1 : at + 4]))
    )


def _announced(lines: list[str]) -> int:
    """Return how many lines the sentence takes that announces what is quoted; 0 for none."""
    for number in (1, 2, 3):
        some = lines[:number]
        if all(line.strip() for line in some) and _WROTE.match("\n".join(some)):
            return number
    return 0
