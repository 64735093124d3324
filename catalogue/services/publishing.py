"""Publishing: what an entry says becomes a version that never changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.utils import timezone

from accounts.models import ActivityAudience
from accounts.services import record_activity
from catalogue.models import Entry, EntryState, EntryVersion
from catalogue.services.indexing import index_entries

if TYPE_CHECKING:
    from accounts.models import Member

TEXTS = (
    *("title", "language", "summary", "countries", "provider_countries", "sectors", "sdgs"),
    *("instruments", "working_languages", "year_from", "year_to", "challenge", "what_was_done"),
    *("lessons", "note", "is_contested", "contested_statement", "editorial_fields"),
)


def content_of(entry: Entry) -> dict[str, Any]:
    """Return everything that an entry's page says to everybody, as JSON: its texts and codes by
    column name, `hub`, `partners`, `results` (values as text, exact) and `sources`.
    """
    return {
        **{name: getattr(entry, name) for name in TEXTS},
        "hub": {"slug": entry.hub.slug, "name": entry.hub.name},
        "partners": [
            {"role": each.role, "name": str(each)}
            for each in entry.partners.visible_to(AnonymousUser()).with_bodies()
        ],
        "results": [
            {
                "statement": each.statement,
                "value": None if each.value is None else f"{each.value.normalize():f}",
                "unit": each.unit,
                "period": each.period,
                "level": each.level,
                "cited": each.source.address if each.source else "",
            }
            for each in entry.results.select_related("source")
        ],
        "sources": [
            {"title": each.title, "publisher": each.publisher, "address": each.address}
            for each in entry.sources.order_by("dated_on", "pk")
        ],
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
    audience = ActivityAudience.PUBLIC if is_public else ActivityAudience.MODERATORS
    record_activity("entry.published", current, by=by, audience=audience)
    return version
