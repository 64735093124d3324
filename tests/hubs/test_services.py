"""What changes hubs: the change, its trace, each refusal, and two people at once."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.models import Activity, OutgoingMail
from core.errors import DomainError, StaleEdit
from hubs import services
from hubs.models import FundingStream, Hub, Membership, Presence, SelfAssessment, Source
from hubs.services.assessments import Score
from tests.factories import hubs as make
from tests.factories.accounts import MemberFactory
from tests.hubs.people import EDITORS, MODERATORS, PEOPLE, person
from tests.races import all_at_once

WRITERS = EDITORS | MODERATORS


def refused(act, hub):
    """Return those of `PEOPLE` (but anonymous ones) whom `act` refuses."""
    found = set()
    for who in PEOPLE[1:]:
        try:
            act(person(who, hub))
        except PermissionDenied:
            found.add(who)
    return found


@pytest.fixture
def hub(db):
    return make.HubFactory()


@pytest.fixture
def editor(hub):
    return make.MembershipFactory(hub=hub).member


def test_create_fact_keeps_it_with_sources_and_trace(hub, editor):
    source = make.SourceFactory()
    before = hub.updated_at

    fact = services.create_fact(
        FundingStream(hub=hub, source_type="foundation", share="12.5"), sources=[source], by=editor
    )

    assert list(fact.sources.all()) == [source]
    activity = Activity.objects.get()
    assert (activity.verb, activity.actor, activity.audience) == ("fact.added", editor, "public")
    assert {"field": "source_type", "old": None, "new": "Foundation"} in activity.changes
    hub.refresh_from_db()
    assert hub.updated_at > before
    assert fact.history.first().history_user == editor


def test_facts_are_written_by_editors_heads_and_moderators_only(hub):
    source = make.SourceFactory()

    def act(by):
        services.create_fact(
            Presence(hub=hub, country="GH", kind="office"), sources=[source], by=by
        )

    assert refused(act, hub) == set(PEOPLE[1:]) - WRITERS


def test_a_published_fact_needs_a_source(hub, editor):
    with pytest.raises(DomainError, match="at least one source"):
        services.create_fact(Presence(hub=hub, country="GH", kind="office"), sources=[], by=editor)

    assert not Presence.objects.exists()
    assert not Activity.objects.exists()


def test_confidential_facts_leave_no_public_trace(hub, editor):
    stream = FundingStream(hub=hub, source_type="private", confidentiality="hub")

    services.create_fact(stream, sources=[make.SourceFactory()], by=editor)

    assert Activity.objects.get().audience == "moderators"


def test_change_fact_saves_the_next_version_and_both_texts(hub, editor):
    fact = make.PresenceFactory(hub=hub, place="Accra", sources=[make.SourceFactory()])

    changed = services.change_fact(
        fact, changes={"place": "Kumasi"}, sources=None, expected_version=1, by=editor
    )

    assert (changed.version, changed.place, changed.sources.count()) == (2, "Kumasi", 1)
    assert {"field": "place", "old": "Accra", "new": "Kumasi"} in Activity.objects.get().changes


def test_change_fact_refuses_a_lost_update_with_what_is_saved(hub, editor):
    fact = make.PresenceFactory(hub=hub, place="Accra", sources=[make.SourceFactory()])
    services.change_fact(
        fact, changes={"place": "Kumasi"}, sources=None, expected_version=1, by=editor
    )

    with pytest.raises(StaleEdit) as error:
        services.change_fact(
            fact, changes={"place": "Tamale"}, sources=None, expected_version=1, by=editor
        )

    assert error.value.version == 2
    assert error.value.saved["place"] == "Kumasi"
    assert Presence.objects.get().place == "Kumasi"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"valid_from": datetime.date(2013, 1, 1), "valid_to": datetime.date(2012, 1, 1)}, "end"),
        ({"country": "XX"}, "country"),
        ({"kind": "embassy"}, "not a valid choice"),
        ({"place": "x" * 10_000}, "at most 120"),
    ],
)
def test_change_fact_refuses_what_is_not_true(hub, editor, changes, words):
    fact = make.PresenceFactory(hub=hub, sources=[make.SourceFactory()])

    with pytest.raises(ValidationError, match=words):
        services.change_fact(fact, changes=changes, sources=None, expected_version=1, by=editor)

    assert Presence.objects.get().version == 1


def test_remove_fact_needs_a_reason_and_keeps_a_trace(hub, editor):
    fact = make.PresenceFactory(hub=hub, sources=[make.SourceFactory()])

    with pytest.raises(DomainError, match="Say why"):
        services.remove_fact(fact, reason=" ", expected_version=1, by=editor)
    services.remove_fact(fact, reason="Never existed.", expected_version=1, by=editor)

    assert not Presence.objects.exists()
    activity = Activity.objects.get()
    assert activity.verb == "fact.removed"
    assert {"field": "reason", "old": None, "new": "Never existed."} in activity.changes


@pytest.mark.parametrize(
    ("changes", "is_told"),
    [
        ({"name": "Another name"}, True),
        ({"acronym": "AN"}, True),
        ({"native_name": "Outro nome"}, True),
        ({"is_published": False}, True),
        ({"summary": "Other words."}, False),
    ],
)
def test_apps_above_are_told_of_names_and_of_what_shows_a_hub(
    hub, editor, monkeypatch, changes, is_told
):
    told = []
    monkeypatch.setattr("hubs.services.identity.HUB_CHANGED", [told.append])

    services.change_hub(hub, changes=changes, expected_version=1, by=editor)

    assert told == [hub.pk] * is_told


def test_change_hub_is_for_its_editors_and_refuses_lost_updates(hub, editor):
    def act(by):
        current = Hub.objects.get(pk=hub.pk)
        services.change_hub(
            current, changes={"summary": by.name}, expected_version=current.version, by=by
        )

    assert refused(act, hub) == set(PEOPLE[1:]) - WRITERS
    with pytest.raises(StaleEdit):
        services.change_hub(hub, changes={"name": "Late"}, expected_version=1, by=editor)


def test_verify_hub_is_for_moderators_who_are_not_of_it(hub):
    assert refused(lambda by: services.verify_hub(hub, by=by), hub) == set(PEOPLE[1:]) - MODERATORS

    hub.refresh_from_db()
    assert (hub.review_due - hub.verified_on).days == 365


def test_a_source_is_kept_once_by_its_address(hub, editor):
    address = "https://source.example/a"

    first = services.find_or_create_source(address=address, title="A", by=editor)
    again = services.find_or_create_source(address=address, title="B", by=editor)

    assert first == again
    assert Source.objects.get().title == "A"
    with pytest.raises(PermissionDenied):
        services.find_or_create_source(address=address, title="C", by=MemberFactory())


def test_request_membership_tells_the_heads(hub, django_capture_on_commit_callbacks):
    head = make.MembershipFactory(hub=hub, head=True).member
    member = MemberFactory()

    membership = services.request_membership(hub, role="editor", message="Hello", by=member)

    assert not Hub.objects.editable_by(member).exists()
    assert [mail.to for mail in OutgoingMail.objects.all()] == [head.email]
    with pytest.raises(ValidationError, match="already"):
        services.request_membership(hub, role="editor", message="", by=member)
    services.confirm_membership(membership, by=head)
    assert Hub.objects.editable_by(member).contains(hub)
    assert OutgoingMail.objects.filter(to=member.email).count() == 1


def test_request_membership_tells_the_moderators_of_a_hub_without_head(hub):
    moderator = MemberFactory(moderator=True)

    services.request_membership(hub, role="head", message="", by=MemberFactory())

    assert [mail.to for mail in OutgoingMail.objects.all()] == [moderator.email]


def test_memberships_are_asked_for_by_those_who_take_part(hub):
    def act(by):
        services.request_membership(hub, role="correspondent", message="", by=by)

    people = {"suspended", "suspended_editor"}

    assert people <= refused(lambda by: act(by) if not by.takes_part else None, hub)


def test_a_head_who_confirms_lets_a_new_member_in(hub):
    head = make.MembershipFactory(hub=hub, head=True).member
    member = MemberFactory(pending=True)
    membership = services.request_membership(hub, role="editor", message="", by=member)

    services.confirm_membership(membership, by=head)

    member.refresh_from_db()
    assert (member.status, member.approved_at is not None) == ("active", True)
    assert Hub.objects.editable_by(member).contains(hub)
    assert Activity.objects.get(verb="member.approved").actor == head
    subjects = OutgoingMail.objects.filter(to=member.email).values_list("subject", flat=True)
    assert sorted(subjects) == [f"You are now Editor of {hub.name}", "Your account: Active"]


def test_a_member_is_let_in_together_with_the_place_or_not_at_all(hub, monkeypatch):
    head = make.MembershipFactory(hub=hub, head=True).member
    member = MemberFactory(pending=True)
    membership = services.request_membership(hub, role="editor", message="", by=member)
    monkeypatch.setattr(services.memberships, "_record", lambda *args, **kwargs: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        services.confirm_membership(membership, by=head)

    member.refresh_from_db()
    assert member.status == "pending"
    assert not Activity.objects.filter(verb="member.approved").exists()


def test_decline_membership_tells_why_and_is_final(hub):
    head = make.MembershipFactory(hub=hub, head=True).member
    membership = make.MembershipFactory(hub=hub, awaiting=True)

    with pytest.raises(DomainError, match="Say why"):
        services.decline_membership(membership, reason="", by=head)
    services.decline_membership(membership, reason="Not of us.", by=head)

    assert "Not of us." in OutgoingMail.objects.get().body
    with pytest.raises(DomainError, match="decided already"):
        services.confirm_membership(membership, by=head)


def test_end_membership_takes_the_right_at_once(hub, editor):
    membership = Membership.objects.get(member=editor)

    services.end_membership(membership, by=editor)

    assert not Hub.objects.editable_by(editor).exists()
    with pytest.raises(DomainError, match="ended already"):
        services.end_membership(membership, by=editor)


def test_a_changed_assessment_takes_its_consent_back(hub):
    head = make.MembershipFactory(hub=hub, head=True).member
    day = datetime.date(2024, 5, 1)
    scores = {"sharing": Score(3, "seminars"), "funding": Score(1, "")}
    save = {"assessed_on": day, "note": "", "scores": scores, "by": head}

    first = services.save_assessment(hub, expected_version=0, **save)
    services.give_consent(first, by=head)
    second = services.save_assessment(hub, expected_version=2, **save)

    assert second.consented_at is None
    assert {score.pillar: score.level for score in second.scores.all()} == {
        "sharing": 3,
        "funding": 1,
    }
    with pytest.raises(StaleEdit):
        services.save_assessment(hub, expected_version=1, **save)


def test_assessments_are_written_by_editors_and_focal_points_and_shown_by_heads(hub):
    def write(by):
        services.save_assessment(
            hub,
            assessed_on=datetime.date(2020, 1, by.pk % 28 + 1),
            note="",
            scores={},
            expected_version=0,
            by=by,
        )

    writers = EDITORS | {"me_focal_point"}
    assert refused(write, hub) == set(PEOPLE[1:]) - writers
    assert SelfAssessment.objects.count() == len(writers)
    assessment = SelfAssessment.objects.first()
    assert refused(lambda by: services.give_consent(assessment, by=by), hub) == set(PEOPLE[1:]) - {
        "head"
    }


@pytest.mark.django_db(transaction=True)
def test_two_editors_at_once_make_one_change_and_one_refusal():
    hub = make.HubFactory()
    editors = [make.MembershipFactory(hub=hub).member for _ in range(2)]
    fact = make.PresenceFactory(hub=hub, sources=[make.SourceFactory()])

    def act(by):
        return lambda: services.change_fact(
            fact, changes={"place": by.name}, sources=None, expected_version=1, by=by
        )

    results = all_at_once(*(act(editor) for editor in editors))

    assert sorted(isinstance(result, StaleEdit) for result in results) == [False, True]
    assert Presence.objects.get().version == 2


@pytest.mark.django_db(transaction=True)
def test_two_heads_at_once_make_one_confirmation():
    hub = make.HubFactory()
    heads = [make.MembershipFactory(hub=hub, head=True).member for _ in range(2)]
    membership = make.MembershipFactory(hub=hub, awaiting=True)

    results = all_at_once(
        *((lambda by=by: services.confirm_membership(membership, by=by)) for by in heads)
    )

    assert sorted(isinstance(result, DomainError) for result in results) == [False, True]
    assert OutgoingMail.objects.filter(to=membership.member.email).count() == 1


@pytest.mark.django_db(transaction=True)
def test_heads_of_two_hubs_at_once_let_a_member_in_once():
    member = MemberFactory(pending=True)
    asked = [make.MembershipFactory(member=member, awaiting=True) for _ in range(2)]
    heads = [make.MembershipFactory(hub=row.hub, head=True).member for row in asked]

    results = all_at_once(
        *(
            (lambda row=row, by=by: services.confirm_membership(row, by=by))
            for row, by in zip(asked, heads, strict=True)
        )
    )

    assert all(isinstance(result, Membership) for result in results)
    assert Activity.objects.filter(verb="member.approved").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_make_one_request():
    hub = make.HubFactory()
    member = MemberFactory()

    def act():
        return services.request_membership(hub, role="editor", message="", by=member)

    results = all_at_once(act, act)

    assert sorted(isinstance(result, ValidationError) for result in results) == [False, True]
    assert Membership.objects.filter(member=member).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_editors_who_cite_one_address_at_once_share_the_source():
    hub = make.HubFactory()
    editor = make.MembershipFactory(hub=hub).member

    def act():
        return services.find_or_create_source(
            address="https://source.example/new", title="New", by=editor
        )

    first, second = all_at_once(act, act)

    assert first == second
