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
    "ENTRY_COLUMNS",
    "RESOURCE_COLUMNS",
    "EntryRowSerializer",
    "EntrySerializer",
    "ResourceRowSerializer",
    "ResourceSerializer",
    "completed",
    "completed_resources",
    "copy_address",
    "entry_rows",
    "entry_values",
    "resource_rows",
    "resource_values",
]
