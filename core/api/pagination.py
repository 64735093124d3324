"""Pages by position, which cost the same at the start and at the end of a list."""

from rest_framework.pagination import CursorPagination as DRFCursorPagination


class CursorPagination(DRFCursorPagination):
    """Cursor pages."""
