"""Background work of the community."""

from __future__ import annotations

from io import StringIO

from celery import shared_task
from django.core.cache import cache
from django.core.management import call_command
from django.db.models import F

from community.models import Thread

VIEWS_KEY = "views:new:{thread}"
GATHERED = 60  # seconds over which views are gathered before they are written


@shared_task
def add_views(pk: int) -> int:
    """Add the views that were gathered to a thread; return how many."""
    key = VIEWS_KEY.format(thread=pk)
    number = int(cache.get(key) or 0)
    cache.delete(key)
    if number:
        Thread.objects.filter(pk=pk).update(views=F("views") + number)
    return number


@shared_task
def remind_of_events() -> int:
    """Owe the mail that is due before and after events; return of how many."""
    return int(call_command("remind_of_events", stdout=StringIO()) or 0)


@shared_task
def fill_event_seats() -> int:
    """Give free seats to those who wait; return how many."""
    return int(call_command("fill_event_seats", stdout=StringIO()) or 0)


@shared_task
def show_due_articles() -> int:
    """Publish the articles whose day has come; return how many."""
    return int(call_command("show_due_articles", stdout=StringIO()) or 0)


@shared_task
def tell_followers() -> int:
    """Tell those who follow what happened; return of how many activities. What a lost worker, or
    an emptied broker, left untold the scheduler asks for again.
    """
    return int(call_command("tell_followers", stdout=StringIO()) or 0)


@shared_task
def forget_old_notices() -> int:
    """Remove notices that were read long ago; return how many."""
    return int(call_command("forget_old_notices", stdout=StringIO()) or 0)


@shared_task
def send_announcements() -> int:
    """Owe the mails of announcements that are being sent; return to how many members. What a
    lost worker left the scheduler asks for again.
    """
    return int(call_command("send_announcements", stdout=StringIO()) or 0)
