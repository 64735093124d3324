"""Many resources of a hub written at once: the same as their pages write, in few statements."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from accounts.models import ActivityAudience
from accounts.services import changes_between, new_activity, record_activities
from catalogue.models import Entry, Resource, ResourceLink
from catalogue.services import resources as library
from core.naming import free_slugs, one_at_a_time
from hubs.models import Hub
from hubs.services.rows import readable

if TYPE_CHECKING:
    from accounts.models import Activity, Member
    from accounts.services import Change

# Of the database. Not that of the pages: they would wait for as long as an import takes. Where a
# page gives a name away in the same instant, the database refuses it and the import is begun anew.
MANY_LOCK = 7_201_202_002
_SAVED = (
    *(name for name in library.CONTENT_FIELDS if name != "hub"),
    *("is_published", "is_starter", "version", "updated_at"),
)


@dataclass
class ResourceChange:
    """What a resource shall be: columns in `texts`, all its entries, all its copies elsewhere
    (address, language) and whether it is published; None: as it is.

    `resource` is new, or locked with its `links` and `entries` fetched.
    """

    resource: Resource
    texts: dict[str, Any] = field(default_factory=dict)
    entries: list[Entry] | None = None
    copies: list[tuple[str, str]] | None = None
    is_published: bool | None = None


@transaction.atomic
def save_resources(changes: Sequence[ResourceChange], *, hub: Hub, by: Member) -> None:
    """Write resources of `hub`; whoever calls it indexes them, once all are written.

    Raises `PermissionDenied` if `by` does not edit the hub, a resource or the hub of an entry
    that comes or goes, `ValidationError` if a column is wrong.
    """
    new = [change for change in changes if change.resource.pk is None]
    old = [change for change in changes if change.resource.pk is not None]
    _refuse_foreign(old, hub, by)
    _refuse_foreign_entries(changes, by)
    _name(new, hub)
    for change in old:
        change.resource.hub = hub  # the same, read once
    was_published = {change.resource.pk: change.resource.is_published for change in old}
    links = {change.resource.pk: list(change.resource.links.all()) for change in old}
    for change in new:
        _set_texts(change)
    made = {change.resource.pk: _set_texts(change) + _changed_lists(change) for change in old}
    _save(new, old, by)
    _save_entries(changes)
    _save_copies(changes, links)
    activities = [activity for change in new for activity in _begun(change, by)]
    for change in old:
        key = change.resource.pk
        activities += _changed(change, made[key], by, was_published=was_published[key])
    record_activities(activities)


def _refuse_foreign(old: Sequence[ResourceChange], hub: Hub, by: Member) -> None:
    if not Hub.objects.editable_by(by).contains(hub):
        raise PermissionDenied
    keys = [change.resource.pk for change in old]
    own = Resource.objects.editable_by(by).filter(hub=hub, pk__in=keys)
    if own.count() != len(keys):
        raise PermissionDenied


def _refuse_foreign_entries(changes: Sequence[ResourceChange], by: Member) -> None:
    moved: set[int] = set()
    for change in changes:
        if change.entries is not None:
            moved |= {entry.pk for entry in change.entries} ^ _entries_of(change.resource)
    if moved and Entry.objects.of_hubs_edited_by(by).filter(pk__in=moved).count() != len(moved):
        raise PermissionDenied


def _entries_of(resource: Resource) -> set[int]:
    return {entry.pk for entry in resource.entries.all()} if resource.pk else set()


def _name(new: Sequence[ResourceChange], hub: Hub) -> None:
    if not new:
        return
    one_at_a_time(MANY_LOCK)
    titles = [change.texts["title"] for change in new]
    names = free_slugs(
        Resource.objects,
        titles,
        most=library.MOST_OF_SLUG,
        otherwise="resource",
        taken=library.TAKEN,
    )
    for change, slug in zip(new, names, strict=True):
        change.resource.slug, change.resource.hub = slug, hub


def _set_texts(change: ResourceChange) -> list[Change]:
    """Set the columns, checked; return what changed."""
    resource = change.resource
    before = readable(resource, change.texts)
    for name, value in change.texts.items():
        setattr(resource, name, value)
    resource.clean_fields(exclude=["hub"])
    return changes_between(before, readable(resource, change.texts))


def _changed_lists(change: ResourceChange) -> list[Change]:
    resource = change.resource
    made: list[Change] = []
    if change.entries is not None:
        before = {"entries": _lines(resource.entries.all())}
        made += changes_between(before, {"entries": _lines(change.entries)})
    if change.copies is not None:
        there = {_key(link) for link in resource.links.all() if link.address}
        wanted = set(change.copies)
        gone = [each for each, _language in sorted(there - wanted)]
        come = [each for each, _language in sorted(wanted - there)]
        made += [{"field": "link", "old": each, "new": None} for each in gone]
        made += [{"field": "link", "old": None, "new": each} for each in come]
    return made


def _lines(entries: Any) -> str:
    return "\n".join(sorted(entry.slug for entry in entries))


def _key(link: ResourceLink) -> tuple[str, str]:
    return link.address, link.language


def _save(new: Sequence[ResourceChange], old: Sequence[ResourceChange], by: Member) -> None:
    history: Any = Resource.history
    for change in [*new, *old]:
        if change.is_published is not None:
            change.resource.is_published = change.is_published
    for change in old:
        resource = change.resource
        resource.is_starter, resource.updated_at = False, timezone.now()
        # Copies do not move the version: they are no texts that somebody could overwrite.
        has_texts = change.texts or change.entries is not None or change.is_published is not None
        resource.version += 1 if has_texts else 0
    begun = Resource.objects.bulk_create([change.resource for change in new])
    history.bulk_history_create(begun, default_user=by)
    kept = [change.resource for change in old]
    if kept:
        # All are there: this only ever updates, at a third of the price of `bulk_update`.
        Resource.objects.bulk_create(
            kept, update_conflicts=True, unique_fields=["id"], update_fields=_SAVED
        )
        history.bulk_history_create(kept, update=True, default_user=by)


def _save_entries(changes: Sequence[ResourceChange]) -> None:
    through = Resource.entries.through
    named = [change for change in changes if change.entries is not None]
    through.objects.filter(resource__in=[change.resource.pk for change in named]).delete()
    through.objects.bulk_create(
        through(resource_id=change.resource.pk, entry_id=entry.pk)
        for change in named
        for entry in change.entries or []
    )


def _save_copies(
    changes: Sequence[ResourceChange], saved: Mapping[int, list[ResourceLink]]
) -> None:
    gone: list[int] = []
    come: list[ResourceLink] = []
    for change in changes:
        if change.copies is None:
            continue
        links = saved.get(change.resource.pk, [])
        gone += [each.pk for each in links if each.address and _key(each) not in change.copies]
        there = {_key(each) for each in links}
        first = max((each.position for each in links), default=-1) + 1
        for address, language in change.copies:
            if (address, language) not in there:
                link = ResourceLink(resource=change.resource, address=address, language=language)
                link.position, first = first, first + 1
                link.clean_fields(exclude=["resource"])
                come.append(link)
    ResourceLink.objects.filter(pk__in=gone).delete()
    ResourceLink.objects.bulk_create(come)


def _begun(change: ResourceChange, by: Member) -> Iterator[Activity]:
    resource = change.resource
    yield _activity("resource.added", resource, by, is_public=False)
    if resource.is_published:
        yield _activity(
            "resource.published", resource, by, is_public=library.is_public_now(resource)
        )


def _changed(
    change: ResourceChange, made: list[Change], by: Member, *, was_published: bool
) -> Iterator[Activity]:
    resource = change.resource
    is_public = library.is_public_now(resource)
    if made:  # what it says now was never public if it is withdrawn at once
        is_public_change = was_published and is_public
        yield _activity("resource.changed", resource, by, is_public=is_public_change, changes=made)
    if resource.is_published and not was_published:
        yield _activity("resource.published", resource, by, is_public=is_public)
    elif was_published and not resource.is_published:
        yield _activity("resource.withdrawn", resource, by, is_public=False)


def _activity(
    verb: str, resource: Resource, by: Member, *, is_public: bool, changes: Sequence[Change] = ()
) -> Activity:
    audience = ActivityAudience.of(is_public=is_public)
    return new_activity(verb, resource, by=by, audience=audience, changes=changes)
