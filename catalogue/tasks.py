"""Background work of the catalogue."""

from io import StringIO

from celery import shared_task
from django.core.management import call_command
from django.db import connection, transaction

FOLD = """
WITH folded AS (
    DELETE FROM catalogue_searchcount RETURNING kind, audience, hub_id, code, number
)
INSERT INTO catalogue_searchcount (kind, audience, hub_id, code, number)
SELECT kind, audience, hub_id, code, sum(number) FROM folded
GROUP BY kind, audience, hub_id, code HAVING sum(number) <> 0
"""
SPARE = """
SELECT count(*) - count(DISTINCT (kind, audience, hub_id, code)) FROM catalogue_searchcount
"""


@shared_task
def send_search_alerts() -> int:
    """Tell members what their saved searches found anew; return how many mails are owed."""
    return int(call_command("send_search_alerts", stdout=StringIO()) or 0)


@shared_task
def fold_search_counts(at_least: int = 500) -> int:
    """Fold the rows of `SearchCount` together, unless fewer than `at_least` would be saved;
    return how many were saved. The sums stay as they are, for everybody, at every moment.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(SPARE)
        spare = int(cursor.fetchone()[0])
        if spare < at_least:
            return 0
        cursor.execute(FOLD)
    return spare
