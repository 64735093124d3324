"""Take one mail from standard input, as a mail server hands it over, and make a post of an answer.

Exits with 75 (try again later) while the database is away, otherwise with 0, whatever was sent.
"""

from __future__ import annotations

import sys

from django.core.management.base import BaseCommand, CommandError
from django.db import InterfaceError, OperationalError

from community.services.mail_in import receive_mail
from core.incoming_mail import MOST_BYTES

TRY_AGAIN = 75  # EX_TEMPFAIL of sysexits.h: mail servers keep the mail and come again


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: object, verbosity: int, **options: object) -> None:
        raw = sys.stdin.buffer.read(MOST_BYTES)
        try:
            received = receive_mail(raw)
        except (OperationalError, InterfaceError) as error:
            raise CommandError(
                "The database is away; try again later.", returncode=TRY_AGAIN
            ) from error
        if verbosity:
            self.stdout.write(received.outcome)
