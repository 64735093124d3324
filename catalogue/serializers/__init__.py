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
from catalogue.serializers.entries import (
    ADDRESSES,
    ENTRY_COLUMNS,
    EntryRowSerializer,
    EntrySerializer,
    completed,
    entry_rows,
    entry_values,
)
from catalogue.serializers.experts import (
    EXPERT_COLUMNS,
    ExpertRowSerializer,
    ExpertSerializer,
    completed_experts,
    expert_rows,
    expert_values,
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

__all__ = [
    "ADDRESSES",
    "ADOPTION_COLUMNS",
    "BLOCK_COLUMNS",
    "ENTRY_COLUMNS",
    "EXPERT_COLUMNS",
    "RESOURCE_COLUMNS",
    "AdoptionSerializer",
    "BuildingBlockSerializer",
    "EntryRowSerializer",
    "EntrySerializer",
    "ExpertRowSerializer",
    "ExpertSerializer",
    "ResourceRowSerializer",
    "ResourceSerializer",
    "adoption_rows",
    "adoption_values",
    "block_rows",
    "block_values",
    "completed",
    "completed_adoptions",
    "completed_blocks",
    "completed_experts",
    "completed_resources",
    "copy_address",
    "entry_rows",
    "entry_values",
    "expert_rows",
    "expert_values",
    "resource_rows",
    "resource_values",
]
