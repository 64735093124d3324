"""What the database itself refuses about hubs, whoever writes."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from tests.factories import hubs as make
from tests.factories.accounts import MemberFactory

pytestmark = pytest.mark.django_db
START, END = datetime.date(2013, 1, 1), datetime.date(2012, 1, 1)


def refuses(factory, constraint, **columns):
    """Assert that PostgreSQL refuses a row of `columns` under the name of `constraint`."""
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        factory(**columns)


@pytest.mark.parametrize("factory", make.FACT_FACTORIES)
def test_a_fact_ends_after_its_start(factory):
    refuses(factory, "ends_after_start", valid_from=START, valid_to=END)


@pytest.mark.parametrize("factory", make.FACT_FACTORIES)
def test_the_words_of_a_constraint_reach_the_forms(factory):
    fact = factory()
    fact.valid_from, fact.valid_to = START, END

    with pytest.raises(ValidationError, match="The end must not be before the start"):
        fact.full_clean()


@pytest.mark.parametrize(
    ("factory", "constraint", "columns"),
    [
        (make.HubFactory, "hubs_hub_level_known", {"level": "galactic"}),
        (make.HubFactory, "hubs_hub_status_known", {"status": "asleep"}),
        (make.HubFactory, "hubs_hub_countries_known", {"countries": ["BR", "XX"]}),
        (make.HubFactory, "hubs_hub_sectors_known", {"sectors": ["000"]}),
        (make.HubFactory, "hubs_hub_languages_known", {"languages": ["qq"]}),
        (make.HubFactory, "hubs_hub_founded_year_plausible", {"founded_year": 1499}),
        (make.HubFactory, "hubs_hub_verified_by_somebody", {"verified_on": START}),
        (make.OrganisationFactory, "hubs_organisation_kind_known", {"kind": "club"}),
        (make.OrganisationFactory, "hubs_organisation_country_known", {"country": "XX"}),
        (make.SourceFactory, "hubs_source_address_is_web", {"address": "javascript:alert(1)"}),
        (make.FundingStreamFactory, "hubs_funding_share_is_percent", {"share": "100.01"}),
        (make.FundingStreamFactory, "hubs_funding_share_is_percent", {"share": "-0.01"}),
        (
            make.FundingStreamFactory,
            "hubs_funding_amounts_not_negative",
            {"spent": -1, "currency": "USD"},
        ),
        (make.FundingStreamFactory, "hubs_funding_amounts_have_currency", {"pledged": 1}),
        (make.FundingStreamFactory, "hubs_funding_currency_known", {"currency": "ZZZ"}),
        (make.FundingStreamFactory, "hubs_funding_source_type_known", {"source_type": "gift"}),
        (make.FundingStreamFactory, "hubs_funding_confidentiality_known", {"confidentiality": "x"}),
        (make.CoordinationLinkFactory, "hubs_coordination_role_known", {"role": "boss"}),
        (make.ExpertiseSourceFactory, "hubs_expertise_kind_known", {"kind": "magic"}),
        (make.ExpertiseSourceFactory, "hubs_expertise_engagement_known", {"engagement": "odd"}),
        (make.MonitoringPracticeFactory, "hubs_monitoring_approach_known", {"approach": "none"}),
        (make.StatementFactory, "hubs_statement_topic_known", {"topic": "weather"}),
        (make.PresenceFactory, "hubs_presence_kind_known", {"kind": "embassy"}),
        (make.PillarScoreFactory, "hubs_pillarscore_level_0_to_4", {"level": 5}),
        (make.PillarScoreFactory, "hubs_pillarscore_pillar_known", {"pillar": "luck"}),
        (make.MembershipFactory, "hubs_membership_role_known", {"role": "boss"}),
        (
            make.MembershipFactory,
            "hubs_membership_ends_after_start",
            {"valid_from": START, "valid_to": END},
        ),
        (make.MembershipFactory, "hubs_membership_confirmed_by_somebody", {"confirmed_by": None}),
        (
            make.MembershipFactory,
            "hubs_membership_confirmed_or_declined",
            {"declined_at": timezone.now()},
        ),
        (
            make.NetworkMembershipFactory,
            "hubs_networkmembership_ends_after_start",
            {"joined_on": START, "left_on": END},
        ),
        (
            make.SelfAssessmentFactory,
            "hubs_selfassessment_consent_has_giver",
            {"consented_at": timezone.now()},
        ),
    ],
)
def test_what_is_not_true_is_refused(factory, constraint, columns):
    refuses(factory, constraint, **columns)


def test_nobody_confirms_their_own_membership():
    member = MemberFactory(moderator=True)

    refuses(
        make.MembershipFactory,
        "hubs_membership_not_self_confirmed",
        member=member,
        confirmed_by=member,
    )


def test_a_role_is_held_or_asked_for_once():
    first = make.MembershipFactory()

    refuses(make.MembershipFactory, "hubs_membership_open_once", member=first.member, hub=first.hub)
    make.MembershipFactory(member=first.member, hub=first.hub, head=True)


def test_a_declined_or_ended_role_may_be_asked_for_again():
    declined = make.MembershipFactory(declined=True)
    ended = make.MembershipFactory(valid_from=None, valid_to=END)

    for earlier in (declined, ended):
        make.MembershipFactory(member=earlier.member, hub=earlier.hub)


def test_one_assessment_a_day_and_one_score_a_pillar():
    score = make.PillarScoreFactory()
    assessment = score.assessment

    refuses(
        make.SelfAssessmentFactory,
        "hubs_selfassessment_once_a_day",
        hub=assessment.hub,
        assessed_on=assessment.assessed_on,
    )
    refuses(make.PillarScoreFactory, "hubs_pillarscore_pillar_once", assessment=assessment)


def test_a_hub_does_not_succeed_itself():
    hub = make.HubFactory()
    hub.successor = hub

    with pytest.raises(IntegrityError, match="successor_is_another"), transaction.atomic():
        hub.save()


@pytest.mark.parametrize(
    ("columns", "known_from"),
    [
        ({"valid_from": START, "stated_on": END}, START),
        ({"stated_on": END}, END),
        ({"recorded_on": START}, START),
    ],
)
def test_a_fact_is_known_from_its_start_or_else_from_when_it_was_stated(columns, known_from):
    assert make.PresenceFactory(**columns).known_from == known_from
