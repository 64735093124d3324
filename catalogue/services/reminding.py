"""Who is reminded of a draft that waits for them: politely, seldom, and each time once."""

from __future__ import annotations

import datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import MailKind, Member
from catalogue.models import Draft, GateVerdict
from catalogue.services.notices import tell_people

REVIEWERS_EVERY = datetime.timedelta(days=7)
AUTHORS_EVERY = datetime.timedelta(days=14)
MODERATORS_AFTER = datetime.timedelta(days=3)  # that a draft waits for somebody to be asked
MOST = 3  # reminders of one round


def remind() -> int:
    """Owe a mail to everybody for whom a draft waits too long; return how many drafts wait so.

    A reminder has a number by the time that went by, and with it a key: run twice, or after
    days without a scheduler, it is owed once.
    """
    now = timezone.now()
    drafts = Draft.objects.filter(state_since__lte=now - MODERATORS_AFTER)
    waiting = 0
    for draft in drafts.in_review().prefetch_related("assignments").iterator(chunk_size=200):
        waiting += _remind_reviewers(draft, now)
    for draft in drafts.with_authors_asked().iterator(chunk_size=200):
        waiting += _remind_authors(draft, now)
    return waiting


def _remind_reviewers(draft: Draft, now: datetime.datetime) -> bool:
    assignments = draft.assignments.all()
    if not assignments:
        tell_people(
            Member.objects.moderators(),
            draft=draft,
            kind=MailKind.REVIEW_REMINDERS,
            key=f"unassigned:{draft.round}",
            subject=_("Nobody reviews it yet: %(title)s"),
            body=_("“%(title)s” waits for reviewers to be asked.\n\n%(address)s"),
        )
        return True
    spoke = set(
        GateVerdict.objects.filter(round__draft=draft, round__number=draft.round).values_list(
            "reviewer", flat=True
        )
    )
    silent = [each for each in assignments if each.reviewer_id not in spoke]
    for each in silent:
        since = max(each.assigned_at, draft.state_since)
        _tell(
            draft,
            each.reviewer_id,
            number=_number(now - since, REVIEWERS_EVERY),
            subject=_("Still to review: %(title)s"),
            body=_("“%(title)s” waits for your verdict.\n\n%(address)s"),
        )
    return bool(silent)


def _remind_authors(draft: Draft, now: datetime.datetime) -> bool:
    number = _number(now - draft.state_since, AUTHORS_EVERY)
    for author in draft.authors.values_list("pk", flat=True):
        _tell(
            draft,
            author,
            number=number,
            subject=_("Waits for your changes: %(title)s"),
            body=_("The reviewers of “%(title)s” asked for changes.\n\n%(address)s"),
        )
    return number > 0


def _number(waited: datetime.timedelta, every: datetime.timedelta) -> int:
    return min(waited // every, MOST)


def _tell(draft: Draft, person: int, *, number: int, **words: object) -> None:
    if not number:
        return
    people = Member.objects.taking_part().filter(pk=person)
    key = f"remind:{draft.state}:{draft.round}:{number}"
    kind = MailKind.REVIEW_REMINDERS
    tell_people(people, draft=draft, key=key, kind=kind, **words)  # type: ignore[arg-type]
