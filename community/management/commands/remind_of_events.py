"""Remind of events, and ask for feedback afterwards."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from community.services.event_reminders import remind_of_events


class Command(BaseCommand):
    help = "Owes the mail that is due before and after events; each once."

    def handle(self, *args: Any, **options: Any) -> str:
        """Return of how many events somebody is told."""
        return str(remind_of_events(timezone.now()))
