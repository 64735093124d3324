"""Building blocks: writing them, showing them to everybody, and saying which entries have them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import ActivityAudience
from accounts.services import Change, record_activity
from catalogue.models import BlockUse, BuildingBlock, Entry
from catalogue.services.indexing import index_rows
from core.errors import DomainError
from core.naming import free_slug, one_at_a_time
from hubs.models import Hub
from hubs.services.rows import lock, readable, refuse_stale, save_changed, sign

if TYPE_CHECKING:
    from accounts.models import Member

BLOCK_TEXTS = ("title", "language", "description")
MOST_OF_SLUG = 75  # characters made of a title; the column has room for a number
NAMING_LOCK = 5_014_012  # key of the advisory lock under which building blocks are named
RESERVED = {"add"}  # words that mean something else in addresses
MAX_BLOCKS = 50  # of an entry; more would say nothing


@transaction.atomic
def create_block(hub: Hub, *, columns: Mapping[str, str], by: Member) -> BuildingBlock:
    """Save a new building block of `hub`, not published yet; `columns` are `BLOCK_TEXTS`.

    Raises `PermissionDenied` if `by` does not edit the hub, `ValidationError` if a column is
    wrong.
    """
    if not Hub.objects.editable_by(by).contains(hub):
        raise PermissionDenied
    one_at_a_time(NAMING_LOCK)
    block = BuildingBlock(hub=hub, **{name: columns[name] for name in BLOCK_TEXTS})
    block.slug = free_slug(
        BuildingBlock.objects,
        block.title,
        most=MOST_OF_SLUG,
        otherwise="building-block",
        taken=RESERVED,
    )
    block.full_clean()
    sign(block, by)
    block.save()
    _record("block.added", block, by=by)
    return block


@transaction.atomic
def change_block(
    block: BuildingBlock, *, changes: Mapping[str, object], expected_version: int, by: Member
) -> BuildingBlock:
    """Change the texts of a building block; return the saved row.

    Raises `PermissionDenied` if `by` does not edit its hub, `StaleEdit` if it is not at
    `expected_version` any more, `ValidationError` if a column is wrong.
    """
    current = _editable(block, by=by)
    refuse_stale(current, expected_version, readable(current, BLOCK_TEXTS))
    texts = {name: value for name, value in changes.items() if name in BLOCK_TEXTS}
    made = save_changed(current, texts, by=by)
    index_rows("block", [current.pk])
    _record("block.changed", current, by=by, changes=made)
    return current


def publish_block(block: BuildingBlock, *, by: Member) -> BuildingBlock:
    """Show a building block to everybody who may see its hub.

    Raises `PermissionDenied` if `by` does not edit the hub, `DomainError` if it is shown
    already.
    """
    return _show(block, by=by, is_published=True)


def withdraw_block(block: BuildingBlock, *, by: Member) -> BuildingBlock:
    """Show a building block to its hub's editors only; entries keep it. Raises as
    `publish_block`.
    """
    return _show(block, by=by, is_published=False)


@transaction.atomic
def attach_block(block: BuildingBlock, entry: Entry, *, by: Member) -> BlockUse:
    """Say that `entry` has this building block, as its last one; return the use.

    Raises `PermissionDenied` if `by` does not edit the entry's hub or may not see the block,
    `DomainError` if the entry has it already or has very many.
    """
    # The entry is locked, so that two at once wait for each other.
    held = Entry.objects.select_for_update(no_key=True, of=("self",)).get(pk=entry.pk)
    may_write = Entry.objects.of_hubs_edited_by(by).contains(held)
    if not may_write or not BuildingBlock.objects.visible_to(by).contains(block):
        raise PermissionDenied
    places = dict(held.block_uses.values_list("block", "position"))
    if block.pk in places:
        raise DomainError(_("The entry has this building block already."))
    if len(places) >= MAX_BLOCKS:
        raise DomainError(_("An entry has at most %(max)s building blocks.") % {"max": MAX_BLOCKS})
    use = BlockUse(block=block, entry=held, position=max(places.values(), default=-1) + 1)
    use.full_clean()
    use.save()
    _record_use("block.attached", use, by=by)
    return use


@transaction.atomic
def detach_block(use: BlockUse, *, by: Member) -> None:
    """Say that an entry has a building block no more; if that was said already, do nothing.

    Raises `PermissionDenied` if `by` edits neither the entry's hub nor the block's.
    """
    held = BlockUse.objects.select_for_update(no_key=True, of=("self",))
    current = held.filter(pk=use.pk).first()
    if current is None:
        return
    if not BlockUse.objects.editable_by(by).contains(current):
        raise PermissionDenied
    _record_use("block.detached", current, by=by)
    current.delete()


@transaction.atomic
def _show(block: BuildingBlock, *, by: Member, is_published: bool) -> BuildingBlock:
    current = _editable(block, by=by)
    if current.is_published == is_published:
        raise DomainError(
            _("This building block is published already.")
            if is_published
            else _("This building block is not published.")
        )
    current.is_published = is_published
    save_changed(current, {}, by=by)
    index_rows("block", [current.pk])
    _record("block.published" if is_published else "block.withdrawn", current, by=by)
    return current


def _editable(block: BuildingBlock, *, by: Member) -> BuildingBlock:
    current: BuildingBlock = lock(block)
    if not BuildingBlock.objects.editable_by(by).contains(current):
        raise PermissionDenied
    return current


def _record(verb: str, block: BuildingBlock, *, by: Member, changes: Iterable[Change] = ()) -> None:
    is_public = block.is_published and block.hub.is_published
    audience = ActivityAudience.of(is_public=is_public)
    record_activity(verb, block, by=by, audience=audience, changes=changes)


def _record_use(verb: str, use: BlockUse, *, by: Member) -> None:
    """Write the activity as one of the block, public where both sides are; the block's time of
    change follows, for its page says where it is used.
    """
    is_public = (
        BuildingBlock.objects.published().contains(use.block)
        and Entry.objects.published().contains(use.entry)
    )  # fmt: skip
    if is_public:
        BuildingBlock.objects.filter(pk=use.block_id).update(updated_at=timezone.now())
    old, new = (None, str(use.entry)) if verb == "block.attached" else (str(use.entry), None)
    record_activity(
        verb,
        use.block,
        by=by,
        audience=ActivityAudience.of(is_public=is_public),
        changes=[{"field": "entry", "old": old, "new": new}],
    )
