"""Exchanges as readers meet them: list, page, board, forms, API; nothing hidden shows."""

import csv
import datetime
import io
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalogue.services import index_rows
from evaluation.models import Attendance, Exchange, Party
from evaluation.services.confirming import confirm_facts
from tests.api_clients import client_of
from tests.evaluation.exchange_world import TwoSides
from tests.factories import evaluation as make
from tests.factories import hubs as make_hubs

pytestmark = pytest.mark.django_db
LIST = "/evaluation/exchanges/"
API = "/api/v1/exchanges/"


@pytest.fixture
def world():
    return TwoSides()


def rows_of(response):
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def statements(client, address):
    with CaptureQueriesContext(connection) as caught:
        assert client.get(address).status_code == 200
    return len(caught)


# The list


@pytest.fixture
def three():
    world = TwoSides(starts_on=datetime.date(2019, 3, 1), is_confirmed=True, sdgs=["2"])
    health = make.ExchangeFactory(
        slug="health",
        title="Saúde",
        sectors=["121"],
        modality="triangular",
        status="completed",
        instruments=["study-tour"],
    )
    make.PartyFactory(exchange=health, hub=world.agency, side="facilitator")
    make.PartyFactory(exchange=health, hub=None, country="MZ", side="provider")
    make.ExchangeFactory(slug="other", title="Other", hub=world.ministry)
    return world


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {"cotton", "health", "other"}),
        ("q=saude", {"health"}),
        ("status=completed", {"health"}),
        ("modality=triangular&modality=regional", {"health"}),
        ("confirmed=yes", {"cotton"}),
        ("confirmed=no", {"health", "other"}),
        ("sector=311", {"cotton"}),
        ("sdg=2", {"cotton"}),
        ("instrument=study-tour", {"health"}),
        ("hub=agency", {"cotton", "health"}),
        ("hub=ministry", {"cotton", "other"}),
        ("party=ministry", {"cotton"}),
        ("party=agency&side=facilitator", {"health"}),
        ("country=MZ", {"cotton", "health"}),
        ("country=MZ&side=seeker", {"cotton"}),
        ("side=facilitator", {"health"}),
        ("year=2019", {"cotton"}),
    ],
)
def test_page_csv_api_and_feed_find_the_same(client, three, query, expected):
    page = client.get(f"{LIST}?{query}")
    rows = rows_of(client.get(f"{LIST}?{query}&export=csv"))
    api = client.get(f"{API}?{query}").json()["results"]
    api_rows = rows_of(client.get(f"{API}?{query}&format=csv"))
    feed = client.get(f"{LIST}?{query}&export=atom").content.decode()

    assert {line["exchange"].slug for line in page.context["lines"]} == expected
    for found in (rows, api, api_rows):
        assert {row["slug"] for row in found} == expected
    assert {slug for slug in ("cotton", "health", "other") if f"/{slug}/" in feed} == expected


@pytest.mark.parametrize(
    "query",
    ["status=XX", "confirmed=perhaps", "sector=0", "hub=nobody", "country=XX", "year=999999999999",
     "side=up", "q=" + "x" * 201],
)  # fmt: skip
def test_a_bad_value_never_widens_the_list(client, three, query):
    assert client.get(f"{LIST}?{query}").context["lines"] == []
    assert client.get(f"{API}?{query}").status_code == 400
    for export in ("csv", "atom"):
        assert client.get(f"{LIST}?{query}&export={export}").status_code == 400


@pytest.mark.parametrize("order", ["starts_on", "-starts_on", "title"])
def test_page_and_api_stand_in_the_same_order(client, three, order):
    Exchange.objects.filter(slug="health").update(starts_on="2021-02-03")

    page = client.get(f"{LIST}?order={order}").context["lines"]
    api = client.get(f"{API}?order={order}").json()["results"]

    dated = [row["slug"] for row in api if row["slug"] != "other" or order == "title"]
    shown = [line["exchange"].slug for line in page]
    assert dated == [slug for slug in shown if slug != "other" or order == "title"]


def test_countries_are_those_of_hubs_organisations_and_countries_once(world):
    fund = make_hubs.OrganisationFactory(country="")
    bank = make_hubs.OrganisationFactory(country="PT")
    for columns in ({"organisation": fund}, {"organisation": bank}, {"country": "MZ"}):
        make.PartyFactory(exchange=world.exchange, hub=None, side="funder", **columns)
    alone = make.ExchangeFactory()

    found = Exchange.objects.with_names().in_bulk()

    assert found[world.exchange.pk].countries == ["BR", "MZ", "PT"]
    assert found[alone.pk].countries == []
    parties = Party.objects.select_related("hub", "organisation")
    assert set().union(*(party.countries for party in parties)) == {"BR", "MZ", "PT"}


def test_the_search_finds_an_exchange_by_the_countries_of_its_parties_hubs(client, world):
    index_rows("exchange", [world.exchange.pk])

    found = client.get("/api/v1/search/?q=cotton&type=exchange&country=MZ").json()["results"]

    assert [row["title"] for row in found] == ["Cotton together"]


@pytest.mark.parametrize("query", ["party=%00", "hub=agency%00", "country=MZ%00", "q=%00"])
def test_a_nul_in_the_address_is_a_bad_request(client, three, query):
    for address in (f"{LIST}?{query}", f"{API}?{query}"):
        for more in ("", "&export=csv", "&format=csv", "&export=atom"):
            assert client.get(f"{address}{more}").status_code == 400


def test_the_dictionary_explains_every_column(client, three):
    explained = {row["column"] for row in rows_of(client.get(f"{LIST}?export=dictionary"))}

    assert explained == set(rows_of(client.get(f"{LIST}?export=csv"))[0])


def test_facets_count_what_each_value_finds(client, three):
    facets = {facet.name: facet for facet in client.get(LIST).context["facets"]}

    counts = {
        name: {option.value: option.count for option in facets[name].options}
        for name in ("country", "confirmed", "status")
    }
    assert counts == {
        "country": {"BR": 2, "MZ": 2},
        "confirmed": {"yes": 1, "no": 2},
        "status": {"planned": 2, "completed": 1},
    }


def test_rows_name_the_sides_and_never_show_not_stated_as_nothing(client, three):
    rows = {row["slug"]: row for row in client.get(API).json()["results"]}

    cotton, health = rows["cotton"], rows["health"]
    assert (cotton["providers"], cotton["seekers"]) == (["Agency"], ["Ministry"])
    assert (health["providers"], health["facilitators"]) == (["MZ"], ["Agency"])
    assert (cotton["countries"], cotton["expert_days"]) == (["BR", "MZ"], "10.00")
    assert (cotton["participations"], health["expert_days"]) == (None, None)
    csv_rows = {row["slug"]: row for row in rows_of(client.get(f"{LIST}?export=csv"))}
    assert csv_rows["health"]["participations"] == ""


@pytest.mark.parametrize("path", [LIST, API, f"{LIST}?export=csv", f"{LIST}cotton/"])
def test_the_same_statements_for_one_and_for_many(client, path):
    world = TwoSides()
    world.attend(total=3)
    client.get(LIST)
    few = statements(client, path)
    for number in range(4):
        more = make.ExchangeFactory(title=f"More {number}")
        for side in ("provider", "seeker"):
            make.PartyFactory(exchange=more, side=side)
            make.PartyFactory(exchange=world.exchange, side=side)
        step = make.StepFactory(exchange=world.exchange)
        Attendance.objects.create(step=step, party=world.seeker, total=number)
        make.ContributionFactory(party=world.provider, kind="seats")

    assert statements(client, path) == few


# Totals


def test_totals_count_confirmed_ones_and_show_the_others_as_their_own_series(world):
    world.attend(total=9, women=4)
    make.ContributionFactory(party=world.provider, money=True, stage="spent")
    make.ContributionFactory(party=world.seeker, money=True, currency="BRL", amount=50)
    other = TwoSidesLike(world)
    Exchange.objects.filter(pk=world.exchange.pk).update(is_confirmed=True)

    totals = Exchange.objects.public().totals()

    confirmed, reported = totals["confirmed"], totals["reported"]
    assert (confirmed["exchanges"], confirmed["participations"]) == (1, 9)
    assert confirmed["expert_days"] == 10
    assert [(m["currency"], m["stage"], m["amount"]) for m in confirmed["money"]] == [
        ("BRL", "", 50),
        ("USD", "spent", 1000),
    ]
    assert (reported["exchanges"], reported["participations"]) == (1, None)
    assert (reported["expert_days"], reported["days_stated"]) == (10, 1)
    assert other.pk != world.exchange.pk


def TwoSidesLike(world):  # noqa: N802 -- reads as a second world
    exchange = make.ExchangeFactory(hub=world.agency)
    party = make.PartyFactory(exchange=exchange, hub=world.agency)
    make.ContributionFactory(party=party)
    return exchange


# The page


def test_the_page_shows_people_by_party_and_what_is_not_stated(client, world):
    world.attend(total=9, women=4)

    page = client.get(world.exchange.get_absolute_url())

    (line,) = page.context["steps"]
    (people,) = line["people"]
    told = (people["total"], people["women"], people["men"], people["not_stated"])
    assert told == ("9", "4", None, "5")
    text = page.content.decode()
    for words in ("Agency", "Ministry", "Reported by one side", "not confirmed yet", "Visit"):
        assert words in text


def test_burden_sharing_values_by_method_only_and_counts_the_rest_beside(client, world):
    method = make.ValuationMethodFactory(rate=300)
    make.ContributionFactory(party=world.provider, quantity=2, valuation=method)
    make.ContributionFactory(party=world.seeker, kind="venue", quantity=3)
    make.ContributionFactory(party=world.seeker, money=True, stage="pledged")
    make.ContributionFactory(party=world.seeker, money=True, stage="spent", amount=400)

    page = client.get(world.exchange.get_absolute_url())

    by_party = {str(share["party"]): share for share in page.context["shares"]}
    agency, ministry = by_party["Agency"], by_party["Ministry"]
    assert (agency["days"], agency["worth"]) == ("12", ["USD 600"])
    assert agency["not_valued"] == ["Expert days: 10"]
    assert (ministry["days"], ministry["others"]) == (None, ["Days of a venue: 3"])
    assert ministry["money"] == ["USD 1,000 Pledged", "USD 400 Spent"]
    assert page.context["chart"].rows == [("Agency", ["12"]), ("Ministry", ["not stated"])]


def test_parties_without_a_hub_are_said_to_be_unable_to_confirm_here(client, world):
    make.PartyFactory(exchange=world.exchange, hub=None, country="TZ", side="seeker")

    page = client.get(world.exchange.get_absolute_url())

    assert [str(party) for party in page.context["outside"]] == ["Tanzania"]


# The board


def test_the_board_says_what_is_late_whose_answer_is_awaited_and_what_overlaps(world):
    day = datetime.date
    Exchange.objects.filter(pk=world.exchange.pk).update(
        status="under-way", starts_on=day(2020, 1, 1), ends_on=day(2020, 2, 1)
    )
    near = make.ExchangeFactory(
        title="Near", sectors=["311"], starts_on=day(2020, 3, 20), status="completed"
    )
    make.PartyFactory(exchange=near, hub=None, country="MZ", side="seeker")
    far = make.ExchangeFactory(title="Far", sectors=["311"], starts_on=day(2020, 5, 1))
    make.PartyFactory(exchange=far, hub=None, country="MZ", side="seeker")
    elsewhere = make.ExchangeFactory(title="Else", sectors=["121"], starts_on=day(2020, 1, 1))
    make.PartyFactory(exchange=elsewhere, hub=None, country="MZ", side="seeker")
    confirm_facts(world.provider, None, expected_version=1, by=world.provider_person)

    board = client_of(world.seeker_person).get(f"{LIST}board/agency/").context

    assert [line["exchange"] for line in board["late"]] == [world.exchange]
    (awaited,) = board["awaited"]
    assert [(str(p["party"]), p["is_mine"]) for p in awaited["parties"]] == [("Ministry", True)]
    (pair,) = board["overlaps"]
    assert (pair["other"], pair["countries"]) == (near, ["Mozambique"])


def test_the_board_needs_the_same_statements_for_few_and_many(client, world):
    few = statements(client, f"{LIST}board/agency/")
    for _ in range(5):
        more = make.ExchangeFactory(hub=world.agency)
        make.PartyFactory(exchange=more, hub=world.agency)
        make.PartyFactory(exchange=more, hub=world.ministry, side="seeker")

    assert statements(client, f"{LIST}board/agency/") == few


# Forms


def test_an_exchange_is_told_from_its_beginning_to_its_confirmation(world):
    teller = client_of(world.provider_person)
    begun = teller.post(
        f"{LIST}add/",
        {"hub": world.agency.pk, "title": "Seeds", "language": "en", "modality": "bilateral",
         "starts_on": "2021-05", "confidentiality": "public"},
    )  # fmt: skip
    assert begun["Location"] == f"{LIST}seeds/edit/"
    parts = (
        ("parties", {"side": "provider", "hub": world.agency.pk}),
        ("parties", {"side": "seeker", "hub": world.ministry.pk}),
        ("steps", {"title": "Training", "starts_on": "2021-05", "ends_on": "2021-06"}),
    )
    for version, (kind, fields) in enumerate(parts, 1):
        added = teller.post(f"{LIST}seeds/{kind}/add/", fields | {"version": version})
        assert added.status_code == 302, added.context["form"].errors
    seeds = Exchange.objects.get(slug="seeds")
    step = seeds.steps.get()
    seeker = seeds.parties.get(side="seeker")
    people = {f"total_{seeker.pk}": 12, f"women_{seeker.pk}": 7, "version": seeds.version}
    assert teller.post(f"{LIST}seeds/steps/{step.pk}/people/", people).status_code == 302
    version = Exchange.objects.get(slug="seeds").version
    teller.post(f"{LIST}seeds/publish/", {"version": version})

    for person, side in ((world.provider_person, "provider"), (world.seeker_person, "seeker")):
        party = seeds.parties.get(side=side)
        version = Exchange.objects.get(slug="seeds").version
        answer = client_of(person).post(
            f"{LIST}seeds/confirm/{party.pk}/", {"version": version, "all": "1"}
        )
        assert answer["Location"] == f"{LIST}seeds/#confirmations"

    seeds.refresh_from_db()
    assert (seeds.is_published, seeds.is_confirmed) == (True, True)
    assert (step.starts_on_precision, str(step.ends_on)) == ("month", "2021-06-30")
    assert "Both sides confirmed" in teller.get(f"{LIST}seeds/").content.decode()


def test_a_difference_is_stated_on_its_page_and_shown_side_by_side(world):
    seeker = client_of(world.seeker_person)
    key = f"contribution:{world.contribution.pk}"
    address = f"{LIST}cotton/confirm/{world.seeker.pk}/{key}/differ/"
    refused = seeker.post(address, {"version": 1, "stated": "8 days", "text": ""})
    assert refused.status_code == 200
    assert 'value="8 days"' in refused.content.decode()

    said = seeker.post(address, {"version": 1, "stated": "8 days", "text": "We counted eight."})

    assert said.status_code == 302
    page = seeker.get(f"{LIST}cotton/")
    (line,) = [each for each in page.context["lines"] if each["key"] == key]
    assert (line["text"], line["is_disputed"]) == ("Agency, Expert days: 10", True)
    (cell,) = [each for each in line["cells"] if each["party"] == world.seeker]
    assert (cell["stated"], cell["note"]) == ("8 days", "We counted eight.")


def test_an_offer_to_differ_is_taken_up_on_the_page(world):
    for side, person in ((world.provider, "provider_person"), (world.seeker, "seeker_person")):
        confirm_facts(side, None, expected_version=1, by=getattr(world, person))
    seeker, teller = client_of(world.seeker_person), client_of(world.provider_person)
    address = f"{LIST}cotton/confirm"
    for verb in ("differ", "agree"):
        words = {"version": 1, "text": "We counted from April."}
        seeker.post(f"{address}/{world.seeker.pk}/starts_on/{verb}/", words)

    page = teller.get(f"{address}/{world.provider.pk}/")
    board = teller.get(f"{LIST}board/agency/").context["awaited"]

    assert (page.context["open"], page.context["can_confirm"]) == (1, False)
    offer = f"{address}/{world.provider.pk}/starts_on/agree/"
    assert re.findall(r'href="([^"]+/agree/)"', page.content.decode()) == [offer]
    (awaited,) = board
    assert [(str(each["party"]), each["open"]) for each in awaited["parties"]] == [("Agency", 1)]
    teller.post(offer, {"version": 1, "text": "So be it."})
    assert Exchange.objects.get().is_confirmed


def test_a_copy_asked_for_twice_from_one_page_is_one(world):
    teller = client_of(world.provider_person)
    sent = {"csrfmiddlewaretoken": "the same"}

    answers = [teller.post(f"{LIST}cotton/copy/", sent)["Location"] for _ in range(2)]

    assert answers == [f"{LIST}copy-of-cotton-together/edit/"] * 2
    assert Exchange.objects.count() == 2


def test_a_refused_form_keeps_what_was_typed(world):
    teller = client_of(world.provider_person)
    sent = {
        "party": world.provider.pk,
        "kind": "money",
        "amount": "12",
        "note": "Fees",
        "version": 1,
    }

    refused = teller.post(f"{LIST}cotton/contributions/add/", sent)

    assert set(refused.context["form"].errors) == {"currency"}
    assert 'value="Fees"' in refused.content.decode()
    assert world.exchange.contributions.count() == 1


def test_both_texts_are_shown_where_two_saved_at_once(world):
    teller = client_of(world.provider_person)
    sent = {"title": "Mine", "language": "en", "modality": "bilateral", "version": 1,
            "confidentiality": "public"}  # fmt: skip
    Exchange.objects.update(title="Theirs", version=2)

    late = teller.post(f"{LIST}cotton/change/", sent)

    assert late.status_code == 409
    assert next((row["mine"], row["saved"]) for row in late.context["conflict"]) == (
        "Mine",
        "Theirs",
    )
    assert Exchange.objects.get(pk=world.exchange.pk).title == "Theirs"


ADDRESSES = (
    "cotton/edit/", "cotton/change/", "cotton/entries/", "cotton/status/", "cotton/withdraw/",
    "cotton/parties/add/", "cotton/steps/add/", "cotton/contributions/add/",
    "cotton/documents/add/", "cotton/parties/{party}/", "cotton/parties/{party}/remove/",
    "cotton/steps/{step}/people/",
)  # fmt: skip


def test_who_opens_the_pages_that_write(world):
    clients = {role: client_of(who) for role, who in world.people().items()}
    allowed = {"me_focal_point", "editor", "head", "moderator"}

    for path in ADDRESSES:
        address = LIST + path.format(party=world.provider.pk, step=world.step.pk)
        found = {role: client.get(address).status_code for role, client in clients.items()}
        assert found == {
            role: 302 if role == "anonymous" else 200 if role in allowed else 403 for role in found
        }, path


@pytest.mark.parametrize(
    "sent",
    [
        {"title": "\0", "modality": "bilateral"},
        {"title": "x", "modality": "nuclear"},
        {"title": "x" * 500, "modality": "bilateral"},
        {"title": "x", "modality": "bilateral", "starts_on": "99999-01"},
        {"title": "x", "modality": "bilateral", "version": "9" * 40},
        {"title": "x", "modality": "bilateral", "sectors": ["0", "\0"]},
    ],
)
def test_bad_input_is_told_and_changes_nothing(world, sent):
    answer = client_of(world.provider_person).post(
        f"{LIST}cotton/change/",
        {"language": "en", "version": 1, "confidentiality": "public"} | sent,
    )

    assert answer.status_code in (200, 400)
    assert Exchange.objects.get(pk=world.exchange.pk).version == 1
