"""What the API and the CSV files say of the catalogue; shapes, not acts."""

from catalogue.serializers.adoptions import (
    ADOPTION_COLUMNS,
    AdoptionSerializer,
    adoption_rows,
    adoption_values,
    completed_adoptions,
)
from catalogue.serializers.blocks import (
    BLOCK_COLUMNS,
    BuildingBlockSerializer,
    block_rows,
    block_values,
    completed_blocks,
)
from catalogue.serializers.drafts import (
    DraftContentSerializer,
    DraftRowSerializer,
    DraftSerializer,
    MessageSerializer,
    NewDraftSerializer,
    NoteSerializer,
    ReasonSerializer,
    VerdictSerializer,
)
from catalogue.serializers.entries import (
    ADDRESSES,
    ENTRY_COLUMNS,
    EntryRowSerializer,
    EntrySerializer,
    completed,
    entry_rows,
    entry_values,
)
from catalogue.serializers.resources import (
    RESOURCE_COLUMNS,
    ResourceRowSerializer,
    ResourceSerializer,
    completed_resources,
    copy_address,
    resource_rows,
    resource_values,
)
from catalogue.serializers.search import (
    SEARCH_COLUMNS,
    SearchResultSerializer,
    search_rows,
    shown_row,
)

__all__ = [
    "ADDRESSES",
    "ADOPTION_COLUMNS",
    "BLOCK_COLUMNS",
    "ENTRY_COLUMNS",
    "RESOURCE_COLUMNS",
    "SEARCH_COLUMNS",
    "AdoptionSerializer",
    "BuildingBlockSerializer",
    "DraftContentSerializer",
    "DraftRowSerializer",
    "DraftSerializer",
    "EntryRowSerializer",
    "EntrySerializer",
    "MessageSerializer",
    "NewDraftSerializer",
    "NoteSerializer",
    "ReasonSerializer",
    "ResourceRowSerializer",
    "ResourceSerializer",
    "SearchResultSerializer",
    "VerdictSerializer",
    "adoption_rows",
    "adoption_values",
    "block_rows",
    "block_values",
    "completed",
    "completed_adoptions",
    "completed_blocks",
    "completed_resources",
    "copy_address",
    "entry_rows",
    "entry_values",
    "resource_rows",
    "resource_values",
    "search_rows",
    "shown_row",
]
