"""Figures are stored as computed, kept as they were published, and computed exactly once."""

import contextlib
import datetime
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from evaluation.models import Drift, Figure, FigureLine, Recalculation, Update
from evaluation.services import recalculating
from evaluation.services.outbox import request_recalculation
from evaluation.services.recalculating import (
    find_drift,
    recalculate_due,
    retry_recalculations,
    settle_drift,
)
from tests.factories.accounts import MemberFactory
from tests.factories.evaluation import (
    ExchangeFactory,
    FrameworkFactory,
    IndicatorFactory,
    PeriodFactory,
    ResultFactory,
    UpdateFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _worker_asleep(settings):
    """What is due is computed when a test says so."""
    settings.CELERY_TASK_ALWAYS_EAGER = True


def a_tree():
    """Return a community indicator and two of hubs that roll up to it, each with a period."""
    community = FrameworkFactory(layer="community", hub=None)
    parent = IndicatorFactory(result=ResultFactory(framework=community))
    PeriodFactory(framework=community)
    children = [
        IndicatorFactory(definition=parent.definition, rolls_up_to=parent) for _number in range(2)
    ]
    return parent, children, [PeriodFactory(framework=c.result.framework) for c in children]


def recalculate(*indicators):
    request_recalculation([indicator.pk for indicator in indicators])
    return recalculate_due()


def of(indicator, series="approved"):
    """Return (period is None, value, reported, expected) of the figures in force."""
    rows = Figure.objects.current().filter(indicator=indicator, series=series, cell=None)
    return {(r.period_id is None, r.value, r.reported, r.expected) for r in rows}


def test_an_approved_update_reaches_all_above_it():
    parent, children, periods = a_tree()
    UpdateFactory(indicator=children[0], period=periods[0], value=5, approved=True)

    recalculate(children[0])

    assert of(children[0]) == {(False, 5, 1, 1), (True, 5, 1, 1)}
    # Rule 4: the child that did not report is left out, not zero.
    assert of(parent) == {(False, 5, 1, 2), (True, 5, 1, 2)}


def test_counted_lines_add_up_to_the_stored_figure():
    parent, children, periods = a_tree()
    for child, period, value in zip(children, periods, (5, 7), strict=True):
        UpdateFactory(indicator=child, period=period, value=value, approved=True)

    recalculate(*children)

    figure = Figure.objects.current().get(
        indicator=parent, period__isnull=False, series="approved", cell=None
    )
    lines = FigureLine.objects.filter(figure=figure, role="counted")
    assert {(line.child.indicator_id, line.value) for line in lines} == {
        (children[0].pk, Decimal(5)),
        (children[1].pk, Decimal(7)),
    }
    assert figure.value == 12


def test_rule_12_a_figure_can_be_asked_for_as_of_a_past_moment():
    _parent, (child, _other), (period, _p) = a_tree()
    first = UpdateFactory(indicator=child, period=period, value=5, approved=True)
    recalculate(child)
    between = timezone.now()
    Update.objects.filter(pk=first.pk).update(state="superseded", ended_at=between)
    UpdateFactory(
        indicator=child, period=period, hub=first.hub, value=9, approved=True, supersedes=first
    )
    recalculate(child)

    figures = Figure.objects.filter(indicator=child, period=period, series="approved")
    assert [figures.as_of(between).get().value, figures.current().get().value] == [5, 9]
    superseded = FigureLine.objects.filter(figure=figures.current().get(), role="superseded")
    assert [line.update for line in superseded] == [first]


def test_rule_01_what_waits_is_a_series_of_its_own():
    parent, (child, _other), (period, _p) = a_tree()
    UpdateFactory(indicator=child, period=period, value=5, submitted=True)

    recalculate(child)

    assert of(child) == set()
    assert (False, 5, 1, 1) in of(child, "with-pending")
    assert of(parent) == set()


def test_nothing_is_written_where_nothing_changed():
    _parent, (child, _other), (period, _p) = a_tree()
    UpdateFactory(indicator=child, period=period, value=5, approved=True)
    recalculate(child)

    assert recalculate(child).figures == 0
    assert recalculate_due() == (0, 0)


def test_a_failure_is_kept_and_tried_again_later(monkeypatch):
    _parent, (child, _other), (period, _p) = a_tree()
    UpdateFactory(indicator=child, period=period, value=5, approved=True)
    request_recalculation([child.pk])
    Recalculation.objects.update(indicator=child)
    broken = "evaluation.services.recalculating.recompute"
    with monkeypatch.context() as patch:
        patch.setattr(broken, lambda *args, **kwargs: 1 // 0)
        with pytest.raises(ZeroDivisionError):
            recalculate_due()

    row = Recalculation.objects.get()
    assert (row.attempts, row.done_at, row.error.split(":")[0]) == (1, None, "ZeroDivisionError")
    assert recalculate_due() == (0, 0)  # not due before its pause is over

    retry_recalculations([row.pk], by=MemberFactory(moderator=True))
    assert recalculate_due().figures > 0


def test_one_that_cannot_be_computed_holds_up_no_other(monkeypatch):
    indicators = [UpdateFactory(value=number, approved=True).indicator for number in range(5)]
    request_recalculation([indicator.pk for indicator in indicators])
    broken = indicators[2]
    compute = recalculating.recompute

    def recompute(pks, **more):
        if broken.pk in pks:
            raise RuntimeError("cannot be computed")
        return compute(pks, **more)

    monkeypatch.setattr(recalculating, "recompute", recompute)
    for _attempt in range(100):
        Recalculation.objects.update(due_at=timezone.now())
        with contextlib.suppress(RuntimeError):
            if not recalculate_due().requests:
                break

    owed = Recalculation.objects.get(done_at=None)
    assert (owed.indicator, owed.error) == (broken, "RuntimeError: cannot be computed")
    assert owed.attempts == recalculating.MOST_ATTEMPTS
    computed = Figure.objects.current().values_list("indicator", flat=True).distinct()
    assert set(computed) == {each.pk for each in indicators} - {broken.pk}


def test_what_somebody_drafts_below_changes_nothing_above():
    update = UpdateFactory(value=5, approved=True)
    recalculate(update.indicator)
    before = list(Figure.objects.order_by("pk").values())
    exchange = ExchangeFactory(hub=update.hub)
    draft = FrameworkFactory(layer="exchange", hub=None, exchange=exchange, draft=True)
    child = IndicatorFactory(
        result__framework=draft,
        definition=update.indicator.definition,
        rolls_up_to=update.indicator,
    )

    recalculate(child, update.indicator)

    assert list(Figure.objects.filter(indicator=update.indicator).order_by("pk").values()) == before


def test_a_hub_is_expected_where_only_drafts_stand_below():
    update = UpdateFactory(value=None, not_available="not-yet", approved=True)
    exchange = ExchangeFactory(hub=update.hub)
    draft = FrameworkFactory(layer="exchange", hub=None, exchange=exchange, draft=True)
    IndicatorFactory(
        result__framework=draft,
        definition=update.indicator.definition,
        rolls_up_to=update.indicator,
    )

    recalculate(update.indicator)

    assert of(update.indicator) == {(False, None, 0, 1), (True, None, 0, 1)}


def test_only_moderators_retry_and_settle():
    child = IndicatorFactory()
    request_recalculation([child.pk])

    with pytest.raises(PermissionDenied):
        retry_recalculations([Recalculation.objects.get().pk], by=MemberFactory())


def test_rule_11_drift_is_listed_once_and_settled_by_a_new_figure():
    _parent, (child, _other), (period, _p) = a_tree()
    UpdateFactory(indicator=child, period=period, value=5, approved=True)
    recalculate(child)
    assert find_drift() == 0
    wrong = Figure.objects.current().get(indicator=child, period=period, series="approved")
    Figure.objects.filter(pk=wrong.pk).update(value=6, signature="tampered")

    assert (find_drift(), find_drift()) == (1, 0)
    drift = Drift.objects.get()
    assert (drift.figure, drift.stored, drift.computed) == (wrong, "6.000000", "5")

    settle_drift(drift, note="Somebody wrote into the table.", by=MemberFactory(moderator=True))
    recalculate_due()
    assert (False, 5, 1, 1) in of(child)
    assert find_drift() == 0


@pytest.mark.parametrize(
    "altered",
    [
        {"value": 6},
        {"status": "missing"},
        {"reported": 0},
        {"unknown": {"sex": "1"}},
        {"distinct_high": 3},
        {"signature": "another"},
    ],
)
def test_rule_11_whatever_somebody_writes_into_a_figure_is_drift(altered):
    _parent, (child, _other), (period, _p) = a_tree()
    UpdateFactory(indicator=child, period=period, value=5, approved=True)
    recalculate(child)
    wrong = Figure.objects.current().get(indicator=child, period=period, series="approved")
    Figure.objects.filter(pk=wrong.pk).update(**altered)

    assert find_drift() == 1
    drift = Drift.objects.get()
    assert drift.figure == wrong

    settle_drift(drift, note="Somebody wrote into the table.", by=MemberFactory(moderator=True))
    recalculate_due()
    assert (False, 5, 1, 1) in of(child)
    assert find_drift() == 0


def test_rule_11_lines_that_do_not_add_up_are_drift():
    _parent, (child, _other), (period, _p) = a_tree()
    UpdateFactory(indicator=child, period=period, value=5, approved=True)
    recalculate(child)
    figure = Figure.objects.current().get(indicator=child, period=period, series="approved")
    FigureLine.objects.filter(figure=figure, role="counted").update(value=4)

    assert find_drift() == 1
    drift = Drift.objects.get()
    assert (drift.figure, drift.stored, drift.computed) == (
        figure,
        "Σ 1 / 4.000000",
        "Σ 1 / 5.000000",
    )


def test_a_figure_that_nobody_stored_is_owed_by_the_nightly_check():
    _parent, (child, _other), (period, _p) = a_tree()
    UpdateFactory(indicator=child, period=period, value=5, approved=True)

    assert find_drift() == 0
    recalculate_due()
    assert (False, 5, 1, 1) in of(child)


def test_rule_06_the_rest_of_a_partition_is_kept_as_unknown():
    from evaluation.models import Cell, Dimension, UpdateCell

    sex = Dimension.objects.create(code="sex", name="Sex", kind="partition")
    women = Cell.objects.create(dimension=sex, code="women", name="Women")
    men = Cell.objects.create(dimension=sex, code="men", name="Men")
    indicator = IndicatorFactory()
    indicator.definition.dimensions.add(sex)
    update = UpdateFactory(indicator=indicator, value=10, approved=True)
    UpdateCell.objects.create(update=update, cell=women, value=4)
    UpdateCell.objects.create(update=update, cell=men, value=5)

    recalculate(indicator)

    rows = Figure.objects.current().filter(indicator=indicator, period__isnull=False)
    assert {(row.cell_id, row.value) for row in rows} == {(None, 10), (women.pk, 4), (men.pk, 5)}
    assert rows.get(cell=None).unknown == {"sex": "1.000000"}


def test_an_open_period_counts(django_assert_max_num_queries):
    indicator = IndicatorFactory()
    period = PeriodFactory(
        framework=indicator.result.framework, starts_on=datetime.date(2021, 1, 1), ends_on=None
    )
    UpdateFactory(indicator=indicator, period=period, value=3, approved=True)
    request_recalculation([indicator.pk])

    with django_assert_max_num_queries(40):
        recalculate_due()

    assert of(indicator) == {(False, 3, 1, 1), (True, 3, 1, 1)}
