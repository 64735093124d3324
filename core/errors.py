"""Domain errors: a rule refused what was asked, in words meant for the person who asked."""

from collections.abc import Mapping

from django.core.exceptions import ObjectDoesNotExist


class DomainError(Exception):
    """A request the rules of the portal refuse; the message is shown to the user."""


class Removed(DomainError, ObjectDoesNotExist):
    """A change of something that somebody removed in between."""


class StaleEdit(DomainError):
    """A save of something that somebody else saved in between.

    `saved` holds, by field name, what is in the database now, so that a page can show both
    texts; nothing was written.
    """

    def __init__(self, message: str, *, saved: Mapping[str, object], version: int) -> None:
        super().__init__(message)
        self.saved = saved
        self.version = version
