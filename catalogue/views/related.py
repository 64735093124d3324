"""What an entry is tied to by its building blocks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.utils.translation import gettext as _

from catalogue.models import BlockUse, BuildingBlock, Entry
from catalogue.querysets import EntryQuerySet

if TYPE_CHECKING:
    from hubs.querysets import User


def blocks_of(entry: Entry, user: User) -> list[BuildingBlock]:
    """Return the building blocks of `entry` that `user` may see, in their order: one query."""
    blocks = BuildingBlock.objects.visible_to(user).filter(uses__entry=entry)
    return list(blocks.select_related("hub").order_by("uses__position", "uses__pk"))


def with_same_block(
    entry: Entry, entries: EntryQuerySet, blocks: Sequence[BuildingBlock], limit: int
) -> Iterator[dict[str, Any]]:
    """Give the newest published entries that have one of `blocks` too, with those as reason."""
    if not blocks:
        return
    titles = {block.pk: block.title for block in blocks}
    uses = BlockUse.objects.filter(block__in=titles)
    shared = uses.filter(entry=OuterRef("pk")).order_by("position", "pk").values("block")
    found = (
        entries.published()
        .exclude(pk=entry.pk)
        .filter(pk__in=uses.values("entry"))
        .annotate(shared_blocks=ArraySubquery(shared))
        .for_list()
        .order_by("-published_at", "pk")[:limit]
    )
    for other in found:
        reasons = [_("Same building block: %s") % titles[pk] for pk in other.shared_blocks]
        yield {"entry": other, "reasons": reasons}
