"""The smallest valid hubs, facts and memberships, with traits for their states."""

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from hubs import models
from tests.factories.accounts import MemberFactory


class HubFactory(DjangoModelFactory):
    class Meta:
        model = models.Hub

    name = factory.Sequence(lambda number: f"Hub {number}")
    slug = factory.Sequence(lambda number: f"hub-{number}")
    level = models.Hub.Level.NATIONAL
    is_published = True

    class Params:
        unpublished = factory.Trait(is_published=False)


class OrganisationFactory(DjangoModelFactory):
    class Meta:
        model = models.Organisation

    name = factory.Sequence(lambda number: f"Organisation {number}")
    slug = factory.Sequence(lambda number: f"organisation-{number}")
    kind = models.Organisation.Kind.MINISTRY


class SourceFactory(DjangoModelFactory):
    class Meta:
        model = models.Source

    title = factory.Sequence(lambda number: f"Source {number}")
    address = factory.Sequence(lambda number: f"https://source.example/{number}")


class FactFactory(DjangoModelFactory):
    """What every fact needs; `sources=[…]` cites them."""

    class Meta:
        abstract = True
        skip_postgeneration_save = True

    hub = factory.SubFactory(HubFactory)

    class Params:
        draft = factory.Trait(is_published=False)

    @factory.post_generation
    def sources(self, create: bool, extracted: list[models.Source] | None, **kw: object) -> None:
        if create and extracted:
            self.sources.set(extracted)


class StatementFactory(FactFactory):
    class Meta:
        model = models.Statement

    topic = models.Statement.Topic.OTHER
    text = factory.Sequence(lambda number: f"Statement {number}")


class InstitutionalModelFactory(DjangoModelFactory):
    class Meta:
        model = models.InstitutionalModel
        django_get_or_create = ["code"]

    code = "national-agency-mfa"
    name = "National agency hosted at the ministry of foreign affairs"


class InstitutionalArrangementFactory(FactFactory):
    class Meta:
        model = models.InstitutionalArrangement

    model = factory.SubFactory(InstitutionalModelFactory)


class CoordinationLinkFactory(FactFactory):
    class Meta:
        model = models.CoordinationLink

    organisation = factory.SubFactory(OrganisationFactory)
    role = models.CoordinationLink.Role.MEMBER
    government_level = models.CoordinationLink.Level.CENTRAL


class ExpertiseSourceFactory(FactFactory):
    class Meta:
        model = models.ExpertiseSource

    kind = models.ExpertiseSource.Kind.PUBLIC


class FundingStreamFactory(FactFactory):
    class Meta:
        model = models.FundingStream

    source_type = models.FundingStream.SourceType.STATE_BUDGET


class MonitoringPracticeFactory(FactFactory):
    class Meta:
        model = models.MonitoringPractice

    approach = models.MonitoringPractice.Approach.RESULTS_FRAMEWORK


class PresenceFactory(FactFactory):
    class Meta:
        model = models.Presence

    country = "GH"
    kind = models.Presence.Kind.OFFICE


FACT_FACTORIES = (
    StatementFactory,
    InstitutionalArrangementFactory,
    CoordinationLinkFactory,
    ExpertiseSourceFactory,
    FundingStreamFactory,
    MonitoringPracticeFactory,
    PresenceFactory,
)


class MembershipFactory(DjangoModelFactory):
    """A membership in force; traits make the other states."""

    class Meta:
        model = models.Membership

    member = factory.SubFactory(MemberFactory)
    hub = factory.SubFactory(HubFactory)
    role = models.Membership.Role.EDITOR
    confirmed_at = factory.LazyFunction(timezone.now)
    confirmed_by = factory.SubFactory(MemberFactory, moderator=True)

    class Params:
        head = factory.Trait(role=models.Membership.Role.HEAD)
        me_focal_point = factory.Trait(role=models.Membership.Role.ME_FOCAL_POINT)
        correspondent = factory.Trait(role=models.Membership.Role.CORRESPONDENT)
        awaiting = factory.Trait(confirmed_at=None, confirmed_by=None)
        declined = factory.Trait(
            confirmed_at=None,
            confirmed_by=None,
            declined_at=factory.LazyFunction(timezone.now),
            decline_reason="Not one of ours.",
        )


class NetworkFactory(DjangoModelFactory):
    class Meta:
        model = models.Network

    name = factory.Sequence(lambda number: f"Network {number}")
    slug = factory.Sequence(lambda number: f"network-{number}")


class NetworkMembershipFactory(DjangoModelFactory):
    class Meta:
        model = models.NetworkMembership

    network = factory.SubFactory(NetworkFactory)
    hub = factory.SubFactory(HubFactory)


class SelfAssessmentFactory(DjangoModelFactory):
    class Meta:
        model = models.SelfAssessment

    hub = factory.SubFactory(HubFactory)

    class Params:
        consented = factory.Trait(
            consented_at=factory.LazyFunction(timezone.now),
            consented_by=factory.SubFactory(MemberFactory),
        )


class PillarScoreFactory(DjangoModelFactory):
    class Meta:
        model = models.PillarScore

    assessment = factory.SubFactory(SelfAssessmentFactory)
    pillar = "sharing"
    level = 2
