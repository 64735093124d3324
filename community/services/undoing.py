"""Taking a decision back within a day, unless something else has changed since."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Member
from accounts.services import last_of_standing, undo_standing
from catalogue.services import settle_entry
from community.models import Act, Decision, MemberWarning, PostState, Thread, ThreadState
from community.services.counting import count_shown
from community.services.deciding import decided_by, lock_thing, record_decision
from community.services.flags import reopen
from community.services.keeping import restore_thread
from community.services.moderation_mail import tell_of_undo
from core.errors import DomainError
from hubs.services.rows import lock, sign


@transaction.atomic
def undo(decision: Decision, *, by: Member) -> Decision:
    """Put back what was before a decision, and tell both sides.

    Raises `PermissionDenied` if it is not theirs to decide, `DomainError` if it was undone, is
    older than a day, or if something else has changed since (it says what).
    """
    thing = lock_thing(decision.kind, decision.thing, by=by)
    current: Any = lock(decision)
    if not Decision.objects.undoable_by(by).filter(pk=current.pk).exists():
        raise PermissionDenied
    if current.undone_at is not None:
        words = {"name": current.undone_by.name}
        raise DomainError(_("%(name)s has taken this decision back already.") % words)
    if current.act in (Act.GRANTED, Act.REFUSED):
        raise DomainError(_("What was decided on an appeal stands."))
    if not current.is_in_time:
        raise DomainError(_("A decision can be taken back within 24 hours. This one is older."))
    reverse(current, thing, by=by)
    return current  # type: ignore[no-any-return]


def reverse(current: Any, thing: Any, *, by: Member) -> None:
    """Reverse a locked decision on a locked thing, whatever its age. Raises `DomainError` if
    something else has changed since.
    """
    kind = current.kind
    later = Decision.objects.about(kind, thing).standing().filter(pk__gt=current.pk)
    later = later.exclude(act__in=(Act.GRANTED, Act.REFUSED))
    if (newest := later.order_by("-pk").first()) is not None:
        raise DomainError(decided_by(newest))
    _refuse_changed(current, thing)
    if current.act in UNDO:
        UNDO[current.act](current, thing, by)
    if current.sanction_id is not None:
        undo_standing(current.member, current.before["standing"], by=by)
    MemberWarning.objects.filter(decision=current).update(withdrawn_at=timezone.now())
    flags = reopen(current)
    current.undone_at, current.undone_by = timezone.now(), by
    current.save(update_fields=["undone_at", "undone_by"])
    record_decision("moderation.undone", current, by=by)
    tell_of_undo(current, flags)


def _refuse_changed(current: Any, thing: Any) -> None:
    if current.sanction_id is not None:
        last = last_of_standing(current.member)
        if last is None or last.pk != current.sanction_id:
            raise DomainError(
                _("The standing of the member has changed since: %(now)s.")
                % {"now": Member.objects.get(pk=current.member_id).get_status_display()}
            )
    if current.act in CHANGED:
        CHANGED[current.act](current, thing)


def _refuse_other_state(current: Any, thing: Any) -> None:
    raise DomainError(
        _("It has changed since: it is now “%(state)s”.") % {"state": thing.get_state_display()}
    )


def _approved_changed(current: Any, post: Any) -> None:
    if post.state != PostState.SHOWN:
        _refuse_other_state(current, post)
    if post.version != current.version:
        raise DomainError(_("Its author has changed it since. Decide on what it says now."))
    if current.before["thread"] == ThreadState.HELD and post.thread.posts.count() > 1:
        raise DomainError(_("Others have answered since. Remove it if it may not stay."))


def _removed_changed(current: Any, thing: Any) -> None:
    is_same = thing.state == "removed" and thing.removed_reason == current.reason
    if current.kind == "post":
        is_same = is_same and thing.removed_by_id == current.moderator_id
    if not is_same:
        _refuse_other_state(current, thing)


def _contested_changed(current: Any, entry: Any) -> None:
    if not entry.is_contested or entry.contested_statement != current.reason:
        raise DomainError(_("What is contested about it has changed since."))


def _hold_again(current: Any, post: Any, by: Member) -> None:
    post.state = PostState.HELD
    post.save(update_fields=["state", "updated_at"])
    thread: Any = Thread.objects.get(pk=post.thread_id)
    if current.before["thread"] == ThreadState.HELD:
        _set_state(thread, ThreadState.HELD, by)
    count_shown(thread)


def _set_state(thread: Any, state: str, by: Member) -> None:
    thread.state = state
    thread.version += 1
    sign(thread, by)
    thread.save(update_fields=["state", "version", "updated_at"])


def _put_back(current: Any, thing: Any, by: Member) -> None:
    if current.kind == "thread":
        restore_thread(thing, by=by)
        return
    thing.state = current.before["state"]
    thing.removed_by, thing.removed_reason = None, ""
    thing.save(update_fields=["state", "removed_by", "removed_reason", "updated_at"])
    thread: Any = Thread.objects.get(pk=thing.thread_id)
    if current.before["accepted"] and thread.accepted_id is None:
        thread.accepted = thing
        thread.save(update_fields=["accepted"])
    count_shown(thread)


def _settle(current: Any, entry: Any, by: Member) -> None:
    settle_entry(entry, reason=_("The decision was taken back."), by=by)


CHANGED: dict[str, Callable[[Any, Any], None]] = {
    Act.APPROVE: _approved_changed,
    Act.REMOVE: _removed_changed,
    Act.CONTEST: _contested_changed,
}
UNDO: dict[str, Callable[[Any, Any, Member], None]] = {
    Act.APPROVE: _hold_again,
    Act.REMOVE: _put_back,
    Act.CONTEST: _settle,
}
