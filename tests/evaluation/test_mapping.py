"""Rule 6: parts of a dimension below count into parts of one above where they are mapped."""

import csv

import pytest

from accounts.models import Activity
from core.errors import DomainError
from evaluation.mapping import Pair, pair_version
from evaluation.models import CellMapping, Figure, UpdateCell
from evaluation.services.mapping import map_parts
from evaluation.services.outbox import request_recalculation
from evaluation.services.recalculating import recalculate_due
from tests.api_clients import client_of
from tests.factories.accounts import MemberFactory
from tests.factories.evaluation import (
    DefinitionVersionFactory,
    DimensionFactory,
    FrameworkFactory,
    IndicatorFactory,
    PeriodFactory,
    ResultFactory,
    UpdateFactory,
)
from tests.factories.hubs import HubFactory, MembershipFactory
from tests.races import all_at_once

pytestmark = pytest.mark.django_db


class Tied:
    """A hub's indicator by age bands under one of the country by ages."""

    def __init__(self, kind="partition", **above):
        self.bands = DimensionFactory(code="bands", kind=kind, parts=["0-9", "10-17", "18-99"])
        self.ages = DimensionFactory(code="ages", parts=["young", "old"])
        self.above = self.indicator(
            self.ages, layer="country", country="BR", **({"hub": None} | above)
        )
        self.hub = HubFactory()
        self.below = self.indicator(self.bands, hub=self.hub)
        self.below.rolls_up_to = self.above
        self.below.save()
        self.framework = self.below.result.framework
        self.pair = Pair(self.bands, self.ages)
        self.writer = MembershipFactory(hub=self.hub, me_focal_point=True).member
        self.moderator = MemberFactory(moderator=True)
        self.url = f"/evaluation/frameworks/{self.framework.slug}/mappings/"
        self.form = f"{self.url}bands/ages/"
        self.api = f"/api/v1/frameworks/{self.framework.slug}/mappings/"

    def indicator(self, dimension, **framework):
        version = DefinitionVersionFactory()
        version.dimensions.add(dimension)
        framework = FrameworkFactory(**framework)
        PeriodFactory(framework=framework)
        return IndicatorFactory(result=ResultFactory(framework=framework), definition=version)

    def map(self, places, *, by=None, version=None):
        version = pair_version(self.pair) if version is None else version
        return map_parts(
            self.framework, self.pair, places, expected_version=version, by=by or self.writer
        )


def mappings():
    return set(CellMapping.objects.values_list("source__code", "target__code"))


def figures_by_part(indicator):
    rows = Figure.objects.filter(
        indicator=indicator, cell__isnull=False, period=None, superseded_at=None, series="approved"
    )
    return dict(rows.values_list("cell__code", "value"))


def test_mapped_parts_count_above_and_the_others_are_listed():
    tied = Tied()
    update = UpdateFactory(
        indicator=tied.below, period=tied.framework.periods.get(), value=10, approved=True
    )
    for cell, value in zip(tied.bands.cells.all(), (1, 2, 3), strict=True):
        UpdateCell.objects.create(update=update, cell=cell, value=value)
    request_recalculation([tied.below.pk])
    recalculate_due()
    assert figures_by_part(tied.above) == {}

    assert tied.map({"0-9": "young", "10-17": "young"}) == 2
    recalculate_due()

    assert figures_by_part(tied.above) == {"young": 3}
    assert tied.map({"0-9": "young"}) == 0  # nothing is new
    assert tied.map({"0-9": ""}) == 1
    recalculate_due()
    assert figures_by_part(tied.above) == {"young": 2}
    told = Activity.objects.filter(verb="framework.changed").order_by("pk")
    assert [row.changes[0]["new"].partition(": ")[2] for row in told] == [
        "0-9 → young; 10-17 → young",
        "0-9 → –",
    ]


def test_overlapping_parts_are_not_added_up():
    tied = Tied("overlapping")

    with pytest.raises(DomainError):  # they make no parts that add up
        tied.map({"0-9": "young"})
    tied.ages.kind = "overlapping"
    tied.ages.save()
    tied.pair = Pair(tied.bands, tied.ages)
    assert tied.map({"0-9": "young"}) == 1
    with pytest.raises(DomainError):  # two into one
        tied.map({"10-17": "young"})
    assert mappings() == {("0-9", "young")}


def test_what_other_frameworks_share_is_the_moderators_to_change():
    tied = Tied()
    other = tied.indicator(tied.bands)  # of another hub
    other.rolls_up_to = tied.above
    other.save()

    with pytest.raises(DomainError):
        tied.map({"0-9": "young"})
    client = client_of(tied.moderator)
    country = tied.above.result.framework
    url = f"/evaluation/frameworks/{country.slug}/mappings/bands/ages/"
    page = client.get(url)
    sent = client.post(
        url, {"version": page.context["form"].initial["version"], "part-0-9": "young"}
    )

    assert sent.status_code == 302
    assert mappings() == {("0-9", "young")}


def test_page_csv_and_api_show_the_same_parts():
    tied = Tied()
    tied.map({"0-9": "young"})
    client = client_of(None)

    (table,) = client.get(tied.url).context["tables"]
    told = client.get(tied.api).json()["results"]
    file = client.get(f"{tied.url}?export=csv").getvalue().decode("utf-8-sig")
    api_file = client.get(f"{tied.api}?format=csv").getvalue().decode("utf-8-sig")

    assert [(row["part"], row["into"]) for row in told] == [
        ("0-9", "young"),
        ("10-17", ""),
        ("18-99", ""),
    ]
    assert table[1] == told
    rows = list(csv.DictReader(file.splitlines()))
    assert [(row["part"], row["into"]) for row in rows] == [
        (row["part"], row["into"]) for row in told
    ]
    assert api_file == file
    assert client.get(f"{tied.url}?export=dictionary").status_code == 200


def test_ties_to_what_a_reader_does_not_see_are_not_told():
    tied = Tied()
    country = tied.above.result.framework
    country.is_published = False
    country.save()

    assert client_of(None).get(tied.api).json()["results"] == []
    assert client_of(tied.writer).get(tied.form).status_code == 404


def test_the_form_keeps_what_was_chosen_where_somebody_was_faster():
    tied = Tied()
    client = client_of(tied.writer)
    seen = client.get(tied.form).context["form"].initial["version"]
    tied.map({"18-99": "old"})

    late = client.post(tied.form, {"version": seen, "part-0-9": "young"})
    saved = client.post(
        tied.form,
        {"version": pair_version(tied.pair), "part-0-9": "young", "part-18-99": "old"},
    )

    assert (late.status_code, saved.status_code) == (409, 302)
    assert mappings() == {("0-9", "young"), ("18-99", "old")}
    odd = client.post(tied.form, {"version": pair_version(tied.pair), "part-0-9": "x"})
    assert odd.context["form"].errors.keys() == {"part-0-9"}


def test_programs_map_parts_as_they_read_them():
    tied = Tied()
    client = client_of(tied.writer)
    body = {"part_dimension": "bands", "into_dimension": "ages"}
    seen = client.get(tied.api)["ETag"]

    def sent(parts, tag=None, by=client, **more):
        headers = {"If-Match": tag} if tag else {}
        data = body | {"parts": parts} | more
        return by.post(tied.api, data, "application/json", headers=headers)

    one = [{"part": "0-9", "into": "young"}]
    outsider = client_of(MembershipFactory(head=True).member)
    assert sent(one).status_code == 428
    assert sent(one, by=outsider).status_code == 403
    assert sent(one, by=client_of(None)).status_code == 401
    done = sent(one, seen)
    assert [row["into"] for row in done.json()["results"]] == ["young", "", ""]
    assert sent(one, seen).status_code == 412
    tag = client.get(tied.api)["ETag"]
    assert "parts" in sent([{"part": "x", "into": "young"}], tag).json()["errors"]
    assert "into_dimension" in sent(one, tag, into_dimension="sex").json()["errors"]
    assert sent([{"part": "0-9", "into": None}], tag).status_code == 200
    assert mappings() == set()


def test_only_who_writes_the_framework_maps():
    tied = Tied()
    correspondent = MembershipFactory(hub=tied.hub, correspondent=True).member

    for member in (correspondent, MembershipFactory(head=True).member, tied.moderator):
        assert client_of(member).get(tied.form).status_code == 403
    assert client_of(None).get(tied.form).status_code == 302
    assert client_of(tied.writer).get(tied.form).status_code == 200
    assert client_of(tied.writer).get(f"{tied.url}ages/bands/").status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_asks_as_often_whatever_its_size(number, django_assert_max_num_queries):
    tied = Tied()
    for each in range(number):
        tied.below.definition.dimensions.add(DimensionFactory(parts=[f"a{each}", f"b{each}"]))

    with django_assert_max_num_queries(6):
        rows = client_of(None).get(tied.api).json()["results"]
    assert len(rows) == 3 + 2 * number


@pytest.mark.django_db(transaction=True)
def test_of_two_who_map_at_once_the_second_looks_again():
    tied = Tied()
    version = pair_version(tied.pair)

    outcomes = all_at_once(
        lambda: tied.map({"0-9": "young"}, version=version),
        lambda: tied.map({"0-9": "old"}, version=version),
    )

    assert sorted(type(each).__name__ for each in outcomes) == ["StaleEdit", "int"]
    assert len(mappings()) == 1
