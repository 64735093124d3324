"""Compute every figure anew and list those that are stored differently."""

from django.core.management.base import BaseCommand
from django.db import connection

from evaluation.services.recalculating import find_drift


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: object, **options: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout TO 0")  # a page's limit, and this is none
        found = find_drift()
        if options["verbosity"]:
            self.stdout.write(f"{found} figures drifted.")
