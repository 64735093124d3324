"""Add demonstration accounts of every role, and what they wrote; refuses unless DEMO=1."""

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from community.demo.articles import load_demo_articles
from community.demo.events import load_demo_events
from community.demo.threads import load_demo_threads
from hubs.demo import DOMAIN, PASSWORD, load_demo_people


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: object, verbosity: int, **options: object) -> None:
        if not settings.DEMO:
            raise CommandError("Demonstration accounts need DEMO=1, never on a real portal.")
        call_command("load_starter", verbosity=0)  # the hubs and texts that the accounts need
        added = load_demo_people()
        load_demo_events(DOMAIN)
        load_demo_articles(DOMAIN)
        threads = load_demo_threads()
        if verbosity:
            self.stdout.write(
                f"Demonstration: {added} accounts added, password {PASSWORD}; {threads} threads."
            )
