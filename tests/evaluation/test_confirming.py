"""Each side confirms the shared facts; a changed fact voids its own confirmations only."""

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import Activity
from core.errors import DomainError, StaleEdit
from evaluation.facts import facts_of, with_facts
from evaluation.models import Attendance, Confirmation, Exchange, ExchangeStatus
from evaluation.services.confirming import agree_to_differ, confirm_facts, state_difference
from evaluation.services.exchange_parts import People, change_part, state_people
from evaluation.services.exchange_states import move_exchange
from evaluation.services.exchanges import change_exchange
from evaluation.standing import AWAITED, VOIDED, standing_of
from tests.evaluation.exchange_world import TwoSides
from tests.factories import evaluation as make
from tests.factories import hubs as make_hubs
from tests.races import all_at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return TwoSides()


def fresh(world):
    return with_facts(Exchange.objects.filter(pk=world.exchange.pk)).get()


def confirm(world, party, by, facts=None):
    version = Exchange.objects.get(pk=world.exchange.pk).version
    return confirm_facts(party, facts, expected_version=version, by=by)


def confirm_both(world):
    confirm(world, world.provider, world.provider_person)
    confirm(world, world.seeker, world.seeker_person)


def states(world, party):
    return {
        line.fact.key: said.state
        for line in standing_of(fresh(world)).lines
        for said in line.said
        if said.party.pk == party.pk
    }


def is_confirmed(world):
    return Exchange.objects.get(pk=world.exchange.pk).is_confirmed


def test_the_shared_facts_have_keys_of_their_own(world):
    world.attend(total=3)

    assert {fact.key for fact in facts_of(fresh(world))} == {
        *("modality", "status", "starts_on", "ends_on", "instruments", "sectors"),
        *("party:provider", "party:seeker", "party:facilitator", "party:funder"),
        f"step:{world.step.pk}",
        f"attendance:{world.step.pk}",
        f"contribution:{world.contribution.pk}",
    }


def test_confirmed_once_every_side_confirmed_every_fact(world):
    confirm(world, world.provider, world.provider_person)
    assert not is_confirmed(world)

    confirm(world, world.seeker, world.seeker_person)

    assert is_confirmed(world)
    assert set(states(world, world.seeker).values()) == {"confirmed"}
    assert Activity.objects.filter(verb="exchange.confirmed").count() == 2


def test_a_part_of_the_facts_is_not_all(world):
    confirm(world, world.provider, world.provider_person)
    confirm(world, world.seeker, world.seeker_person, ["modality", "sectors"])

    assert not is_confirmed(world)
    found = states(world, world.seeker)
    assert {key for key, state in found.items() if state == "confirmed"} == {"modality", "sectors"}


CHANGES = {
    "sectors": lambda w: change_exchange(
        w.exchange, changes={"sectors": ["111"]}, expected_version=1, by=w.provider_person
    ),
    "status": lambda w: move_exchange(
        w.exchange, ExchangeStatus.AGREED, expected_version=1, by=w.provider_person
    ),
    "step": lambda w: change_part(
        w.step, changes={"place": "Maputo"}, expected_version=1, by=w.provider_person
    ),
    "contribution": lambda w: change_part(
        w.contribution, changes={"quantity": 12}, expected_version=1, by=w.provider_person
    ),
    "attendance": lambda w: state_people(
        w.step, [People(w.seeker, 9)], expected_version=1, by=w.provider_person
    ),
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_changed_fact_voids_only_its_own_confirmation(world, what):
    world.attend(total=3)
    confirm_both(world)

    CHANGES[what](world)

    assert not is_confirmed(world)
    for party in (world.provider, world.seeker):
        voided = {key for key, state in states(world, party).items() if state != "confirmed"}
        assert {key.partition(":")[0] for key in voided} == {what}
        assert states(world, party)[voided.pop()] == VOIDED


def test_what_nobody_shares_voids_nothing(world):
    confirm_both(world)
    changes = {"title": "Another title", "summary": "More words."}
    change_exchange(world.exchange, changes=changes, expected_version=1, by=world.provider_person)

    assert is_confirmed(world)


def test_a_fact_that_is_as_it_was_again_is_confirmed_again(world):
    confirm_both(world)
    by = world.provider_person
    change_part(world.contribution, changes={"quantity": 12}, expected_version=1, by=by)
    change_part(world.contribution, changes={"quantity": 10}, expected_version=2, by=by)

    assert is_confirmed(world)


def test_what_another_body_gave_is_confirmed_anew(world):
    bodies = [make_hubs.OrganisationFactory(name=name) for name in ("Fund", "Bank")]
    funder = make.PartyFactory(
        exchange=world.exchange, hub=None, organisation=bodies[0], side="funder"
    )
    given = make.ContributionFactory(party=funder, money=True)
    people = Attendance.objects.create(step=world.step, party=funder, total=2)
    confirm_both(world)

    by = world.provider_person
    change_part(funder, changes={"organisation": bodies[1]}, expected_version=1, by=by)

    voided = {key for key, state in states(world, world.seeker).items() if state == VOIDED}
    assert voided == {"party:funder", f"contribution:{given.pk}", f"attendance:{people.step_id}"}


def test_what_is_confirmed_already_is_not_confirmed_again(world):
    confirm(world, world.provider, world.provider_person, ["status"])

    with pytest.raises(DomainError, match="nothing left"):
        confirm(world, world.provider, world.provider_person, ["status"])

    assert Confirmation.objects.count() == 1
    assert Activity.objects.filter(verb="exchange.confirmed").count() == 1


def test_a_difference_is_shown_and_settled_by_both_agreeing_to_differ(world):
    confirm_both(world)
    key = f"contribution:{world.contribution.pk}"
    state_difference(
        world.seeker,
        key,
        text="We counted eight.",
        stated="8",
        expected_version=1,
        by=world.seeker_person,
    )
    assert not is_confirmed(world)
    assert states(world, world.seeker)[key] == "differs"

    agree_to_differ(
        world.seeker, key, text="Counted apart.", expected_version=1, by=world.seeker_person
    )
    assert not is_confirmed(world)
    assert standing_of(fresh(world)).awaited() == [world.provider]

    agree_to_differ(
        world.provider, key, text="Counted apart.", expected_version=1, by=world.provider_person
    )
    assert is_confirmed(world)


def test_to_differ_is_agreed_only_where_somebody_differs(world):
    with pytest.raises(DomainError, match="No side states"):
        agree_to_differ(
            world.seeker, "status", text="x", expected_version=1, by=world.seeker_person
        )

    assert not Confirmation.objects.exists()


def test_a_difference_needs_words(world):
    with pytest.raises(DomainError, match="in which way"):
        state_difference(
            world.seeker, "status", text=" ", expected_version=1, by=world.seeker_person
        )

    assert not Confirmation.objects.exists()


def test_each_side_is_spoken_for_by_its_own_people(world):
    allowed = {
        party: {
            role
            for role, person in people.items()
            if person is not None and _may_speak(world, getattr(world, party), person)
        }
        for people in [world.people()]
        for party in ("provider", "seeker")
    }

    assert allowed == {
        "provider": {"head", "editor", "me_focal_point"},
        "seeker": {"seeker"},
    }


def _may_speak(world, party, person):
    Confirmation.objects.all().delete()
    try:
        confirm(world, party, person)
    except PermissionDenied:
        return False
    return True


def test_the_same_person_never_confirms_both_sides(world):
    both = make_hubs.MembershipFactory(hub=world.agency, head=True).member
    make_hubs.MembershipFactory(hub=world.ministry, member=both, head=True)
    confirm(world, world.provider, both)

    with pytest.raises(DomainError, match="spoken for the other side"):
        confirm(world, world.seeker, both)

    assert not is_confirmed(world)
    assert set(states(world, world.seeker).values()) == {AWAITED}


def test_a_hub_on_both_sides_is_spoken_for_by_two_people(world):
    own = make.PartyFactory(exchange=world.exchange, hub=world.agency, side="seeker")
    colleague = make_hubs.MembershipFactory(hub=world.agency, me_focal_point=True).member
    confirm_both(world)
    assert not is_confirmed(world)

    confirm(world, own, colleague)

    assert is_confirmed(world)


def test_a_side_without_a_hub_cannot_confirm_and_the_exchange_stays_reported(world):
    world.seeker.delete()
    make.PartyFactory(exchange=world.exchange, hub=None, country="MZ", side="seeker")
    confirm(world, world.provider, world.provider_person)

    assert not is_confirmed(world)


def test_what_changed_since_it_was_read_is_not_confirmed(world):
    change_exchange(
        world.exchange, changes={"sectors": []}, expected_version=1, by=world.provider_person
    )
    with pytest.raises(StaleEdit):
        confirm_facts(world.seeker, None, expected_version=1, by=world.seeker_person)

    assert not Confirmation.objects.exists()


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"is_published": False}, None),
        ({"status": "cancelled", "cancel_reason": "x"}, "cancelled"),
    ],
)
def test_drafts_and_cancelled_ones_are_not_confirmed(world, columns, words):
    Exchange.objects.update(**columns)
    with pytest.raises(DomainError, match=words or "Publish it first"):
        confirm(world, world.provider, world.provider_person)

    assert not Confirmation.objects.exists()


def test_there_is_no_such_fact(world):
    with pytest.raises(DomainError, match="no such fact"):
        confirm(world, world.provider, world.provider_person, ["shoe size"])


@pytest.mark.django_db(transaction=True)
def test_both_sides_at_once_confirm_the_exchange():
    world = TwoSides()
    all_at_once(
        lambda: confirm_facts(world.provider, None, expected_version=1, by=world.provider_person),
        lambda: confirm_facts(world.seeker, None, expected_version=1, by=world.seeker_person),
    )

    assert is_confirmed(world)


@pytest.mark.django_db(transaction=True)
def test_a_fact_changed_while_it_is_confirmed_is_never_confirmed_unseen():
    world = TwoSides()
    confirm(world, world.provider, world.provider_person)

    all_at_once(
        lambda: confirm_facts(world.seeker, None, expected_version=1, by=world.seeker_person),
        lambda: change_exchange(
            world.exchange, changes={"sectors": []}, expected_version=1, by=world.provider_person
        ),
    )

    assert not is_confirmed(world)
