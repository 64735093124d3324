"""Give the free seats of events to those who wait."""

from typing import Any

from django.core.management.base import BaseCommand

from community.services.seats import fill_free_seats


class Command(BaseCommand):
    help = "Gives free seats, as of members who closed their account, to those who wait longest."

    def handle(self, *args: Any, **options: Any) -> str:
        """Return how many seats were given."""
        return str(fill_free_seats())
