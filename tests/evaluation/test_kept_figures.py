"""Figures as they are kept: by rows, with lineage, superseded and never edited."""

import datetime
from decimal import Decimal

import pytest
from django.db.models import Sum
from django.utils import timezone

from evaluation.models import CellMapping, Figure, Recalculation, Update
from evaluation.services.figure_inputs import tree_of
from evaluation.services.figures import recompute
from tests.evaluation.trees import a_tree, compute, figure, lines, numbers, period_of, report
from tests.factories import evaluation as make

pytestmark = pytest.mark.django_db


def test_rule_4_a_parent_is_the_sum_of_its_children_with_coverage():
    parent, (one, two, three) = a_tree(hubs=3)
    report(one, 0)
    report(two, 5)

    compute(one)

    found = figure(parent, 2020)
    assert (found.value, found.reported, found.expected) == (5, 2, 3)  # example 5
    assert lines(found) == [
        ("counted", "", 0),
        ("counted", "", 5),
        ("missing", "", None),
    ]
    assert figure(three, 2020) is None


def test_rule_11_counted_lines_add_up_to_each_figure():
    parent, children = a_tree(hubs=3)
    for number, child in enumerate(children):
        report(child, number + 1)
        report(child, 10, 2021)

    compute(*children)

    figures = Figure.objects.filter(series="approved")
    assert figures.count() == 4 * 3  # four indicators; two years and the life
    for each in figures:
        assert each.lines.counted().aggregate(all=Sum("value"))["all"] == each.value
    assert numbers(parent) == [36]
    assert numbers(parent, 2020, 2021) == [6, 30]


def test_rule_5_nothing_to_divide_by_is_kept_as_no_denominator():
    parent, (one, _two) = a_tree(kind="ratio", space_op="ratio", factor=100)
    report(one, numerator=0, denominator=0)

    compute(one)

    found = figure(parent, 2020)
    assert (found.status, found.value, found.denominator) == ("no-denominator", None, 0)


def test_rule_4_ratios_are_summed_by_numerator_and_denominator():
    parent, (one, two) = a_tree(kind="ratio", space_op="ratio", factor=100)
    report(one, numerator=1, denominator=2)
    report(two, numerator=30, denominator=100)

    compute(one)

    found = figure(parent, 2020)
    assert (found.numerator, found.denominator) == (31, 102)  # example 6
    assert round(found.value, 2) == Decimal("30.39")


def test_rule_2_a_revision_supersedes_and_the_old_figure_stays_with_its_moment():
    parent, (one, _two) = a_tree()
    first = report(one, 4)
    compute(one)
    before = figure(parent, 2020)
    Update.objects.filter(pk=first.pk).update(state="superseded", ended_at=timezone.now())
    report(one, 7, supersedes=first)

    compute(one)

    after = figure(parent, 2020)
    before.refresh_from_db()
    assert (before.value, after.value) == (4, 7)
    assert before.superseded_at == after.computed_at
    assert lines(figure(one, 2020)) == [("counted", "", 7), ("superseded", "", 4)]


def test_rule_12_each_moment_has_the_figure_that_was_published_then():
    parent, (one, two) = a_tree()
    report(one, 4)
    compute(one)
    then = timezone.now()
    report(two, 1)
    compute(two)

    at_the_time = Figure.objects.as_of(then).get(indicator=parent, period=None)
    now = Figure.objects.as_of(timezone.now()).get(indicator=parent, period=None)

    assert (at_the_time.value, now.value) == (4, 5)
    long_ago = then - datetime.timedelta(days=1)
    assert not Figure.objects.as_of(long_ago).exists()


def test_computing_the_same_again_keeps_every_row():
    parent, (one, _two) = a_tree()
    report(one, 4)
    compute(one)
    before = list(Figure.objects.order_by("pk").values_list("pk", "superseded_at"))

    compute(one)

    assert list(Figure.objects.order_by("pk").values_list("pk", "superseded_at")) == before
    assert recompute(tree_of([parent.pk])) == 0


def test_a_withdrawn_report_takes_its_figures_with_it():
    parent, (one, _two) = a_tree()
    update = report(one, 4)
    compute(one)
    Update.objects.filter(pk=update.pk).update(state="withdrawn")

    compute(one)

    assert not Figure.objects.current().exists()
    assert figure(parent) is None


def test_what_stood_before_a_withdrawn_revision_does_not_come_back():
    parent, (one, _two) = a_tree()
    first = report(one, 4, state="superseded")
    report(one, 7, state="withdrawn", supersedes=first)

    compute(one)

    assert figure(parent) is None


def test_rule_1_what_waits_is_a_series_of_its_own_and_leaves_no_trace_in_the_other():
    parent, (one, two) = a_tree()
    report(one, 4)
    compute(one)
    before = figure(parent, 2020).pk
    report(two, 3, approved=False, submitted=True)

    compute(two)

    assert figure(parent, 2020).pk == before
    assert figure(parent, 2020, "with-pending").value == 7
    assert figure(one, 2020, "with-pending") is None  # the approved one stands
    assert figure(two, 2020) is None


def test_drafts_and_returned_reports_leave_no_trace():
    _parent, (one, two) = a_tree()
    report(one, 4, approved=False)
    report(two, 4, approved=False, state="returned", return_note="Why?")

    compute(one)

    assert not Figure.objects.exists()


def test_rule_4_an_excluded_child_is_listed_with_its_reason():
    parent, (one, two) = a_tree()
    two.is_excluded, two.exclusion_reason = True, "Counted in another programme"
    two.save()
    report(one, 2)
    report(two, 7)

    compute(one)

    found = figure(parent, 2020)
    assert found.value == 2  # example 13
    assert lines(found) == [
        ("counted", "", 2),
        ("excluded", "Counted in another programme", 7),
    ]


def test_rule_6_parts_roll_up_by_mapping_and_unmapped_ones_are_counted():
    version = make.DefinitionVersionFactory()
    sex, other = make.DimensionFactory(), make.DimensionFactory()
    women, men = (make.CellFactory(dimension=sex) for _ in range(2))
    girls, third = (make.CellFactory(dimension=other) for _ in range(2))
    version.dimensions.set([sex])
    below = make.DefinitionVersionFactory()
    below.dimensions.set([other])
    CellMapping.objects.create(source=girls, target=women)
    parent, (child,) = a_tree(hubs=1)
    parent.definition, child.definition = version, below
    parent.save()
    child.save()
    update = report(child, 10)
    update.cells.create(cell=girls, value=4)
    update.cells.create(cell=third, value=5)

    compute(child)

    total = figure(parent, 2020)
    assert (total.value, total.unknown, total.unmapped) == (10, 6, 1)
    assert figure(parent, 2020, cell=women).value == 4
    assert figure(parent, 2020, cell=men) is None
    assert figure(child, 2020).unknown == 1  # example 8
    assert lines(total)[-1] == ("unmapped", "no_place", 5)


def test_rule_7_people_have_both_bounds():
    parent, (one, two) = a_tree(distinct_people=True)
    report(one, 10)
    report(two, 12)

    compute(one)

    found = figure(parent, 2020)
    assert (found.value, found.distinct_low, found.distinct_high) == (22, 12, 22)


def test_rule_3_running_totals_bring_what_came_since():
    _parent, (one, _two) = a_tree(accumulates=True)
    report(one, 100)
    report(one, 130, 2021)

    compute(one)

    assert numbers(one, 2020, 2021) == [100, 30]
    assert numbers(one) == [130]  # example 7


def test_a_draft_framework_brings_nothing_to_a_published_one():
    parent, (one, two) = a_tree()
    report(one, 4)
    report(two, 5)
    framework = two.result.framework
    framework.is_published = False
    framework.save()

    compute(one, two)

    assert numbers(parent) == [4]
    assert numbers(two) == [5]


def test_a_request_is_met_with_the_figures():
    parent, (one, _two) = a_tree()
    report(one, 4)

    assert compute(one, parent) == 2

    assert not Recalculation.objects.owed().exists()
    assert compute() == 0


def test_an_open_period_is_computed_too():
    parent, (one, _two) = a_tree()
    for each in (parent, one):
        period = period_of(each, 2021)
        period.ends_on = None
        period.save()
    report(one, 3, 2021)

    compute(one)

    assert numbers(parent, 2021) == [3]
