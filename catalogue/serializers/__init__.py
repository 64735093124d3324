"""What the API and the CSV files say of the catalogue; shapes, not acts."""

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
    "ENTRY_COLUMNS",
    "EntryRowSerializer",
    "EntrySerializer",
    "completed",
    "entry_rows",
    "entry_values",
]
