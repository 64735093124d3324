"""Remove notices that were read, and what is known of mail that arrived, long ago: what the
scheduler does every night.
"""

from django.core.management.base import BaseCommand

from community.services.mail_in import forget_received
from community.services.notices import forget_old_notices


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: object, **options: object) -> str:
        """Return how many are removed."""
        return str(forget_old_notices() + forget_received())
