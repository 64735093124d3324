"""Exchanges as readers meet them: list, page, board, forms, API; nothing hidden shows."""

import csv
import datetime
import io
import re

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalogue.services import index_rows
from evaluation.models import Attendance, Confirmation, Evidence, Exchange, Party, Update
from evaluation.services.confirming import confirm_facts
from evaluation.services.evidence import withdraw_evidence
from tests.api_clients import client_of
from tests.evaluation.exchange_world import TwoSides
from tests.factories import catalogue as make_catalogue
from tests.factories import evaluation as make
from tests.factories import hubs as make_hubs
from tests.factories.accounts import MemberFactory

pytestmark = pytest.mark.django_db
LIST = "/evaluation/exchanges/"
API = "/api/v1/exchanges/"
# What differs from one answer to the next, whoever asks.
PASSING = re.compile(rb'name="csrfmiddlewaretoken" value="\w+"|"X-CSRFToken": ?"\w+"')


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


# Confidential exchanges and drafts


@pytest.mark.parametrize("columns", [{"confidentiality": "parties"}, {"is_published": False}])
def test_what_is_hidden_changes_not_one_byte_for_outsiders(columns):
    agency = make_hubs.HubFactory(slug="place", name="Place", countries=["BR"])
    shown = make.ExchangeFactory(hub=agency, title="Shown", starts_on="2020-01-01")
    stranger = make_hubs.MembershipFactory(head=True).member
    addresses = (
        LIST,
        f"{LIST}?q=cotton",
        f"{LIST}?export=csv",
        f"{LIST}?export=atom",
        f"{LIST}board/place/",
        shown.get_absolute_url(),
        API,
        f"{API}?count=true",
        f"{API}?format=csv",
        "/hubs/place/",
        "/search/?q=cotton",
    )
    clients = [client_of(None), client_of(stranger)]

    def answers():
        return [PASSING.sub(b"", body(each.get(at))) for each in clients for at in addresses]

    before = answers()
    secret = make.ExchangeFactory(
        hub=agency, title="Cotton secret", slug="secret", sectors=["311"], **columns
    )
    provider = make.PartyFactory(exchange=secret, hub=agency)
    make.ContributionFactory(party=provider)

    assert answers() == before
    for each in clients:
        assert each.get(secret.get_absolute_url()).status_code == 404
        assert each.get(f"{API}secret/").status_code == 404
        assert each.get(f"{API}secret/confirmations/").status_code == 404
        assert each.get(f"{API}secret/parties/").status_code == 404


def body(response):
    return b"".join(response.streaming_content) if response.streaming else response.content


def test_who_sees_drafts_and_confidential_ones(world):
    people = world.people()

    def seen(**columns):
        Exchange.objects.update(**columns)
        return {
            role
            for role, person in people.items()
            if client_of(person).get(f"{API}cotton/").status_code == 200
        }

    own = {"correspondent", "me_focal_point", "editor", "head"}
    assert seen() == set(people)
    assert seen(is_published=False) == own | {"moderator"}
    assert seen(is_published=True, confidentiality="parties") == own | {"seeker"}


def test_an_exchange_with_a_hub_that_is_not_public_any_more_is_not_shown(client, world):
    type(world.ministry).objects.filter(pk=world.ministry.pk).update(is_published=False)

    assert client.get(world.exchange.get_absolute_url()).status_code == 404
    assert "Cotton together" not in client.get(LIST).content.decode()


def test_confidential_documents_are_nobodys_but_the_hubs(world):
    paper = Evidence.objects.create(
        exchange=world.exchange,
        kind="document",
        title="Secret paper",
        text="x",
        is_confidential=True,
    )
    address = world.exchange.get_absolute_url()

    assert "Secret paper" in client_of(world.provider_person).get(address).content.decode()
    for person in (None, MemberFactory(), MemberFactory(moderator=True)):
        assert "Secret paper" not in client_of(person).get(address).content.decode()
        assert client_of(person).get(paper.get_absolute_url()).status_code == 404


def test_of_a_confidential_exchange_the_parties_hubs_see_documents_that_are_not(world):
    Exchange.objects.update(confidentiality="parties")
    columns = {"exchange": world.exchange, "kind": "testimony", "text": "x"}
    shared = Evidence.objects.create(title="Shared", **columns)
    own = Evidence.objects.create(title="Own", is_confidential=True, **columns)

    seen = {
        role: set(Evidence.objects.visible_to(person or AnonymousUser()))
        for role, person in world.people().items()
    }

    telling = {"correspondent", "me_focal_point", "editor", "head"}
    assert {role for role, found in seen.items() if shared in found} == {*telling, "seeker"}
    assert {role for role, found in seen.items() if own in found} == telling


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("draft", set()),
        ("submitted", {"moderator"}),
        ("approved", {"moderator"}),
    ],
)
def test_evidence_of_a_report_is_seen_by_who_may_see_the_report(world, state, expected):
    hidden = make_hubs.HubFactory(is_published=False)
    framework = make.FrameworkFactory(layer="community", hub=None)
    update = make.UpdateFactory(
        indicator__result__framework=framework, hub=hidden, **({state: True} if expected else {})
    )
    paper = Evidence.objects.create(update=update, kind="testimony", title="Paper", text="x")
    own = make_hubs.MembershipFactory(hub=hidden).member
    people = {**world.people(), "own": own}

    def seeing(things, thing):
        return {
            role
            for role, who in people.items()
            if things.visible_to(who or AnonymousUser()).contains(thing)
        }

    assert seeing(Evidence.objects, paper) == {*expected, "own"}
    assert seeing(Update.objects, update) == {*expected, "own"}


def test_nobody_withdraws_or_hears_of_a_document_that_is_not_theirs(world):
    columns = {"exchange": world.exchange, "kind": "testimony", "text": "x"}
    shared = Evidence.objects.create(title="Shared", **columns)
    own = Evidence.objects.create(title="Own", is_confidential=True, **columns)
    people = {"writer": world.provider_person, "moderator": MemberFactory(moderator=True)}

    statuses = {
        (role, paper.title): client_of(person)
        .get(f"{LIST}cotton/documents/{paper.pk}/withdraw/")
        .status_code
        for role, person in people.items()
        for paper in (shared, own)
    }

    assert statuses == {
        ("writer", "Shared"): 200,
        ("writer", "Own"): 200,
        ("moderator", "Shared"): 403,
        ("moderator", "Own"): 404,
    }


def test_a_withdrawn_document_is_not_handed_out_any_more(world):
    paper = Evidence.objects.create(exchange=world.exchange, kind="testimony", title="P", text="x")
    address = paper.get_absolute_url()
    assert client_of(None).get(address).status_code == 302

    withdraw_evidence(paper, reason="Names a child.", by=world.provider_person)

    statuses = {
        role: client_of(person).get(address).status_code for role, person in world.people().items()
    }
    own = {"correspondent", "me_focal_point", "editor", "head"}
    assert statuses == {role: 302 if role in own else 404 for role in statuses}


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


@pytest.mark.parametrize("address", ADDRESSES)
def test_who_opens_the_pages_that_write(world, address):
    address = LIST + address.format(party=world.provider.pk, step=world.step.pk)

    found = {role: client_of(who).get(address).status_code for role, who in world.people().items()}

    allowed = {"me_focal_point", "editor", "head", "moderator"}
    assert found == {
        role: 302 if role == "anonymous" else 200 if role in allowed else 403 for role in found
    }


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


# The API


def send(client, method, address, data=None, **headers):
    return getattr(client, method)(
        address, data, content_type="application/json", headers={"If-Match": "*"} | headers
    )


def test_an_exchange_is_written_by_a_program(world):
    teller = client_of(world.provider_person)
    new = {"hub": "agency", "title": "Seeds", "modality": "triangular", "starts_on": "2021-05"}

    made = send(teller, "post", API, new)
    assert (made.status_code, made.json()["starts_on"]) == (201, "2021-05")
    at = made.json()["api_url"]
    party = send(teller, "post", f"{at}parties/", {"side": "provider", "hub": "agency"})
    assert (party.status_code, party.json()["name"]) == (201, "Agency"), party.json()
    days = {"party": party.json()["id"], "kind": "expert-days", "quantity": "12.5"}
    given = send(teller, "post", f"{at}contributions/", days)
    assert (given.status_code, given.json()["quantity"]) == (201, "12.50"), given.json()
    step = send(teller, "post", f"{at}steps/", {"title": "Visit", "starts_on": "2021-06"})
    crowd = {"people": [{"party": party.json()["id"], "total": 4, "women": 1}]}
    people = send(teller, "post", f"{at}steps/{step.json()['id']}/people/", crowd)
    assert people.json()["people"][0]["total"] == 4, people.json()
    changed = send(teller, "patch", at, {"ends_on": "2022", "sectors": ["311"]})
    assert (changed.json()["ends_on"], changed.json()["starts_on"]) == ("2022", "2021-05")
    moved = send(teller, "post", f"{at}move/", {"status": "agreed"})
    assert moved.json()["status"] == "agreed"
    refused = send(teller, "post", f"{at}move/", {"status": "planned"})
    assert refused.status_code == 409
    copy = send(teller, "post", f"{at}copy/")
    assert (copy.status_code, copy.json()["contributions"]) == (201, [])
    assert teller.get(at).json()["version"] == 7


def test_sides_confirm_through_the_api(world):
    for person, party in (
        (world.provider_person, world.provider),
        (world.seeker_person, world.seeker),
    ):
        word = {"party": party.pk, "state": "confirmed"}
        answer = send(client_of(person), "post", f"{API}cotton/confirmations/", word)
        assert answer.status_code == 200, answer.json()

    told = client_of(None).get(f"{API}cotton/").json()
    assert told["is_confirmed"]
    facts = client_of(None).get(f"{API}cotton/confirmations/").json()["results"]
    assert {fact["state"] for fact in facts} == {"confirmed"}


def test_writes_need_the_version_that_was_read(world):
    teller = client_of(world.provider_person)

    for version, status in (('"7"', 412), ('"1"', 200)):
        answer = send(teller, "patch", f"{API}cotton/", {"title": "A"}, **{"If-Match": version})
        assert answer.status_code == status


def test_who_writes_through_the_api(world):
    def statuses(method, address, data):
        return {
            role: send(client_of(person), method, f"{API}cotton/{address}", data).status_code
            for role, person in world.people().items()
        }

    allowed = {"me_focal_point", "editor", "head", "moderator"}
    for method, address, data in (
        ("patch", "", {"title": "A"}),
        ("post", "steps/", {"title": "S"}),
        ("patch", f"parties/{world.provider.pk}/", {"note": "N"}),
    ):
        found = statuses(method, address, data)
        good = 201 if method == "post" else 200
        assert found == {
            role: 401 if role == "anonymous" else good if role in allowed else 403 for role in found
        }, (method, address)


@pytest.mark.parametrize(
    ("address", "data"),
    [
        ("parties/", {"side": "up"}),
        ("parties/", {"side": "funder"}),
        ("parties/", {"side": "funder", "hub": "agency", "country": "XX"}),
        ("steps/", {"title": "\0"}),
        ("steps/", {"title": "x", "starts_on": "2021-13"}),
        ("contributions/", {"kind": "seats", "party": 10**30, "quantity": "1"}),
        ("contributions/", {"kind": "seats", "party": 1, "quantity": "NaN"}),
        ("contributions/", {"kind": "seats", "party": 1, "quantity": "1e400"}),
        ("confirmations/", {"party": 10**30, "state": "confirmed"}),
        ("confirmations/", {"party": 1, "state": "confirmed"}),
        ("confirmations/", {"party": 1, "state": "differs", "text": "x"}),
        ("steps/{step}/people/", {"people": [{"party": 10**9, "total": 1}]}),
        ("move/", {"status": "flying"}),
    ],
)
def test_bad_bodies_are_told(world, address, data):
    address = f"{API}cotton/{address.format(step=world.step.pk)}"
    answer = send(client_of(world.provider_person), "post", address, data)

    assert answer.status_code == 400, answer.json()
    assert not Confirmation.objects.exists()
    assert Party.objects.count() == 2


def test_what_a_body_lacks_is_said_in_words(world):
    teller = client_of(world.provider_person)
    word = {"party": world.provider.pk, "state": "differs", "text": "x"}
    said = send(teller, "post", f"{API}cotton/confirmations/", word)
    many = {"entries": [f"entry-{number}" for number in range(51)]}
    tied = send(teller, "put", f"{API}cotton/entries/", many)
    none = send(teller, "put", f"{API}cotton/entries/", {"entries": ["nothing"]})

    assert [answer.json()["errors"] for answer in (said, tied, none)] == [
        {"facts": ["Name exactly one fact."]},
        {"entries": ["These are very many entries. Name fewer."]},
        {"entries": ["There is no published entry at: nothing."]},
    ]


def test_entries_are_tied_with_one_look_however_many(world):
    teller = client_of(world.provider_person)
    slugs = [make_catalogue.EntryFactory(published=True).slug for _ in range(6)]

    def statements_for(names):
        with CaptureQueriesContext(connection) as caught:
            answer = send(teller, "put", f"{API}cotton/entries/", {"entries": names})
        assert (answer.status_code, answer.json()["entries"]) == (200, sorted(names))
        return len(caught)

    statements_for(slugs[:1])
    assert statements_for(slugs[1:2]) == statements_for(slugs[2:])


def test_a_method_is_written_by_the_name_by_which_it_is_read(world):
    method = make.ValuationMethodFactory(code="fee", number=2)
    teller = client_of(world.provider_person)
    address = f"{API}cotton/contributions/{world.contribution.pk}/"

    saved = send(teller, "patch", address, {"valuation": "fee/2"})
    wrong = [
        send(teller, "patch", address, {"valuation": name}).status_code
        for name in ("fee/1", "fee", "fee/x", "/", "fee\0/2", "fee/" + "9" * 40, 7, [], {})
    ]

    assert (saved.status_code, saved.json()["valuation"]) == (200, "fee/2"), saved.json()
    assert wrong == [400] * 9
    assert world.exchange.contributions.get().valuation == method
    cleared = send(teller, "patch", address, {"valuation": None})
    assert cleared.json()["valuation"] is None


def test_a_party_of_a_hidden_exchange_is_answered_as_if_it_was_not_there(world):
    secret = make.PartyFactory(exchange__confidentiality="parties")
    teller = client_of(world.provider_person)

    def answer_to(pk):
        body = {"kind": "seats", "party": pk, "quantity": "1"}
        answer = send(teller, "post", f"{API}cotton/contributions/", body)
        assert answer.status_code == 400
        return answer.content.replace(str(pk).encode(), b"")

    assert answer_to(secret.pk) == answer_to(secret.pk + 1_000)
