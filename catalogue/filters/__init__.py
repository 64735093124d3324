"""Query-string filters of the lists of the catalogue."""

from catalogue.filters.entries import EntryFilter
from catalogue.filters.resources import ResourceFilter

__all__ = ["EntryFilter", "ResourceFilter"]
