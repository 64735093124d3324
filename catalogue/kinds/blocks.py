"""Building blocks, to be searched."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from django.db.models import DateTimeField, F, QuerySet, Value
from django.utils.translation import gettext_lazy as _

from catalogue.models import BuildingBlock
from catalogue.searchable import Searchable, Shown, register, row_columns

if TYPE_CHECKING:
    from hubs.querysets import User

SUMMARY = 300  # characters


def rows() -> QuerySet[Any, Any]:
    """Return every published building block as a row to index."""
    return BuildingBlock.objects.filter(is_published=True).values(
        **row_columns(
            pk=F("pk"),
            hub=F("hub"),
            title=F("title"),
            language=F("language"),
            published_at=Value(None, output_field=DateTimeField()),
            text=F("description"),
        )
    )


def shown(keys: Collection[int], user: User) -> dict[int, Shown]:
    """Return what results say of the building blocks `keys` that `user` may read; one query."""
    blocks: Any = BuildingBlock.objects.visible_to(user).filter(pk__in=keys)
    return {
        block.pk: Shown(
            title=block.title,
            summary=block.description[:SUMMARY],
            language=block.language,
            path=block.get_absolute_url(),
            api_path=f"/api/v1/building-blocks/{block.slug}/",
            published_at=block.updated_at,
            hub=block.hub.acronym or block.hub.name,
            text=block.description,
        )
        for block in blocks.filter(is_published=True).select_related("hub")
    }


register(Searchable("block", _("Building blocks"), rows, shown))
