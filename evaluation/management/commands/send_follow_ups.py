"""Ask those who took part in exchanges, 0, 6 and 24 months after the end."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from evaluation.services.surveys import follow_up


class Command(BaseCommand):
    help = "Owes invitations to surveys that are due, and reminders; forgets people in time."

    def handle(self, *args: Any, **options: Any) -> str:
        """Return how many mails are owed."""
        return str(follow_up(timezone.now()))
