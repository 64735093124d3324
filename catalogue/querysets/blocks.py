"""Which building blocks, and uses of them in entries, there are for whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Coalesce, Collate

from accounts.querysets import is_moderator
from hubs.querysets import ANY_ROLE, holding_words, holds_role, may_edit

if TYPE_CHECKING:
    from hubs.querysets import User

PUBLIC_BLOCK = Q(is_published=True, hub__is_published=True)


def block_seen_by(user: User, block: str = "") -> Q:
    """Return the condition "`user` may see the building block", or the one that a column points
    to (`block`, as in "block__"): published blocks of published hubs; those of a hidden hub for
    its own people; all of a hub's for its editors and heads; all, for moderators.
    """
    if is_moderator(user):
        return Q((f"{block}pk__isnull", False))
    hub, is_published = f"{block}hub", Q((f"{block}is_published", True))
    known = Q((f"{hub}__is_published", True)) | Q(holds_role(user, ANY_ROLE, hub))
    return (is_published & known) | Q(may_edit(user, hub))


class BuildingBlockQuerySet(QuerySet[Any]):
    def published(self) -> Self:
        """Blocks that everybody may read."""
        return self.filter(PUBLIC_BLOCK)

    def visible_to(self, user: User) -> Self:
        """Published blocks of published hubs; those of a hidden hub for its own people; all of
        a hub's for its editors and heads, and for moderators.
        """
        return self.filter(block_seen_by(user))

    def editable_by(self, user: User) -> Self:
        """Blocks of the hubs that the user edits."""
        return self.filter(may_edit(user))

    def matching(self, text: str) -> Self:
        """Blocks whose title or description holds every word of `text`; accents and case do
        not matter.
        """
        return self.filter(holding_words(text, "title", "description"))

    def with_entry_count(self, user: User) -> Self:
        """Annotate `entry_count`: in how many published entries that `user` may see it is."""
        uses = _uses(user).order_by().values("block").annotate(number=Count("pk"))
        number = Subquery(uses.values("number"), output_field=IntegerField())
        return self.annotate(entry_count=Coalesce(number, Value(0)))

    def with_entry_slugs(self, user: User) -> Self:
        """Annotate `entries_using`: the slugs of those entries."""
        slugs = _uses(user).order_by(Collate("entry__slug", "C")).values("entry__slug")
        return self.annotate(entries_using=ArraySubquery(slugs, output_field=TextField()))


def _uses(user: User) -> QuerySet[Any]:
    """Return the uses of the outer block in published entries that `user` may see."""
    uses: QuerySet[Any] = apps.get_model("catalogue", "BlockUse").objects.in_entries_for(user)
    return uses.filter(block=OuterRef("pk"))


class BlockUseQuerySet(QuerySet[Any]):
    def in_entries_for(self, user: User) -> Self:
        """Uses in published entries that the user may see, whatever the block."""
        entries = apps.get_model("catalogue", "Entry").objects.visible_to(user).published()
        return self.filter(entry__in=entries.values("pk"))

    def visible_to(self, user: User) -> Self:
        """Uses of which the user may see both the block and the entry."""
        entries = apps.get_model("catalogue", "Entry").objects.visible_to(user)
        blocks = apps.get_model("catalogue", "BuildingBlock").objects.visible_to(user)
        return self.filter(entry__in=entries.values("pk"), block__in=blocks.values("pk"))

    def editable_by(self, user: User) -> Self:
        """Uses that the user may end: the editors of the entry's hub, who made them, and those
        of the block's hub.
        """
        return self.filter(Q(may_edit(user, "entry__hub")) | Q(may_edit(user, "block__hub")))
