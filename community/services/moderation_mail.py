"""What both sides are told of decisions, each in their language."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import MailKind, MailPace, Member
from accounts.services import notify_each
from community.models import Appeal, Decision, Flag, FlagReason, FlagState
from community.querysets.moderation import judgeable_by, rows_of
from hubs.models import Membership
from hubs.querysets import EDITING_ROLES

OUTCOMES: dict[str, Promise] = {
    FlagState.UPHELD: _("A moderator found your report right and has acted on it."),
    FlagState.DISMISSED: _("A moderator looked at it and leaves it as it is."),
}


def title_of(kind: str, thing: Any) -> str:
    """Return what a thing is called."""
    return str(thing.thread if kind == "post" else thing)


def people_behind(kind: str, thing: Any) -> list[Member]:
    """Return whose a thing is: who wrote it, the member, or who edits the hub's facts."""
    if kind == "person":
        return [thing]
    if kind in ("post", "thread"):
        return [thing.author] if thing.author else []
    hub = thing.pk if kind == "hub" else thing.hub_id
    editing = Membership.objects.in_force().filter(hub=hub, role__in=EDITING_ROLES)
    return list(Member.objects.taking_part().filter(pk__in=editing.values("member")))


def tell_of_decision(decision: Decision, flags: Iterable[Flag]) -> None:
    """Tell those whose thing it is what was decided, why, and where to appeal; and those who
    reported it what came of that.
    """
    kind, thing = decision.kind, decision.thing
    notify_each(
        people_behind(kind, thing),
        MailKind.DECISIONS,
        key=f"decided:{decision.pk}",
        subject=_("A moderator has decided: %(title)s"),
        body=_(
            "This is about: %(title)s\n\nA moderator has decided: %(act)s\n\n%(measure)s"
            "Reason: %(reason)s\n\nIf you do not agree, you can ask another moderator to look "
            "at it again: %(address)s"
        ),
        words=lambda _person: {
            "title": title_of(kind, thing),
            "act": decision.told,
            "measure": _("You are warned.\n\n") if decision.measure == "warn" else "",
            "reason": decision.reason,
        },
        path=reverse("community:my_standing"),
    )
    for flag in flags:
        _tell_who_reported(flag, f"flag-decided:{decision.pk}:{flag.pk}", OUTCOMES[flag.state])


def tell_of_undo(decision: Decision, flags: Iterable[Flag]) -> None:
    """Tell both sides that a decision stands no more."""
    notify_each(
        people_behind(decision.kind, decision.thing),
        MailKind.DECISIONS,
        key=f"undone:{decision.pk}",
        subject=_("A decision was taken back: %(title)s"),
        body=_(
            "This is about: %(title)s\n\nA decision of a moderator was taken back.\n\n%(address)s"
        ),
        words={"title": title_of(decision.kind, decision.thing)},
        path=reverse("community:my_standing"),
    )
    again = _("A moderator took the decision back and looks at it once more.")
    for flag in flags:
        _tell_who_reported(flag, f"flag-undone:{decision.pk}:{flag.pk}", again)


def _tell_who_reported(flag: Flag, key: str, outcome: Promise) -> None:
    if flag.member is None:
        return
    seen = rows_of(flag.kind).visible_to(flag.member).filter(pk=flag.thing.pk).exists()
    notify_each(
        [flag.member],
        MailKind.DECISIONS,
        key=key,
        subject=_("What came of your report"),
        body=_("You reported this: %(what)s\n\n%(outcome)s\n\n%(address)s"),
        words=lambda _person: {"what": flag.get_reason_display(), "outcome": outcome},
        path=flag.thing.get_absolute_url() if seen else "/",
    )


def tell_of_appeal(appeal: Appeal) -> None:
    """Tell the member what another moderator decided."""
    granted = appeal.state == Appeal.State.GRANTED
    outcome = _("Your appeal was granted.") if granted else _("Your appeal was refused.")
    notify_each(
        [appeal.member],
        MailKind.DECISIONS,
        key=f"appeal:{appeal.pk}",
        subject=_("Your appeal was decided"),
        body=_("%(outcome)s\n\nReason: %(reason)s\n\n%(address)s"),
        words={"outcome": outcome, "reason": appeal.reason},
        path=reverse("community:my_standing"),
    )


def tell_moderators(kind: str, thing: Any, flag: Flag) -> None:
    """Tell those who decide on a thing that it was reported: at once what is sensitive, and those
    who want to hear of all at once. The others read of it in the mail about the queue.
    """
    is_urgent = flag.reason == FlagReason.SENSITIVE
    notify_each(
        [
            each
            for each in _deciders(kind, thing)
            if is_urgent or each.mail_pace(MailKind.QUEUE) == MailPace.AT_ONCE
        ],
        MailKind.QUEUE,
        key=f"flagged:{flag.pk}",
        subject=_("Something was reported: %(reason)s"),
        body="%(address)s",
        words=lambda _moderator: {"reason": flag.get_reason_display()},
        path=reverse("community:moderation_item", args=[kind, thing.pk]),
        at_once=True,
    )


def _deciders(kind: str, thing: Any) -> list[Member]:
    likely = set(Member.objects.moderators())
    thread = thing.thread if kind == "post" else thing if kind == "thread" else None
    if thread is not None and thread.space_id:
        people = thread.space.people.filter(role="moderator").values("member")
        likely |= set(Member.objects.taking_part().filter(pk__in=people))
    found = sorted(likely, key=lambda each: each.pk)
    return [each for each in found if judgeable_by(kind, each).filter(pk=thing.pk).exists()]
