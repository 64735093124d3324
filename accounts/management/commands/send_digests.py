"""Owe each member who wants one the mail of the day: what the scheduler does every morning."""

from django.core.management.base import BaseCommand

from accounts.services import send_digests


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: object, **options: object) -> str:
        number = send_digests()
        return str(number)
