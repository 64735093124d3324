"""What both sides are told of decisions, each in their language."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import MailKind, MailPace, Member
from accounts.services import notify, notify_now
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


def _whole(path: str) -> str:
    return f"{settings.SITE_URL}{path}"


def _tell(
    people: Iterable[Member], key: str, subject: Promise, body: Promise, **words: object
) -> None:
    for person in people:
        with translation.override(person.language):
            told = {name: str(word) for name, word in words.items()}
            texts = {"subject": str(subject) % told, "body": str(body) % told}
            notify(person, MailKind.DECISIONS, key=f"{key}:{person.pk}", **texts)


def tell_of_decision(decision: Decision, flags: Iterable[Flag]) -> None:
    """Tell those whose thing it is what was decided, why, and where to appeal; and those who
    reported it what came of that.
    """
    kind, thing = decision.kind, decision.thing
    for person in people_behind(kind, thing):
        with translation.override(person.language):
            act = decision.told
        _tell(
            [person],
            f"decided:{decision.pk}",
            _("A moderator has decided: %(title)s"),
            _(
                "This is about: %(title)s\n\nA moderator has decided: %(act)s\n\n%(measure)s"
                "Reason: %(reason)s\n\nIf you do not agree, you can ask another moderator to look "
                "at it again: %(address)s"
            ),
            title=title_of(kind, thing),
            act=act,
            measure=_("You are warned.\n\n") if decision.measure == "warn" else "",
            reason=decision.reason,
            address=_whole(reverse("community:my_standing")),
        )
    for flag in flags:
        _tell_who_reported(flag, f"flag-decided:{decision.pk}:{flag.pk}", OUTCOMES[flag.state])


def tell_of_undo(decision: Decision, flags: Iterable[Flag]) -> None:
    """Tell both sides that a decision stands no more."""
    _tell(
        people_behind(decision.kind, decision.thing),
        f"undone:{decision.pk}",
        _("A decision was taken back: %(title)s"),
        _("This is about: %(title)s\n\nA decision of a moderator was taken back.\n\n%(address)s"),
        title=title_of(decision.kind, decision.thing),
        address=_whole(reverse("community:my_standing")),
    )
    again = _("A moderator took the decision back and looks at it once more.")
    for flag in flags:
        _tell_who_reported(flag, f"flag-undone:{decision.pk}:{flag.pk}", again)


def _tell_who_reported(flag: Flag, key: str, outcome: Promise) -> None:
    if flag.member is None:
        return
    seen = rows_of(flag.kind).visible_to(flag.member).filter(pk=flag.thing.pk).exists()
    _tell(
        [flag.member],
        key,
        _("What came of your report"),
        _("You reported this: %(what)s\n\n%(outcome)s\n\n%(address)s"),
        what=flag.get_reason_display(),
        outcome=outcome,
        address=_whole(flag.thing.get_absolute_url() if seen else "/"),
    )


def tell_of_appeal(appeal: Appeal) -> None:
    """Tell the member what another moderator decided."""
    granted = appeal.state == Appeal.State.GRANTED
    _tell(
        [appeal.member],
        f"appeal:{appeal.pk}",
        _("Your appeal was decided"),
        _("%(outcome)s\n\nReason: %(reason)s\n\n%(address)s"),
        outcome=_("Your appeal was granted.") if granted else _("Your appeal was refused."),
        reason=appeal.reason,
        address=_whole(reverse("community:my_standing")),
    )


def tell_moderators(kind: str, thing: Any, flag: Flag) -> None:
    """Tell those who decide on a thing that it was reported: at once what is sensitive, and those
    who want to hear of all at once. The others read of it in the mail about the queue.
    """
    path = reverse("community:moderation_item", args=[kind, thing.pk])
    is_urgent = flag.reason == FlagReason.SENSITIVE
    for moderator in _deciders(kind, thing):
        if is_urgent or moderator.mail_pace(MailKind.QUEUE) == MailPace.AT_ONCE:
            with translation.override(moderator.language):
                notify_now(
                    moderator,
                    MailKind.QUEUE,
                    key=f"flagged:{flag.pk}:{moderator.pk}",
                    subject=str(_("Something was reported: %(reason)s"))
                    % {"reason": flag.get_reason_display()},
                    body=_whole(path),
                )


def _deciders(kind: str, thing: Any) -> list[Member]:
    likely = set(Member.objects.moderators())
    thread = thing.thread if kind == "post" else thing if kind == "thread" else None
    if thread is not None and thread.space_id:
        people = thread.space.people.filter(role="moderator").values("member")
        likely |= set(Member.objects.taking_part().filter(pk__in=people))
    found = sorted(likely, key=lambda each: each.pk)
    return [each for each in found if judgeable_by(kind, each).filter(pk=thing.pk).exists()]
