"""Decisions of moderators: one at a time on each thing, with a reason, told to both sides."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import ActivityAudience, Member
from accounts.services import (
    approve_member,
    close_for_good,
    decline_member,
    last_of_standing,
    limit_member,
    record_activity,
    standing_of,
    suspend_member,
)
from catalogue.services import contest_entry
from community.models import (
    Act,
    Claim,
    Decision,
    FlagState,
    Measure,
    MemberWarning,
    PostRevision,
    PostState,
    ThreadState,
)
from community.querysets.moderation import judgeable_by, waiting_for
from community.services.claims import refuse_claimed
from community.services.flags import settle
from community.services.keeping import approve_post, remove_post, remove_thread
from community.services.moderation_mail import tell_of_decision
from core.errors import DomainError, StaleEdit
from core.naming import several_at_a_time
from hubs.services.rows import lock

# Of the database: accounts are merged one at a time, and while nobody decides. A merge changes rows
# of every kind, in an order that no decision could follow.
MERGING_LOCK = 7_201_205_001
SANCTIONS = (Measure.LIMIT, Measure.SUSPEND, Measure.CLOSE)
UPHOLDING = (Act.REMOVE, Act.CONTEST, Act.UPHOLD)
TEXTS = {"post": "text", "person": "biography", "hub": "summary", "entry": "summary"}


def lock_thing(kind: str, thing: Any, *, by: Member) -> Any:
    """Return a thing as it is now, locked; of a post, its thread first, as whoever writes does.

    Before it, whose it is and `by` are locked, in the order of their keys: who takes a measure,
    merges accounts or appeals locks people first, too, so nobody waits for each other in vain.
    """
    several_at_a_time(MERGING_LOCK)
    people = {by.pk, _author_pk(kind, thing)} - {None}
    locked = Member.objects.select_for_update(no_key=True).order_by("pk").in_bulk(people)
    if kind == "person":
        return locked[thing.pk]
    if kind == "post":
        lock(thing.thread)
    return lock(thing)


def _author_pk(kind: str, thing: Any) -> int | None:
    """Return the number of whose a thing is now: since it was read, accounts may be one."""
    if kind == "person":
        return int(thing.pk)
    if kind not in ("post", "thread"):
        return None
    rows = type(thing).objects.filter(pk=thing.pk)
    pk: int | None = rows.values_list("author", flat=True).first()
    return pk


def author_of(kind: str, thing: Any) -> Member | None:
    """Return the one member whose a thing is; None where it is a hub's."""
    if kind == "person":
        return thing  # type: ignore[no-any-return]
    return thing.author if kind in ("post", "thread") else None


def acts_on(kind: str, thing: Any) -> list[Act]:
    """Return what can be decided on a thing that waits, the usual first."""
    if kind == "person":
        waits = thing.status == Member.Status.PENDING
        return [Act.ADMIT, Act.DECLINE] if waits else [Act.DISMISS, Act.UPHOLD]
    if kind == "post" and thing.state == PostState.HELD:
        return [Act.APPROVE, Act.REMOVE]
    found = [Act.DISMISS, Act.UPHOLD]
    if kind == "post" and thing.state == PostState.SHOWN:
        found.append(Act.REMOVE)
    if kind == "thread" and thing.state in (ThreadState.OPEN, ThreadState.CLOSED):
        found.append(Act.REMOVE)
    if kind == "entry" and thing.state in ("published", "archived") and not thing.is_contested:
        found.append(Act.CONTEST)
    return found


def measures_on(kind: str, thing: Any, by: Member) -> list[Measure]:
    """Return the measures that `by` may take about whose the thing is."""
    member = author_of(kind, thing)
    if member is None or not member.takes_part:
        may_close = member and member.status == Member.Status.SUSPENDED and by.is_administrator
        return [Measure.CLOSE] if kind == "person" and may_close else []
    if not Member.objects.approvable_by(by).contains(member):
        is_kept = kind in ("post", "thread") and member.role == Member.Role.MEMBER
        return [Measure.WARN] if is_kept else []
    found = [Measure.WARN]
    if member.status != Member.Status.LIMITED:
        found.append(Measure.LIMIT)
    return [*found, Measure.SUSPEND]


@transaction.atomic
def decide(
    kind: str,
    thing: Any,
    *,
    act: str,
    reason: str,
    by: Member,
    measure: str = "",
    until: datetime.datetime | None = None,
    expected_version: int | None = None,
) -> Decision:
    """Decide on a thing that waits, as it was read at `expected_version`, and tell both sides.

    Raises `PermissionDenied` if it is not theirs to decide, `DomainError` if somebody else has
    decided (it says who, and what) or taken it on, without a reason, or where the act or measure
    is none for it; `StaleEdit` if its author has changed it since.
    """
    current = _to_decide(kind, thing, act, expected_version, by)
    if not reason.strip():
        raise DomainError(_("Say why. Both sides are told."))
    _refuse_unknown(kind, current, act, measure, by)
    new = Decision(
        act=act,
        measure=measure,
        reason=reason.strip()[:500],
        moderator=by,
        member=author_of(kind, current),
        version=getattr(current, "version", 0),
        before=_state_of(kind, current),
        **{kind: current},
    )
    if act in DO:
        DO[act](kind, current, new)
    if measure in SANCTIONS:
        _sanction(new, until)
    if act in (Act.ADMIT, Act.DECLINE) or measure in (Measure.LIMIT, Measure.SUSPEND):
        new.sanction = last_of_standing(new.member)  # type: ignore[arg-type]  # it has one
    new.save()
    if measure == Measure.WARN:
        _warn(new)
    flags = settle(new, FlagState.UPHELD if _upholds(new) else FlagState.DISMISSED)
    Claim.objects.filter(kind=kind, object_pk=current.pk).delete()
    record_decision("moderation.decided", new, by=by)
    # The standing tells of these itself.
    if act not in (Act.ADMIT, Act.DECLINE) and measure != Measure.CLOSE:
        tell_of_decision(new, flags)
    return new


def _to_decide(kind: str, thing: Any, act: str, expected_version: int | None, by: Member) -> Any:
    """Return the locked thing if it waits for `by`, as it was read."""
    current = lock_thing(kind, thing, by=by)
    if not judgeable_by(kind, by).filter(pk=current.pk).exists():
        raise PermissionDenied
    _refuse_decided(kind, current, act, by)
    refuse_claimed(kind, current.pk, by=by)
    if kind != "person" and expected_version not in (None, current.version):
        raise _stale(kind, current)
    return current


def _upholds(decision: Decision) -> bool:
    return decision.act in UPHOLDING or bool(decision.measure)


def record_decision(verb: str, decision: Decision, *, by: Member) -> None:
    """Write down that something was decided, without what: not all moderators may read that."""
    record_activity(verb, decision, by=by, audience=ActivityAudience.MODERATORS, label="")


def _refuse_decided(kind: str, current: Any, act: str, by: Member) -> None:
    """Raise `DomainError` unless the thing waits; with whose decision it does no more."""
    if (kind, act) == ("person", Act.MEASURE):
        return
    if waiting_for(kind, by).filter(pk=current.pk).exists():
        return
    last = Decision.objects.about(kind, current).standing().order_by("-pk").first()
    if last is None:
        raise DomainError(_("This does not wait for a decision any more."))
    raise DomainError(decided_by(last))


def decided_by(decision: Decision) -> str:
    """Return in words who decided what."""
    told = _("%(name)s has decided already: %(act)s. Reason: %(reason)s")
    name = decision.moderator.name
    words = {"name": name, "act": decision.told, "reason": decision.reason}
    return told % words


def _refuse_unknown(kind: str, current: Any, act: str, measure: str, by: Member) -> None:
    measures = measures_on(kind, current, by)
    is_alone = kind == "person" and act == Act.MEASURE and measure
    if act not in acts_on(kind, current) and not is_alone:
        raise DomainError(_("This cannot be decided about it now."))
    if measure and measure not in measures:
        raise DomainError(_("This measure cannot be taken about the member now."))


def text_of(kind: str, thing: Any) -> str:
    """Return what a moderator reads of a thing before deciding."""
    return str(getattr(thing, TEXTS.get(kind, ""), "") or thing)


def text_at(kind: str, thing: Any, version: int) -> str:
    """Return what it said at a version; "" if that is not known."""
    if kind == "post":
        old = PostRevision.objects.filter(post=thing, version=version).first()
        return old.text if old else ""
    old = thing.history.filter(version=version).first() if hasattr(thing, "history") else None
    return text_of(kind, old.instance) if old else ""


def _stale(kind: str, current: Any) -> StaleEdit:
    return StaleEdit(
        _("It was changed after you had opened it. Read both texts, then decide."),
        saved={"text": text_of(kind, current)},
        version=current.version,
    )


def _state_of(kind: str, thing: Any) -> dict[str, Any]:
    member = author_of(kind, thing)
    told: dict[str, Any] = {"standing": standing_of(member)} if member else {}
    if kind == "post":
        thread = thing.thread
        told |= {"accepted": thread.accepted_id == thing.pk, "thread": thread.state}
    return told | {"state": getattr(thing, "state", "")}


def _sanction(decision: Decision, until: datetime.datetime | None) -> None:
    member: Any = decision.member
    if decision.measure == Measure.CLOSE:
        if member.appeals.filter(state="open").exists():
            raise DomainError(_("An appeal of the member waits. Decide on that first."))
        close_for_good(member, by=decision.moderator, reason=decision.reason)
        return
    act = limit_member if decision.measure == Measure.LIMIT else suspend_member
    act(member, by=decision.moderator, reason=decision.reason, until=until)


def _warn(decision: Decision) -> None:
    member: Any = decision.member
    MemberWarning.objects.create(decision=decision, member=member)


def _remove(kind: str, thing: Any, decision: Decision) -> None:
    remove = remove_post if kind == "post" else remove_thread
    remove(thing, reason=decision.reason, by=decision.moderator)


DO: dict[str, Callable[[str, Any, Decision], object]] = {
    Act.APPROVE: lambda kind, thing, decision: approve_post(thing, by=decision.moderator),
    Act.REMOVE: _remove,
    Act.CONTEST: lambda kind, thing, decision: contest_entry(
        thing, statement=decision.reason, by=decision.moderator
    ),
    Act.ADMIT: lambda kind, thing, decision: approve_member(
        thing, by=decision.moderator, reason=decision.reason
    ),
    Act.DECLINE: lambda kind, thing, decision: decline_member(
        thing, by=decision.moderator, reason=decision.reason
    ),
}
