"""Tell members what their saved searches found anew."""

from django.core.management.base import BaseCommand

from catalogue.alerts import send_alerts


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: object, **options: object) -> str:
        return str(send_alerts())
