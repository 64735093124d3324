"""What tests of reporting start from: a hub with a framework, an indicator, two years."""

import datetime
from decimal import Decimal

from evaluation.models import Indicator, Update
from evaluation.services.approving import approve_update
from evaluation.services.reporting import begin_update, submit_update
from evaluation.services.units import Unit
from evaluation.services.update_checks import Stated
from tests.factories.evaluation import (
    DefinitionVersionFactory,
    FrameworkFactory,
    IndicatorFactory,
    PeriodFactory,
    ResultFactory,
)
from tests.factories.hubs import HubFactory, MembershipFactory


class Setting:
    """A published hub that reports, and its people."""

    def __init__(self, **definition):
        self.hub = HubFactory()
        self.framework = FrameworkFactory(hub=self.hub)
        self.version = DefinitionVersionFactory(**definition)
        self.indicator = self.another()
        self.year = PeriodFactory(framework=self.framework)
        self.next_year = PeriodFactory(
            framework=self.framework,
            starts_on=datetime.date(2021, 1, 1),
            ends_on=datetime.date(2021, 12, 31),
        )
        self.unit = Unit(hub=self.hub)
        self.reporter = MembershipFactory(hub=self.hub, correspondent=True).member
        self.head = MembershipFactory(hub=self.hub, head=True).member

    def another(self, **definition):
        version = DefinitionVersionFactory(**definition) if definition else self.version
        made = IndicatorFactory(result=ResultFactory(framework=self.framework), definition=version)
        return Indicator.objects.select_related("definition", "result__framework").get(pk=made.pk)

    def draft(self, period=None, cells=None, **columns):
        stated = Stated(columns or {"value": Decimal(5)}, cells or {})
        return begin_update(
            self.indicator, period or self.year, self.unit, stated=stated, by=self.reporter
        )

    def submitted(self, period=None, **columns):
        draft = self.draft(period, **columns)
        return submit_update(draft, expected_version=draft.version, by=self.reporter)

    def approved(self, period=None, **columns):
        waiting = self.submitted(period, **columns)
        return approve_update(waiting, expected_version=waiting.version, by=self.head)


def states():
    """Return the state of each update, by its key."""
    return dict(Update.objects.order_by("pk").values_list("pk", "state"))
