"""How much one client may ask: a count a window, kept in the shared cache."""

from __future__ import annotations

import hashlib
import time
from typing import TYPE_CHECKING

from rest_framework.settings import api_settings
from rest_framework.throttling import BaseThrottle

from core.cache import count_up

if TYPE_CHECKING:  # the views import this module while they are being imported
    from rest_framework.request import Request
    from rest_framework.views import APIView

_SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400}


def parse_rate(rate: str) -> tuple[int, int]:
    """Return "600/minute" as (requests, seconds)."""
    number, _slash, period = rate.partition("/")
    return int(number), _SECONDS[period]


class ClientThrottle(BaseThrottle):
    """One rate for each member, or each address of people not signed in.

    Counting is atomic, so parallel requests cannot slip through. While the cache is away
    everybody is let in. Tells the client where it stands in the fields `RateLimit` and
    `RateLimit-Policy` (IETF draft-ietf-httpapi-ratelimit-headers).
    """

    scope = "client"
    _wait: int | None = None

    def allow_request(self, request: Request, view: APIView) -> bool:
        rate = api_settings.DEFAULT_THROTTLE_RATES.get(self.scope)
        if rate is None:
            return True
        limit, seconds = parse_rate(str(rate))
        now = int(time.time())
        ends_in = seconds - now % seconds
        count = count_up(f"{self._client(request)}:{now // seconds}", seconds + 1)
        view.headers["RateLimit-Policy"] = f'"{self.scope}";q={limit};w={seconds}'
        view.headers["RateLimit"] = f'"{self.scope}";r={max(limit - count, 0)};t={ends_in}'
        self._wait = ends_in
        return count <= limit

    def wait(self) -> int | None:
        return self._wait

    def _client(self, request: Request) -> str:
        if request.user.is_authenticated:
            return f"api-rate:member:{request.user.pk}"
        # Hashed: an address is personal, and a forwarded one is whatever a client wrote.
        address = hashlib.sha256(self.get_ident(request).encode()).hexdigest()[:32]
        return f"api-rate:address:{address}"
