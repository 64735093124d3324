"""Remind reviewers, authors and moderators of drafts that wait for them."""

from typing import Any

from django.core.management.base import BaseCommand

from catalogue.services import remind


class Command(BaseCommand):
    help = "Owes a mail to everybody for whom a draft waits too long; each reminder once."

    def handle(self, *args: Any, **options: Any) -> str:
        """Return how many drafts wait so."""
        return str(remind())
