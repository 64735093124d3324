"""A period made by mistake goes; one that anything stands on stays, whoever is first."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts.models import Activity
from core.errors import DomainError, Removed
from evaluation.models import Figure, Period, Recalculation, ReportingLink, Target, Update
from evaluation.services.frameworks import set_target
from evaluation.services.locks import lock_period
from evaluation.services.outbox import request_recalculation
from evaluation.services.periods import remove_period
from evaluation.services.recalculating import recalculate_due
from evaluation.services.reporting import begin_update
from evaluation.services.units import Unit
from evaluation.services.update_checks import Stated
from tests.api_clients import client_of
from tests.evaluation.framework_world import an_editor, current, tie
from tests.factories.accounts import MemberFactory
from tests.factories.evaluation import (
    FrameworkFactory,
    IndicatorFactory,
    PeriodFactory,
    UpdateFactory,
)
from tests.factories.hubs import MembershipFactory
from tests.races import all_at_once


@pytest.fixture
def indicator(db):
    """An indicator of a hub's framework, of which everybody reads."""
    return current(IndicatorFactory(result__framework__is_published=True))


@pytest.fixture
def period(indicator):
    return PeriodFactory(framework=indicator.result.framework)


def test_an_empty_period_goes(indicator, period):
    by = an_editor(period.framework.hub)

    with pytest.raises(PermissionDenied):
        remove_period(period, by=MemberFactory())
    remove_period(period, by=by)

    assert not Period.objects.exists()
    assert [row.indicator_id for row in Recalculation.objects.all()] == [indicator.pk]
    (told,) = Activity.objects.filter(verb="framework.changed")
    assert told.changes == [
        {"field": "period removed", "old": None, "new": "2020-01-01 – 2020-12-31"}
    ]
    with pytest.raises(Removed):
        remove_period(period, by=by)
    with pytest.raises(Removed):
        set_target(indicator, period, columns={"value": 5}, by=by)
    with pytest.raises(Removed):
        lock_period(period, by=MembershipFactory(hub=period.framework.hub, head=True).member)


@pytest.mark.parametrize("standing", ["report", "target", "link"])
def test_a_period_that_something_stands_on_stays(indicator, period, standing):
    if standing == "report":
        UpdateFactory(indicator=indicator, period=period)
    if standing == "target":
        Target.objects.create(indicator=indicator, period=period, value=5)
    if standing == "link":
        ReportingLink.objects.create(
            token_hash="0" * 64,
            period=period,
            hub=period.framework.hub,
            made_by=MemberFactory(),
            expires_at=timezone.now(),
        )

    with pytest.raises(DomainError, match="It stays"):
        remove_period(period, by=an_editor(period.framework.hub))
    assert Period.objects.filter(pk=period.pk).exists()


@pytest.mark.django_db
def test_a_period_into_which_others_report_stays():
    above = FrameworkFactory(layer="community", hub=None)
    indicator = current(IndicatorFactory(result__framework=above))
    period = PeriodFactory(framework=above)
    lower = current(IndicatorFactory())
    tie(lower, indicator, an_editor(lower.result.framework.hub))
    UpdateFactory(indicator=lower, value=3, approved=True)
    request_recalculation([lower.pk])
    recalculate_due()
    assert Figure.objects.filter(period=period).exists()

    with pytest.raises(DomainError, match="It stays"):
        remove_period(period, by=MemberFactory(moderator=True))
    assert Period.objects.filter(pk=period.pk).exists()


def test_page_and_api_remove_alike(client, period):
    other = PeriodFactory(
        framework=period.framework,
        starts_on=datetime.date(2031, 1, 1),
        ends_on=datetime.date(2031, 12, 31),
    )
    by = an_editor(period.framework.hub)
    client.force_login(by)
    slug = period.framework.slug
    page = f"/evaluation/frameworks/{slug}/edit/"
    address = f"/evaluation/frameworks/{slug}/periods/{period.pk}/remove/"
    assert address in client.get(page).content.decode()

    assert client.post(address)["Location"] == page
    gone = client_of(by).delete(f"/api/v1/frameworks/{slug}/periods/{other.pk}/")

    assert gone.status_code == 204
    assert not Period.objects.exists()
    assert client.post(address).status_code == 404
    assert client_of(by).delete(f"/api/v1/frameworks/{slug}/periods/{other.pk}/").status_code == 404


def test_a_form_about_what_was_removed_keeps_what_was_typed(client, indicator, period, monkeypatch):
    by = an_editor(period.framework.hub)
    client.force_login(by)
    slug = period.framework.slug
    url = f"/evaluation/frameworks/{slug}/indicators/{indicator.pk}/target/?period={period.pk}"
    version = client.get(url).context["form"].initial["version"]
    # Between what the page looked up and what it saves, somebody removes the period.
    from evaluation.views import framework_editing as pages

    asked = pages._period_asked

    def asked_and_removed(request, framework):
        found = asked(request, framework)
        remove_period(period, by=by)
        return found

    monkeypatch.setattr(pages, "_period_asked", asked_and_removed)
    response = client.post(url, {"value": "12", "version": version})

    assert response.status_code == 200
    assert response.context["form"].non_field_errors() == ["Somebody removed this in the meantime."]
    assert 'value="12"' in response.content.decode()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("_round", range(3))
def test_of_removing_and_reporting_at_once_one_wins_and_nothing_breaks(_round):
    indicator = IndicatorFactory()
    period = PeriodFactory(framework=indicator.result.framework)
    hub = indicator.result.framework.hub
    writer, reporter = an_editor(hub), an_editor(hub)
    stated = Stated(columns={"value": 3})

    results = all_at_once(
        lambda: remove_period(period, by=writer),
        lambda: begin_update(indicator, period, Unit(hub=hub), stated=stated, by=reporter),
    )

    (refused,) = [result for result in results if isinstance(result, Exception)]
    assert isinstance(refused, DomainError)
    is_there = Period.objects.filter(pk=period.pk).exists()
    assert Update.objects.filter(indicator=indicator).exists() == is_there
