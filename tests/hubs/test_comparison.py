"""Hubs side by side: what differs, where it is from, the same in every format."""

import csv
import datetime
import io

import pytest

from hubs.comparison import COLUMNS, compare
from hubs.models import Hub
from hubs.profile import profiles_of
from tests.factories import hubs as make
from tests.factories.accounts import MemberFactory

pytestmark = pytest.mark.django_db
DAY = datetime.date(2020, 6, 1)


def row_of(slug, *hubs, user=None):
    user = user or MemberFactory.build()
    comparison = compare(profiles_of(hubs, user=user, as_of=DAY), as_of=DAY)
    return next(row for row in comparison.rows if row.slug == slug)


def expertise(hub, *kinds, **options):
    for kind in kinds:
        make.ExpertiseSourceFactory(hub=hub, kind=kind, stated_on=DAY, **options)


def marks(row):
    return [{value.text: value.differs for value in cell} for cell in row.cells]


def test_what_not_every_hub_has_is_marked():
    first, second = make.HubFactory.create_batch(2)
    expertise(first, "public", "academia")
    expertise(second, "public")

    row = row_of("expertise-sources", first, second)

    assert row.differs
    assert marks(row) == [{"Public sector": False, "Academia": True}, {"Public sector": False}]


def test_what_all_hubs_have_is_not_marked():
    hubs = make.HubFactory.create_batch(3)
    for hub in hubs:
        expertise(hub, "public")

    row = row_of("expertise-sources", *hubs)

    assert not row.differs
    assert marks(row) == [{"Public sector": False}] * 3


def test_not_stated_is_not_a_difference():
    first, second, third = make.HubFactory.create_batch(3)
    expertise(first, "public")
    expertise(second, "public")

    row = row_of("expertise-sources", first, second, third)

    assert not row.differs
    assert row.cells[2] == []


def test_a_single_hub_differs_from_nobody():
    hub = make.HubFactory()
    expertise(hub, "public")

    assert not row_of("expertise-sources", hub).differs


def test_facts_are_those_of_the_day():
    hub = make.HubFactory()
    expertise(hub, "public", valid_from=DAY, valid_to=DAY)
    expertise(hub, "academia", valid_from=DAY + datetime.timedelta(days=1))
    expertise(hub, "private", valid_to=DAY - datetime.timedelta(days=1))

    assert marks(row_of("expertise-sources", hub)) == [{"Public sector": False}]


def test_confidential_funding_stays_out_for_strangers():
    hub = make.HubFactory()
    make.FundingStreamFactory(hub=hub, source_type="private", confidentiality="hub", stated_on=DAY)
    editor = make.MembershipFactory(hub=hub).member

    assert row_of("funding-streams", hub, user=MemberFactory()).cells == [[]]
    assert len(row_of("funding-streams", hub, user=editor).cells[0]) == 1


@pytest.mark.parametrize("root", ["/hubs/compare/?export=json&", "/api/v1/hubs/compare/?"])
def test_page_csv_and_json_hold_the_same(client, root):
    source = make.SourceFactory()
    hubs = [make.HubFactory(slug=slug, countries=["BR"]) for slug in ("a", "b")]
    for hub in hubs:
        for factory in make.FACT_FACTORIES:
            factory(hub=hub, sources=[source], stated_on=DAY)
    query = f"hub=b&hub=a&as_of={DAY}"

    page = client.get(f"/hubs/compare/?{query}").context["comparison"]
    data = client.get(root + query).json()["results"]
    stream = client.get(f"/hubs/compare/?{query}&export=csv").streaming_content
    table = list(csv.DictReader(io.StringIO(b"".join(stream).decode("utf-8-sig"))))

    assert [profile.hub.slug for profile in page.profiles] == ["b", "a"]
    shown = [
        (profile.hub.slug, row.slug, value.text, value.differs)
        for row in page.rows
        for profile, cell in zip(page.profiles, row.cells, strict=True)
        for value in cell
    ]
    stated = [row for row in data if row["value"]]
    assert shown == [(r["hub"], r["dimension"], r["value"], r["differs"]) for r in stated]
    assert [
        (r["hub"], r["dimension"], r["value"], r["differs"] == "true", r["when"]) for r in table
    ] == [(r["hub"], r["dimension"], r["value"], r["differs"], r["when"]) for r in data]
    assert tuple(table[0]) == COLUMNS


@pytest.mark.parametrize("day", ["2012-02-30", "31.12.2012", "x" * 10_000, "0000"])
def test_an_impossible_day_is_named_at_its_field(client, day):
    hub = make.HubFactory()

    response = client.get(f"/hubs/compare/?hub={hub.slug}&as_of={day}")

    assert response.status_code == 400
    assert response.context["form"].errors.keys() == {"as_of"}
    assert response.content.decode().count("checked") == 1
    assert client.get(f"/hubs/compare/?hub={hub.slug}&as_of={day}&export=csv").status_code == 400


def test_an_unknown_hub_and_a_hidden_one_get_the_same_words(client):
    hidden = make.HubFactory(unpublished=True)

    def words(slug):
        form = client.get(f"/hubs/compare/?hub={slug}").context["form"]
        return form.errors["hub"][0].replace(slug, "…")

    assert words("nothing") == words(hidden.slug)


@pytest.mark.parametrize("number", [1, 6])
@pytest.mark.parametrize("signed_in", [False, True])
def test_comparison_needs_the_same_queries_for_one_hub_and_six(
    client, django_assert_num_queries, number, signed_in
):
    hubs = make.HubFactory.create_batch(8)
    for hub in Hub.objects.all():
        for factory in make.FACT_FACTORIES:
            factory(hub=hub, sources=[make.SourceFactory()])
    if signed_in:
        client.force_login(make.MembershipFactory(hub=hubs[0]).member)
        client.get("/hubs/compare/")
    query = "&".join(f"hub={hub.slug}" for hub in hubs[:number])

    # the choices, the hubs, one for each of seven kinds of facts; the member and the bell
    with django_assert_num_queries(11 if signed_in else 10):
        client.get(f"/hubs/compare/?{query}")
