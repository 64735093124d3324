"""Lift the measures against members whose time is over."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from accounts.models import Member
from accounts.services import end_expired


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: object, **options: object) -> str:
        due = Member.objects.filter(status_until__lte=timezone.now())
        return str(sum(end_expired(member) for member in due))
