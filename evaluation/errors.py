"""Refusals of this app, in words for the person who asked."""

from core.errors import DomainError


class TransitionError(DomainError):
    """A state that cannot follow the present one."""
