"""Write every row of the search anew; needed only after an upgrade that says so."""

from django.core.management.base import BaseCommand

from catalogue.services import index_entries


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: object, **options: object) -> None:
        self.stdout.write(f"{index_entries()} entries can be found.")
