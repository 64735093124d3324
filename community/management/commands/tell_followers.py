"""Tell those who follow what happened: what the worker does after each change."""

from django.core.management.base import BaseCommand

from community.services.telling import tell_followers


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: object, **options: object) -> str:
        """Return of how many activities they were told."""
        return str(tell_followers())
