"""Background work of the community: telling who follows; forgetting what was read long ago."""

from __future__ import annotations

from io import StringIO

from celery import shared_task
from django.core.management import call_command


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
