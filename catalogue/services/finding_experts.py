"""The rows by which experts are found follow what everybody may see of them.

That depends on three things which change apart: the profile and its consent, the member, the
hub. Whoever changes one waits for one lock; the statement after the wait sees what the others
committed. When a member leaves or a hub is hidden, the database itself removes the rows
(migration 0022), whoever writes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from django.db import connection, transaction

from catalogue.models import Expert, SearchRow
from catalogue.services.indexing import index_rows
from core.naming import one_at_a_time

EXPERTS_LOCK = 5_014_032  # key of the advisory lock; also in migration 0022
_LETTERS = re.compile(r"[^\W\d_]+")
# Words of names that no title has any more: what somebody takes back is not proposed either.
FORGET_WORDS = """
DELETE FROM catalogue_searchword word
WHERE plain = ANY(%s) AND NOT EXISTS (
    SELECT FROM catalogue_searchrow row
    WHERE row.sort_title LIKE '%%' || word.plain || '%%'
)
"""


@transaction.atomic
def index_experts(keys: Sequence[int]) -> None:
    """Write the rows of experts as everybody may see them now, or remove them."""
    if not keys:
        return
    one_at_a_time(EXPERTS_LOCK)
    rows = SearchRow.objects.filter(kind="expert", object_pk__in=keys)
    before = set(rows.values_list("sort_title", flat=True))
    index_rows("expert", keys)
    gone = before - set(rows.values_list("sort_title", flat=True))
    if gone:
        words = sorted({word for title in gone for word in _LETTERS.findall(title)})
        with connection.cursor() as cursor:
            cursor.execute(FORGET_WORDS, [words])


def index_expert_of(member_pk: int) -> None:
    """Do so for the profile of a member whose name or standing changed, if there is one."""
    index_experts(list(Expert.objects.filter(member=member_pk).values_list("pk", flat=True)))


def index_experts_of_hub(hub_pk: int) -> None:
    """Do so for the experts of a hub that was shown, hidden or renamed."""
    index_experts(list(Expert.objects.filter(hub=hub_pk).values_list("pk", flat=True)))
