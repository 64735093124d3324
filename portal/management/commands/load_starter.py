"""Load the starter content: legal texts, 14 real hubs, 46 experiences, 52 documents, 42 exchanges
with what was reported of them, and 18 events, each with its sources; spaces to talk in, and a first
story.

Safe at any time, in production too: what people edited or removed stays as it is.
"""

from django.core.management.base import BaseCommand

from accounts.services import load_legal_texts
from catalogue.starter.loader import load_starter_entries
from catalogue.starter.resources import load_starter_resources
from community.starter.articles import load_starter_articles
from community.starter.events import load_starter_events
from community.starter.spaces import load_starter_spaces
from evaluation.starter.loader import load_starter_results
from hubs.starter.loader import load_starter_content


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: object, verbosity: int, **options: object) -> None:
        added = load_starter_content() + load_starter_entries() + load_starter_resources()
        added += load_starter_results() + load_starter_events() + load_starter_spaces()
        added += load_starter_articles()
        added["legal texts"] = load_legal_texts()
        text = ", ".join(f"{number} {kind}" for kind, number in added.items() if number)
        if verbosity:
            self.stdout.write(f"Starter content: {text or 'nothing new'}.")
