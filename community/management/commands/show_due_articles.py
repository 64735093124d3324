"""Publish the articles whose day has come."""

from typing import Any

from django.core.management.base import BaseCommand

from community.services.article_states import show_due_articles


class Command(BaseCommand):
    help = "Publishes the articles that were to appear today or earlier."

    def handle(self, *args: Any, **options: Any) -> str:
        """Return how many were published."""
        return str(show_due_articles())
