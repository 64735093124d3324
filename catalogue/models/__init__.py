"""Packaged experience: entries, their parts and their published versions."""

from catalogue.models.entry import Entry, EntryState
from catalogue.models.parts import EntryPartner, PartnerRole, ResultRow
from catalogue.models.resource import Resource, ResourceLink
from catalogue.models.search import SearchKind, SearchRow
from catalogue.models.version import EntryVersion

__all__ = [
    "Entry",
    "EntryPartner",
    "EntryState",
    "EntryVersion",
    "PartnerRole",
    "Resource",
    "ResourceLink",
    "ResultRow",
    "SearchKind",
    "SearchRow",
]
