"""Background work of exchanges and results."""

from __future__ import annotations

from io import StringIO

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


@shared_task
def settle_stories() -> int:
    """Compute anew what impact stories have reached; return how many changed."""
    return int(call_command("settle_stories", stdout=StringIO()) or 0)


@shared_task
def remind_of_actions() -> int:
    """Remind those who see to points of action plans; return how many mails are owed."""
    return int(call_command("remind_of_actions", stdout=StringIO()) or 0)


@shared_task
def send_follow_ups() -> int:
    """Ask those who took part in exchanges; return how many mails are owed."""
    return int(call_command("send_follow_ups", stdout=StringIO()) or 0)
