"""Rules 8, 9 and 13, and which definitions can be computed at all."""

import dataclasses
import datetime
from decimal import Decimal
from fractions import Fraction

import pytest

from evaluation.figures import (
    Cell,
    Definition,
    DimensionKind,
    Direction,
    Kind,
    Limits,
    Progress,
    ProgressStatus,
    Reported,
    SpaceOp,
    Standing,
    Thresholds,
    TimeOp,
    as_decimal,
    check,
    check_targets,
    elapsed,
    problems_of,
    progress,
    rounded,
    standing,
)
from evaluation.figures.iati import Actual, actual_of
from evaluation.figures.values import exact

COUNT = Definition(Kind.COUNT)
RATIO = Definition(Kind.RATIO, space_op=SpaceOp.RATIO, factor=100)
SCALE = Definition(Kind.ORDINAL, TimeOp.LAST, SpaceOp.NONE, scale=("none", "some", "all"))
OK, MISSED = ProgressStatus.OK, ProgressStatus.MISSED


@pytest.mark.parametrize(
    ("direction", "band", "baseline", "target", "actual", "expected"),
    [
        (Direction.UP, None, 0, 8, 1, (OK, Fraction(25, 2))),
        (Direction.DOWN, None, 40, 10, 50, (OK, Fraction(-100, 3))),
        (Direction.UP, None, None, 50, 20, (OK, 40)),
        (Direction.DOWN, None, None, 50, 20, (ProgressStatus.NO_BASELINE, None)),
        (Direction.UP, None, None, 0, 20, (ProgressStatus.TARGET_NOT_POSITIVE, None)),
        (Direction.UP, None, 0, 50, None, (ProgressStatus.NO_ACTUAL, None)),
        (Direction.UP, None, 0, None, 5, (ProgressStatus.NO_TARGET, None)),
        (Direction.UP, None, 0, 50, 0, (OK, 0)),
        (Direction.UP, None, 95, 95, 94, (MISSED, None)),
        (Direction.UP, (94, 96), 95, 95, 94, (OK, 100)),
        (Direction.DOWN, None, 95, 95, 94, (OK, 100)),
        (Direction.DOWN, None, 95, 95, 96, (MISSED, None)),
        (Direction.MAINTAIN, None, 95, 95, 95, (OK, 100)),
        (Direction.MAINTAIN, None, 95, 95, 96, (MISSED, None)),
        (Direction.MAINTAIN, (93, 97), 95, 95, 97, (OK, 100)),
        (Direction.MAINTAIN, (93, 97), 90, 95, 98, (MISSED, None)),
        (Direction.MAINTAIN, (93, 97), None, 95, 94, (OK, 100)),
        # The band is where it was said to be, wherever in it the target is.
        (Direction.MAINTAIN, (90, 100), None, 91, 99, (OK, 100)),
        (Direction.MAINTAIN, (90, 100), None, 91, 88, (MISSED, None)),
        (Direction.MAINTAIN, (90, None), None, 95, 120, (OK, 100)),
        (Direction.MAINTAIN, (None, 100), None, 95, 101, (MISSED, None)),
    ],
)
def test_rule_08_progress(direction, band, baseline, target, actual, expected):
    ends = tuple(None if end is None else Decimal(end) for end in band or (None, None))
    definition = Definition(Kind.MEASURE, direction=direction, band=ends)

    made = progress(definition, baseline=baseline, target=target, actual=actual)

    assert (made.status, made.exact) == expected


@pytest.mark.parametrize(
    ("percent", "standing_then"),
    [
        (100, Standing.ON_TRACK),
        (40, Standing.ON_TRACK),
        ("39.9", Standing.AT_RISK),
        (25, Standing.AT_RISK),
        ("24.9", Standing.OFF_TRACK),
        (-10, Standing.OFF_TRACK),
    ],
)
def test_rule_08_standing_half_way(percent, standing_then):
    made = Progress(OK, Fraction(percent))

    assert standing(made, Fraction(1, 2)) is standing_then


def test_rule_08_thresholds_are_given():
    strict = Thresholds(on_track=Decimal(0), at_risk=Decimal(5))

    assert standing(Progress(OK, Fraction(47)), Decimal("0.5"), strict) is Standing.AT_RISK


def test_rule_08_what_is_missed_or_not_stated_has_its_own_standing():
    assert standing(Progress(MISSED), Fraction(0)) is Standing.OFF_TRACK
    assert standing(Progress(ProgressStatus.NO_ACTUAL), Fraction(1)) is Standing.UNKNOWN


@pytest.mark.parametrize(
    ("today", "share"), [((2025, 12, 31), 0), ((2026, 1, 1), Fraction(1, 4)),
                         ((2026, 1, 2), Fraction(1, 2)), ((2026, 1, 4), 1), ((2027, 1, 1), 1)]
)  # fmt: skip
def test_rule_08_the_elapsed_share_counts_both_days(today, share):
    start, end = datetime.date(2026, 1, 1), datetime.date(2026, 1, 4)

    assert elapsed(start, end, datetime.date(*today)) == share


@pytest.mark.parametrize(
    ("definition", "life", "periods", "differs"),
    [
        (COUNT, "10", ["4", "6"], None),
        (COUNT, "12", ["4", "6"], 10),
        (COUNT, "12", ["4", None], None),
        (COUNT, "12", [], None),
        (COUNT, None, ["4"], None),
        (dataclasses.replace(COUNT, time_op=TimeOp.LAST), "10", ["4", "6"], 6),
        (dataclasses.replace(COUNT, time_op=TimeOp.MAX), "6", ["6", "4"], None),
        (dataclasses.replace(COUNT, time_op=TimeOp.AVERAGE), "6", ["4", "6"], 5),
        (RATIO, "50", ["20", "30"], None),
    ],
)
def test_rule_09_a_life_target_that_differs_from_its_periods_is_a_warning(
    definition, life, periods, differs
):
    found = check_targets(
        definition,
        life=life and Decimal(life),
        periods=[target and Decimal(target) for target in periods],
    )

    if differs is None:
        assert found == ()
    else:
        assert [warning.code for warning in found] == ["life_target_differs"]
        assert found[0].params == {"expected": differs, "stated": Decimal(life)}


@pytest.mark.parametrize(
    ("direction", "target", "codes"),
    [
        (Direction.UP, 5, ["target_against_direction"]),
        (Direction.DOWN, 5, []),
        (Direction.DOWN, 15, ["target_against_direction"]),
        (Direction.MAINTAIN, 15, []),
    ],
)
def test_rule_09_a_target_against_the_direction_is_a_warning(direction, target, codes):
    definition = Definition(Kind.COUNT, direction=direction)

    found = check_targets(definition, life=Decimal(target), periods=[], baseline=Decimal(10))

    assert [warning.code for warning in found] == codes


def _codes(definition, reported, **more):
    return [warning.code for warning in check(definition, reported, **more)]


def _value(number, **more):
    return Reported(Decimal(number), **more)


def _ratio(numerator, denominator):
    return Reported(numerator=Decimal(numerator), denominator=Decimal(denominator))


@pytest.mark.parametrize(
    ("definition", "reported", "codes"),
    [
        (COUNT, _value(5), []),
        (COUNT, _value(-5), ["negative"]),
        (Definition(Kind.MEASURE, allow_negative=True), _value(-5), []),
        (COUNT, Reported(), []),
        (COUNT, Reported(reason="lost"), []),
        (RATIO, _ratio(5, 4), ["numerator_over_denominator"]),
        (RATIO, _ratio(5, 5), []),
        (RATIO, _ratio(0, 0), ["no_denominator"]),
        (RATIO, Reported(numerator=Decimal(5)), ["no_denominator"]),
        (SCALE, _value(2), []),
        (SCALE, _value(3), ["score_off_scale"]),
        (SCALE, _value("0.5"), ["score_off_scale"]),
        (Definition(Kind.YES_NO), _value(1), []),
        (Definition(Kind.YES_NO), _value(2), ["not_yes_or_no"]),
        (COUNT, _value(5, distinct=Decimal(6)), ["distinct_over_participations"]),
    ],
)
def test_rule_13_doubts_about_one_update(definition, reported, codes):
    assert _codes(definition, reported) == codes


@pytest.mark.parametrize(
    ("number", "codes"), [(9, ["out_of_range"]), (10, []), (20, []), (21, ["out_of_range"])]
)
def test_rule_13_a_range_holds_its_ends(number, codes):
    limits = Limits(low=Decimal(10), high=Decimal(20))

    assert _codes(COUNT, _value(number), limits=limits) == codes


@pytest.mark.parametrize(
    ("previous", "number", "codes"),
    [(10, 30, []), (10, 31, ["jump"]), (30, 9, ["jump"]), (0, 900, []), (10, 0, [])],
)
def test_rule_13_a_jump_is_more_than_three_times(previous, number, codes):
    assert _codes(COUNT, _value(number), previous=_value(previous)) == codes


def test_rule_13_a_jump_may_be_allowed():
    assert _codes(COUNT, _value(99), previous=_value(1), limits=Limits(jump=None)) == []


def test_rule_13_a_running_total_should_not_go_down():
    totals = Definition(Kind.COUNT, accumulates=True)

    (warning,) = check(totals, _value(100), previous=_value(120))

    assert warning.code == "decreasing_total"
    assert warning.params["increment"] == Decimal(-20)
    assert _codes(COUNT, _value(100), previous=_value(120)) == []


@pytest.mark.parametrize(
    ("women", "men", "kind", "codes"),
    [
        (4, 6, DimensionKind.PARTITION, []),
        (4, 5, DimensionKind.PARTITION, ["cells_below_total"]),
        (4, 7, DimensionKind.PARTITION, ["cells_over_total"]),
        (8, 7, DimensionKind.OVERLAPPING, []),
        (11, 7, DimensionKind.OVERLAPPING, ["cell_over_total"]),
    ],
)
def test_rule_13_parts_are_compared_with_the_whole(women, men, kind, codes):
    cells = {Cell("sex", "women"): _value(women), Cell("sex", "men"): _value(men),
             Cell("sex", "other"): Reported()}  # fmt: skip

    assert _codes(COUNT, _value(10), cells=cells, dimensions={"sex": kind}) == codes


@pytest.mark.parametrize(
    ("definition", "problems"),
    [
        (COUNT, ()),
        (RATIO, ()),
        (SCALE, ()),
        (Definition(Kind.NARRATIVE, TimeOp.LAST, SpaceOp.NONE), ()),
        (Definition(Kind.RATIO, space_op=SpaceOp.AVERAGE), ("space_op_not_of_kind",
                                                            "sum_of_averages")),
        (Definition(Kind.RATIO), ("space_op_not_of_kind",)),
        (dataclasses.replace(SCALE, space_op=SpaceOp.SUM), ("space_op_not_of_kind",)),
        (dataclasses.replace(SCALE, time_op=TimeOp.SUM), ("time_op_not_of_kind",)),
        (dataclasses.replace(SCALE, scale=("one",)), ("scale_missing",)),
        (dataclasses.replace(COUNT, accumulates=True, time_op=TimeOp.MAX),
         ("running_total_not_of_kind",)),
        (dataclasses.replace(COUNT, distinct_people=True, space_op=SpaceOp.MAX),
         ("people_not_of_kind",)),
        (dataclasses.replace(COUNT, factor=100), ("factor_without_ratio",)),
        (dataclasses.replace(RATIO, factor=0), ("factor_not_positive",)),
        (dataclasses.replace(COUNT, band=(Decimal(1), Decimal(0)), decimals=-1),
         ("band_negative", "decimals_negative")),
    ],
)  # fmt: skip
def test_definitions_that_cannot_be_computed_say_why(definition, problems):
    assert problems_of(definition) == problems


@pytest.mark.parametrize(
    ("number", "decimals", "shown"),
    [("2.5", 0, "3"), ("-2.5", 0, "-3"), ("0.125", 2, "0.13"), ("30.3921", 2, "30.39"),
     ("7", 2, "7.00")],
)  # fmt: skip
def test_halves_are_rounded_away_from_zero(number, decimals, shown):
    assert str(rounded(Decimal(number), decimals)) == shown


def test_numbers_stay_exact():
    assert as_decimal(Fraction(1, 8)) == Decimal("0.125")
    assert str(as_decimal(Fraction(1, 3))) == "0." + "3" * 50
    assert exact(Decimal("0.1")) * 3 == Fraction(3, 10)
    with pytest.raises(ValueError, match="finite"):
        exact(Decimal("NaN"))


@pytest.mark.parametrize(
    ("definition", "reported", "actual"),
    [
        (COUNT, _value(5, text="Counted twice."), Actual(Decimal(5), "Counted twice.")),
        (COUNT, Reported(reason="lost"), Actual(None, "")),
        (RATIO, _ratio(1, 4), Actual(Decimal(25), "")),
        (RATIO, _ratio(0, 0), Actual(None, "")),
        (SCALE, _value(1, text="By interview."), Actual(Decimal(1), "some – By interview.")),
    ],
)
def test_iati_actual_has_a_value_only_where_there_is_one(definition, reported, actual):
    assert actual_of(definition, reported) == actual
