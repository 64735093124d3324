"""Show at the terminal the mail that the file backend writes."""

import email
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

# What Django's file backend writes after each message.
SEPARATOR = b"\n" + b"-" * 79 + b"\n"
RULE = "─" * 72


class MailWatch:
    """Returns each new message below `folder` once, as text for the terminal."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.seen = {path: path.stat().st_size for path in folder.glob("*.log")}

    def new(self) -> list[str]:
        """Return the messages completed since the last call, oldest first."""
        shown = []
        for path in sorted(self.folder.glob("*.log")):
            start = self.seen.get(path, 0)
            if path.stat().st_size <= start:
                continue
            *complete, rest = path.read_bytes()[start:].split(SEPARATOR)
            self.seen[path] = path.stat().st_size - len(rest)
            shown += [_as_text(raw) for raw in complete]
        return shown


def _as_text(raw: bytes) -> str:
    message = email.message_from_bytes(raw, policy=default)
    body = ""
    if isinstance(message, EmailMessage):
        part = message.get_body(preferencelist=("plain", "html"))
        body = part.get_content().strip() if part else ""
    return f"{RULE}\nMail to {message['To']}: {message['Subject']}\n\n{body}\n{RULE}"
