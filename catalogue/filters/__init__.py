"""Query-string filters of the lists of the catalogue."""

from catalogue.filters.blocks import BuildingBlockFilter
from catalogue.filters.entries import EntryFilter
from catalogue.filters.resources import ResourceFilter

__all__ = [
    "BuildingBlockFilter",
    "EntryFilter",
    "ResourceFilter",
]
