"""The smallest valid exchanges, frameworks and updates, with traits for their states."""

import datetime

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from evaluation import models
from tests.factories.accounts import MemberFactory
from tests.factories.hubs import HubFactory


class ExchangeFactory(DjangoModelFactory):
    class Meta:
        model = models.Exchange

    hub = factory.SubFactory(HubFactory)
    title = factory.Sequence(lambda number: f"Exchange {number}")
    slug = factory.Sequence(lambda number: f"exchange-{number}")
    modality = models.Modality.BILATERAL
    is_published = True

    class Params:
        draft = factory.Trait(is_published=False)
        confidential = factory.Trait(confidentiality="parties")


class PartyFactory(DjangoModelFactory):
    class Meta:
        model = models.Party

    exchange = factory.SubFactory(ExchangeFactory)
    side = models.PartySide.PROVIDER
    hub = factory.SubFactory(HubFactory)


class DefinitionFactory(DjangoModelFactory):
    """An indicator of the library."""

    class Meta:
        model = models.IndicatorDefinition

    code = factory.Sequence(lambda number: f"indicator-{number}")


class DefinitionVersionFactory(DjangoModelFactory):
    class Meta:
        model = models.DefinitionVersion

    definition = factory.SubFactory(DefinitionFactory)
    title = factory.Sequence(lambda number: f"Indicator {number}")
    kind = models.IndicatorKind.COUNT


class FrameworkFactory(DjangoModelFactory):
    class Meta:
        model = models.Framework

    title = factory.Sequence(lambda number: f"Framework {number}")
    slug = factory.Sequence(lambda number: f"framework-{number}")
    layer = models.Layer.HUB
    hub = factory.SubFactory(HubFactory)
    starts_on = datetime.date(2020, 1, 1)
    is_published = True

    class Params:
        draft = factory.Trait(is_published=False)


class ResultFactory(DjangoModelFactory):
    class Meta:
        model = models.Result

    framework = factory.SubFactory(FrameworkFactory)
    kind = models.ResultKind.OUTCOME
    title = factory.Sequence(lambda number: f"Result {number}")


class IndicatorFactory(DjangoModelFactory):
    class Meta:
        model = models.Indicator

    result = factory.SubFactory(ResultFactory)
    definition = factory.SubFactory(DefinitionVersionFactory)


class PeriodFactory(DjangoModelFactory):
    class Meta:
        model = models.Period

    framework = factory.SubFactory(FrameworkFactory)
    frequency = models.Frequency.YEAR
    starts_on = datetime.date(2020, 1, 1)
    ends_on = datetime.date(2020, 12, 31)


class UpdateFactory(DjangoModelFactory):
    """A draft; `approved=True` has another member's approval."""

    class Meta:
        model = models.Update

    indicator = factory.SubFactory(IndicatorFactory)
    period = factory.SubFactory(
        PeriodFactory, framework=factory.SelfAttribute("..indicator.result.framework")
    )
    hub = factory.LazyAttribute(lambda row: row.indicator.result.framework.hub)
    value = 1
    author = factory.SubFactory(MemberFactory)

    class Params:
        submitted = factory.Trait(
            state="submitted", submitted_at=factory.LazyFunction(timezone.now)
        )
        approved = factory.Trait(
            state="approved",
            submitted_at=factory.LazyFunction(timezone.now),
            approved_at=factory.LazyFunction(timezone.now),
            approver=factory.SubFactory(MemberFactory),
        )


class DimensionFactory(DjangoModelFactory):
    """A partition; `parts=["women", "men"]` makes its cells."""

    class Meta:
        model = models.Dimension
        skip_postgeneration_save = True

    code = factory.Sequence(lambda number: f"dimension-{number}")
    name = factory.Sequence(lambda number: f"Dimension {number}")
    kind = models.DimensionKind.PARTITION

    @factory.post_generation
    def parts(self, create, extracted, **kwargs):
        for position, code in enumerate(extracted or ()):
            models.Cell.objects.create(dimension=self, code=code, name=code, position=position)


class CellFactory(DjangoModelFactory):
    class Meta:
        model = models.Cell

    dimension = factory.SubFactory(DimensionFactory)
    code = factory.Sequence(lambda number: f"part-{number}")
    name = factory.Sequence(lambda number: f"Part {number}")


# Parts of exchanges


class StepFactory(DjangoModelFactory):
    class Meta:
        model = models.Step

    exchange = factory.SubFactory(ExchangeFactory)
    title = factory.Sequence(lambda number: f"Step {number}")


class ContributionFactory(DjangoModelFactory):
    """Ten days of experts; `money=True` is money instead."""

    class Meta:
        model = models.Contribution

    party = factory.SubFactory(PartyFactory)
    exchange = factory.SelfAttribute("party.exchange")
    kind = "expert-days"
    quantity = 10

    class Params:
        money = factory.Trait(kind="money", quantity=None, amount=1_000, currency="USD")


class ValuationMethodFactory(DjangoModelFactory):
    class Meta:
        model = models.ValuationMethod

    code = factory.Sequence(lambda number: f"method-{number}")
    name = "Daily fee"
    kind = "expert-days"
    rate = 300
    currency = "USD"
    basis = "A published scale of fees."


class FigureFactory(DjangoModelFactory):
    """A figure for life that nobody reported on."""

    class Meta:
        model = models.Figure

    indicator = factory.SubFactory(IndicatorFactory)
    status = models.FigureStatus.MISSING
    signature = "none"
