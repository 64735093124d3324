"""Send the announcements that were started: what the worker does until each is done."""

from django.core.management.base import BaseCommand

from community.services.announcement_sending import send_announcements


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: object, **options: object) -> str:
        """Return of how many members the turn came."""
        return str(send_announcements())
