"""Background work of exchanges and results."""

from __future__ import annotations

from celery import shared_task
from django.core.management import call_command


@shared_task
def recalculate_figures() -> None:
    """Compute the figures that are due; nothing if nothing is."""
    call_command("recalculate_figures", verbosity=0)


@shared_task
def check_figures() -> None:
    """List the figures that are stored differently from what they come to."""
    call_command("check_figures", verbosity=0)
