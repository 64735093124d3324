"""Surveys after an exchange: who is asked, when, by which link, and what becomes of answers."""

from __future__ import annotations

import calendar
import datetime
import hashlib
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.crypto import salted_hmac
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from accounts.models import ActivityAudience, Member
from accounts.services import queue_mail, record_activity
from core.errors import DomainError
from evaluation.models import (
    Evidence,
    EvidenceKind,
    Exchange,
    ExchangeStatus,
    FollowUpPerson,
    Moment,
    Survey,
    SurveyInvitation,
)
from evaluation.services.evidence import add_evidence
from evaluation.survey_questions import QUESTIONS, told_answers
from hubs.services.rows import lock

MOST_PEOPLE = 500  # that can be asked about one exchange
ASKED_WITHIN = datetime.timedelta(days=90)  # of the moment; later nobody is asked about it
OPEN_FOR = datetime.timedelta(days=60)  # that a link takes an answer
REMIND_AFTER = datetime.timedelta(days=14)  # since the invitation left
KEPT_FOR = datetime.timedelta(days=120)  # that names are kept after the last moment
WAITED_FOR = datetime.timedelta(days=365)  # that names wait for an exchange to be completed
_SALT = "evaluation.survey"


@transaction.atomic
def add_person(
    exchange: Exchange, *, name: str, email: str, language: str, by: Member
) -> FollowUpPerson:
    """Note somebody to be asked after an exchange.

    Raises `PermissionDenied` if `by` is not focal point, editor or head of the hub that tells
    it, `ValidationError` if they are noted already or a column is wrong, `DomainError` if there
    are as many as there may be.
    """
    current: Exchange = lock(exchange)
    _refuse_stranger(current, by)
    if current.people_to_ask.count() >= MOST_PEOPLE:
        raise DomainError(_("As many people are asked about this exchange as can be."))
    person = FollowUpPerson(
        exchange=current, name=name, email=email.lower(), language=language, added_by=by
    )
    person.full_clean()
    person.save()
    _record("survey.person_added", current, by=by)
    return person


@transaction.atomic
def forget_person(person: FollowUpPerson, *, with_answers: bool, by: Member) -> None:
    """Delete what is known of a person, and links of theirs that wait; their answers stay
    without a name, or go too. Raises `PermissionDenied` as `add_person`.
    """
    exchange = person.exchange
    _refuse_stranger(exchange, by)
    _forget(person, with_answers=with_answers)
    _record("survey.person_forgotten", exchange, by=by)


def follow_up(now: datetime.datetime) -> int:
    """Owe the invitations and reminders that are due at `now`; forget people whose last moment
    is long past. Return how many mails are owed. Run twice, it owes nothing more.
    """
    day = timezone.localdate(now, timezone=timezone.get_default_timezone())
    _forget_needless(day)
    _set_moments()
    due = Survey.objects.due_by(day).filter(
        due_on__gt=day - ASKED_WITHIN, exchange__status=ExchangeStatus.COMPLETED
    )
    number = sum(_invite(pk, now) for pk in list(due.values_list("pk", flat=True)))
    waiting = SurveyInvitation.objects.filter(
        answered_at=None, reminded_at=None, sent_at__lte=now - REMIND_AFTER, expires_at__gt=now
    )
    return number + sum(_remind(pk, now) for pk in list(waiting.values_list("pk", flat=True)))


def invitation_of(token: str) -> SurveyInvitation | None:
    """Return the invitation that a link leads to; None for a link that leads nowhere."""
    found = SurveyInvitation.objects.select_related("survey__exchange__hub")
    return found.filter(token_hash=_hash(token)).first()


@transaction.atomic
def answer_survey(
    invitation: SurveyInvitation,
    answers: Mapping[str, str],
    *,
    may_be_quoted: bool,
    now: datetime.datetime,
) -> SurveyInvitation:
    """Keep the answers of the person who has the link, once.

    Raises `DomainError` if it was answered already, or too late, or nothing was answered.
    """
    current: SurveyInvitation = lock(invitation)
    if current.answered_at is not None:
        raise DomainError(_("This link was used already. Thank you for your answer."))
    if current.expires_at <= now:
        raise DomainError(_("This link has ended. Thank you for trying."))
    known = [question.name for question in QUESTIONS[Moment(current.survey.moment)]]
    said = {name: answers[name].strip() for name in known if answers.get(name, "").strip()}
    if not said:
        raise DomainError(_("Answer one question at least."))
    current.answers, current.answered_at = said, now
    current.may_be_quoted = may_be_quoted
    current.save(update_fields=["answers", "answered_at", "may_be_quoted"])
    return current


@transaction.atomic
def use_answer(
    invitation: SurveyInvitation, *, title: str, proves: str, is_confidential: bool, by: Member
) -> Evidence:
    """Make an answer evidence of its exchange, without the name of who gave it.

    Raises `PermissionDenied` if `by` may not, `DomainError` if there is no answer, it may not
    be quoted, or it is evidence already.
    """
    current: Any = lock(invitation)
    if not SurveyInvitation.objects.editable_by(by).contains(current):
        raise PermissionDenied
    if current.answered_at is None:
        raise DomainError(_("Nobody has answered yet."))
    if not current.may_be_quoted:
        raise DomainError(_("Who answered did not agree to be quoted."))
    if current.evidence_id is not None:
        raise DomainError(_("This answer is evidence already."))
    survey = current.survey
    lines = [
        f"{question.text}\n{said}"
        for question, said in told_answers(survey.moment, current.answers)
    ]
    new = Evidence(
        exchange=survey.exchange,
        kind=EvidenceKind.SURVEY,
        proves=proves,
        title=title,
        text=Truncator("\n\n".join(lines)).chars(4_000),  # the survey keeps all of it
        dated_on=timezone.localdate(current.answered_at),
        is_confidential=is_confidential,
    )
    current.evidence = add_evidence(new, by=by)
    current.save(update_fields=["evidence"])
    _record("survey.answer_used", survey.exchange, by=by)
    return new


def due_on(end: datetime.date, moment: Moment) -> datetime.date:
    """Return the day from which people are asked: the months of the moment after `end`, on the
    same day of the month or its last.
    """
    months = end.month - 1 + moment.months
    year, month = end.year + months // 12, months % 12 + 1
    return datetime.date(year, month, min(end.day, calendar.monthrange(year, month)[1]))


def token_of(invitation: SurveyInvitation) -> str:
    """Return the secret of the link, which only the person's mail holds: it is made anew for
    the reminder and never kept.
    """
    return salted_hmac(
        _SALT, f"{invitation.survey_id}:{invitation.person_id}", algorithm="sha256"
    ).hexdigest()


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _refuse_stranger(exchange: Exchange, by: Member) -> None:
    if not Exchange.objects.tellable_by(by).contains(exchange):
        raise PermissionDenied


def _set_moments() -> None:
    """Give each completed exchange with people to ask its three moments; those at which nobody
    was asked yet follow a changed end.
    """
    done = Exchange.objects.filter(
        Exists(FollowUpPerson.objects.filter(exchange=OuterRef("pk"))),
        status=ExchangeStatus.COMPLETED,
    )
    for exchange in done.order_by("pk").prefetch_related("surveys"):
        if exchange.ends_on is None:
            continue
        known = {survey.moment: survey for survey in exchange.surveys.all()}
        for moment in Moment:
            day = due_on(exchange.ends_on, moment)
            survey = known.get(moment.value)
            if survey is None:
                Survey.objects.get_or_create(
                    exchange=exchange, moment=moment, defaults={"due_on": day}
                )
            elif survey.due_on != day:
                same = Survey.objects.filter(pk=survey.pk, invitations=None)
                same.update(due_on=day)


@transaction.atomic
def _invite(survey_pk: int, now: datetime.datetime) -> int:
    """Owe the survey's people their invitations; return how many."""
    # The lock makes two runs at once invite nobody twice.
    survey = Survey.objects.select_for_update(no_key=True).get(pk=survey_pk)
    asked = survey.invitations.exclude(person=None).values("person")
    people = FollowUpPerson.objects.filter(exchange=survey.exchange_id).exclude(pk__in=asked)
    number = 0
    for person in people.order_by("pk"):
        new = SurveyInvitation(
            survey=survey,
            person=person,
            language=person.language,
            sent_at=now,
            expires_at=now + OPEN_FOR,
        )
        new.token_hash = _hash(token_of(new))
        new.save()
        _mail(new, person, "invited")
        number += 1
    return number


@transaction.atomic
def _remind(pk: int, now: datetime.datetime) -> int:
    waiting = SurveyInvitation.objects.select_for_update(no_key=True, of=("self",))
    current = waiting.filter(pk=pk, answered_at=None, reminded_at=None).first()
    if current is None or current.person is None:
        return 0
    current.reminded_at = now
    current.save(update_fields=["reminded_at"])
    _mail(current, current.person, "reminded")
    return 1


def _mail(invitation: SurveyInvitation, person: FollowUpPerson, what: str) -> None:
    path = reverse("evaluation:survey_answer", args=[token_of(invitation)])
    with translation.override(spoken(invitation.language)):
        words = {
            "name": person.name,
            "title": str(invitation.survey.exchange),
            "hub": invitation.survey.exchange.hub.name,
            "address": f"{settings.SITE_URL}{path}",
            "site": settings.SITE_NAME,
        }
        subject = _("A few questions about: %(title)s")
        if what == "reminded":
            subject = _("Still time to answer: %(title)s")
        body = _(
            "%(name)s,\n\nyou took part in “%(title)s”. %(hub)s asks you a few questions about "
            "it. It takes five minutes, needs no account, and the link takes one answer:\n\n"
            "%(address)s\n\nYour name and address are kept for these questions alone. To have "
            "them deleted, write to %(hub)s.\n\n%(site)s"
        )
        key = f"survey:{invitation.pk}:{what}"
        queue_mail(key=key, to=person.email, subject=subject % words, body=body % words)


def spoken(language: str) -> str:
    """Return the portal's language in which somebody who reads `language` is addressed."""
    known = dict(settings.LANGUAGES)
    if language in known:
        return language
    return next((code for code in known if code.split("-")[0] == language), "en")


def _forget_needless(day: datetime.date) -> None:
    """Forget people whose last moment is long past, and those who will not be asked: of an
    exchange that was cancelled, or is not completed a year after they were noted.
    """
    last = max(Moment, key=lambda moment: moment.months)
    long_past = Survey.objects.filter(moment=last, due_on__lt=day - KEPT_FOR)
    undated = ~Q(exchange__status=ExchangeStatus.COMPLETED) | Q(exchange__ends_on=None)
    never = undated & Q(added_at__date__lt=day - WAITED_FOR)
    cancelled = Q(exchange__status=ExchangeStatus.CANCELLED)
    needless = Q(exchange__in=long_past.values("exchange")) | never | cancelled
    for person in FollowUpPerson.objects.filter(needless):
        with transaction.atomic():
            _forget(person, with_answers=False)


def _forget(person: FollowUpPerson, *, with_answers: bool) -> None:
    invitations = SurveyInvitation.objects.filter(person=person)
    if not with_answers:
        invitations = invitations.filter(answered_at=None)
    invitations.delete()
    person.delete()


def _record(verb: str, exchange: Exchange, *, by: Member) -> None:
    """Write the activity for the moderators; it names nobody who was asked."""
    about: dict[str, Any] = {"audience": ActivityAudience.MODERATORS}
    if not exchange.is_public:
        about |= {"label": _("Confidential exchange"), "url": ""}
    record_activity(verb, exchange, by=by, **about)
