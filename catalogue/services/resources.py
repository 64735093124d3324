"""Writing the library: a resource, its copies, whether everybody sees it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import ActivityAudience, Member
from accounts.services import Change, changes_between, record_activity
from catalogue.models import Entry, Resource, ResourceLink
from catalogue.services.indexing import index_rows
from core.errors import DomainError
from core.images import file_follows
from core.naming import free_slug, one_at_a_time
from hubs.models import Hub
from hubs.services.rows import lock, readable, refuse_stale, save_changed, sign

CONTENT_FIELDS = (
    *("title", "language", "kind", "authors", "publisher", "year", "languages", "licence"),
    *("note", "hub"),
)
MAX_LINKS = 40  # copies of one resource
MAX_ENTRIES = 50  # that one resource documents
NAMING_LOCK = 7_201_201_209  # of the database: one new address at a time
MOST_OF_SLUG = 94  # characters made of a title; the column has room for a number
TAKEN = {"add"}  # addresses that are pages already


@transaction.atomic
def create_resource(resource: Resource, *, entries: Iterable[Entry], by: Member) -> Resource:
    """Save a new resource as a draft under an address made of its title.

    Raises `PermissionDenied` if `by` does not edit its hub (only moderators write what has
    none) or an entry's hub, `ValidationError` if a column is wrong.
    """
    _refuse_foreign_hub(resource.hub, by)
    one_at_a_time(NAMING_LOCK)
    resource.slug = free_slug(
        Resource.objects, resource.title, most=MOST_OF_SLUG, otherwise="resource", taken=TAKEN
    )
    resource.is_published = False
    resource.full_clean()
    sign(resource, by)
    resource.save()
    _set_entries(resource, entries, by)
    _record("resource.added", resource, by=by, is_public=False)
    return resource


@transaction.atomic
def change_resource(
    resource: Resource,
    *,
    changes: Mapping[str, Any],
    entries: Iterable[Entry],
    expected_version: int,
    by: Member,
) -> Resource:
    """Change columns of a resource and what it documents; return the saved row.

    Raises `PermissionDenied` if `by` does not edit it, the hub it is given to or the hub of an
    entry that it newly documents, `StaleEdit` if it is not at `expected_version` any more,
    `ValidationError` if a column is wrong.
    """
    current: Resource = _locked(resource, by)
    refuse_stale(current, expected_version, saved_texts(current))
    if "hub" in changes and changes["hub"] != current.hub:
        _refuse_foreign_hub(changes["hub"], by)
    was_public = is_public_now(current)
    old = {"entries": entry_lines(current)}
    made = save_changed(current, changes, by=by)
    _set_entries(current, entries, by)
    made += changes_between(old, {"entries": entry_lines(current)})
    index_rows("resource", [current.pk])
    is_public = was_public and is_public_now(current)
    _record("resource.changed", current, by=by, changes=made, is_public=is_public)
    return current


@transaction.atomic
def publish_resource(resource: Resource, *, expected_version: int, by: Member) -> Resource:
    """Show a draft to everybody, as it was read. Raises as `change_resource`."""
    current: Resource = _locked(resource, by)
    refuse_stale(current, expected_version, saved_texts(current))
    if not current.is_published:
        _set_published(current, is_published=True, by=by)
        _record("resource.published", current, by=by, is_public=is_public_now(current))
    return current


@transaction.atomic
def withdraw_resource(resource: Resource, *, by: Member) -> Resource:
    """Make a resource a draft again: at once, whoever saved it meanwhile. Raises
    `PermissionDenied` if `by` does not edit it.
    """
    current: Resource = _locked(resource, by)
    if current.is_published:
        _set_published(current, is_published=False, by=by)
        _record("resource.withdrawn", current, by=by, is_public=False)
    return current


def add_link(resource: Resource, link: ResourceLink, *, by: Member) -> ResourceLink:
    """Save a copy of a resource, the last of its list; a file that fails leaves nothing behind.

    Raises `PermissionDenied` if `by` does not edit the resource, `DomainError` if it has too
    many, `ValidationError` if a column is wrong or the address is there already.
    """
    with file_follows(link, "file", old=""), transaction.atomic():
        current: Resource = _locked(resource, by)
        found = current.links.aggregate(last=Max("position"))["last"]
        if current.links.count() >= MAX_LINKS:
            raise DomainError(_("This resource has as many copies as one can have."))
        link.resource, link.position = current, 0 if found is None else found + 1
        link.full_clean(exclude=["file"])
        link.save()
        change: Change = {"field": "link", "old": None, "new": str(link)}
        _touch(current, [change], by=by)
    return link


@transaction.atomic
def remove_link(link: ResourceLink, *, by: Member) -> None:
    """Take a copy away; its file goes once that is committed. Raises as `add_link`."""
    current: Resource = _locked(link.resource, by)
    change: Change = {"field": "link", "old": str(link), "new": None}
    file, name = link.file, link.file.name
    link.delete()
    if name:
        transaction.on_commit(lambda: file.storage.delete(name))
    _touch(current, [change], by=by)


def saved_texts(resource: Any) -> dict[str, object]:
    """Return what is saved now, as a person reads it, by the names of the form's fields."""
    return readable(resource, CONTENT_FIELDS) | {"entries": entry_lines(resource)}


def entry_lines(resource: Any) -> str:
    """Return the names in addresses of what a resource documents, one a line."""
    return "\n".join(resource.entries.order_by("slug").values_list("slug", flat=True))


def _locked(resource: Resource, by: Member) -> Any:
    current = lock(resource)
    if not Resource.objects.editable_by(by).contains(current):
        raise PermissionDenied
    return current


def _refuse_foreign_hub(hub: Hub | None, by: Member) -> None:
    may = by.is_moderator if hub is None else Hub.objects.editable_by(by).contains(hub)
    if not may:
        raise PermissionDenied


def _set_entries(resource: Any, entries: Iterable[Entry], by: Member) -> None:
    """Set what it documents; only those of hubs that `by` edits come or go."""
    wanted = {entry.pk for entry in entries}
    own = set(
        Entry.objects.of_hubs_edited_by(by)
        .filter(pk__in=[*wanted, *resource.entries.values_list("pk", flat=True)])
        .values_list("pk", flat=True)
    )
    there = set(resource.entries.values_list("pk", flat=True))
    if wanted - own - there:
        raise PermissionDenied
    resource.entries.set((there - own) | (wanted & (own | there)))


def _set_published(resource: Any, *, is_published: bool, by: Member) -> None:
    resource.is_published = is_published
    resource.is_starter = False
    resource.version += 1
    sign(resource, by)
    resource.save()
    index_rows("resource", [resource.pk])


def _touch(resource: Any, changes: list[Change], *, by: Member) -> None:
    """Note that the copies of a resource changed; its texts did not, so its version stays."""
    resource.is_starter = False
    resource.updated_at = timezone.now()
    sign(resource, by)
    resource.save()
    is_public = is_public_now(resource)
    _record("resource.changed", resource, by=by, changes=changes, is_public=is_public)


def is_public_now(resource: Any) -> bool:
    """Return whether everybody sees a resource."""
    return resource.is_published and (resource.hub is None or resource.hub.is_published)


def _record(
    verb: str, resource: Any, *, by: Member, is_public: bool, changes: Iterable[Change] = ()
) -> None:
    audience = ActivityAudience.of(is_public=is_public)
    record_activity(verb, resource, by=by, audience=audience, changes=changes)
