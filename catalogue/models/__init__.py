"""Packaged experience: entries, their parts and their published versions."""

from catalogue.models.adoption import Adoption, AdoptionOutcome, AdoptionState
from catalogue.models.attachment import Attachment, EntryAttachment
from catalogue.models.block import BlockUse, BuildingBlock
from catalogue.models.draft import OPEN_STATES, TRANSITIONS, Draft, DraftState, ReviewRound
from catalogue.models.entry import Entry, EntryState
from catalogue.models.expert import Audience, Availability, Expert, ExpertLanguage, LanguageLevel
from catalogue.models.importing import Import, ImportState, KnownRows
from catalogue.models.parts import EntryPartner, PartnerRole, ResultRow
from catalogue.models.resource import Resource, ResourceLink
from catalogue.models.review import (
    Gate,
    GateVerdict,
    ReviewerAssignment,
    ReviewMessage,
    Verdict,
)
from catalogue.models.saved_search import SavedSearch, SearchAlert, SearchPlace
from catalogue.models.search import SAMPLE, SearchAudience, SearchCount, SearchRow, SearchWord
from catalogue.models.tag import MOST_OF_NAME, MOST_TAGS, Tag
from catalogue.models.translation import Told, Translation, TranslationState
from catalogue.models.version import EntryVersion

__all__ = [
    "MOST_OF_NAME",
    "MOST_TAGS",
    "OPEN_STATES",
    "SAMPLE",
    "TRANSITIONS",
    "Adoption",
    "AdoptionOutcome",
    "AdoptionState",
    "Attachment",
    "Audience",
    "Availability",
    "BlockUse",
    "BuildingBlock",
    "Draft",
    "DraftState",
    "Entry",
    "EntryAttachment",
    "EntryPartner",
    "EntryState",
    "EntryVersion",
    "Expert",
    "ExpertLanguage",
    "Gate",
    "GateVerdict",
    "Import",
    "ImportState",
    "KnownRows",
    "LanguageLevel",
    "PartnerRole",
    "Resource",
    "ResourceLink",
    "ResultRow",
    "ReviewMessage",
    "ReviewRound",
    "ReviewerAssignment",
    "SavedSearch",
    "SearchAlert",
    "SearchAudience",
    "SearchCount",
    "SearchPlace",
    "SearchRow",
    "SearchWord",
    "Tag",
    "Told",
    "Translation",
    "TranslationState",
    "Verdict",
]
