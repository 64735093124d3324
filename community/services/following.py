"""Following things, more or less closely. One's own affair, so no activity tells of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from community.followed import kind_of
from community.models import Follow, FollowLevel
from core.errors import DomainError
from hubs.services.rows import hold

if TYPE_CHECKING:
    from accounts.models import Member

MOST = 1_000  # things that a member follows


@transaction.atomic
def follow(thing: Any, *, level: FollowLevel, by: Member) -> Follow:
    """Let `by` follow `thing` as closely as `level` says; said again, the last word stands.

    Raises `PermissionDenied` if `by` takes no part or may not see it, `DomainError` if they
    follow too much already.
    """
    kind = kind_of(thing)
    _one_at_a_time(by)
    hold(thing)
    if not by.takes_part or not kind.things.visible_to(by).filter(pk=thing.pk).exists():
        raise PermissionDenied
    own = Follow.objects.filter(member=by.pk)
    current: Any = own.filter(**{kind.name: thing.pk}).first()
    if current is None:
        if own.count() >= MOST:
            raise DomainError(
                _("You follow %(most)d things already. Stop following one first.") % {"most": MOST}
            )
        current = Follow(member=by, **{kind.name: thing})
    current.level = level
    current.save()
    return current  # type: ignore[no-any-return]


@transaction.atomic
def stop_following(thing: Any, *, by: Member) -> None:
    """Follow `thing` no more; nothing happens if `by` does not."""
    Follow.objects.filter(member=by.pk, **{kind_of(thing).name: thing.pk}).delete()


def _one_at_a_time(by: Member) -> None:
    """Let two clicks of one member follow one after the other."""
    get_user_model().objects.select_for_update(no_key=True).get(pk=by.pk)
