"""How much one client may ask."""

from rest_framework.throttling import SimpleRateThrottle


class ClientThrottle(SimpleRateThrottle):
    """One rate a client."""

    scope = "client"

    def get_cache_key(self, request, view):
        return None
