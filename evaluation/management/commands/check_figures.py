"""Compute every figure again and list those that are kept otherwise."""

from typing import Any

from django.core.management.base import BaseCommand

from evaluation.services.drift import check_figures


class Command(BaseCommand):
    help = "Computes every figure again; what is kept otherwise is listed for moderators."

    def handle(self, *args: Any, **options: Any) -> str:
        """Return how many figures are newly listed."""
        return str(check_figures())
