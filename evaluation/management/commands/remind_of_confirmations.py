"""Remind the sides of exchanges whose confirmation is awaited."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from evaluation.services.awaiting import remind_of_confirmations


class Command(BaseCommand):
    help = "Owes a mail to each side that did not confirm an exchange for two weeks; each once."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> str:
        """Return of how many sides an answer is awaited."""
        return str(remind_of_confirmations(timezone.now()))
