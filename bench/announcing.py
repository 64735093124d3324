"""An announcement to many members.

`python -m bench.inside announcing MEMBERS` starts the sending of one to as many members and takes
all their turns, with a mail server that takes mail at once; prints what it took as JSON.
"""

import json
import sys
from typing import Any

from allauth.account.models import EmailAddress
from django.db import connection
from django.utils import timezone

from accounts.models import Member, OutgoingMail
from bench.figures import timed
from community.models import Announcement
from community.querysets.announcements import meant_by, reach_of
from community.services.announcement_sending import send_announcements
from community.services.announcements import begin_announcement, send_announcement

LANGUAGES = ("en", "es", "fr", "pt-br", "id", "ar")
BODY = "The portal *moves* on Sunday. See [the hubs](/hubs/).\n\n" * 20


def main(arguments: list[str]) -> None:
    number = int(arguments[0])
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout TO 0")  # as workers have it
    members = Member.objects.bulk_create(_member(each) for each in range(number))
    EmailAddress.objects.bulk_create(
        EmailAddress(user=each, email=each.email, primary=True, verified=True) for each in members
    )
    by = Member.objects.create_user(
        "announcer@bench.example", name="Announcer", slug="bench-announcer",
        role=Member.Role.MODERATOR, status=Member.Status.ACTIVE,
    )  # fmt: skip
    draft = begin_announcement(
        by=by, subject="We move", body=BODY, joined_since=timezone.now().date()
    )
    counted = timed(lambda: reach_of(meant_by(draft)))
    started = timed(lambda: send_announcement(draft, expected_version=1, by=by))
    turned = timed(_take_turns)
    found: Any = Announcement.objects.with_figures().get(pk=draft.pk)
    sys.stdout.write(
        json.dumps(
            {
                "counted": counted,
                "started": started,
                "turned": turned,
                "recipients": found.recipient_count,
                "mailed": found.mailed_count,
                "state": found.state,
            }
        )
    )


def _take_turns() -> None:
    """Take turns until all is sent; what is in the outbox leaves it at once."""
    while Announcement.objects.sending().exists():
        send_announcements()
        OutgoingMail.objects.filter(key__startswith="announcement:", sent_at=None).update(
            sent_at=timezone.now(), body="", html=""
        )


def _member(number: int) -> Member:
    return Member(
        email=f"announced{number}@bench.example",
        name=f"Announced {number}",
        slug=f"bench-announced-{number}",
        status=Member.Status.ACTIVE,
        language=LANGUAGES[number % len(LANGUAGES)],
        password="!",  # noqa: S106 -- nobody can sign in
    )
