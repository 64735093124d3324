"""Publishing: what an entry says becomes a version that never changes."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import ActivityAudience
from accounts.services import record_activity
from catalogue.content import TEXTS, WRITTEN, column_of, lists_of
from catalogue.models import (
    Attachment,
    Entry,
    EntryAttachment,
    EntryPartner,
    EntryState,
    EntryVersion,
    ResultRow,
)
from catalogue.services.indexing import index_entries
from catalogue.services.tagging import tags_to_publish
from core.naming import free_slug, one_at_a_time
from hubs.models import Hub, Organisation
from hubs.services import source_at
from hubs.services.rows import sign

if TYPE_CHECKING:
    from accounts.models import Member
    from catalogue.models import Draft

MOST_OF_SLUG = 74  # characters made of a title; the column has room for a number
NAMING_LOCK = 5_014_003  # key of the advisory lock under which entries are named
# What stands in addresses of the catalogue beside the names of entries.
RESERVED = frozenset(
    {
        "attachments",
        "drafts",
        "review",
        "experts",
        "resources",
        "offers",
        "requests",
        "building-blocks",
    }
    | {"adoptions", "saved-searches", "compare", "import", "tags", "new", "lineage"}
)


def content_of(entry: Entry) -> dict[str, Any]:
    """Return everything that an entry's page says to everybody, in the shape of
    `catalogue.content`: what a version keeps.
    """
    return {
        **{name: getattr(entry, name) for name in TEXTS},
        "hub": {"slug": entry.hub.slug, "name": entry.hub.name},
        **lists_of(entry, entry.partners.visible_to(AnonymousUser())),
    }


@transaction.atomic
def publish_content(entry: Entry, *, by: Member | None) -> EntryVersion:
    """Make what the entry says now its next version; return it.

    Two at once wait for each other, so each number is given once. Who may publish is decided
    by the caller; None is the portal itself with its starter content.
    """
    locked = Entry.objects.select_for_update(no_key=True, of=("self",))
    current = locked.select_related("hub").get(pk=entry.pk)
    now = timezone.now()
    current.latest_version += 1
    current.state = EntryState.PUBLISHED
    current.published_at = now
    current.save(update_fields=["latest_version", "state", "published_at", "updated_at"])
    version = EntryVersion.objects.create(
        entry=current,
        number=current.latest_version,
        content=content_of(current),
        published_at=now,
        published_by=by,
    )
    index_entries([current.pk])
    is_public = current.hub.is_published
    audience = ActivityAudience.of(is_public=is_public)
    record_activity("entry.published", current, by=by, audience=audience)
    return version


@transaction.atomic
def publish_written(draft: Draft, *, by: Member) -> EntryVersion:
    """Fill the entry of a locked draft with its text, a new entry where there is none, and
    publish that. What the authors left as the portal had coded it stays marked so.

    Raises `ValidationError` if a column is wrong. Who may is decided by the caller.
    """
    entry = draft.entry or Entry(hub=draft.hub, slug=_new_slug(draft.content["title"]))
    written = {name: column_of(draft.content, name) for name in WRITTEN}
    written["tags"] = tags_to_publish(
        written["tags"],
        language=written["language"],
        is_public=draft.hub.is_published,
        by=by,
    )
    for name, value in written.items():
        if getattr(entry, name) != value and name in entry.editorial_fields:
            entry.editorial_fields.remove(name)
        setattr(entry, name, value)
    entry.is_starter = False
    sign(entry, by)
    entry.version += 1
    entry.full_clean(validate_unique=False)
    entry.save()
    _fill_lists(entry, draft.content, by=by)
    _show_attachments(entry, draft)
    return publish_content(entry, by=by)


def _fill_lists(entry: Entry, content: Mapping[str, Any], *, by: Member) -> None:
    sources = {
        row["address"]: source_at(
            row["address"], title=row["title"], publisher=row["publisher"], by=by
        )
        for row in content["sources"]
    }
    entry.sources.set(sources.values())
    entry.results.all().delete()
    ResultRow.objects.bulk_create(
        ResultRow(
            entry=entry,
            position=number,
            statement=row["statement"],
            value=None if row["value"] is None else Decimal(row["value"]),
            unit=row["unit"],
            period=row["period"],
            level=row["level"],
            source=sources.get(row["cited"]),
        )
        for number, row in enumerate(content["results"])
    )
    entry.partners.all().delete()
    EntryPartner.objects.bulk_create(
        EntryPartner(entry=entry, position=number, role=row["role"], **_body(row))
        for number, row in enumerate(content["partners"])
    )


def _show_attachments(entry: Entry, draft: Draft) -> None:
    """Let readers see the files that the text names, as far as they were added to drafts of
    this entry.
    """
    rows = {row["pk"]: row for row in column_of(draft.content, "attachments")}
    own = Attachment.objects.filter(Q(draft=draft) | Q(draft__entry=entry), pk__in=rows)
    keys = set(own.values_list("pk", flat=True))
    entry.attached.update(is_current=False)
    for position, (pk, row) in enumerate(rows.items()):
        if pk in keys:
            EntryAttachment.objects.update_or_create(
                entry=entry,
                attachment_id=pk,
                defaults={"caption": row["caption"], "position": position, "is_current": True},
            )


def _body(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return which body a partner is; one that is gone leaves its name."""
    if row["hub"]:
        hub = Hub.objects.filter(slug=row["hub"]).first()
        return {"hub": hub} if hub else {"name": row["name"]}
    found = (
        Organisation.objects.filter(slug=row["organisation"]).first()
        if row["organisation"]
        else Organisation.objects.filter(name__iexact=row["name"]).first()
    )
    return {"organisation": found} if found else {"name": row["name"]}


def _new_slug(title: str) -> str:
    """Return a name for an entry's address; nobody takes it before the transaction ends."""
    one_at_a_time(NAMING_LOCK)
    return free_slug(Entry.objects, title, most=MOST_OF_SLUG, otherwise="entry", taken=RESERVED)
