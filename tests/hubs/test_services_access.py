"""Who may call each service that writes hubs; for the others nothing changes."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import Activity, Member
from accounts.services import admit_member
from core.errors import DomainError, StaleEdit
from hubs import services
from hubs.models import Hub, Membership, Organisation, Presence, Source
from hubs.services.assessments import Score
from tests.factories import hubs as make
from tests.factories.accounts import MemberFactory
from tests.hubs.people import EDITORS, MEMBERS, MODERATORS, PEOPLE, person

pytestmark = pytest.mark.django_db
DAY = datetime.date(2024, 5, 1)
WRITERS = EDITORS | MODERATORS
ASSESSORS = EDITORS | {"me_focal_point"}
DECIDERS = {"head"} | MODERATORS
# Who edits any hub may name an organisation or a source.
NAMERS = WRITERS | {"stranger"}


def office(hub):
    return make.PresenceFactory(hub=hub, sources=[make.SourceFactory()])


def create(hub):
    sources = [make.SourceFactory()]
    return lambda by: services.create_fact(
        Presence(hub=hub, country="GH", kind="office"), sources=sources, by=by
    )


def change(hub):
    fact = office(hub)
    return lambda by: services.change_fact(
        fact, changes={"place": "Kumasi"}, sources=None, expected_version=1, by=by
    )


def remove(hub):
    fact = office(hub)
    return lambda by: services.remove_fact(fact, reason="Never", expected_version=1, by=by)


def identity(hub):
    return lambda by: services.change_hub(
        hub, changes={"summary": "New"}, expected_version=1, by=by
    )


def verify(hub):
    return lambda by: services.verify_hub(hub, by=by)


def ask(hub):
    # "asking" has asked to be head; this asks for what nobody here has.
    def act(by):
        Membership.objects.filter(hub=hub, member=by, role="correspondent").delete()
        services.request_membership(hub, role="correspondent", message="", by=by)

    return act


def confirm(hub):
    row = make.MembershipFactory(hub=hub, awaiting=True)
    return lambda by: services.confirm_membership(row, by=by)


def decline(hub):
    row = make.MembershipFactory(hub=hub, awaiting=True)
    return lambda by: services.decline_membership(row, reason="No", by=by)


def end(hub):
    row = make.MembershipFactory(hub=hub)
    return lambda by: services.end_membership(row, by=by)


def assess(hub):
    return lambda by: services.save_assessment(
        hub, assessed_on=DAY, note="", scores={"sharing": Score(1, "")}, expected_version=0, by=by
    )


def consent(hub):
    row = make.SelfAssessmentFactory(hub=hub)
    return lambda by: services.give_consent(row, by=by)


def withdraw(hub):
    row = make.SelfAssessmentFactory(hub=hub, consented=True)
    return lambda by: services.withdraw_consent(row, by=by)


def name_source(hub):
    return lambda by: services.find_or_create_source(
        address="https://source.example/new", title="New", by=by
    )


def name_organisation(hub):
    return lambda by: services.find_or_create_organisation(name="New", kind="ministry", by=by)


TABLE = [
    (create, WRITERS),
    (change, WRITERS),
    (remove, WRITERS),
    (identity, WRITERS),
    (verify, MODERATORS),
    (ask, MEMBERS | {"pending"}),
    (confirm, DECIDERS),
    (decline, DECIDERS),
    (end, DECIDERS),
    (assess, ASSESSORS),
    (consent, {"head"}),
    (withdraw, {"head"}),
    (name_source, NAMERS),
    (name_organisation, NAMERS),
]
CASES = [
    pytest.param(make_act, who, who in allowed, id=f"{make_act.__name__}-{who}")
    for make_act, allowed in TABLE
    for who in PEOPLE[1:]
]


@pytest.mark.parametrize(("make_act", "who", "is_allowed"), CASES)
def test_services_are_for_those_who_may(make_act, who, is_allowed):
    hub = make.HubFactory()
    by = person(who, hub)
    act = make_act(hub)

    if is_allowed:
        act(by)
        if make_act is not name_source:
            assert Activity.objects.filter(actor=by).count() == 1
        return
    with pytest.raises(PermissionDenied):
        act(by)
    assert not Activity.objects.exists()


def test_one_s_own_request_is_never_confirmed_or_declined_by_oneself():
    hub = make.HubFactory()
    head = make.MembershipFactory(hub=hub, head=True).member
    for member in (head, MemberFactory(moderator=True)):
        row = make.MembershipFactory(hub=hub, member=member, correspondent=True, awaiting=True)
        for act in (
            lambda row=row, by=member: services.confirm_membership(row, by=by),
            lambda row=row, by=member: services.decline_membership(row, reason="No", by=by),
        ):
            with pytest.raises(PermissionDenied):
                act()


@pytest.mark.parametrize("policy", ["open", "invitation"])
def test_heads_let_nobody_in_where_nobody_is_approved(settings, policy):
    settings.JOIN_POLICY = policy
    hub = make.HubFactory()
    head = make.MembershipFactory(hub=hub, head=True).member
    row = make.MembershipFactory(hub=hub, awaiting=True, member__pending=True)

    with pytest.raises(PermissionDenied):
        services.request_membership(hub, role="head", message="", by=row.member)
    with pytest.raises(DomainError, match="not active"):
        services.confirm_membership(row, by=head)

    row.member.refresh_from_db()
    assert row.member.status == "pending"


@pytest.mark.parametrize(
    "traits",
    [
        {"suspended": True},
        {"closed": True},
        {"pending": True, "verified": False},
        {"pending": True, "moderator": True},
    ],
    ids=["suspended", "closed", "unverified", "of a higher rank"],
)
def test_whom_a_head_does_not_let_in(traits):
    hub = make.HubFactory()
    head = make.MembershipFactory(hub=hub, head=True).member
    row = make.MembershipFactory(hub=hub, awaiting=True, member=MemberFactory(**traits))
    before = row.member.status

    with pytest.raises(DomainError, match="not active"):
        services.confirm_membership(row, by=head)

    row.refresh_from_db()
    assert (row.confirmed_at, row.member.status) == (None, before)
    assert not Activity.objects.exists()


@pytest.mark.parametrize("who", PEOPLE)
def test_who_lets_in_a_member_who_asks_to_join(who):
    hub = make.HubFactory()
    waiting = MemberFactory(pending=True)
    make.MembershipFactory(hub=hub, awaiting=True, member=waiting)
    others = MemberFactory(pending=True)  # who asks nobody
    user = person(who, hub)

    admissible = Member.objects.admissible_by(user)

    assert admissible.contains(waiting) == (who in DECIDERS)
    assert admissible.contains(others) == (who in MODERATORS)
    assert who == "anonymous" or not admissible.contains(user)


def test_a_head_lets_nobody_in_without_a_request():
    hub = make.HubFactory()
    head = make.MembershipFactory(hub=hub, head=True).member
    waiting = MemberFactory(pending=True)
    make.MembershipFactory(hub=hub, member=waiting, declined=True)
    make.MembershipFactory(member=waiting, awaiting=True)  # of another hub

    assert admit_member(waiting, by=head).status == "pending"


def test_a_moderator_of_the_hub_does_not_verify_it():
    hub = make.HubFactory()
    moderator = MemberFactory(moderator=True)
    make.MembershipFactory(hub=hub, member=moderator)

    with pytest.raises(PermissionDenied):
        services.verify_hub(hub, by=moderator)

    assert Hub.objects.get().verified_on is None


def test_names_that_differ_in_case_or_make_one_slug_are_told_apart():
    editor = make.MembershipFactory().member

    def name(text):
        return services.find_or_create_organisation(name=text, kind="ministry", by=editor)

    assert name("Ministry of  Finance") == name("ministry of finance")
    name("Ministry of Finance!")
    assert set(Organisation.objects.values_list("slug", flat=True)) == {
        "ministry-of-finance",
        "ministry-of-finance-2",
    }


def test_what_is_refused_late_shows_the_dates_as_precisely_as_known():
    hub = make.HubFactory()
    editor = make.MembershipFactory(hub=hub).member
    fact = make.PresenceFactory(
        hub=hub,
        valid_from="2006-01-01",
        valid_from_precision="year",
        sources=[make.SourceFactory(title="The law")],
    )
    fact.refresh_from_db()

    with pytest.raises(StaleEdit) as error:
        services.change_fact(fact, changes={}, sources=None, expected_version=9, by=editor)

    assert (error.value.saved["valid_from"], error.value.saved["sources"]) == ("2006", "The law")
    assert Source.objects.count() == 1


def test_consent_is_given_to_what_was_read():
    hub = make.HubFactory()
    head = make.MembershipFactory(hub=hub, head=True).member
    read = make.SelfAssessmentFactory(hub=hub, assessed_on=DAY)
    services.save_assessment(
        hub,
        assessed_on=DAY,
        note="",
        scores={"sharing": Score(4, "")},
        expected_version=1,
        by=make.MembershipFactory(hub=hub).member,
    )

    with pytest.raises(StaleEdit):
        services.give_consent(read, by=head)

    read.refresh_from_db()
    assert read.consented_at is None
