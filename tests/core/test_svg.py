"""Charts: right places, right words, nothing that a locale or a gap could bend."""

from decimal import Decimal

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from core.svg import Series, bar_chart

YEARS = ["2010", "2011", "2012"]


def bars_of(chart):
    return [(bar.kind, float(bar.y), float(bar.height)) for bar in chart.bars]


def test_bars_of_a_category_stand_on_one_another():
    chart = bar_chart("Money", ["2010"], [Series("State", [30]), Series("Fees", [10])])

    (_, low_y, low_height), (_, high_y, high_height) = bars_of(chart)
    assert low_height == pytest.approx(3 * high_height, abs=0.2)
    assert low_y + low_height == pytest.approx(float(chart.base), abs=0.11)
    assert high_y + high_height == pytest.approx(low_y, abs=0.11)


def test_not_stated_is_a_gap_and_zero_is_not():
    chart = bar_chart("Money", YEARS, [Series("State", [5, None, 0])], category_title="Year")

    assert len(chart.bars) == 1
    assert [gap.text for gap in chart.gaps] == ["–"]
    assert chart.columns == ["Year", "State"]
    assert chart.rows == [("2010", ["5"]), ("2011", ["not stated"]), ("2012", ["0"])]


def test_figures_that_nobody_approved_are_hatched_and_say_so():
    chart = bar_chart("People", YEARS, [Series("Trained", [1, 2, 3], frozenset({2}))])

    assert [bar.is_provisional for bar in chart.bars] == [False, False, True]
    assert chart.rows[2] == ("2012", ["3 (not approved yet)"])
    html = render_to_string("components/_chart.html", {"chart": chart, "chart_id": "people"})
    assert html.count("url(#people-hatch)") == 1


@pytest.mark.parametrize(
    ("peak", "labels"),
    [
        (0, ["0", "1"]),
        (4, ["0", "1", "2", "3", "4"]),
        (37, ["0", "10", "20", "30", "40"]),
        (12_000_000, ["0", "2.5M", "5M", "7.5M", "10M", "12.5M"]),
    ],
)
def test_the_scale_has_round_steps_and_reaches_the_peak(peak, labels):
    chart = bar_chart("Money", ["2010"], [Series("State", [peak])])

    assert [mark.text for mark in chart.scale] == labels


def test_shares_are_percent_of_a_fixed_whole():
    chart = bar_chart(
        "Shares", ["2010"], [Series("State", [Decimal("62.5")])], maximum=100, is_percent=True
    )

    assert chart.rows == [("2010", ["62.5%"])]
    assert chart.scale[-1].text == "100%"


def test_a_target_above_all_bars_is_inside_the_chart():
    chart = bar_chart("People", ["2010"], [Series("Trained", [3])], target=50)

    assert 0 < float(chart.target) < float(chart.base)


@pytest.mark.parametrize("values", [[1, 2], [1, -2, 3]])
def test_figures_that_cannot_be_drawn_are_refused(values):
    with pytest.raises(ValueError, match="State"):
        bar_chart("Money", YEARS, [Series("State", values)])


def test_coordinates_have_no_decimal_comma_in_any_language():
    with translation.override("fr"):
        chart = bar_chart("Argent", YEARS, [Series("État", [1.5, 2.25, 1234.5])])
        html = render_to_string("components/_chart.html", {"chart": chart, "chart_id": "c"})

    assert chart.rows[2][1] == ["1\u202f234,5"]
    svg = html[html.index("<svg") : html.index("</svg>")]
    for attribute in ("x", "y", "width", "height", "viewBox"):
        for piece in svg.split(f' {attribute}="')[1:]:
            assert "," not in piece.split('"')[0]


def test_the_chart_names_itself_and_its_table_has_the_same_figures():
    chart = bar_chart(
        "Funding <mix>", ["2010"], [Series("State", [4]), Series("Fees", [1])], unit="USD"
    )

    html = render_to_string(
        "components/_chart.html", {"chart": chart, "chart_id": "mix", "csv_url": "?export=csv"}
    )
    assert 'role="img" aria-labelledby="mix-title"' in html
    assert "Funding &lt;mix&gt;" in html
    assert '<th scope="row">2010</th><td class="num">4</td><td class="num">1</td>' in html
    assert 'href="?export=csv"' in html
    assert "style=" not in html


def test_an_empty_chart_is_drawn():
    chart = bar_chart("Money", [], [])

    assert chart.bars == []
    assert [mark.text for mark in chart.scale] == ["0", "1"]
