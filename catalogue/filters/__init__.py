"""Query-string filters of the lists of the catalogue."""

from catalogue.filters.adoptions import AdoptionFilter
from catalogue.filters.blocks import BuildingBlockFilter
from catalogue.filters.entries import ENTRY_FACETS, EntryFilter
from catalogue.filters.experts import ExpertFilter
from catalogue.filters.resources import ResourceFilter
from catalogue.filters.search import FACETS, FacetFilter, SearchFilter, search_of

__all__ = [
    "ENTRY_FACETS",
    "FACETS",
    "AdoptionFilter",
    "BuildingBlockFilter",
    "EntryFilter",
    "ExpertFilter",
    "FacetFilter",
    "ResourceFilter",
    "SearchFilter",
    "search_of",
]
