"""What htmx asks for."""

from django.http import HttpRequest

_WHOLE_PAGE = ("HX-Boosted", "HX-History-Restore-Request")  # htmx wants more than a fragment


def is_htmx(request: HttpRequest) -> bool:
    """Return True for a request that htmx made and that wants a fragment."""
    headers = request.headers
    return headers.get("HX-Request") == "true" and not any(name in headers for name in _WHOLE_PAGE)
