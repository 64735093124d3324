"""Background work of the community."""

from io import StringIO

from celery import shared_task
from django.core.management import call_command


@shared_task
def remind_of_events() -> int:
    """Owe the mail that is due before and after events; return of how many."""
    return int(call_command("remind_of_events", stdout=StringIO()) or 0)


@shared_task
def fill_event_seats() -> int:
    """Give free seats to those who wait; return how many."""
    return int(call_command("fill_event_seats", stdout=StringIO()) or 0)
