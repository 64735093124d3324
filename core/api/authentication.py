"""Who asks: the browser's session; partner keys come with their issue."""

from rest_framework.authentication import SessionAuthentication as DRFSessionAuthentication


class SessionAuthentication(DRFSessionAuthentication):
    """The browser's session."""
