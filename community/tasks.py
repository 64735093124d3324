"""Background work of the community."""

from __future__ import annotations

from celery import shared_task
from django.core.cache import cache
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
