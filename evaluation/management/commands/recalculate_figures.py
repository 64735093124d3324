"""Compute the figures that are due; `--all` asks for every one first."""

from django.core.management.base import BaseCommand, CommandParser
from django.db import connection, transaction

from evaluation.models import Indicator
from evaluation.services.outbox import request_recalculation
from evaluation.services.recalculating import recalculate_due


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--all", action="store_true", help="every figure, not only what is due")

    def handle(self, *args: object, **options: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout TO 0")  # a page's limit, and this is none
        if options["all"]:
            with transaction.atomic():
                request_recalculation(Indicator.objects.values_list("pk", flat=True))
        requests = changed = 0
        while (done := recalculate_due()).requests:
            requests += done.requests
            changed += done.figures
        if options["verbosity"]:
            self.stdout.write(f"{requests} requests, {changed} figures changed.")
