"""Remind those who see to points of action plans."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from evaluation.services.plans import remind_of_actions


class Command(BaseCommand):
    help = "Owes a mail for points of action plans that are due soon or late; each once."

    def handle(self, *args: Any, **options: Any) -> str:
        """Return how many mails are owed."""
        return str(remind_of_actions(timezone.now()))
