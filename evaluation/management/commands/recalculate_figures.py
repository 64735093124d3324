"""Compute the figures that are owed: what the worker does."""

from typing import Any

from django.core.management.base import BaseCommand

from evaluation.services.recalculating import recalculate_due


class Command(BaseCommand):
    help = "Computes the figures of every indicator for which that was asked, and of all above."

    def handle(self, *args: Any, **options: Any) -> str:
        """Return how many requests were met."""
        return str(recalculate_due())
