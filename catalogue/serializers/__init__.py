"""What the API and the CSV files say of the catalogue; shapes, not acts."""

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

__all__ = [
    "ADDRESSES",
    "BLOCK_COLUMNS",
    "ENTRY_COLUMNS",
    "BuildingBlockSerializer",
    "EntryRowSerializer",
    "EntrySerializer",
    "block_rows",
    "block_values",
    "completed",
    "completed_blocks",
    "entry_rows",
    "entry_values",
]
