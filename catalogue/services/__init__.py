"""Changes of the catalogue, each in one transaction."""

from catalogue.services.blocks import (
    BLOCK_TEXTS,
    attach_block,
    change_block,
    create_block,
    detach_block,
    publish_block,
    withdraw_block,
)
from catalogue.services.indexing import index_entries
from catalogue.services.publishing import TEXTS, content_of, publish_content

__all__ = [
    "BLOCK_TEXTS",
    "TEXTS",
    "attach_block",
    "change_block",
    "content_of",
    "create_block",
    "detach_block",
    "index_entries",
    "publish_block",
    "publish_content",
    "withdraw_block",
]
