"""Small trees of frameworks, and what their figures say."""

import datetime

from evaluation.models import Figure
from evaluation.services.outbox import request_recalculation
from evaluation.services.recalculating import recalculate_due
from tests.factories import evaluation as make

YEARS = (2020, 2021)


def a_tree(hubs=2, **definition):
    """Return a community indicator and its children, one a hub, with yearly periods."""
    version = make.DefinitionVersionFactory(**definition)
    community = make.FrameworkFactory(layer="community", hub=None)
    parent = make.IndicatorFactory(result__framework=community, definition=version)
    children = [make.IndicatorFactory(definition=version, rolls_up_to=parent) for _ in range(hubs)]
    for indicator in (parent, *children):
        years(indicator)
    return parent, children


def years(indicator):
    for year in YEARS:
        make.PeriodFactory(
            framework=indicator.result.framework,
            starts_on=datetime.date(year, 1, 1),
            ends_on=datetime.date(year, 12, 31),
        )


def period_of(indicator, year=2020):
    return indicator.result.framework.periods.get(starts_on__year=year)


def report(indicator, value=None, year=2020, **more):
    """Return an approved report."""
    more = {"approved": True} | more
    return make.UpdateFactory(
        indicator=indicator, period=period_of(indicator, year), value=value, **more
    )


def compute(*indicators):
    request_recalculation(indicator.pk for indicator in indicators)
    return recalculate_due()


def figure(indicator, year=None, series="approved", cell=None):
    """Return the current figure of a year, without one of the whole life; None if there is none."""
    period = period_of(indicator, year) if year else None
    found = Figure.objects.current().filter(
        indicator=indicator, period=period, series=series, cell=cell
    )
    return found.first()


def numbers(indicator, *years_):
    """Return the values of years, or of the life."""
    found = [figure(indicator, year) for year in years_ or (None,)]
    return [None if each is None else each.value for each in found]


def lines(of):
    """Return (role, reason, value) of the lines of a figure."""
    return [(line.role, line.reason, line.value) for line in of.lines.order_by("pk")]
