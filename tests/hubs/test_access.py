"""The access table of every hub thing: for each role, what each rule lets through."""

import pytest

from hubs.models import (
    FundingStream,
    Hub,
    Membership,
    Network,
    Organisation,
    SelfAssessment,
    Source,
)
from tests.factories import hubs as make
from tests.factories.accounts import MemberFactory
from tests.hubs.people import DAY, EDITORS, MEMBERS, MODERATORS, OWN, PEOPLE, TODAY, person

pytestmark = pytest.mark.django_db
ALL = set(PEOPLE)


def allowed(rule, row, hub):
    """Return those of `PEOPLE` to whom `rule` of the row's queryset shows `row`."""
    manager = type(row)._default_manager
    return {who for who in PEOPLE if getattr(manager, rule)(person(who, hub)).contains(row)}


@pytest.mark.parametrize(
    ("rule", "is_published", "expected"),
    [
        ("visible_to", True, ALL),
        ("visible_to", False, OWN | MODERATORS),
        ("editable_by", True, EDITORS | MODERATORS),
        ("editable_by", False, EDITORS | MODERATORS),
        ("assessable_by", True, EDITORS | {"me_focal_point"}),
        ("verifiable_by", True, MODERATORS),
        ("headed_by", True, {"head"} | MODERATORS),
        ("headed_by", False, {"head"} | MODERATORS),
        ("assessable_by", False, EDITORS | {"me_focal_point"}),
        ("verifiable_by", False, MODERATORS),
        ("joined_by", True, OWN),
        ("joined_by", False, OWN),
    ],
)
def test_hubs(rule, is_published, expected):
    hub = make.HubFactory(is_published=is_published)

    assert allowed(rule, hub, hub) == expected


def test_a_moderator_does_not_verify_a_hub_of_their_own():
    hub = make.HubFactory()
    moderator = make.MembershipFactory(hub=hub, member=MemberFactory(moderator=True)).member

    assert not Hub.objects.verifiable_by(moderator).contains(hub)


@pytest.mark.parametrize("factory", make.FACT_FACTORIES)
@pytest.mark.parametrize(
    ("is_published", "hub_is_published", "expected"),
    [
        (True, True, ALL),
        (False, True, EDITORS | MODERATORS),
        (True, False, OWN | MODERATORS),
        (False, False, EDITORS | MODERATORS),
    ],
)
def test_facts_are_visible(factory, is_published, hub_is_published, expected):
    hub = make.HubFactory(is_published=hub_is_published)
    fact = factory(hub=hub, is_published=is_published)

    assert allowed("visible_to", fact, hub) == expected


@pytest.mark.parametrize("factory", make.FACT_FACTORIES)
def test_facts_are_editable(factory):
    hub = make.HubFactory()

    assert allowed("editable_by", factory(hub=hub), hub) == EDITORS | MODERATORS


@pytest.mark.parametrize(
    ("confidentiality", "expected"),
    [("public", ALL), ("members", MEMBERS), ("hub", OWN | MODERATORS)],
)
def test_funding_is_visible_to_those_it_is_meant_for(confidentiality, expected):
    hub = make.HubFactory()
    stream = make.FundingStreamFactory(hub=hub, confidentiality=confidentiality)

    assert allowed("visible_to", stream, hub) == expected


@pytest.mark.parametrize("confidentiality", ["public", "members", "hub"])
def test_funding_of_hidden_hubs_is_for_those_who_know_of_them(confidentiality):
    hub = make.HubFactory(unpublished=True)
    stream = make.FundingStreamFactory(hub=hub, confidentiality=confidentiality)

    assert allowed("visible_to", stream, hub) == OWN | MODERATORS


def test_confidential_drafts_are_the_editors_only():
    hub = make.HubFactory()
    stream = make.FundingStreamFactory(hub=hub, confidentiality="members", draft=True)

    assert allowed("visible_to", stream, hub) == EDITORS | MODERATORS


@pytest.mark.parametrize(
    ("traits", "expected"), [({}, OWN), ({"consented": True}, ALL)], ids=["kept", "consented"]
)
def test_self_assessments_are_visible(traits, expected):
    hub = make.HubFactory()

    assert allowed("visible_to", make.SelfAssessmentFactory(hub=hub, **traits), hub) == expected


def test_a_consented_assessment_of_a_hidden_hub_stays_with_its_people():
    hub = make.HubFactory(unpublished=True)
    assessment = make.SelfAssessmentFactory(hub=hub, consented=True)

    assert allowed("visible_to", assessment, hub) == OWN


@pytest.mark.parametrize(
    ("rule", "expected"),
    [("editable_by", EDITORS | {"me_focal_point"}), ("publishable_by", {"head"})],
)
def test_self_assessments_are_written(rule, expected):
    hub = make.HubFactory()

    assert allowed(rule, make.SelfAssessmentFactory(hub=hub), hub) == expected


@pytest.mark.parametrize(
    ("traits", "expected"),
    [
        ({}, MEMBERS),
        ({"awaiting": True}, {"head"} | MODERATORS),
        ({"declined": True}, {"head"} | MODERATORS),
        ({"valid_from": TODAY - 9 * DAY, "valid_to": TODAY - 2 * DAY}, {"head"} | MODERATORS),
        ({"valid_from": TODAY + 2 * DAY}, {"head"} | MODERATORS),
        ({"hub__is_published": False}, {"head"} | MODERATORS),
    ],
    ids=["in force", "awaiting", "declined", "ended", "not begun", "of a hidden hub"],
)
def test_memberships_are_visible(traits, expected):
    hub = make.HubFactory(is_published=traits.get("hub__is_published", True))
    traits = {name: value for name, value in traits.items() if name != "hub__is_published"}

    assert allowed("visible_to", make.MembershipFactory(hub=hub, **traits), hub) == expected


@pytest.mark.parametrize(
    "traits",
    [
        {"awaiting": True},
        {"declined": True},
        {"valid_from": TODAY - 9 * DAY, "valid_to": TODAY - 2 * DAY},
    ],
)
def test_members_see_their_own_memberships_in_every_state(traits):
    membership = make.MembershipFactory(**traits)

    assert Membership.objects.visible_to(membership.member).contains(membership)


@pytest.mark.parametrize("status", ["pending", "suspended", "closed"])
@pytest.mark.parametrize("role", ["member", "moderator", "administrator"])
def test_no_place_and_no_role_counts_for_who_takes_no_part(role, status):
    hub = make.HubFactory(unpublished=True)
    member = MemberFactory(role=role, status=status)
    make.MembershipFactory(hub=hub, member=member, head=True)
    fact = make.FundingStreamFactory(hub=hub, confidentiality="hub")

    assert not Hub.objects.visible_to(member).contains(hub)
    assert not FundingStream.objects.visible_to(member).contains(fact)
    for rule in (
        Hub.objects.editable_by,
        Hub.objects.assessable_by,
        Hub.objects.headed_by,
        Hub.objects.verifiable_by,
        FundingStream.objects.editable_by,
        Organisation.objects.editable_by,
        Membership.objects.confirmable_by,
    ):
        assert not rule(member).exists()


def test_a_limited_member_keeps_their_place():
    editor = make.MembershipFactory(member__limited=True)

    assert Hub.objects.editable_by(editor.member).contains(editor.hub)


@pytest.mark.parametrize("rule", ["confirmable_by", "endable_by"])
def test_memberships_are_decided_by_heads_and_moderators(rule):
    hub = make.HubFactory()
    membership = make.MembershipFactory(hub=hub, awaiting=True)

    assert allowed(rule, membership, hub) == {"head"} | MODERATORS


def test_nobody_confirms_their_own_membership_but_everybody_may_end_it():
    hub = make.HubFactory()
    for traits in ({"head": True}, {"member": MemberFactory(moderator=True)}):
        own = make.MembershipFactory(hub=hub, **traits)
        assert not Membership.objects.confirmable_by(own.member).contains(own)
        assert Membership.objects.endable_by(own.member).contains(own)


@pytest.mark.parametrize(
    "factory", [make.OrganisationFactory, make.SourceFactory, make.NetworkFactory]
)
def test_what_is_around_hubs_is_visible_to_everybody(factory):
    assert allowed("visible_to", factory(), make.HubFactory()) == ALL


@pytest.mark.parametrize("factory", [make.OrganisationFactory, make.SourceFactory])
def test_what_is_around_hubs_is_corrected_by_moderators(factory):
    assert allowed("editable_by", factory(), make.HubFactory()) == MODERATORS


@pytest.mark.parametrize("who", PEOPLE)
def test_the_annotation_for_buttons_says_what_the_rule_says(who):
    hub = make.HubFactory()
    user = person(who, hub)

    annotated = Hub.objects.with_can_edit(user).with_can_assess(user).get(pk=hub.pk)

    assert annotated.can_edit == Hub.objects.editable_by(user).contains(hub)
    assert annotated.can_assess == Hub.objects.assessable_by(user).contains(hub)


def test_rules_never_multiply_rows():
    hub = make.HubFactory()
    head = make.MembershipFactory(hub=hub, head=True).member
    make.MembershipFactory(hub=hub, member=head)
    make.FundingStreamFactory(hub=hub)

    assert Hub.objects.editable_by(head).count() == 1
    assert FundingStream.objects.visible_to(head).count() == 1
    assert SelfAssessment.objects.visible_to(head).count() == 0
    assert Network.objects.visible_to(head).count() == 0
    assert Organisation.objects.editable_by(head).count() == 0
    assert Source.objects.editable_by(head).count() == 0
