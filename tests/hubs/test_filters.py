"""What lists of hubs, organisations and networks can be asked for, in every format."""

import csv
import datetime
import io
from xml.etree import ElementTree as ET

import pytest

from tests.factories import hubs as make

pytestmark = pytest.mark.django_db
ATOM = {"a": "http://www.w3.org/2005/Atom"}
LISTS = ["/hubs/", "/hubs/organisations/", "/hubs/networks/"]
API = {path: path.replace("/hubs/", "/api/v1/", 1) for path in LISTS[1:]} | {
    "/hubs/": "/api/v1/hubs/"
}


def rows_of_csv(response):
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def counts(client, query, facet):
    facets = client.get(f"/hubs/{query}").context["facets"]
    return {o.value: o.count for each in facets if each.name == facet for o in each.options}


def slugs(client, query):
    return [line["hub"].slug for line in client.get(f"/hubs/{query}").context["hubs"]]


@pytest.fixture
def around():
    make.OrganisationFactory(slug="bank", name="Bank", kind="multilateral", country="US")
    make.OrganisationFactory(slug="board", name="Bóard", kind="ministry", country="BR")
    make.OrganisationFactory(slug="office", name="Office", kind="ministry", country="GH")
    make.NetworkFactory(slug="budget", name="Budget officials")
    make.NetworkFactory(slug="seed", name="Seed banks")


@pytest.mark.parametrize("format_of", ["page", "csv", "api"])
@pytest.mark.parametrize(
    ("path", "query", "expected"),
    [
        ("/hubs/organisations/", "?q=board", ["board"]),
        ("/hubs/organisations/", "?kind=ministry", ["board", "office"]),
        ("/hubs/organisations/", "?kind=ministry&country=GH", ["office"]),
        ("/hubs/organisations/", "?country=GH&country=US&order=-name", ["office", "bank"]),
        ("/hubs/networks/", "?q=bank", ["seed"]),
        ("/hubs/networks/", "?order=-name", ["seed", "budget"]),
    ],
)
def test_lists_around_hubs_are_the_same_in_every_format(
    client, around, path, query, expected, format_of
):
    if format_of == "page":
        found = [thing.slug for thing in client.get(path + query).context["page_obj"]]
    elif format_of == "csv":
        found = [row["slug"] for row in rows_of_csv(client.get(f"{path}{query}&export=csv"))]
    else:
        found = [row["slug"] for row in client.get(API[path] + query).json()["results"]]

    assert found == expected


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/hubs/organisations/", "?kind=castle"),
        ("/hubs/organisations/", "?country=XX"),
        ("/hubs/organisations/", "?q=" + "x" * 10_000),
        ("/hubs/networks/", "?q=" + "x" * 10_000),
        ("/hubs/", "?q=" + "x" * 10_000),
    ],
)
def test_a_bad_filter_never_widens_a_list(client, around, path, query):
    make.HubFactory()
    page = client.get(path + query)

    assert page.status_code == 200
    assert list(page.context["page_obj"]) == []
    assert "Error:" in page.content.decode()
    assert client.get(f"{path}{query}&export=csv").status_code == 400
    assert client.get(API[path] + query).status_code == 400


@pytest.mark.parametrize("path", ["/hubs/", "/hubs/organisations/"])
def test_a_bad_filter_never_widens_a_feed(client, path):
    assert client.get(f"{path}?country=XX&export=atom").status_code == 400


@pytest.mark.parametrize(("path", "number"), [(LISTS[0], 5), (LISTS[1], 5), (LISTS[2], 4)])
@pytest.mark.parametrize("rows", [1, 30])
def test_lists_need_the_same_queries_for_one_row_and_for_many(
    client, django_assert_num_queries, path, number, rows
):
    for hub in make.HubFactory.create_batch(rows):
        make.NetworkMembershipFactory(hub=hub)
        make.CoordinationLinkFactory(hub=hub)

    with django_assert_num_queries(number):
        client.get(path)


def test_what_was_chosen_stays_ticked_beside_a_value_that_is_refused(client):
    make.HubFactory(level="national")

    response = client.get("/hubs/?level=national&country=XX")
    level = next(facet for facet in response.context["facets"] if facet.name == "level")

    assert [(o.value, o.is_selected) for o in level.options] == [("national", True)]
    assert [(chip.value, chip.without) for chip in response.context["chips"]] == [
        ("XX", "?level=national"),
        ("National", "?country=XX"),
    ]


def test_facets_find_as_many_hubs_as_they_promise(client):
    network = make.NetworkFactory(slug="net")
    for number, level in enumerate(["national", "national", "global"]):
        hub = make.HubFactory(level=level, countries=[["BR"], ["GH", "BR"], []][number])
        make.FundingStreamFactory(hub=hub, source_type=["foundation", "private", "private"][number])
        if number:
            make.NetworkMembershipFactory(network=network, hub=hub)

    for facet in client.get("/hubs/").context["facets"]:
        for option in facet.options:
            assert len(slugs(client, f"?{facet.name}={option.value}")) == option.count


def test_a_facet_counts_facts_that_hold_today_and_that_the_reader_may_see(client):
    hub = make.HubFactory()
    today = datetime.date.today()  # noqa: DTZ011 -- the tests run in the portal's zone
    make.FundingStreamFactory(hub=hub, source_type="private", confidentiality="members")
    make.FundingStreamFactory(hub=hub, source_type="foundation", draft=True)
    make.FundingStreamFactory(
        hub=hub, source_type="bilateral", valid_from=today + datetime.timedelta(days=9)
    )
    make.FundingStreamFactory(hub=hub, source_type="state-budget", valid_to=today)

    assert counts(client, "", "funding") == {"state-budget": 1}
    client.force_login(make.MembershipFactory(hub=hub).member)
    assert counts(client, "", "funding") == {"state-budget": 1, "private": 1, "foundation": 1}


def test_a_hub_that_left_a_network_or_is_yet_to_join_is_not_in_it(client):
    network = make.NetworkFactory(slug="net")
    today = datetime.date.today()  # noqa: DTZ011 -- the tests run in the portal's zone
    day = datetime.timedelta(days=1)
    for slug, joined, left in (
        ("left", None, today - day),
        ("late", today + day, None),
        ("last", None, today),
        ("open", today, None),
    ):
        make.NetworkMembershipFactory(
            network=network,
            hub=make.HubFactory(slug=slug, name=slug),
            joined_on=joined,
            left_on=left,
        )

    assert slugs(client, "?network=net") == ["last", "open"]
    assert counts(client, "", "network") == {"net": 2}


def test_verified_takes_both_values(client):
    by = make.MembershipFactory().member
    make.HubFactory(slug="checked", verified_on=datetime.date(2026, 1, 1), verified_by=by)
    make.HubFactory(slug="new")

    assert slugs(client, "?verified=yes") == ["checked"]
    assert "checked" not in slugs(client, "?verified=no")
    assert {"checked", "new"} <= set(slugs(client, "?verified=yes&verified=no"))


def test_the_feed_has_the_same_hubs_newest_change_first(client):
    first = make.HubFactory(name="First", level="global", summary="What it is.")
    make.HubFactory(name="Second", level="global")
    make.HubFactory(name="Other", level="national")
    make.HubFactory(name="Hidden", level="global", unpublished=True)
    first.save()

    response = client.get("/hubs/?level=global&export=atom")
    feed = ET.fromstring(response.content)  # noqa: S314 -- the portal's own answer

    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert [e.findtext("a:title", None, ATOM) for e in feed.findall("a:entry", ATOM)] == [
        "First",
        "Second",
    ]


@pytest.mark.parametrize("path", LISTS)
def test_the_dictionary_explains_each_column(client, around, path):
    meanings = rows_of_csv(client.get(f"{path}?export=dictionary"))
    make.HubFactory()
    columns = list(rows_of_csv(client.get(f"{path}?export=csv"))[0])

    assert [row["column"] for row in meanings] == columns
    assert all(row["meaning"] for row in meanings)


def test_htmx_gets_results_and_counts_and_a_restored_page_the_whole(client):
    make.HubFactory()

    fragment = client.get("/hubs/", headers={"HX-Request": "true"}).content.decode()
    restored = client.get(
        "/hubs/", headers={"HX-Request": "true", "HX-History-Restore-Request": "true"}
    ).content.decode()

    assert "<html" not in fragment
    assert fragment.count('id="results"') == 1
    assert '<div id="facets" hx-swap-oob="true">' in fragment
    assert "<html" in restored
    assert "hx-swap-oob" not in restored


def test_pages_of_a_long_list_hold_each_hub_once(client):
    made = {hub.slug for hub in make.HubFactory.create_batch(30)}

    first, second = slugs(client, ""), slugs(client, "?page=2")

    assert (len(first), len(second)) == (25, 5)
    assert set(first) | set(second) == made
    assert slugs(client, "?page=99") == second
    assert slugs(client, "?page=x") == first
