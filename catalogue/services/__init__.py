"""Changes of the catalogue, each in one transaction."""

from catalogue.services.indexing import index_entries
from catalogue.services.publishing import TEXTS, content_of, publish_content

__all__ = ["TEXTS", "content_of", "index_entries", "publish_content"]
