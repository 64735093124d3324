"""The same filters as the pages, and 400 for anything unknown."""

from django_filters.rest_framework import DjangoFilterBackend


class StrictFilterBackend(DjangoFilterBackend):
    """The same filters as the pages."""
