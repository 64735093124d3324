"""Background work of exchanges and results: figures computed anew, and checked at night."""

from __future__ import annotations

from io import StringIO

from celery import shared_task
from django.core.management import call_command


@shared_task
def recalculate() -> int:
    """Compute the figures that are owed; return how many requests were met."""
    return int(call_command("recalculate_figures", stdout=StringIO()) or 0)


@shared_task
def check_figures() -> int:
    """Compute every figure again and list those that are kept otherwise; return how many."""
    return int(call_command("check_figures", stdout=StringIO()) or 0)
