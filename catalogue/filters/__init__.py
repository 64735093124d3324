"""Query-string filters of the lists of the catalogue."""

from catalogue.filters.entries import EntryFilter

__all__ = ["EntryFilter"]
