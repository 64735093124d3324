"""What every template may use."""

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, object]:
    """Return the portal's name and whether it is a demonstration."""
    return {"site_name": settings.SITE_NAME, "is_demo": settings.DEMO}
