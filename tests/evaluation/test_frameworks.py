"""Frameworks: begun from a template, written, locked, read as page, CSV and through the API."""

import csv
import datetime
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts.models import Activity
from core.errors import DomainError, StaleEdit
from evaluation.matrix import matrices_of
from evaluation.models import Figure, FigureStatus, Framework, Indicator, Period, Result, Target
from evaluation.services.frameworks import (
    begin_framework,
    publish_framework,
    remove_indicator,
    remove_result,
    save_indicator,
    save_result,
    set_target,
    start_from_template,
)
from evaluation.services.library import add_indicator, change_indicator
from evaluation.services.locks import (
    allow_late_report,
    is_locked,
    lock_period,
    refuse_locked,
    unlock_period,
)
from evaluation.services.outbox import request_recalculation
from evaluation.services.periods import label_of, make_periods, spans
from evaluation.services.recalculating import recalculate_due
from evaluation.wording import figure_text
from tests.evaluation.framework_world import an_editor, current, opened, tie
from tests.factories.accounts import MemberFactory
from tests.factories.evaluation import (
    DefinitionVersionFactory,
    FigureFactory,
    FrameworkFactory,
    IndicatorFactory,
    PeriodFactory,
    ResultFactory,
    UpdateFactory,
)
from tests.factories.hubs import HubFactory, MembershipFactory, NetworkFactory

pytestmark = pytest.mark.django_db
DAY = datetime.date


def test_a_new_hub_starts_from_a_template_in_one_form(client):
    template = FrameworkFactory(hub=None, is_template=True)
    top = ResultFactory(framework=template, kind="impact", title="Better service")
    below = ResultFactory(framework=template, kind="output", contributes_to=top)
    current(IndicatorFactory(result=below, frequency="quarter"))
    hub = HubFactory()
    client.force_login(an_editor(hub))

    page = client.get(f"/evaluation/frameworks/begin/?template={template.slug}")
    assert page.context["form"].initial["hub"] == hub
    response = client.post(
        "/evaluation/frameworks/begin/",
        {
            "hub": hub.pk,
            "template": template.slug,
            "title": "Our results",
            "starts_on": "2026-01-01",
            "ends_on": "2026-12-31",
        },
    )

    framework = Framework.objects.get(hub=hub)
    assert response["Location"] == f"/evaluation/frameworks/{framework.slug}/edit/"
    assert client.get(response["Location"]).status_code == 200
    copy = framework.results.get(kind="output")
    assert copy.contributes_to.title == "Better service"
    assert copy.indicators.get().definition == below.indicators.get().definition
    labels = Period.objects.filter(framework=framework).values_list("label", flat=True)
    assert list(labels) == ["2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4"]
    assert client.get(framework.get_absolute_url()).status_code == 200
    assert not framework.is_published


def test_only_the_hubs_people_begin_and_only_from_templates():
    hub, plain = HubFactory(), FrameworkFactory()
    columns = {"title": "T", "starts_on": DAY(2026, 1, 1), "ends_on": DAY(2026, 12, 31)}

    with pytest.raises(DomainError):
        start_from_template(plain, hub=hub, **columns, by=an_editor(hub))
    template = FrameworkFactory(hub=None, is_template=True)
    with pytest.raises(PermissionDenied):
        start_from_template(template, hub=hub, **columns, by=an_editor(HubFactory()))
    assert Framework.objects.filter(hub=hub).count() == 0


def test_a_template_of_exchanges_leaves_its_tie_to_a_hub_behind():
    country = FrameworkFactory(layer="country", country="BR", hub=None)
    template = FrameworkFactory(layer="exchange", hub=None, is_template=True)
    ties = [
        IndicatorFactory(result=ResultFactory(framework=framework))
        for framework in (
            FrameworkFactory(),
            country,
            FrameworkFactory(layer="country", country="BR", hub=None, draft=True),
        )
    ]
    for above in ties:
        IndicatorFactory(result=ResultFactory(framework=template), rolls_up_to=above)
    hub = HubFactory()

    made = start_from_template(
        template,
        hub=hub,
        title="Ours",
        starts_on=DAY(2026, 1, 1),
        ends_on=DAY(2026, 12, 31),
        by=an_editor(hub),
    )

    copies = Indicator.objects.filter(result__framework=made).order_by("pk")
    assert list(copies.values_list("rolls_up_to", flat=True)) == [None, ties[1].pk, None]


def test_spans_follow_the_calendar():
    quarters = list(spans("quarter", DAY(2025, 2, 10), DAY(2025, 8, 31)))

    assert quarters == [
        (DAY(2025, 2, 10), DAY(2025, 3, 31)),
        (DAY(2025, 4, 1), DAY(2025, 6, 30)),
        (DAY(2025, 7, 1), DAY(2025, 8, 31)),
    ]
    assert [label_of("half-year", DAY(2025, 7, 1)), label_of("month", DAY(2025, 7, 1))] == [
        "2025-H2",
        "2025-07",
    ]


def test_periods_are_made_once_and_an_open_one_for_an_open_framework():
    framework = FrameworkFactory(ends_on=DAY(2021, 12, 31))
    by = an_editor(framework.hub)

    assert make_periods(framework, frequency="year", until=None, by=by) == 2
    assert make_periods(framework, frequency="year", until=None, by=by) == 0
    open_one = FrameworkFactory(hub=framework.hub)
    with pytest.raises(DomainError):
        make_periods(open_one, frequency="year", until=None, by=by)
    assert make_periods(open_one, frequency="once", until=None, by=by) == 1
    assert Period.objects.get(framework=open_one).ends_on is None


def test_days_of_a_period_without_a_name_are_the_reader_s_and_plain_in_files(client):
    day = datetime.date
    period = PeriodFactory(label="", starts_on=day(2020, 3, 1), ends_on=day(2021, 2, 28))
    IndicatorFactory(result__framework=period.framework, frequency=period.frequency)
    url = period.framework.get_absolute_url()

    page = client.get(url, headers={"accept-language": "fr"}).text
    rows = client.get(f"/api/v1/frameworks/{period.framework.slug}/periods/").json()["results"]
    file = b"".join(client.get(f"{url}?export=csv")).decode()

    assert "1 mars 2020 – 28 février 2021" in page
    assert "2020-03-01" not in page
    assert [row["name"] for row in rows] == ["2020-03-01 – 2021-02-28"]
    assert "2020-03-01 – 2021-02-28" in file
    period.ends_on = None
    assert (str(period), period.plain_name) == ("March 1, 2020 – …", "2020-03-01 – …")
    period.label = "Phase 1"
    assert (str(period), period.plain_name) == ("Phase 1", "Phase 1")


def test_a_period_locks_with_age_by_hand_and_opens_for_a_while(settings):
    settings.PERIOD_LOCK_DAYS = 60
    period = PeriodFactory()
    indicator = IndicatorFactory(result=ResultFactory(framework=period.framework))
    head = MembershipFactory(hub=period.framework.hub, head=True).member

    assert is_locked(period)
    with pytest.raises(DomainError):
        refuse_locked(indicator, period)
    with pytest.raises(DomainError):
        allow_late_report(period, indicator=None, until=timezone.now(), reason="Late", by=head)
    until = timezone.now() + datetime.timedelta(days=1)
    with pytest.raises(PermissionDenied):
        allow_late_report(
            period, indicator=None, until=until, reason="Late", by=an_editor(period.framework.hub)
        )
    with pytest.raises(DomainError):  # of another framework
        allow_late_report(period, indicator=IndicatorFactory(), until=until, reason="X", by=head)
    allow_late_report(period, indicator=indicator, until=until, reason="Late", by=head)
    refuse_locked(indicator, period)
    other = IndicatorFactory(result=indicator.result)
    with pytest.raises(DomainError):
        refuse_locked(other, period)

    young = PeriodFactory(
        framework=period.framework, starts_on=DAY(2090, 1, 1), ends_on=DAY(2090, 12, 31)
    )
    assert not is_locked(young)
    assert is_locked(lock_period(young, by=head))
    assert not is_locked(unlock_period(young, by=head))


def test_results_contribute_without_circles_and_roll_up_to_higher_layers():
    framework = FrameworkFactory()
    by = an_editor(framework.hub)
    first, second = (ResultFactory(framework=framework) for _number in range(2))
    save_result(
        framework,
        second,
        columns={"contributes_to": first},
        **opened(second),
        by=by,
    )

    with pytest.raises(DomainError):
        save_result(framework, first, columns={"contributes_to": second}, **opened(first), by=by)
    beside = ResultFactory()
    with pytest.raises(DomainError):
        save_result(framework, first, columns={"rolls_up_to": beside}, **opened(first), by=by)
    above = ResultFactory(framework=FrameworkFactory(layer="community", hub=None))
    saved = save_result(framework, first, columns={"rolls_up_to": above}, **opened(first), by=by)
    assert saved.rolls_up_to == above


def test_indicators_roll_up_only_to_what_means_the_same():
    above = IndicatorFactory(
        result=ResultFactory(framework=FrameworkFactory(layer="community", hub=None))
    )
    indicator = IndicatorFactory()
    by = an_editor(indicator.result.framework.hub)

    saved = tie(indicator, above, by)
    assert saved.rolls_up_to == above
    other = IndicatorFactory(
        result=above.result,
        definition=DefinitionVersionFactory(kind="measure", unit="days"),
    )
    with pytest.raises(DomainError):
        tie(indicator, other, by)


def test_only_moderators_speak_for_a_network():
    hub, network = HubFactory(), NetworkFactory()
    columns = {"title": "T", "starts_on": DAY(2026, 1, 1)}

    with pytest.raises(PermissionDenied):
        begin_framework(hub=hub, columns=columns, by=an_editor(hub), network=network)
    assert not Framework.objects.exists()


def test_what_was_reported_on_stays():
    update = UpdateFactory(approved=True)
    by = an_editor(update.indicator.result.framework.hub)

    with pytest.raises(DomainError):
        remove_indicator(update.indicator, by=by)
    with pytest.raises(DomainError):
        save_indicator(
            update.indicator.result,
            update.indicator,
            columns={"definition": DefinitionVersionFactory()},
            **opened(update.indicator),
            by=by,
        )
    assert Indicator.objects.filter(pk=update.indicator.pk).exists()


def test_a_result_goes_when_nothing_hangs_on_it():
    higher = ResultFactory()
    lower = ResultFactory(framework=higher.framework, contributes_to=higher)
    indicator = IndicatorFactory(result=lower)
    by = an_editor(higher.framework.hub)

    for result in (higher, lower):
        with pytest.raises(DomainError):
            remove_result(result, by=by)
    with pytest.raises(PermissionDenied):
        remove_result(lower, by=MemberFactory())
    with pytest.raises(StaleEdit):
        remove_indicator(indicator, expected_version=indicator.version + 1, by=by)
    remove_indicator(indicator, **opened(indicator), by=by)
    with pytest.raises(StaleEdit):
        remove_result(lower, expected_version=lower.version + 1, by=by)
    remove_result(lower, by=by)
    remove_result(higher, by=by)
    assert not Result.objects.exists()
    assert Activity.objects.filter(verb="framework.changed").count() == 3


def test_rule_09_the_target_for_life_is_a_number_of_its_own():
    period = PeriodFactory()
    indicator = IndicatorFactory(result=ResultFactory(framework=period.framework))
    by = an_editor(period.framework.hub)

    set_target(indicator, period, columns={"value": Decimal(5)}, by=by)
    set_target(indicator, None, columns={"value": Decimal(40)}, by=by)
    assert set(Target.objects.values_list("period", "value")) == {(period.pk, 5), (None, 40)}
    set_target(indicator, period, columns={}, expected_version=1, by=by)
    assert set(Target.objects.values_list("period", "value")) == {(None, 40)}
    with pytest.raises(DomainError):
        set_target(indicator, PeriodFactory(), columns={"value": Decimal(1)}, by=by)


def test_a_framework_without_indicators_is_not_published():
    framework = FrameworkFactory(draft=True)

    with pytest.raises(DomainError):
        publish_framework(framework, is_published=True, by=an_editor(framework.hub))
    framework.refresh_from_db()
    assert not framework.is_published


def test_a_new_version_leaves_frameworks_their_own():
    hub = HubFactory()
    by = an_editor(hub)
    columns = {"title": "People", "kind": "count"}
    definition = add_indicator(code="people", hub=hub, columns=columns, dimensions=[], by=by)
    used = IndicatorFactory(definition=definition.current)

    with pytest.raises(DomainError):  # nothing is said of what changed
        change_indicator(definition, columns=columns, dimensions=[], expected_number=1, by=by)
    said = columns | {"title": "People trained", "change_note": "Clearer."}
    change_indicator(definition, columns=said, dimensions=[], expected_number=1, by=by)
    with pytest.raises(StaleEdit):  # made from a version that is not the newest any more
        change_indicator(definition, columns=said, dimensions=[], expected_number=1, by=by)
    definition.refresh_from_db()
    used.refresh_from_db()
    assert (definition.current.number, str(definition)) == (2, "People trained")
    assert (used.definition.number, str(used)) == (1, "People")


@pytest.mark.parametrize(
    "columns",
    [
        {"kind": "ordinal", "space_op": "max", "time_op": "last", "scale": []},
        {"kind": "count", "space_op": "average", "time_op": "sum"},
        {"kind": "count", "factor": 100},
    ],
)
def test_what_cannot_be_computed_is_not_taken_into_the_library(columns):
    hub = HubFactory()

    with pytest.raises(DomainError):
        add_indicator(
            code="odd", hub=hub, columns={"title": "T"} | columns, dimensions=[], by=an_editor(hub)
        )


def a_reported_framework(indicators=1):
    framework = FrameworkFactory(starts_on=DAY(2020, 1, 1), ends_on=DAY(2020, 12, 31))
    period = PeriodFactory(framework=framework)
    result = ResultFactory(framework=framework)
    for number in range(indicators):
        indicator = current(IndicatorFactory(result=result, baseline_value=0))
        Target.objects.create(indicator=indicator, period=period, value=50)
        UpdateFactory(indicator=indicator, period=period, value=80 + number, approved=True)
        request_recalculation([indicator.pk])
    recalculate_due()
    return framework


def test_page_csv_and_api_show_the_same_figures(client):
    framework = a_reported_framework()

    page = client.get(framework.get_absolute_url()).content.decode()
    assert "160 % of the way" in page  # worked example 3; the bar is capped
    assert '<rect class="gone" width="100"' in page
    rows = list(
        csv.DictReader(
            client.get(f"{framework.get_absolute_url()}?export=csv")
            .getvalue()
            .decode("utf-8-sig")
            .splitlines()
        )
    )
    told = client.get(f"/api/v1/frameworks/{framework.slug}/figures/").json()["results"]
    assert [row["actual"] for row in rows] == [row["actual"] for row in told] == ["80", "80"]
    assert [row["progress_percent"] for row in rows] == ["", "160.00"]
    assert all("/explain/" in row["explain_url"] for row in rows)


@pytest.mark.parametrize("number", [1, 5])
def test_the_page_asks_as_often_whatever_its_size(client, number, django_assert_max_num_queries):
    framework = a_reported_framework(number)

    with django_assert_max_num_queries(14):
        response = client.get(f"{framework.get_absolute_url()}?lang=")
    assert response.status_code == 200


def test_a_draft_is_seen_by_its_hubs_people_only(client):
    framework = FrameworkFactory(draft=True)
    url = framework.get_absolute_url()

    assert client.get(url).status_code == 404
    client.force_login(an_editor(HubFactory()))
    assert client.get(url).status_code == 404
    assert client.get("/api/v1/frameworks/").json()["results"] == []
    client.force_login(an_editor(framework.hub))
    assert client.get(url).status_code == 200


def test_guideline_and_library_read_without_an_account(client):
    indicator = current(IndicatorFactory())

    assert "Four moments" in client.get("/evaluation/guideline/").content.decode()
    assert client.get("/evaluation/guideline/after/").status_code == 200
    assert client.get("/evaluation/guideline/?export=csv").status_code == 200
    assert client.get("/evaluation/guideline/never/").status_code == 404
    definition = indicator.definition.definition
    assert client.get(definition.get_absolute_url()).status_code == 200
    told = client.get("/api/v1/indicators/").json()["results"]
    assert [row["code"] for row in told] == [definition.code]
    assert client.get("/evaluation/indicators/?kind=odd&export=csv").status_code == 400


# Words, dates and names at the edges


@pytest.mark.parametrize("status", FigureStatus)
def test_a_figure_without_a_number_says_why(status):
    figure = FigureFactory(status=status)

    text = figure_text(figure)

    assert (
        text
        == {
            "ok": "",
            "missing": "not reported",
            "not_available": "not available",
            "no_denominator": "n/a: no denominator",
            "list": "listed, not combined",
            "narrative": "told in words",
            "unsound": "its definition cannot be computed",
        }[status]
    )


def test_what_is_told_in_words_is_a_link_with_words(client):
    version = DefinitionVersionFactory(kind="narrative", time_op="last", space_op="none")
    indicator = current(IndicatorFactory(definition=version))
    UpdateFactory(indicator=indicator, value=None, narrative="It went well.", approved=True)
    request_recalculation([indicator.pk])
    recalculate_due()

    page = client.get(indicator.result.framework.get_absolute_url()).content.decode()

    assert ">told in words</a>" in page
    explained = Figure.objects.current().filter(indicator=indicator, period__isnull=False).get()
    assert (
        "<strong>told in words</strong>"
        in client.get(explained.get_absolute_url()).content.decode()
    )


def standing_of(framework):
    (matrix,) = matrices_of(framework, an_editor(framework.hub))
    return matrix.groups[0].rows[0].standing


@pytest.mark.parametrize(
    ("ends_on", "points", "expected"),
    [
        (None, (10, 25), ("", "")),
        (DAY(2020, 12, 31), (10, 25), ("bad", "Off track")),
        (DAY(2020, 12, 31), (10, 60), ("warn", "At risk")),
        (DAY(2020, 12, 31), (60, 60), ("ok", "On track")),
    ],
)
def test_rule_08_whether_it_keeps_up_is_said_only_of_what_has_an_end(
    settings, ends_on, points, expected
):
    settings.ON_TRACK_POINTS, settings.AT_RISK_POINTS = points
    framework = FrameworkFactory(ends_on=ends_on)
    indicator = current(IndicatorFactory(result__framework=framework, baseline_value=0))
    Target.objects.create(indicator=indicator, value=100)
    UpdateFactory(indicator=indicator, value=50, approved=True)
    request_recalculation([indicator.pk])
    recalculate_due()

    assert standing_of(framework) == expected


def test_rule_09_targets_that_do_not_fit_are_said_to(client):
    framework = a_reported_framework()
    indicator = Indicator.objects.get(result__framework=framework)
    Target.objects.create(indicator=indicator, value=40)

    page = client.get(framework.get_absolute_url()).content.decode()

    assert "The targets of the periods come to 50, the one for life is 40." in page


@pytest.mark.parametrize("frequency", ["month", "quarter", "half-year", "year", "once"])
def test_the_last_day_that_there_is_is_the_end_of_a_period(client, frequency):
    framework = FrameworkFactory(starts_on=DAY(9999, 10, 1), ends_on=DAY(9999, 12, 31))
    client.force_login(an_editor(framework.hub))

    made = client.post(
        f"/evaluation/frameworks/{framework.slug}/periods/make/", {"frequency": frequency}
    )

    assert made.status_code == 302
    last = Period.objects.filter(framework=framework).latest("ends_on")
    assert last.ends_on == DAY(9999, 12, 31)
    assert client.get(f"/evaluation/frameworks/{framework.slug}/edit/").status_code == 200


def test_making_periods_is_told_once():
    framework = FrameworkFactory(ends_on=DAY(2021, 12, 31))
    by = an_editor(framework.hub)

    make_periods(framework, frequency="year", until=None, by=by)
    make_periods(framework, frequency="year", until=None, by=by)

    (told,) = Activity.objects.filter(verb="framework.changed")
    assert told.changes == [{"field": "periods", "old": None, "new": "2020, 2021"}]
    assert Framework.objects.get(pk=framework.pk).version == framework.version + 1


def test_no_name_is_one_that_addresses_have_already():
    hub = HubFactory()
    by = an_editor(hub)
    columns = {"title": "Begin", "starts_on": DAY(2026, 1, 1)}

    assert begin_framework(hub=hub, columns=columns, by=by).slug == "begin-2"
    with pytest.raises(DomainError):
        add_indicator(
            code="add", hub=hub, columns={"title": "T", "kind": "count"}, dimensions=[], by=by
        )
