"""Adoptions: who may do what, what is refused, and what the database itself guards."""

import time
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from threading import Barrier, Event

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction

from accounts.models import Activity, OutgoingMail
from catalogue import services
from catalogue.models import Adoption, Entry
from core.errors import DomainError, StaleEdit
from tests.factories import catalogue as make
from tests.factories import hubs as make_hubs
from tests.factories.accounts import MemberFactory
from tests.hubs.people import EDITORS, MEMBERS, MODERATORS, PEOPLE, person

pytestmark = pytest.mark.django_db
WRITERS = EDITORS | MODERATORS
SAID = {"outcome": "failed", "kept": "All.", "why": "No water."}


@pytest.fixture
def hub():
    return make_hubs.HubFactory(slug="agency", name="Agency")


def editor_of(hub):
    return make_hubs.MembershipFactory(hub=hub).member


# Rights


def claim(hub):
    entry = make.EntryFactory(published=True)
    return lambda by: services.claim_adoption(entry, adopter=hub, columns=SAID, by=by)


def claim_block(hub):
    block = make.BuildingBlockFactory()
    return lambda by: services.claim_adoption(block, adopter=hub, columns=SAID, by=by)


def claim_for_organisation(hub):
    entry, body = make.EntryFactory(hub=hub, published=True), make_hubs.OrganisationFactory()
    return lambda by: services.claim_adoption(entry, adopter=body, columns=SAID, by=by)


def change(hub):
    row = make.AdoptionFactory(hub=hub)
    return lambda by: services.change_adoption(row, changes=SAID, expected_version=1, by=by)


def retract(hub):
    row = make.AdoptionFactory(hub=hub)
    return lambda by: services.retract_adoption(row, reason="Never so", by=by)


def confirm(hub):
    row = make.AdoptionFactory(entry__hub=hub)
    return lambda by: services.confirm_adoption(row, expected_version=1, by=by)


def reject(hub):
    row = make.AdoptionFactory(entry__hub=hub)
    return lambda by: services.reject_adoption(row, reason="Not so", by=by)


def confirm_of_block(hub):
    row = make.AdoptionFactory(entry=None, block=make.BuildingBlockFactory(hub=hub))
    return lambda by: services.confirm_adoption(row, expected_version=1, by=by)


TABLE = [
    (claim, WRITERS),
    (claim_block, WRITERS),
    (claim_for_organisation, MEMBERS),
    (change, WRITERS),
    (retract, WRITERS),
    (confirm, WRITERS),
    (reject, WRITERS),
    (confirm_of_block, WRITERS),
]


@pytest.mark.parametrize("who", PEOPLE[1:])
@pytest.mark.parametrize(("make_act", "allowed"), TABLE, ids=[act.__name__ for act, _ in TABLE])
def test_services_are_for_those_who_may(make_act, allowed, who, hub):
    act, by = make_act(hub), person(who, hub)

    if who in allowed:
        act(by)
        assert Activity.objects.filter(actor=by).count() == 1
        return
    before = list(Adoption.objects.values())
    with pytest.raises(PermissionDenied):
        act(by)
    assert not Activity.objects.filter(actor=by).exists()
    assert list(Adoption.objects.values()) == before


def decide(row, by):
    """Try both decisions; return whether either was allowed."""
    acts = (
        lambda: services.confirm_adoption(row, expected_version=row.version, by=by),
        lambda: services.reject_adoption(row, reason="No", by=by),
    )
    for act in acts:
        try:
            act()
        except PermissionDenied:
            continue
        return True
    return False


@pytest.mark.parametrize("moderator", [False, True])
def test_nobody_decides_on_what_they_stated(hub, moderator):
    """Not as the originator's editor, nor as a moderator, nor for an organisation."""
    by = make_hubs.MembershipFactory(hub=hub, member=MemberFactory(moderator=moderator)).member
    entry, body = make.EntryFactory(hub=hub, published=True), make_hubs.OrganisationFactory()
    row = services.claim_adoption(entry, adopter=body, columns=SAID, by=by)

    assert not decide(row, by)
    assert decide(row, editor_of(hub))


def test_nobody_decides_on_what_they_wrote_in(hub):
    adopter = make_hubs.HubFactory()
    row = make.AdoptionFactory(entry__hub=hub, hub=adopter, claimed_by=editor_of(adopter))
    moderator = MemberFactory(moderator=True)
    row = services.change_adoption(
        row, changes={"why": "Drought."}, expected_version=1, by=moderator
    )

    assert not decide(row, moderator)
    assert decide(row, MemberFactory(moderator=True))


@pytest.mark.parametrize("moderator", [False, True])
def test_nobody_of_the_adopting_hub_decides(hub, moderator):
    """Not even who is of both hubs, or moderates."""
    row = make.AdoptionFactory(entry__hub=hub)
    by = make_hubs.MembershipFactory(
        hub=row.hub, member=MemberFactory(moderator=moderator), correspondent=True
    ).member
    make_hubs.MembershipFactory(hub=hub, member=by)

    assert not decide(row, by)


def test_who_states_for_an_organisation_alone_changes_it(hub):
    member, other = MemberFactory(), MemberFactory()
    entry, body = make.EntryFactory(hub=hub, published=True), make_hubs.OrganisationFactory()
    row = services.claim_adoption(entry, adopter=body, columns=SAID, by=member)

    with pytest.raises(PermissionDenied):
        services.change_adoption(row, changes={"why": "X"}, expected_version=1, by=other)
    services.change_adoption(row, changes={"why": "X"}, expected_version=1, by=member)


def test_a_hidden_hub_s_adoption_is_not_the_originator_s_to_see_or_decide(hub):
    row = make.AdoptionFactory(entry__hub=hub, hub=make_hubs.HubFactory(unpublished=True))
    editor = editor_of(hub)

    assert not Adoption.objects.visible_to(editor).exists()
    assert not decide(row, editor)
    assert decide(row, MemberFactory(moderator=True))


SEEN = {
    "public": set(PEOPLE),
    "by a hidden hub": WRITERS | {"correspondent", "me_focal_point"},
    "of a draft": MODERATORS,
    "of a hidden hub": MODERATORS,
}


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("which", SEEN)
def test_who_sees_which_adoption(who, which, hub):
    """Seen from the adopting hub."""
    row = make.AdoptionFactory(hub=hub)
    if which == "by a hidden hub":
        type(hub).objects.filter(pk=hub.pk).update(is_published=False)
    if which == "of a draft":
        Entry.objects.filter(pk=row.entry_id).update(state="draft")
    if which == "of a hidden hub":
        type(hub).objects.filter(pk=row.entry.hub_id).update(is_published=False)

    assert Adoption.objects.visible_to(person(who, hub)).exists() == (who in SEEN[which])


# Rules


def test_what_is_stated_waits_and_what_is_confirmed_says_by_whom(hub):
    entry, adopter = make.EntryFactory(hub=hub, published=True), make_hubs.HubFactory()
    claimant, originator = editor_of(adopter), editor_of(hub)

    row = services.claim_adoption(entry, adopter=adopter, columns=SAID, by=claimant)
    assert (row.state, row.outcome, row.claimed_by) == ("claimed", "failed", claimant)
    row = services.confirm_adoption(row, expected_version=1, by=originator)

    assert (row.state, row.confirmed_by) == ("confirmed", originator)
    assert row.confirmed_at is not None
    with pytest.raises(DomainError, match="confirmed already"):
        services.confirm_adoption(row, expected_version=row.version, by=originator)
    assert list(Activity.objects.order_by("pk").values_list("verb", flat=True))[-2:] == [
        "adoption.claimed",
        "adoption.confirmed",
    ]


def test_a_confirmation_is_of_the_text_that_was_read(hub):
    row = make.AdoptionFactory(entry__hub=hub)
    services.change_adoption(
        row, changes={"why": "Other"}, expected_version=1, by=editor_of(row.hub)
    )

    with pytest.raises(StaleEdit):
        services.confirm_adoption(row, expected_version=1, by=editor_of(hub))
    row.refresh_from_db()
    assert row.state == "claimed"


def test_a_change_of_what_was_confirmed_waits_to_be_confirmed_anew(hub):
    row = make.AdoptionFactory(entry__hub=hub)
    editor, originator = editor_of(row.hub), editor_of(hub)
    row = services.confirm_adoption(row, expected_version=1, by=originator)
    same = services.change_adoption(row, changes={"why": ""}, expected_version=2, by=editor)
    assert same.state == "confirmed"

    row = services.change_adoption(row, changes=SAID, expected_version=3, by=editor)

    assert (row.state, row.confirmed_by, row.confirmed_at) == ("claimed", None, None)
    assert services.confirm_adoption(row, expected_version=4, by=originator).is_confirmed


def test_a_late_change_is_refused_with_what_is_saved(hub):
    row = make.AdoptionFactory(hub=hub)
    editor = editor_of(hub)
    services.change_adoption(row, changes={"why": "First"}, expected_version=1, by=editor)

    with pytest.raises(StaleEdit) as caught:
        services.change_adoption(row, changes={"why": "Second"}, expected_version=1, by=editor)

    assert caught.value.saved["why"] == "First"


@pytest.mark.parametrize("reason", ["Not so.", " "])
def test_a_rejection_says_why_and_tells_who_stated_it(hub, reason):
    claimant = MemberFactory()
    row = make.AdoptionFactory(entry__hub=hub, claimed_by=claimant)

    if not reason.strip():
        with pytest.raises(DomainError, match="Say why"):
            services.reject_adoption(row, reason=reason, by=editor_of(hub))
        assert Adoption.objects.exists()
        return
    services.reject_adoption(row, reason=reason, by=editor_of(hub))

    assert not Adoption.objects.exists()
    assert Adoption.history.filter(history_type="-").count() == 1
    mail = OutgoingMail.objects.get()
    assert mail.to == claimant.email
    assert "Not so." in mail.body
    activity = Activity.objects.get(verb="adoption.rejected")
    assert {"field": "reason", "old": None, "new": "Not so."} in activity.changes
    assert activity.audience == "moderators"


def test_a_hub_does_not_adopt_its_own(hub):
    entry = make.EntryFactory(hub=hub, published=True)

    with pytest.raises(DomainError, match="shares itself"):
        services.claim_adoption(entry, adopter=hub, columns=SAID, by=editor_of(hub))


def test_an_adoption_is_stated_once(hub):
    row = make.AdoptionFactory(hub=hub)

    with pytest.raises(ValidationError, match="stated already"):
        services.claim_adoption(row.entry, adopter=hub, columns=SAID, by=editor_of(hub))


@pytest.mark.parametrize("thing", ["draft", "hidden"])
def test_only_what_everybody_may_read_is_adopted(hub, thing):
    by = editor_of(hub)
    entry = make.EntryFactory(published=thing == "hidden")
    make_hubs.MembershipFactory(hub=entry.hub, member=by)
    if thing == "hidden":
        type(hub).objects.filter(pk=entry.hub_id).update(is_published=False)

    with pytest.raises(PermissionDenied):
        services.claim_adoption(entry, adopter=hub, columns=SAID, by=by)


def test_what_came_of_it_is_the_adopter_s_own(hub):
    entry, foreign = make.EntryFactory.create_batch(2, published=True)
    by = editor_of(hub)
    make_hubs.MembershipFactory(hub=foreign.hub, member=by)

    with pytest.raises(DomainError, match="of the adopting hub"):
        services.claim_adoption(entry, adopter=hub, columns={"resulting_entry": foreign}, by=by)
    with pytest.raises(DomainError, match="hub that you edit"):
        services.claim_adoption(
            entry,
            adopter=make_hubs.OrganisationFactory(),
            columns={"resulting_entry": make.EntryFactory(published=True)},
            by=by,
        )
    own = make.EntryFactory(hub=hub)
    row = services.claim_adoption(entry, adopter=hub, columns={"resulting_entry": own}, by=by)
    assert row.resulting_entry == own


# Circles


def chain(length):
    """Return entries of which each came of the one before."""
    entries = make.EntryFactory.create_batch(length, published=True)
    for entry, result in pairwise(entries):
        make.AdoptionFactory(entry=entry, hub=result.hub, resulting_entry=result)
    return entries


@pytest.mark.parametrize("length", [1, 2, 5])
def test_entries_never_come_of_each_other_in_a_circle(length):
    entries = chain(length)
    first, last = entries[0], entries[-1]
    by = editor_of(first.hub)
    adopter = first.hub if length > 1 else make_hubs.OrganisationFactory()
    columns = {"resulting_entry": first}

    with pytest.raises((DomainError, ValidationError), match=r"circle|of itself"):
        services.claim_adoption(last, adopter=adopter, columns=columns, by=by)
    row = services.claim_adoption(last, adopter=adopter, columns=SAID, by=by)
    with pytest.raises((DomainError, ValidationError), match=r"circle|of itself"):
        services.change_adoption(row, changes=columns, expected_version=1, by=by)


def created(first, last):
    make.AdoptionFactory(entry=last, hub=first.hub, resulting_entry=first)


def updated(first, last):
    row = make.AdoptionFactory(entry=last, hub=first.hub)
    Adoption.objects.filter(pk=row.pk).update(resulting_entry=first)


def at_once(_first, _last):
    a, b = make.EntryFactory.create_batch(2, published=True)
    Adoption.objects.bulk_create(
        [
            Adoption(entry=a, hub=b.hub, resulting_entry=b),
            Adoption(entry=b, hub=a.hub, resulting_entry=a),
        ]
    )


WRITES = {"create": created, "update": updated, "bulk": at_once}


@pytest.mark.parametrize("write", WRITES)
def test_the_database_refuses_a_circle_whoever_writes_it(write):
    first, last = chain(2)

    with pytest.raises(IntegrityError, match="circle"), transaction.atomic():
        WRITES[write](first, last)


def test_a_diamond_is_no_circle():
    top, left, right, bottom = make.EntryFactory.create_batch(4, published=True)
    for entry, result in ((top, left), (top, right), (left, bottom), (right, bottom)):
        make.AdoptionFactory(entry=entry, hub=result.hub, resulting_entry=result)

    assert Adoption.objects.count() == 4


def both(act):
    """Run `act(0)` and `act(1)` in two connections at once; return how many came through."""
    start = Barrier(2)

    def run(which):
        try:
            start.wait(5)
            act(which)
        except (DomainError, IntegrityError):
            return 0
        else:
            return 1
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        return sum(pool.map(run, range(2)))


@pytest.mark.parametrize("attempt", range(3))
@pytest.mark.django_db(transaction=True)
def test_two_at_once_do_not_make_a_circle_together(attempt):
    entries = make.EntryFactory.create_batch(2, published=True)
    people = [editor_of(entry.hub) for entry in entries]

    def act(which):
        entry, result = entries[which], entries[1 - which]
        services.claim_adoption(
            entry,
            adopter=result.hub,
            columns={"resulting_entry": result},
            by=people[1 - which],
        )

    assert both(act) == 1
    assert Adoption.objects.count() == 1


@pytest.mark.parametrize("attempt", range(3))
@pytest.mark.django_db(transaction=True)
def test_two_at_once_past_the_services_do_not_make_a_circle_either(attempt):
    entries = make.EntryFactory.create_batch(2, published=True)
    written = Barrier(2)

    def act(which):
        entry, result = entries[which], entries[1 - which]
        with transaction.atomic():
            Entry.objects.count()  # the transaction has begun before the other commits
            written.wait(5)
            Adoption.objects.create(entry=entry, hub=result.hub, resulting_entry=result)

    assert both(act) == 1
    assert Adoption.objects.count() == 1


# The count


def count_of(entry):
    return Entry.objects.values_list("adoption_count", flat=True).get(pk=entry.pk)


def test_the_count_is_of_confirmed_adoptions_that_everybody_may_see(hub):
    entry = make.EntryFactory(published=True)
    make.AdoptionFactory(entry=entry)
    assert count_of(entry) == 0
    row = make.AdoptionFactory(entry=entry, confirmed=True, outcome="failed")
    assert count_of(entry) == 1
    make.AdoptionFactory(
        entry=entry, hub=None, organisation=make_hubs.OrganisationFactory(), confirmed=True
    )
    hidden = make_hubs.HubFactory(unpublished=True)
    make.AdoptionFactory(entry=entry, hub=hidden, confirmed=True)
    assert count_of(entry) == 2

    type(hidden).objects.filter(pk=hidden.pk).update(is_published=True)
    assert count_of(entry) == 3
    row.delete()
    assert count_of(entry) == 2
    type(hidden).objects.filter(pk=hidden.pk).update(is_published=False)
    assert count_of(entry) == 1


def test_the_count_follows_the_services(hub):
    row = make.AdoptionFactory(entry__hub=hub)
    editor = editor_of(row.hub)
    services.confirm_adoption(row, expected_version=1, by=editor_of(hub))
    assert count_of(row.entry) == 1
    services.change_adoption(row, changes=SAID, expected_version=2, by=editor)
    assert count_of(row.entry) == 0
    services.confirm_adoption(row, expected_version=3, by=editor_of(hub))
    services.retract_adoption(row, reason="Never", by=editor)
    assert count_of(row.entry) == 0


def test_saving_an_entry_whole_does_not_touch_the_count():
    entry = make.EntryFactory(published=True)
    make.AdoptionFactory(entry=entry, confirmed=True)

    entry.title = "Other"  # it was read before it was adopted
    entry.save()
    Entry.objects.update(adoption_count=99)

    assert count_of(entry) == 1


def while_held(first, second):
    """Run `first`, and while its transaction is still open run `second` on a connection of its
    own; then let both come to their end.
    """
    is_written = Event()

    def hold():
        with transaction.atomic():
            first()
            is_written.set()
            time.sleep(0.5)  # the other has come as far as it can by then
        connection.close()

    def follow():
        is_written.wait(5)
        second()
        connection.close()

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(hold), pool.submit(follow)]:
            done.result()


@pytest.mark.django_db(transaction=True)
def test_two_adoptions_at_once_are_both_counted():
    entry, member = make.EntryFactory(published=True), MemberFactory()
    hubs = make_hubs.HubFactory.create_batch(2)

    while_held(
        *(
            lambda hub=hub: make.AdoptionFactory(
                entry=entry, hub=hub, confirmed=True, confirmed_by=member
            )
            for hub in hubs
        )
    )

    assert count_of(entry) == 2


@pytest.mark.parametrize("adopts_first", [True, False])
@pytest.mark.django_db(transaction=True)
def test_a_hub_that_is_shown_while_it_adopts_is_counted(adopts_first):
    entry, hub = make.EntryFactory(published=True), make_hubs.HubFactory(unpublished=True)
    member = MemberFactory()

    def adopt():
        make.AdoptionFactory(entry=entry, hub=hub, confirmed=True, confirmed_by=member)

    def show():
        type(hub).objects.filter(pk=hub.pk).update(is_published=True)

    while_held(*((adopt, show) if adopts_first else (show, adopt)))

    assert count_of(entry) == 1


def test_visitors_decide_and_edit_nothing():
    make.AdoptionFactory()

    assert not Adoption.objects.decidable_by(AnonymousUser()).exists()
    assert not Adoption.objects.editable_by(AnonymousUser()).exists()
