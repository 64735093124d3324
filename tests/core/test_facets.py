"""Facets and chips: what is offered, what is set, and the address without it."""

from django import forms
from django.http import QueryDict

from core.facets import Chip, build_facet, chips_of, without


class FilterForm(forms.Form):
    q = forms.CharField(label="Search", required=False)
    country = forms.MultipleChoiceField(
        label="Country", choices=[("BR", "Brazil"), ("ID", "Indonesia")], required=False
    )


def test_a_facet_leaves_out_what_finds_nothing_unless_it_is_ticked():
    facet = build_facet(
        "country",
        "Country",
        [("BR", "Brazil"), ("ID", "Indonesia"), ("MX", "Mexico")],
        counts={"BR": 3},
        selected=["ID"],
    )

    assert [(option.value, option.count, option.is_selected) for option in facet.options] == [
        ("BR", 3, False),
        ("ID", 0, True),
    ]
    assert facet.selected_count == 1


def test_a_facet_without_counts_offers_everything():
    facet = build_facet("level", "Level", [("national", "National")])

    assert [(option.label, option.count) for option in facet.options] == [("National", None)]


def test_chips_name_each_value_that_is_set():
    query = QueryDict("q=water&country=BR&country=ID&country=BR&page=3&odd=1")

    assert chips_of(FilterForm(query), query, leave_out=["q"]) == [
        Chip("country", "Country", "Brazil", "?q=water&country=ID&odd=1"),
        Chip("country", "Country", "Indonesia", "?q=water&country=BR&country=BR&odd=1"),
    ]


def test_a_value_that_is_not_offered_is_shown_as_it_came():
    query = QueryDict("country=%3Cb%3E")

    assert [chip.value for chip in chips_of(FilterForm(query), query)] == ["<b>"]


def test_without_takes_one_value_away_and_starts_at_the_first_page():
    query = QueryDict("country=BR&country=ID&page=2&cursor=x")

    assert without(query, "country", "BR") == "?country=ID"
    assert without(QueryDict("country=BR"), "country", "BR") == "?"


def offered(query, selected=()):
    choices = [(f"v{number}", f"Value {number}") for number in range(15)]
    counts = {value: 20 - number for number, (value, _label) in enumerate(choices)}
    return build_facet(
        "country", "Country", choices, counts=counts, selected=selected, query=QueryDict(query)
    )


def test_a_long_facet_offers_the_commonest_values_and_those_ticked():
    facet = offered("q=water&page=2", selected=["v14"])

    assert [option.value for option in facet.options] == [*(f"v{n}" for n in range(10)), "v14"]
    assert facet.more == "?q=water&all=country"


def test_a_long_facet_offers_everything_when_all_of_it_is_asked_for():
    facet = offered("all=country")

    assert (len(facet.options), facet.more, facet.is_whole) == (15, "", True)
