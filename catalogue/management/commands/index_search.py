"""Write every row of the search anew; needed only after an upgrade that says so."""

from django.core.management.base import BaseCommand
from django.db import connection

from catalogue.services import index_everything


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: object, **options: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout TO 0")  # a page's limit, and this is none
        self.stdout.write(f"{index_everything()} things can be found.")
