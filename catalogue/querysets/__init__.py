"""Which things of the catalogue there are for whom. Every such rule is here, once."""

from catalogue.querysets.entries import (
    EntryPartnerQuerySet,
    EntryPartQuerySet,
    EntryQuerySet,
    EntryVersionQuerySet,
)
from catalogue.querysets.resources import ResourceLinkQuerySet, ResourceQuerySet
from catalogue.querysets.search import PortalQuery, SearchRowQuerySet

__all__ = [
    "EntryPartQuerySet",
    "EntryPartnerQuerySet",
    "EntryQuerySet",
    "EntryVersionQuerySet",
    "PortalQuery",
    "ResourceLinkQuerySet",
    "ResourceQuerySet",
    "SearchRowQuerySet",
]
