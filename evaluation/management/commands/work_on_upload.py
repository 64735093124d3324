"""Check or take one uploaded table of figures, whichever is owed: what the worker does."""

from django.core.management.base import BaseCommand, CommandParser

from evaluation.services.upload_steps import work_on_upload


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("pk", type=int)

    def handle(self, *args: object, **options: int) -> None:
        state = work_on_upload(options["pk"])
        if options["verbosity"]:
            self.stdout.write(state or "Nothing to do.")
