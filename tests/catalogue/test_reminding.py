"""Reminders of drafts: who gets one, when, and each once."""

import datetime

import pytest
from django.utils import timezone

from accounts.models import Member, OutgoingMail
from catalogue import services
from catalogue.models import Draft, ReviewerAssignment
from catalogue.tasks import remind_of_drafts
from tests.factories import catalogue as make
from tests.factories.accounts import MemberFactory

pytestmark = pytest.mark.django_db


def days_later(number):
    """Let everything lie `number` days further back."""
    by = datetime.timedelta(days=number)
    for draft in Draft.objects.all():
        Draft.objects.filter(pk=draft.pk).update(state_since=draft.state_since - by)
    for each in ReviewerAssignment.objects.all():
        ReviewerAssignment.objects.filter(pk=each.pk).update(assigned_at=each.assigned_at - by)


@pytest.fixture
def sent():
    return make.DraftFactory(submitted=True)


@pytest.fixture
def reviewer(sent):
    found = make.asked_reviewer(sent)
    OutgoingMail.objects.all().delete()
    return found


def told():
    return sorted(OutgoingMail.objects.values_list("to", flat=True))


def test_nobody_is_reminded_too_early(sent, reviewer):
    days_later(6)

    remind_of_drafts()

    assert told() == []


def test_a_reviewer_is_reminded_each_week_once(sent, reviewer):
    days_later(7)
    assert [remind_of_drafts() for _each in range(2)] == [1, 1]
    assert told() == [reviewer.email]

    days_later(7)
    remind_of_drafts()

    assert told() == [reviewer.email] * 2
    assert "waits for your verdict" in OutgoingMail.objects.first().body


def test_reminders_end_after_the_third(sent, reviewer):
    for _each in range(6):
        days_later(7)
        remind_of_drafts()

    assert told() == [reviewer.email] * 3


def test_who_gave_a_verdict_is_not_reminded(sent, reviewer):
    services.give_verdict(sent, "evidence", "fail", note="Which?", by=reviewer)
    days_later(30)

    remind_of_drafts()

    assert told() == []


def test_a_reviewer_who_was_suspended_is_not_reminded(sent, reviewer):
    reviewer.status = reviewer.Status.SUSPENDED
    reviewer.save()
    days_later(8)

    remind_of_drafts()

    assert told() == []


def test_moderators_hear_once_of_a_draft_that_nobody_reviews(sent):
    MemberFactory(moderator=True)
    OutgoingMail.objects.all().delete()
    for _each in range(3):
        days_later(4)
        remind_of_drafts()

    assert told() == sorted(Member.objects.moderators().values_list("email", flat=True))


def test_authors_are_reminded_of_changes_that_were_asked_for(sent, reviewer):
    services.request_changes(sent, note="Why?", by=reviewer)
    OutgoingMail.objects.all().delete()
    days_later(14)

    remind_of_drafts()

    assert told() == [sent.created_by.email]


def test_what_was_decided_waits_for_nobody(sent, reviewer):
    services.decline_draft(sent, note="No.", by=MemberFactory(moderator=True))
    OutgoingMail.objects.all().delete()
    days_later(60)

    assert remind_of_drafts() == 0
    assert told() == []


def test_days_without_a_scheduler_make_one_mail(sent, reviewer):
    days_later(20)

    remind_of_drafts()

    assert told() == [reviewer.email]
    assert timezone.now() - Draft.objects.get().state_since > datetime.timedelta(days=19)
