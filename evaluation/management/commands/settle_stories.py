"""Compute anew what impact stories have reached."""

from typing import Any

from django.core.management.base import BaseCommand

from evaluation.services.rungs import settle_every_story


class Command(BaseCommand):
    help = "Compares the rungs of every impact story with what shows them now."

    def handle(self, *args: Any, **options: Any) -> str:
        """Return how many stories changed."""
        return str(settle_every_story())
