"""How often a thread is looked at: once by each visitor on a day, without keeping who it was.

Who has looked today is known to the cache alone, as a keyed hash whose key is made anew each
day and written nowhere else. Views are added to the thread once a minute; should the cache be
lost, those of the last minute and the memory of the day go with it.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

from django.core.cache import cache

from community.tasks import GATHERED, VIEWS_KEY, add_views
from core.cache import count_up
from core.dates import today
from core.tasks import enqueue

DAY = 26 * 60 * 60  # seconds that the memory of a day is kept at most


def note_view(thread: int, visitor: str) -> None:
    """Count that `visitor` (see `core.http.visitor_of`; "" is nobody) looked at a thread."""
    if not visitor:
        return
    day = today().isoformat()
    key_of_day = f"views:key:{day}"
    cache.add(key_of_day, secrets.token_hex(32), DAY)
    key = cache.get(key_of_day)
    if key is None:  # the cache is away
        return
    who = hmac.new(key.encode(), visitor.encode(), hashlib.sha256).hexdigest()
    if not cache.add(f"views:seen:{thread}:{who}", 1, DAY):
        return
    if count_up(VIEWS_KEY.format(thread=thread), DAY) == 1:
        enqueue(add_views, thread, after=GATHERED)
