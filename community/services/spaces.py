"""Spaces: opened, changed, set aside; and who belongs to them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import ActivityAudience, Member
from accounts.services import Change, changes_between, record_activity
from community.models import Space, SpacePerson, SpaceRole
from community.services.finding import index_threads_in
from core.errors import DomainError
from core.naming import free_slug, one_at_a_time
from hubs.services.rows import lock, readable, refuse_stale, save_changed, sign

NAMING_LOCK = 7_201_205_000  # of the database: one new address at a time
FIELDS = (
    *("name", "description", "readers", "writers", "people_shown_to"),
    *("dimension", "sector", "hub"),
)
# Addresses under /community/ that are something else.
TAKEN = {
    *("about", "announcements", "appeals", "articles", "calendar", "drafts", "events"),
    *("feedback", "flags"),
    *("follow", "following", "invitations", "invite", "members", "moderation", "my", "new"),
    *("notifications", "posts", "sanctions", "spaces", "threads"),
}


def _record(verb: str, space: Space, *, by: Member, changes: list[Change] | None = None) -> None:
    """Write down what `by` did to a space; of one that not everybody reads, not even its name."""
    told = Space.objects.visible_to(AnonymousUser()).contains(space)
    record_activity(
        verb,
        space,
        by=by,
        audience=ActivityAudience.PUBLIC if told else ActivityAudience.MEMBERS,
        label=str(space) if told else "",
        url=None if told else "",
        changes=(changes or ()) if told else (),
    )


@transaction.atomic
def begin_space(*, by: Member, **columns: Any) -> Space:
    """Save a new space of `columns` (`FIELDS`) with `by` as its first moderator, and return it.

    Raises `PermissionDenied` if `by` does not moderate the portal, `ValidationError` if a column
    is wrong.
    """
    if not by.is_moderator:
        raise PermissionDenied
    one_at_a_time(NAMING_LOCK)
    name = str(columns["name"])
    slug = free_slug(Space.objects, name, most=70, otherwise="space", taken=TAKEN)
    space = Space(slug=slug, **columns)
    space.full_clean()
    sign(space, by)
    space.save()
    SpacePerson.objects.create(space=space, member=by, role=SpaceRole.MODERATOR)
    _record("space.begun", space, by=by)
    return space


@transaction.atomic
def change_space(
    space: Space, *, changes: Mapping[str, Any], expected_version: int, by: Member
) -> Space:
    """Change what a space says and whom it lets in; return the saved row.

    Raises `PermissionDenied` if `by` does not moderate it, `StaleEdit` if it is not at
    `expected_version` any more, `ValidationError` if a column is wrong.
    """
    current: Any = _moderated(space, by)
    refuse_stale(current, expected_version, readable(current, FIELDS))
    made = save_changed(current, changes, by=by)
    index_threads_in(current.pk)
    _record("space.changed", current, by=by, changes=made)
    return current  # type: ignore[no-any-return]


def _moderated(space: Space, by: Member) -> Space:
    current = lock(space)
    if not Space.objects.moderated_by(by).contains(current):
        raise PermissionDenied
    return current


@transaction.atomic
def set_archived(space: Space, *, is_archived: bool, by: Member) -> Space:
    """Set a space aside, so that nobody writes there any more, or open it again; a second time
    changes nothing. Raises `PermissionDenied` if `by` does not moderate it.
    """
    current: Any = _moderated(space, by)
    if current.is_archived != is_archived:
        before = readable(current, ["is_archived"])
        current.is_archived = is_archived
        current.version += 1
        sign(current, by)
        current.save()
        made = changes_between(before, readable(current, ["is_archived"]))
        _record("space.changed", current, by=by, changes=made)
    return current  # type: ignore[no-any-return]


@transaction.atomic
def set_person(space: Space, member: Member, *, role: str, by: Member) -> SpacePerson:
    """Let `member` belong to a space, with `role`; return the row.

    Raises `PermissionDenied` if `by` does not moderate it, `DomainError` for somebody who takes
    no part, and if nobody would be left to moderate it.
    """
    current = _moderated(space, by)
    if not member.takes_part:
        raise DomainError(_("This member does not take part at present."))
    person = SpacePerson.objects.filter(space=current, member=member).first()
    person = person or SpacePerson(space=current, member=member)
    person.role = role
    person.full_clean()
    person.save()
    _refuse_without_moderator(current)
    _record("space.person_set", current, by=by)
    return person


@transaction.atomic
def remove_person(space: Space, member: Member, *, by: Member) -> None:
    """Let `member` belong to a space no longer; a second time changes nothing. One may always
    leave oneself.

    Raises `PermissionDenied` if `by` does not moderate it, `DomainError` if nobody would be left
    to moderate it.
    """
    current = lock(space) if member.pk == by.pk else _moderated(space, by)
    if SpacePerson.objects.filter(space=current, member=member).delete()[0]:
        _refuse_without_moderator(current)
        _record("space.person_removed", current, by=by)


def _refuse_without_moderator(space: Space) -> None:
    if not space.people.filter(role=SpaceRole.MODERATOR).exists():
        raise DomainError(_("Somebody must moderate the space. Name another moderator first."))
