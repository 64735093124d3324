"""The documents of an event: resources of the library that belong to it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.services import changes_between
from catalogue.models import Entry, Resource
from catalogue.services import create_resource
from community.models import Event
from community.services.event_records import editable_event, next_version
from hubs.models import Hub
from hubs.services.rows import refuse_stale

if TYPE_CHECKING:
    from accounts.models import Member

MOST_MATERIALS = 100  # of one event


@transaction.atomic
def tie_materials(
    event: Event, materials: Collection[Resource], *, expected_version: int, by: Member
) -> Event:
    """Say which resources of the library belong to an event; those that `by` may not see stay.

    Raises as `change_event`, and `ValidationError` for too many.
    """
    current = editable_event(event, by)
    before = _titles(current, by)
    refuse_stale(current, expected_version, {"materials": before})
    seen = Resource.objects.visible_to(by)
    kept = list(current.materials.exclude(pk__in=seen.values("pk")))
    chosen = list(seen.filter(pk__in=[each.pk for each in materials]))
    if len(chosen) + len(kept) > MOST_MATERIALS:
        raise ValidationError({"materials": [_("An event has at most a hundred materials.")]})
    current.materials.set([*kept, *chosen])
    changes = changes_between({"materials": before}, {"materials": _titles(current, by)})
    return next_version(current, changes, by=by)  # type: ignore[no-any-return]


@transaction.atomic
def add_material(event: Event, resource: Resource, *, expected_version: int, by: Member) -> Event:
    """Let one more resource belong to an event, and return the event.

    Raises as `tie_materials`, and `PermissionDenied` if `by` may not see the resource.
    """
    current = editable_event(event, by)
    if not Resource.objects.visible_to(by).contains(resource):
        raise PermissionDenied
    named = [*current.materials.all(), resource]
    return tie_materials(current, named, expected_version=expected_version, by=by)


@transaction.atomic
def write_material(
    event: Event,
    resource: Resource,
    *,
    entries: Iterable[Entry],
    expected_version: int,
    by: Member,
) -> Event:
    """Add a resource to the library, as a draft, and to an event; return the event.

    Raises as `tie_materials` and as `create_resource`.
    """
    current = editable_event(event, by)
    made = create_resource(resource, entries=entries, by=by)
    return add_material(current, made, expected_version=expected_version, by=by)


@transaction.atomic
def remove_material(
    event: Event, resource: Resource, *, expected_version: int, by: Member
) -> Event:
    """Let a resource belong to an event no more, and return the event; it stays in the library.

    Raises as `tie_materials`.
    """
    current = editable_event(event, by)
    kept = list(current.materials.exclude(pk=resource.pk))
    return tie_materials(current, kept, expected_version=expected_version, by=by)


def resources_named(slugs: Collection[str], *, by: Member) -> list[Resource]:
    """Return the resources of these names; raise `ValidationError` if `by` sees none of one."""
    found = list(Resource.objects.visible_to(by).filter(slug__in=slugs))
    missing = sorted(set(slugs) - {each.slug for each in found})
    if missing:
        text = _("There is no such resource: %(slugs)s")
        raise ValidationError(text, params={"slugs": ", ".join(missing)[:300]})
    return found


def holder_of_materials(event: Event, by: Member) -> Hub | None:
    """Return the hub that holds what `by` adds to the library for an event: one that organises it
    and that they edit, if there is one.
    """
    hubs: Any = Hub.objects.editable_by(by)
    found: Hub | None = hubs.filter(events=event).order_by("slug").first()
    return found


def _titles(event: Any, by: Member) -> str:
    seen = event.materials.filter(pk__in=Resource.objects.visible_to(by).values("pk"))
    return "; ".join(seen.order_by("title", "pk").values_list("title", flat=True))
