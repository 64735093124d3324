"""Packaged experience: entries, their parts and their published versions."""

from catalogue.models.block import BlockUse, BuildingBlock
from catalogue.models.entry import Entry, EntryState
from catalogue.models.parts import EntryPartner, PartnerRole, ResultRow
from catalogue.models.search import SearchKind, SearchRow
from catalogue.models.version import EntryVersion

__all__ = [
    "BlockUse",
    "BuildingBlock",
    "Entry",
    "EntryPartner",
    "EntryState",
    "EntryVersion",
    "PartnerRole",
    "ResultRow",
    "SearchKind",
    "SearchRow",
]
