"""Which things of the catalogue there are for whom. Every such rule is here, once."""

from catalogue.querysets.adoptions import AdoptionQuerySet
from catalogue.querysets.attachments import AttachmentQuerySet
from catalogue.querysets.blocks import BlockUseQuerySet, BuildingBlockQuerySet
from catalogue.querysets.drafts import DraftPartQuerySet, DraftQuerySet, RoundPartQuerySet
from catalogue.querysets.entries import (
    EntryPartnerQuerySet,
    EntryPartQuerySet,
    EntryQuerySet,
    EntryVersionQuerySet,
)
from catalogue.querysets.experts import (
    ExpertLanguageQuerySet,
    ExpertQuerySet,
    may_add_experts,
)
from catalogue.querysets.resources import (
    ResourceLinkQuerySet,
    ResourceQuerySet,
    availability,
    may_add_resources,
)
from catalogue.querysets.search import (
    PortalQuery,
    SearchCountQuerySet,
    SearchRowQuerySet,
    SearchWordQuerySet,
    audiences_of,
)
from catalogue.querysets.statements import SearchStatements
from catalogue.querysets.translations import TranslationQuerySet

__all__ = [
    "AdoptionQuerySet",
    "AttachmentQuerySet",
    "BlockUseQuerySet",
    "BuildingBlockQuerySet",
    "DraftPartQuerySet",
    "DraftQuerySet",
    "EntryPartQuerySet",
    "EntryPartnerQuerySet",
    "EntryQuerySet",
    "EntryVersionQuerySet",
    "ExpertLanguageQuerySet",
    "ExpertQuerySet",
    "PortalQuery",
    "ResourceLinkQuerySet",
    "ResourceQuerySet",
    "RoundPartQuerySet",
    "SearchCountQuerySet",
    "SearchRowQuerySet",
    "SearchStatements",
    "SearchWordQuerySet",
    "TranslationQuerySet",
    "audiences_of",
    "availability",
    "may_add_experts",
    "may_add_resources",
]
