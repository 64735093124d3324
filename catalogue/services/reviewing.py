"""Review: a draft is sent, read by others, judged at three gates, and decided."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import MailKind, Member
from catalogue.models import (
    Draft,
    DraftState,
    Gate,
    GateVerdict,
    ReviewerAssignment,
    ReviewMessage,
    ReviewRound,
    Verdict,
)
from catalogue.sections import missing_in
from catalogue.services.drafting import lock_draft, move, record_draft, refuse_unless_open
from catalogue.services.notices import tell_people
from catalogue.services.publishing import publish_written
from core.errors import DomainError

if TYPE_CHECKING:
    from catalogue.models import EntryVersion


@transaction.atomic
def submit_draft(draft: Draft, *, by: Member) -> ReviewRound:
    """Send a draft to its reviewers: a round begins, and its text is kept as it was sent.

    Raises `DomainError` if something needed is missing or it was sent already,
    `PermissionDenied` if `by` may not send it.
    """
    current = lock_draft(draft)
    refuse_unless_open(current)
    if current.state == DraftState.SUBMITTED:
        raise DomainError(_("It was sent already."))
    if not Draft.objects.submittable_by(by).contains(current):
        raise PermissionDenied
    if missing_in(current.content):
        raise DomainError(_("Something is missing still; the list says what."))
    current.round += 1
    move(current, DraftState.SUBMITTED)
    new = ReviewRound.objects.create(
        draft=current, number=current.round, content=current.content, submitted_by=by
    )
    record_draft("draft.submitted", current, by=by)
    tell_people(
        _reviewers(current),
        draft=current,
        key=f"submitted:{current.round}",
        subject=gettext_lazy("To review: %(title)s"),
        body=gettext_lazy("%(by)s sent “%(title)s” for review.\n\n%(address)s"),
        by=by,
    )
    return new


@transaction.atomic
def assign_reviewer(draft: Draft, reviewer: Member, *, by: Member) -> ReviewerAssignment:
    """Ask a member to review a draft.

    Raises `PermissionDenied` if `by` may not choose reviewers, `DomainError` for a reviewer
    who wrote in it, belongs to the hub, or takes no part in the portal.
    """
    current = _in_review(draft)
    if not Draft.objects.decidable_by(by).contains(current):
        raise PermissionDenied
    found, is_new = ReviewerAssignment.objects.get_or_create(
        draft=current, reviewer=reviewer, defaults={"assigned_by": by}
    )
    if not Draft.objects.reviewable_by(reviewer).contains(current):
        raise DomainError(
            _("Nobody reviews a text that they wrote in, or that comes from their own hub.")
        )
    if is_new:
        record_draft("draft.reviewer_assigned", current, by=by)
        tell_people(
            [reviewer],
            draft=current,
            key=f"assigned:{current.round}",
            subject=gettext_lazy("Please review: %(title)s"),
            body=gettext_lazy("%(by)s asks you to review “%(title)s”.\n\n%(address)s"),
            by=by,
        )
    return found


@transaction.atomic
def give_verdict(
    draft: Draft, gate: str, verdict: str, *, note: str, by: Member, number: int | None = None
) -> GateVerdict:
    """Say whether the draft passes a gate in this round; said again, it replaces what was said.

    `number` is the round that the reviewer read. Raises `DomainError` if it was decided or
    another text was sent meanwhile, or without a note; `PermissionDenied` if `by` may not
    review it.
    """
    current = _to_review(draft, by, number, note=note)
    saved, _is_new = GateVerdict.objects.update_or_create(
        round=current.rounds.get(number=current.round),
        gate=Gate(gate),
        reviewer=by,
        defaults={"verdict": Verdict(verdict), "note": note.strip()},
    )
    return saved


def gates_of(draft: Draft) -> dict[str, str]:
    """Return, for each gate, what the verdicts of this round come to: "pass" where somebody
    says so and nobody says otherwise, "fail" where somebody does, "" where nobody said anything.
    """
    said = GateVerdict.objects.filter(round__draft=draft, round__number=draft.round)
    verdicts = list(said.values_list("gate", "verdict"))
    return {
        str(gate): next(
            (str(each) for each in (Verdict.FAIL, Verdict.PASS) if (gate, each) in verdicts), ""
        )
        for gate in Gate.values
    }


@transaction.atomic
def request_changes(draft: Draft, *, note: str, by: Member, number: int | None = None) -> None:
    """Give the draft back to its authors, with what they should change.

    Raises as `give_verdict`.
    """
    current = _to_review(draft, by, number, note=note)
    _decide(current, DraftState.CHANGES_REQUESTED, note=note, by=by)
    _tell_authors(
        current,
        subject=gettext_lazy("Changes are asked for: %(title)s"),
        body=gettext_lazy("%(by)s asks for changes of “%(title)s”:\n\n%(note)s\n\n%(address)s"),
        note=note,
        by=by,
    )


@transaction.atomic
def decline_draft(draft: Draft, *, note: str, by: Member, number: int | None = None) -> None:
    """Say that the portal will not publish this text. Raises as `give_verdict`; for moderators."""
    current = _to_review(draft, by, number, note=note)
    if not Draft.objects.decidable_by(by).contains(current):
        raise PermissionDenied
    _decide(current, DraftState.DECLINED, note=note, by=by)
    _tell_authors(
        current,
        subject=gettext_lazy("Not published: %(title)s"),
        body=gettext_lazy("“%(title)s” will not be published:\n\n%(note)s\n\n%(address)s"),
        note=note,
        kind=MailKind.REVIEW_MESSAGES,
        by=by,
    )


@transaction.atomic
def publish_draft(draft: Draft, *, by: Member, number: int | None = None) -> EntryVersion:
    """Make the draft the next version of its entry; return that.

    Raises `DomainError` if a gate is not passed, or it was decided or sent anew meanwhile;
    `PermissionDenied` if `by` may not review it.
    """
    current = _to_review(draft, by, number)
    if set(gates_of(current).values()) != {Verdict.PASS}:
        raise DomainError(_("It is published when it passes all three gates, and none objects."))
    version = publish_written(current, by=by)
    current.entry = version.entry
    _decide(current, DraftState.PUBLISHED, note="", by=by)
    _tell_authors(
        current,
        subject=gettext_lazy("Published: %(title)s"),
        body=gettext_lazy("“%(title)s” is published.\n\n%(address)s"),
        path=version.entry.get_absolute_url(),
        kind=MailKind.REVIEW_MESSAGES,
        by=by,
    )
    return version


@transaction.atomic
def write_message(draft: Draft, text: str, *, by: Member, section: str = "") -> ReviewMessage:
    """Say something to the others who work on the draft; they are told by mail.

    Raises `PermissionDenied` for those who do not see the draft, `DomainError` when it is over.
    """
    current = lock_draft(draft)
    if not Draft.objects.visible_to(by).contains(current):
        raise PermissionDenied
    refuse_unless_open(current)
    message = ReviewMessage.objects.create(draft=current, author=by, section=section, text=text)
    tell_people(
        [*_authors(current), *_reviewers(current)],
        draft=current,
        key=f"message:{message.pk}",
        subject=gettext_lazy("About your text: %(title)s"),
        body=gettext_lazy("%(by)s writes about “%(title)s”:\n\n%(note)s\n\n%(address)s"),
        note=text,
        kind=MailKind.REVIEW_MESSAGES,
        by=by,
    )
    return message


def _in_review(draft: Draft) -> Draft:
    current = lock_draft(draft)
    if current.state != DraftState.SUBMITTED:
        raise DomainError(
            _("This was decided meanwhile: %(state)s.") % {"state": current.get_state_display()}
        )
    return current


def _to_review(draft: Draft, by: Member, number: int | None, *, note: str | None = None) -> Draft:
    """Return the locked draft if `by` may judge it and read the round `number`."""
    current = _in_review(draft)
    if not Draft.objects.reviewable_by(by).contains(current):
        raise PermissionDenied
    if number is not None and number != current.round:
        raise DomainError(_("Another text was sent after you had opened this one. Read it first."))
    if note is not None and not note.strip():
        raise DomainError(_("Say why, for the authors."))
    return current


def _decide(draft: Draft, state: str, *, note: str, by: Member) -> None:
    move(draft, state)
    draft.rounds.filter(number=draft.round).update(
        decision=state, note=note.strip(), decided_by=by, decided_at=Now()
    )
    record_draft(f"draft.{state}", draft, by=by)


def _authors(draft: Draft) -> list[Member]:
    sent = draft.rounds.values("submitted_by")
    people = Member.objects.taking_part()
    return list(people.filter(drafts=draft) | people.filter(pk__in=sent))


def _reviewers(draft: Draft) -> list[Member]:
    asked = draft.assignments.values("reviewer")
    spoke = GateVerdict.objects.filter(round__draft=draft).values("reviewer")
    people = Member.objects.taking_part()
    return list(people.filter(pk__in=asked) | people.filter(pk__in=spoke))


def _tell_authors(draft: Draft, **words: object) -> None:
    tell_people(_authors(draft), draft=draft, key=f"{draft.state}:{draft.round}", **words)  # type: ignore[arg-type]
