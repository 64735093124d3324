"""Moderators see frameworks, locks, drift and failed computations in the admin, and act there."""

import datetime

import pytest
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts.models import Activity
from evaluation.models import Drift, LockException, Period, Recalculation, UpdateUpload
from evaluation.models.update import empty_upload_report
from evaluation.services.locks import is_locked
from evaluation.services.upload_steps import confirm_upload, retry_upload
from tests.api_clients import client_of
from tests.factories.accounts import MemberFactory
from tests.factories.evaluation import (
    ExchangeFactory,
    FigureFactory,
    FrameworkFactory,
    IndicatorFactory,
    PeriodFactory,
    ResultFactory,
    ValuationMethodFactory,
)
from tests.factories.hubs import MembershipFactory

pytestmark = pytest.mark.django_db
MODELS = [
    model
    for model in sorted(admin.site._registry, key=str)
    if model._meta.app_label == "evaluation"
]


def url_of(model):
    return f"/admin/evaluation/{model._meta.model_name}/"


def act(client, action, *rows, **typed):
    """Choose `action` for `rows` of a list and send what its page asks for."""
    chosen = {"action": action, "_selected_action": [row.pk for row in rows]}
    return client.post(url_of(type(rows[0])), chosen | typed, follow=True)


def said(response):
    return [str(message) for message in response.context["messages"]]


def verbs():
    return list(Activity.objects.order_by("pk").values_list("verb", flat=True))


@pytest.fixture
def moderator():
    return MemberFactory(moderator=True)


@pytest.fixture
def staff(moderator):
    return client_of(moderator)


def rows_of_everything(moderator):
    figure = FigureFactory(indicator=IndicatorFactory(result=ResultFactory()))
    period = PeriodFactory(framework=figure.indicator.result.framework)
    LockException.objects.create(
        period=period, indicator=figure.indicator, until=timezone.now(), reason="x", by=moderator
    )
    Drift.objects.create(figure=figure, stored="1", computed="2")
    Recalculation.objects.create(indicator=figure.indicator)
    ValuationMethodFactory()
    UpdateUpload.objects.create(member=moderator, framework=period.framework)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_lists_and_pages_are_for_moderators_at_a_constant_cost(
    staff, moderator, django_assert_max_num_queries, model
):
    url = url_of(model)
    counts = []
    for _ in range(2):
        for _number in range(2):
            rows_of_everything(moderator)
        with django_assert_max_num_queries(14) as queries:
            assert staff.get(url).status_code == 200
        counts.append(len(queries))

    assert counts[0] == counts[1]
    row = model._default_manager.order_by("-pk").first()
    assert staff.get(f"{url}{row.pk}/change/").status_code == 200
    assert staff.get(f"{url}?q=late").status_code == 200
    head = client_of(MembershipFactory(head=True).member)
    assert head.get(url, follow=True).status_code == 403


@pytest.mark.parametrize(
    ("path", "number"),
    [
        ("period/?lock=by-hand", 1),
        ("period/?lock=opened", 1),
        ("period/?lock=other", 2),
        ("lockexception/?in_force=yes", 1),
        ("lockexception/?in_force=no", 1),
        ("recalculation/?done_at__isempty=1&error__isempty=0", 1),
        ("drift/?settled_at__isempty=1", 1),
    ],
)
def test_filters_find_what_waits_for_a_moderator(staff, moderator, path, number):
    framework = FrameworkFactory()
    periods = [
        PeriodFactory(framework=framework, starts_on=datetime.date(year, 1, 1), ends_on=None)
        for year in range(2020, 2024)
    ]
    Period.objects.filter(pk=periods[0].pk).update(locked_at=timezone.now())
    for period, days in ((periods[1], 3), (periods[2], -3)):
        until = timezone.now() + datetime.timedelta(days=days)
        LockException.objects.create(period=period, until=until, reason="x", by=moderator)
    figure = FigureFactory()
    Drift.objects.create(figure=figure, stored="1", computed="2")
    Drift.objects.create(figure=figure, stored="1", computed="2", settled_at=timezone.now())
    Recalculation.objects.create(indicator=figure.indicator)
    Recalculation.objects.create(indicator=figure.indicator, error="ValueError", attempts=8)

    page = staff.get(f"/admin/evaluation/{path}")

    assert page.context["cl"].result_count == number


def test_what_only_its_own_people_read_is_counted_and_not_named(staff):
    hidden = FrameworkFactory(
        layer="exchange", hub=None, exchange=ExchangeFactory(confidential=True)
    )
    indicator = IndicatorFactory(
        result=ResultFactory(framework=hidden), definition__title="Secret seeds"
    )
    drift = Drift.objects.create(
        figure=FigureFactory(indicator=indicator), stored="1", computed="2"
    )
    failed = Recalculation.objects.create(indicator=indicator, error="ValueError", attempts=8)

    for row in (drift, failed):
        url = url_of(type(row))
        page = staff.get(f"{url}?q=Secret")
        assert page.context["cl"].result_count == 0
        text = page.content.decode()
        assert "1 more row is about what only its own people read." in text
        assert "Secret seeds" not in text
        for address in ("change", "history"):
            response = staff.get(f"{url}{row.pk}/{address}/", follow=True)
            assert "Secret seeds" not in response.content.decode(), address


def test_periods_are_locked_unlocked_and_opened_with_a_reason(staff, moderator):
    period = PeriodFactory(starts_on=datetime.date(2090, 1, 1), ends_on=datetime.date(2090, 12, 31))

    act(staff, "lock", period)
    period.refresh_from_db()
    assert is_locked(period)
    until = timezone.localtime() + datetime.timedelta(days=2)
    asked = act(staff, "open", period)
    unsaid = act(staff, "open", period, until=until.strftime("%Y-%m-%dT%H:%M"), reason=" ")
    over = act(staff, "open", period, until="2020-01-01T00:00", reason="Late.")
    assert 'name="until"' in asked.text
    assert "This field is required." in unsaid.text
    assert said(over) == [f"{period}: Choose a day that is still to come."]
    assert LockException.objects.count() == 0
    done = act(staff, "open", period, until=until.strftime("%Y-%m-%dT%H:%M"), reason="Late.")
    assert said(done) == ["Done: 1 row."]
    leave = LockException.objects.get()
    assert (leave.period, leave.by, leave.reason) == (period, moderator, "Late.")
    act(staff, "end", leave)
    again = act(staff, "end", leave)
    assert said(again) == [f"{leave}: This leave is over already."]
    assert not LockException.objects.filter(until__gt=timezone.now()).exists()
    act(staff, "unlock", period)
    period.refresh_from_db()
    assert not is_locked(period)

    assert verbs() == ["period.locked", "period.opened", "period.closed", "period.unlocked"]


def test_figures_are_computed_anew_and_failures_tried_again(staff):
    indicator = IndicatorFactory()
    framework, empty = indicator.result.framework, FrameworkFactory()
    failed = Recalculation.objects.create(indicator=indicator, error="ValueError", attempts=8)

    computed = act(staff, "recalculate", framework, empty)
    retried = act(staff, "retry", failed)

    assert set(said(computed)) == {
        "Done: 1 row.",
        f"{empty}: This framework has no indicators.",
    }
    assert said(retried) == ["Done: 1 row."]
    failed.refresh_from_db()
    assert failed.attempts == 0
    assert Recalculation.objects.filter(indicator=indicator, error="").count() == 2
    assert verbs() == ["figures.requested", "figures.retried"]


def test_tables_that_were_given_up_are_tried_again(staff, moderator):
    secret = FrameworkFactory(
        layer="exchange", hub=None, exchange=ExchangeFactory(confidential=True)
    )
    rows = [[2, {"comment": "Told to nobody"}]]
    report = empty_upload_report() | {"failure": "It broke."}
    failed, hidden, waiting = (
        UpdateUpload.objects.create(
            member=MemberFactory(), framework=framework, rows=rows, state=state, report=report,
            attempts=4,
        )
        for framework, state in (
            (FrameworkFactory(), "failed"), (secret, "failed"), (FrameworkFactory(), "checked")
        )
    )  # fmt: skip
    url = url_of(UpdateUpload)

    page = staff.get(f"{url}?state__exact=failed")
    shown = staff.get(f"{url}{failed.pk}/change/").text
    said_of_all = said(act(staff, "retry", failed, hidden, waiting))

    assert page.context["cl"].result_count == 1
    assert all(text in page.text for text in ("It broke.", failed.member.name, "4"))
    assert (failed.member.name in shown, "Told to nobody" in shown) == (True, False)
    assert set(said_of_all) == {"Done: 1 row.", f"{waiting}: This table was not given up."}
    states = UpdateUpload.objects.order_by("pk").values_list("state", "attempts")
    assert list(states) == [("checking", 0), ("failed", 4), ("checked", 4)]
    assert verbs() == ["upload.retried"]
    with pytest.raises(PermissionDenied):
        retry_upload(hidden, by=moderator)
    for by in (MemberFactory(), MembershipFactory(hub=failed.framework.hub, head=True).member):
        with pytest.raises(PermissionDenied):
            retry_upload(failed, by=by)
    with pytest.raises(PermissionDenied):  # trying again is all that they may do
        confirm_upload(waiting, by=moderator)


def test_frameworks_of_confidential_exchanges_are_not_there(staff):
    exchange = ExchangeFactory(confidential=True)
    framework = FrameworkFactory(layer="exchange", hub=None, exchange=exchange)
    period = PeriodFactory(framework=framework)
    figure = FigureFactory(indicator=IndicatorFactory(result__framework=framework))
    framework.title = "Secret"
    framework.save()  # so that there is a state to look at

    for row in (framework, period, figure):
        url = url_of(type(row))
        assert staff.get(url).context["cl"].result_count == 0, row
        for page in ("change", "history"):
            assert staff.get(f"{url}{row.pk}/{page}/", follow=True).status_code in (200, 404)
            assert "Secret" not in staff.get(f"{url}{row.pk}/{page}/", follow=True).text, row
    state = framework.history.first().pk
    url = f"{url_of(type(framework))}{framework.pk}/history/{state}/"
    assert staff.get(url).status_code == 404
    chosen = {"action": "lock", "_selected_action": [period.pk]}
    staff.post(url_of(Period), chosen, follow=True)
    period.refresh_from_db()
    assert period.locked_at is None


def test_nobody_else_acts_there():
    period = PeriodFactory()
    client = client_of(MembershipFactory(hub=period.framework.hub, head=True).member)

    for model, action in ((Period, "lock"), (Period, "open")):
        chosen = {"action": action, "_selected_action": [period.pk], "reason": "x"}
        assert client.post(url_of(model), chosen, follow=True).status_code == 403
    period.refresh_from_db()
    assert (period.locked_at, verbs()) == (None, [])


def test_the_moderators_panel_leads_there(staff):
    for page in ("/accounts/moderation/", "/admin/"):
        text = staff.get(page).text
        for name in ("recalculation", "drift", "period", "updateupload"):
            assert f"/admin/evaluation/{name}/" in text, (page, name)
