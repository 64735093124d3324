"""Background work of exchanges and results."""

from __future__ import annotations

import datetime
from io import StringIO

from celery import shared_task
from django.core.management import call_command
from django.utils import timezone

from core.owed import sweep_owed
from evaluation.models import UpdateUpload

KEPT_FOR = datetime.timedelta(days=14)  # that a checked table waits for its member


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
def remind_of_confirmations() -> int:
    """Remind the sides of exchanges that did not answer; return how many there are."""
    return int(call_command("remind_of_confirmations", stdout=StringIO()) or 0)


@shared_task
def send_follow_ups() -> int:
    """Ask those who took part in exchanges; return how many mails are owed."""
    return int(call_command("send_follow_ups", stdout=StringIO()) or 0)


@shared_task
def work_on_upload(pk: int) -> None:
    """Check a table of figures, or take it, whichever is owed; nothing if somebody is at it."""
    call_command("work_on_upload", str(pk), verbosity=0)


@shared_task
def sweep_uploads() -> int:
    """Take up tables of figures whose worker was lost; return how many."""
    return sweep_owed(UpdateUpload.objects.all(), work_on_upload)


@shared_task
def drop_old_uploads() -> int:
    """Drop the tables of figures that nobody confirmed in two weeks, and what is left of those
    that were taken; return how many.
    """
    old = UpdateUpload.objects.filter(created_at__lt=timezone.now() - KEPT_FOR)
    number, _by_model = old.delete()
    return number
