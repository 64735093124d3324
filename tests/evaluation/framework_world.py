"""What tests of frameworks do again and again."""

from evaluation.services.frameworks import save_indicator
from tests.factories.hubs import MembershipFactory


def an_editor(hub):
    return MembershipFactory(hub=hub).member


def opened(row):
    """Return the version that a page of `row` is made from now."""
    return {"expected_version": row.version}


def tie(indicator, above, by):
    return save_indicator(
        indicator.result, indicator, columns={"rolls_up_to": above}, **opened(indicator), by=by
    )


def current(indicator):
    version = indicator.definition
    version.definition.current = version
    version.definition.save()
    return indicator
