"""Who asks: the browser's session; partner keys come with their issue."""

from rest_framework.authentication import SessionAuthentication as DRFSessionAuthentication
from rest_framework.request import Request


class SessionAuthentication(DRFSessionAuthentication):
    """The browser's session, which needs a CSRF token to write.

    Naming a challenge makes the answer to anonymous writers 401 rather than 403.
    """

    def authenticate_header(self, request: Request) -> str:
        return 'Session realm="api"'
