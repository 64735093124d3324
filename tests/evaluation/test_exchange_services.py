"""Exchanges are begun, changed, moved, published, copied; what the rules refuse changes nothing."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.models import Activity
from core.errors import DomainError, StaleEdit
from evaluation.errors import TransitionError
from evaluation.models import (
    Attendance,
    Confirmation,
    Contribution,
    Exchange,
    ExchangeStatus,
    Party,
    Step,
)
from evaluation.services.exchange_parts import (
    People,
    add_part,
    change_part,
    remove_part,
    state_people,
)
from evaluation.services.exchange_states import (
    move_exchange,
    publish_exchange,
    withdraw_exchange,
)
from evaluation.services.exchanges import (
    begin_exchange,
    change_exchange,
    copy_exchange,
    tie_entries,
)
from evaluation.services.recalculating import recalculate_due
from tests.evaluation import trees
from tests.evaluation.exchange_world import TwoSides
from tests.factories import catalogue as make_catalogue
from tests.factories import evaluation as make
from tests.factories import hubs as make_hubs
from tests.races import all_at_once

pytestmark = pytest.mark.django_db
COLUMNS = {"title": "Cotton", "modality": "bilateral", "sectors": ["311"]}


@pytest.fixture
def world():
    return TwoSides()


WRITERS = {"me_focal_point", "editor", "head"}


def may(world, act):
    allowed = set()
    for role, person in world.people().items():
        if person is None:
            continue
        try:
            act(person)
        except PermissionDenied:
            continue
        allowed.add(role)
    return allowed


def test_an_exchange_is_begun_as_a_planned_draft_by_who_writes_for_its_hub(world):
    allowed = may(world, lambda by: begin_exchange(world.agency, columns=COLUMNS, by=by))

    assert allowed == WRITERS
    begun = Exchange.objects.get(slug="cotton-2")
    assert (begun.status, begun.is_published, begun.version) == ("planned", False, 1)
    assert Activity.objects.filter(verb="exchange.begun", audience="public").count() == 0


def test_who_changes_an_exchange(world):
    def act(by):
        version = Exchange.objects.get(pk=world.exchange.pk).version
        change_exchange(world.exchange, changes={"title": "New"}, expected_version=version, by=by)

    assert may(world, act) == WRITERS | {"moderator"}


def test_a_stale_change_is_refused_and_shows_what_is_saved(world):
    by = world.provider_person
    change_exchange(world.exchange, changes={"title": "One"}, expected_version=1, by=by)

    with pytest.raises(StaleEdit) as refused:
        change_exchange(world.exchange, changes={"title": "Two"}, expected_version=1, by=by)

    assert refused.value.saved["title"] == "One"
    assert Exchange.objects.get(pk=world.exchange.pk).title == "One"


def test_the_end_is_not_before_the_start(world):
    dates = {"starts_on": datetime.date(2020, 2, 1), "ends_on": datetime.date(2020, 1, 1)}
    with pytest.raises(ValidationError, match="before the start"):
        change_exchange(world.exchange, changes=dates, expected_version=1, by=world.provider_person)

    assert Exchange.objects.get(pk=world.exchange.pk).starts_on is None


@pytest.mark.parametrize("before", ExchangeStatus.values)
@pytest.mark.parametrize("after", ExchangeStatus.values)
def test_only_the_next_states_follow(world, before, after):
    reason = {"cancel_reason": "No money."} if before == "cancelled" else {}
    Exchange.objects.update(status=before, **reason)

    def move():
        move_exchange(
            world.exchange,
            ExchangeStatus(after),
            reason="So decided.",
            expected_version=1,
            by=world.provider_person,
        )

    if after in Exchange.NEXT[before]:
        move()
        assert Exchange.objects.get(pk=world.exchange.pk).status == after
    else:
        with pytest.raises(TransitionError):
            move()
        assert Exchange.objects.get(pk=world.exchange.pk).status == before


@pytest.mark.parametrize(
    ("before", "after"),
    [("planned", "cancelled"), ("completed", "under-way"), ("cancelled", "planned")],
)
def test_ends_and_ways_back_need_a_reason(world, before, after):
    Exchange.objects.update(status=before, cancel_reason="x" if before == "cancelled" else "")

    with pytest.raises(DomainError, match="Say why"):
        move_exchange(
            world.exchange, ExchangeStatus(after), expected_version=1, by=world.provider_person
        )

    assert Exchange.objects.get(pk=world.exchange.pk).status == before


def test_publishing_needs_a_provider_and_a_seeker(world):
    Exchange.objects.update(is_published=False)
    world.seeker.delete()

    with pytest.raises(DomainError, match="a provider and a seeker"):
        publish_exchange(world.exchange, expected_version=1, by=world.provider_person)

    assert not Exchange.objects.get(pk=world.exchange.pk).is_published


def test_an_open_exchange_names_public_hubs_only(world):
    Exchange.objects.update(is_published=False)
    type(world.ministry).objects.filter(pk=world.ministry.pk).update(is_published=False)

    with pytest.raises(DomainError, match="not public"):
        publish_exchange(world.exchange, expected_version=1, by=world.provider_person)


def test_published_and_withdrawn_with_a_reason(world):
    by = world.provider_person
    with pytest.raises(DomainError, match="published already"):
        publish_exchange(world.exchange, expected_version=1, by=by)
    with pytest.raises(DomainError, match="Say why"):
        withdraw_exchange(world.exchange, reason=" ", by=by)

    withdraw_exchange(world.exchange, reason="A mistake.", by=by)

    assert not Exchange.objects.get(pk=world.exchange.pk).is_published
    assert Activity.objects.get(verb="exchange.withdrawn").audience == "moderators"


def test_a_withdrawn_exchange_brings_nothing_to_the_totals_above_it(world):
    parent, _children = trees.a_tree(hubs=0)
    framework = make.FrameworkFactory(layer="exchange", hub=None, exchange=world.exchange)
    child = make.IndicatorFactory(
        result__framework=framework, definition=parent.definition, rolls_up_to=parent
    )
    trees.years(child)
    trees.report(child, 4, hub=None, exchange=world.exchange)
    trees.compute(child)
    assert trees.numbers(parent, 2020) == [4]

    withdraw_exchange(world.exchange, reason="A mistake.", by=world.provider_person)
    recalculate_due()
    assert trees.numbers(parent, 2020) == [None]

    publish_exchange(world.exchange, expected_version=2, by=world.provider_person)
    recalculate_due()
    assert trees.numbers(parent, 2020) == [4]


def test_an_exchange_opened_to_everybody_names_public_hubs_only(world):
    Exchange.objects.update(confidentiality="parties")
    type(world.ministry).objects.filter(pk=world.ministry.pk).update(is_published=False)

    with pytest.raises(DomainError, match="not public"):
        change_exchange(
            world.exchange,
            changes={"confidentiality": "public"},
            expected_version=1,
            by=world.provider_person,
        )

    assert Exchange.objects.get(pk=world.exchange.pk).confidentiality == "parties"


def test_a_copy_has_parties_steps_and_codes_and_nothing_that_happened(world):
    world.attend(total=9, women=4)
    Step.objects.update(starts_on="2020-01-01", place="Maputo", is_done=True)
    entry = make_catalogue.EntryFactory(published=True)
    world.exchange.entries.add(entry)

    copy = copy_exchange(world.exchange, by=world.provider_person)

    assert (copy.title, copy.slug) == ("Copy of Cotton together", "copy-of-cotton-together")
    assert (copy.status, copy.is_published, copy.copied_from) == ("planned", False, world.exchange)
    assert copy.sectors == ["311"]
    assert {(party.hub, party.side) for party in copy.parties.all()} == {
        (world.agency, "provider"),
        (world.ministry, "seeker"),
    }
    (step,) = copy.steps.all()
    assert (step.title, step.starts_on, step.place, step.is_done) == ("Visit", None, "", False)
    assert not step.attendances.exists()
    assert not copy.contributions.exists()
    assert list(copy.entries.all()) == [entry]


def test_only_published_entries_are_tied(world):
    draft = make_catalogue.EntryFactory(hub=world.agency)
    with pytest.raises(DomainError, match="published"):
        tie_entries(world.exchange, [draft], expected_version=1, by=world.provider_person)

    assert not world.exchange.entries.exists()


def test_entries_hidden_by_now_stay_tied_and_are_not_named(world):
    hidden = make_catalogue.EntryFactory(title="Hidden by now")
    world.exchange.entries.add(hidden)
    shown = make_catalogue.EntryFactory(published=True, title="Shown")

    tie_entries(world.exchange, [shown], expected_version=1, by=world.provider_person)

    assert set(world.exchange.entries.all()) == {hidden, shown}
    changes = Activity.objects.get(verb="exchange.tied").changes
    assert changes == [{"field": "entries", "old": "", "new": "Shown"}]


def test_a_party_stands_on_a_side_once_and_may_stand_on_two(world):
    by = world.provider_person
    same = {"hub": world.agency, "side": "provider"}
    with pytest.raises(ValidationError, match="already"):
        add_part(world.exchange, Party, columns=same, expected_version=1, by=by)

    add_part(world.exchange, Party, columns=same | {"side": "seeker"}, expected_version=1, by=by)

    assert Party.objects.filter(hub=world.agency).count() == 2


def test_a_party_is_one_body(world):
    with pytest.raises(ValidationError, match="one hub"):
        add_part(
            world.exchange,
            Party,
            columns={"side": "funder"},
            expected_version=1,
            by=world.provider_person,
        )


def test_a_party_that_gave_something_stays(world):
    with pytest.raises(DomainError, match="gave something"):
        remove_part(world.provider, expected_version=1, by=world.provider_person)

    assert Party.objects.filter(pk=world.provider.pk).exists()


def test_a_party_that_spoke_stays_who_it_is_on_whatever_side(world):
    other = make_hubs.HubFactory()
    by = world.provider_person
    Confirmation.objects.create(
        exchange=world.exchange, party=world.seeker, fact="status", value="planned",
        state="confirmed", by=world.seeker_person,
    )  # fmt: skip

    with pytest.raises(DomainError, match="spoke of the facts: it stays"):
        remove_part(world.seeker, expected_version=1, by=by)
    with pytest.raises(DomainError, match="somebody else"):
        change_part(world.seeker, changes={"hub": other}, expected_version=1, by=by)
    assert Party.objects.get(pk=world.seeker.pk).hub == world.ministry
    change_part(world.seeker, changes={"side": "facilitator"}, expected_version=1, by=by)
    change_part(world.provider, changes={"hub": other}, expected_version=2, by=by)

    assert {(party.hub, party.side) for party in Party.objects.all()} == {
        (world.ministry, "facilitator"),
        (other, "provider"),
    }


def test_parts_taken_out_are_kept_by_history_and_activity(world):
    remove_part(world.contribution, expected_version=1, by=world.provider_person)

    assert not Contribution.objects.exists()
    assert Contribution.history.filter(history_type="-").count() == 1
    activity = Activity.objects.get(verb="exchange.contribution_removed")
    assert {"field": "quantity", "old": "10.00", "new": None} in activity.changes


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"kind": "money", "quantity": 3}, "Money needs"),
        ({"kind": "seats"}, "Money needs"),
        ({"kind": "seats", "quantity": -1}, "greater than or equal to 0"),
    ],
)
def test_money_and_things_in_kind_are_not_mixed(world, columns, words):
    with pytest.raises(ValidationError, match=words):
        add_part(
            world.exchange,
            Contribution,
            columns={"party": world.provider, **columns},
            expected_version=1,
            by=world.provider_person,
        )

    assert Contribution.objects.count() == 1


def test_a_party_of_another_exchange_gives_nothing_here(world):
    foreign = make.PartyFactory()
    with pytest.raises(DomainError, match="party of this exchange"):
        add_part(
            world.exchange,
            Contribution,
            columns={"party": foreign, "kind": "seats", "quantity": 1},
            expected_version=1,
            by=world.provider_person,
        )


def test_a_method_values_only_its_own_kind(world):
    method = make.ValuationMethodFactory()
    with pytest.raises(DomainError, match="values something else"):
        change_part(
            make.ContributionFactory(party=world.provider, kind="seats"),
            changes={"valuation": method},
            expected_version=1,
            by=world.provider_person,
        )


def test_only_money_has_a_stage(world):
    with pytest.raises(ValidationError, match="Leave this empty"):
        change_part(
            world.contribution,
            changes={"stage": "spent"},
            expected_version=1,
            by=world.provider_person,
        )

    assert Contribution.objects.get().stage == ""


def test_people_are_stated_by_party_and_what_is_left_out_is_not_stated(world):
    by = world.provider_person
    both = [People(world.provider, 3), People(world.seeker, 9, women=4)]
    state_people(world.step, both, expected_version=1, by=by)
    state_people(world.step, [People(world.seeker, 10, women=4)], expected_version=2, by=by)

    (row,) = Attendance.objects.all()
    assert (row.total, row.women, row.men, row.not_stated) == (10, 4, None, 6)


def test_women_and_men_are_not_more_than_all(world):
    too_many = [People(world.seeker, 3, women=2, men=2)]
    with pytest.raises(ValidationError, match="more than all"):
        state_people(world.step, too_many, expected_version=1, by=world.provider_person)

    assert not Attendance.objects.exists()


def test_activities_of_a_confidential_exchange_name_nothing():
    world = TwoSides(confidentiality="parties")
    change_exchange(
        world.exchange, changes={"title": "Secret"}, expected_version=1, by=world.provider_person
    )

    activity = Activity.objects.get(verb="exchange.changed")
    told = (activity.object_label, activity.object_url, activity.changes, activity.audience)
    assert told == ("Confidential exchange", "", [], "members")


@pytest.mark.django_db(transaction=True)
def test_of_two_changes_at_once_one_is_refused():
    world = TwoSides()

    def act(title):
        return lambda: (
            change_exchange(
                world.exchange,
                changes={"title": title},
                expected_version=1,
                by=world.provider_person,
            ).title
        )

    results = all_at_once(act("One"), act("Two"))

    refused = [each for each in results if isinstance(each, StaleEdit)]
    (title,) = [each for each in results if isinstance(each, str)]
    assert len(refused) == 1
    assert Exchange.objects.get(pk=world.exchange.pk).title == title


def test_an_organisation_or_a_country_is_a_party_too(world):
    by = world.provider_person
    body = make_hubs.OrganisationFactory(name="Fund")
    add_part(
        world.exchange,
        Party,
        columns={"side": "funder", "organisation": body},
        expected_version=1,
        by=by,
    )
    add_part(
        world.exchange,
        Party,
        columns={"side": "seeker", "country": "TZ"},
        expected_version=2,
        by=by,
    )

    assert {str(party) for party in Party.objects.all()} == {
        "Agency",
        "Ministry",
        "Fund",
        "Tanzania",
    }
