"""Who is told that their side's confirmation is awaited, and who is reminded."""

import datetime

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts.models import MailKind, MailPace, OutgoingMail
from evaluation.models import Exchange
from evaluation.services.awaiting import remind_of_confirmations
from evaluation.services.confirming import agree_to_differ, confirm_facts, state_difference
from evaluation.services.exchange_states import publish_exchange
from evaluation.services.exchanges import change_exchange
from tests.evaluation.exchange_world import TwoSides
from tests.factories import hubs as make_hubs

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


@pytest.fixture
def world():
    return TwoSides(is_published=False)


def told():
    """Return (to, subject) of the mails owed, and forget them."""
    rows = sorted(OutgoingMail.objects.values_list("to", "subject"))
    OutgoingMail.objects.all().update(to="told@example.org")
    return [row for row in rows if row[0] != "told@example.org"]


def again(world):
    return Exchange.objects.get(pk=world.exchange.pk)


def publish(world):
    current = again(world)
    publish_exchange(current, expected_version=current.version, by=world.provider_person)


def change(world, sector):
    current = again(world)
    change_exchange(
        current,
        changes={"sectors": [sector]},
        expected_version=current.version,
        by=world.provider_person,
    )


def confirm(world, party, by):
    confirm_facts(party, None, expected_version=again(world).version, by=by)


def test_each_side_is_told_once_until_it_answers(world):
    colleague = make_hubs.MembershipFactory(hub=world.agency).member
    make_hubs.MembershipFactory(hub=world.ministry, correspondent=True)  # may not answer
    seeker = world.seeker_person.email
    change(world, "111")
    said = [told()]

    publish(world)
    said.append(told())
    change(world, "112")
    said.append(told())
    confirm(world, world.seeker, world.seeker_person)
    said.append(told())
    change(world, "113")
    said.append(told())
    change(world, "114")
    said.append(told())

    first = "To confirm: Cotton together"
    # Who published was not told then; now that the other side has answered, they are.
    publisher = [(world.provider_person.email, first)]
    assert said == [
        [],
        sorted([(colleague.email, first), (seeker, first)]),
        [],
        publisher,
        [(seeker, first)],
        [],
    ]


def test_who_confirmed_all_is_told_of_a_difference_that_they_may_let_stand(world):
    publish(world)
    confirm(world, world.provider, world.provider_person)
    told()
    words = {"expected_version": again(world).version, "by": world.seeker_person}

    state_difference(world.seeker, "sectors", text="It was maize.", **words)
    agree_to_differ(world.seeker, "sectors", text="Both are right.", **words)

    assert told() == [(world.provider_person.email, "To confirm: Cotton together")]


def test_a_side_is_reminded_every_two_weeks_three_times(world):
    publish(world)
    confirm(world, world.provider, world.provider_person)
    told()
    start = again(world).updated_at

    owed = [remind_of_confirmations(start + day * DAY) for day in (13, 14, 15, 28, 42, 56, 99)]

    assert owed == [0, 1, 1, 1, 1, 1, 1]
    reminder = (world.seeker_person.email, "Still to confirm: Cotton together")
    assert told() == [reminder] * 3
    body = OutgoingMail.objects.filter(subject=reminder[1]).first().body
    assert "Ministry" in body
    assert world.exchange.get_absolute_url() in body


@pytest.mark.parametrize("what", ["cancelled", "withdrawn", "starter", "off", "left"])
def test_nobody_is_reminded_in_vain(what, world):
    publish(world)
    confirm(world, world.provider, world.provider_person)
    told()
    columns = {
        "cancelled": {"status": "cancelled", "cancel_reason": "No money"},
        "withdrawn": {"is_published": False},
        "starter": {"is_starter": True},
    }.get(what, {})
    late = timezone.now() - 20 * DAY
    Exchange.objects.filter(pk=world.exchange.pk).update(updated_at=late, **columns)
    person = world.seeker_person
    if what == "off":
        person.mail_choices = {MailKind.EXCHANGES: MailPace.OFF}
        person.save()
    if what == "left":
        person.memberships.update(valid_from=None, valid_to=timezone.localdate() - DAY)

    call_command("remind_of_confirmations")

    assert told() == []


def test_each_is_told_how_to_get_no_more(world):
    publish(world)

    mail = OutgoingMail.objects.get(to=world.seeker_person.email)

    assert "names Ministry" in mail.body
    assert "Never again:" in mail.body
