"""Which things of the catalogue there are for whom. Every such rule is here, once."""

from catalogue.querysets.blocks import BlockUseQuerySet, BuildingBlockQuerySet
from catalogue.querysets.entries import (
    EntryPartnerQuerySet,
    EntryPartQuerySet,
    EntryQuerySet,
    EntryVersionQuerySet,
)
from catalogue.querysets.search import PortalQuery, SearchRowQuerySet

__all__ = [
    "BlockUseQuerySet",
    "BuildingBlockQuerySet",
    "EntryPartQuerySet",
    "EntryPartnerQuerySet",
    "EntryQuerySet",
    "EntryVersionQuerySet",
    "PortalQuery",
    "SearchRowQuerySet",
]
