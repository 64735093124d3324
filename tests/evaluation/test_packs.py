"""A report pack is the same for the same moment, and counts what it may not name."""

import csv
import datetime
import io
import zipfile

import pytest
from django.utils import timezone

from accounts.models import Member
from core.api.responses import iso
from evaluation.models import Exchange, ImpactStory, Update
from evaluation.packs.content import Scope, gather
from evaluation.packs.meanings import FILES
from evaluation.services.outbox import request_recalculation
from evaluation.services.recalculating import recalculate_due
from tests.api_clients import client_of
from tests.factories.accounts import MemberFactory
from tests.factories.evaluation import (
    ContributionFactory,
    ExchangeFactory,
    FrameworkFactory,
    IndicatorFactory,
    PartyFactory,
    PeriodFactory,
    ResultFactory,
    UpdateFactory,
)
from tests.factories.evaluation_stories import StoryFactory
from tests.factories.hubs import HubFactory, MembershipFactory

pytestmark = pytest.mark.django_db

DAY = datetime.date(2020, 2, 1)
MONEY = {"money": True, "stage": "committed"}
ZIP = "/evaluation/packs/agency/zip/"
PAGE = "/evaluation/packs/agency/"
API = "/api/v1/packs/agency/"


@pytest.fixture
def hub():
    return HubFactory(slug="agency")


def an_exchange(hub, **columns):
    exchange = ExchangeFactory(hub=hub, **({"starts_on": DAY, "ends_on": DAY} | columns))
    party = PartyFactory(exchange=exchange, hub=hub)
    ContributionFactory(party=party, **MONEY)
    return exchange


def a_figure(hub, value=5):
    """Return the update behind the one figure of a framework of the hub in 2020."""
    framework = FrameworkFactory(hub=hub)
    indicator = IndicatorFactory(result=ResultFactory(framework=framework))
    period = PeriodFactory(framework=framework)
    update = UpdateFactory(indicator=indicator, period=period, value=value, approved=True)
    compute(indicator)
    return update


def compute(indicator):
    request_recalculation([indicator.pk])
    recalculate_due()


def files_of(client, query, status=200):
    response = client.get(f"{ZIP}?{query}")
    assert response.status_code == status
    content = b"".join(response.streaming_content)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return content, {name: archive.read(name).decode() for name in archive.namelist()}


def table(text):
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def as_of(moment):
    return f"year=2020&as_of={iso(moment)}"


def test_a_past_pack_is_rebuilt_to_the_byte(client, hub):
    """Rule 12: what was published then."""
    exchange = an_exchange(hub, title="Before")
    update = a_figure(hub, value=5)
    moment = timezone.now()
    before, files = files_of(client, as_of(moment))

    exchange.title, exchange.status = "After", "completed"
    exchange.save()
    indicator = update.indicator
    indicator.result.title = "Another result"
    indicator.result.save()
    indicator.baseline_value = 3
    indicator.save()
    exchange.contributions.get().delete()
    an_exchange(hub, title="Later")
    Update.objects.filter(pk=update.pk).update(state="superseded", ended_at=timezone.now())
    UpdateFactory(
        indicator=update.indicator, period=update.period, value=9, approved=True, supersedes=update
    )
    compute(update.indicator)

    after, _files = files_of(client, as_of(moment))
    assert after == before
    now = files_of(client, as_of(timezone.now()))[1]
    assert [row["title"] for row in table(files["exchanges.csv"])] == ["Before"]
    assert {row["title"] for row in table(now["exchanges.csv"])} == {"After", "Later"}
    assert {row["actual"] for row in table(files["figures.csv"])} == {"5"}
    assert {row["actual"] for row in table(now["figures.csv"])} == {"9"}
    assert [row["value"] for row in table(files["updates.csv"])] == ["5.000000"]
    assert [row["value"] for row in table(now["updates.csv"])] == ["9.000000"]


def test_the_archive_holds_every_table_and_what_its_columns_mean(client, hub):
    an_exchange(hub)
    a_figure(hub)

    _content, files = files_of(client, "year=2020")

    assert list(files) == ["README.txt", *FILES, "dictionary.csv"]
    dictionary = {(row["file"], row["column"]): row["meaning"] for row in
                  table(files["dictionary.csv"])}  # fmt: skip
    for name, columns in FILES.items():
        header = next(csv.reader(io.StringIO(files[name].removeprefix("\ufeff"))))
        assert header == list(columns)
        for column in header:
            assert dictionary[name, column]
    for row in table(files["figures.csv"]):
        assert client.get(row["explain_url"]).status_code == 200


def test_confidential_exchanges_are_counted_and_not_named(client, hub):
    an_exchange(hub, title="Open one")
    an_exchange(hub, title="Secret one", confidentiality="parties")
    an_exchange(hub, title="Secret draft", is_published=False)

    _content, files = files_of(client, "year=2020")
    page = client.get(f"{PAGE}?year=2020").content.decode()
    answer = client.get(f"{API}?year=2020").json()

    assert [row["title"] for row in answer["tables"]["exchanges"]] == ["Open one"]
    assert answer["unnamed_exchanges"] == 1
    assert "Secret" not in page + str(files) + str(answer)


def test_what_became_confidential_is_not_named_in_a_past_pack_either(client, hub):
    exchange = an_exchange(hub, title="Open then")
    moment = timezone.now()
    exchange.confidentiality = "parties"
    exchange.save()

    answer = client.get(f"{API}?{as_of(moment)}").json()

    assert answer["tables"]["exchanges"] == []
    assert answer["unnamed_exchanges"] == 1


def test_stories_of_what_may_not_be_named_are_counted(client, hub):
    for number, confidentiality in enumerate(("public", "parties")):
        exchange = an_exchange(hub, confidentiality=confidentiality)
        StoryFactory(exchange=exchange, title=f"Story {number}", published=True)

    answer = client.get(f"{API}?year=2020").json()

    assert [row["title"] for row in answer["tables"]["stories"]] == ["Story 0"]
    assert answer["unnamed_stories"] == 1


def test_a_hub_that_was_party_then_and_is_hidden_now_is_not_named(client, hub):
    exchange = an_exchange(hub, title="With a hidden hub")
    gone = PartyFactory(exchange=exchange, hub=HubFactory(name="Hidden agency"), side="seeker")
    moment = timezone.now()
    gone.delete()
    gone.hub.is_published = False
    gone.hub.save()
    me = MembershipFactory(hub=hub, role="head").member

    answer = client.get(f"{API}?{as_of(moment)}").json()
    internal = client_of(me).get(f"{API}?{as_of(moment)}&internal=true").json()

    assert "idden" not in str(answer)
    assert answer["unnamed_exchanges"] == 1
    assert [row["seekers"] for row in internal["tables"]["exchanges"]] == [["Hidden agency"]]


def test_who_says_that_it_is_not_internal_asks_for_nothing_confidential(client, hub):
    an_exchange(hub)

    for url in (PAGE, ZIP, API):
        assert client.get(f"{url}?year=2020&internal=false").status_code == 200


WHO = {
    "anonymous": (403, 403),
    "member": (403, 403),
    "stranger": (403, 403),
    "moderator": (403, 403),
    "correspondent": (200, 200),
    "me_focal_point": (200, 200),
    "editor": (200, 200),
    "head": (200, 200),
}


def a_person(who, hub):
    if who == "anonymous":
        return None
    if who in ("member", "moderator"):
        return MemberFactory(moderator=who == "moderator")
    role = "head" if who == "stranger" else who
    return MembershipFactory(hub=HubFactory() if who == "stranger" else hub, role=role).member


def test_only_the_hubs_people_get_what_names_the_confidential(hub):
    an_exchange(hub, title="Secret one", confidentiality="parties")
    for who, expected in WHO.items():
        client = client_of(a_person(who, hub))

        answers = [client.get(f"{url}?year=2020&internal=on").status_code for url in (PAGE, ZIP)]
        api = client.get(f"{API}?year=2020&internal=true")

        assert (*answers, api.status_code) == (*expected, expected[0]), who
        if api.status_code == 200:
            assert [row["title"] for row in api.json()["tables"]["exchanges"]] == ["Secret one"]
        assert "Secret one" not in client.get(f"{PAGE}?year=2020").content.decode(), who


@pytest.mark.parametrize(
    ("columns", "is_in"),
    [
        ({"starts_on": "2020-12-31", "ends_on": "2021-01-05"}, True),
        ({"starts_on": "2019-01-01", "ends_on": "2020-01-01"}, True),
        ({"starts_on": "2019-01-01", "ends_on": "2019-12-31"}, False),
        ({"starts_on": "2019-01-01", "ends_on": None, "status": "under-way"}, True),
        ({"starts_on": "2019-01-01", "ends_on": None, "status": "completed"}, False),
        ({"starts_on": None, "ends_on": "2020-06-01"}, True),
        ({"starts_on": None, "ends_on": None}, False),
    ],
)
def test_an_exchange_is_in_the_years_in_which_it_ran(client, hub, columns, is_in):
    an_exchange(hub, **columns)

    answer = client.get(f"{API}?year=2020").json()

    assert len(answer["tables"]["exchanges"]) == is_in
    assert answer["undated_exchanges"] == (columns == {"starts_on": None, "ends_on": None})


def test_a_party_finds_the_exchange_in_its_pack(client, hub):
    exchange = an_exchange(HubFactory(slug="other"))
    PartyFactory(exchange=exchange, hub=hub, side="seeker")

    answer = client.get(f"{API}?year=2020").json()

    assert [row["slug"] for row in answer["tables"]["exchanges"]] == [exchange.slug]


def test_page_archive_and_api_hold_the_same(client, hub):
    exchange = an_exchange(hub)
    update = a_figure(hub)
    ImpactStory.objects.create(
        exchange=exchange,
        title="What came of it",
        slug="story",
        summary="s",
        other_explanations="Rain",
        what_did_not_work="Nothing new",
        state="published",
        published_at=timezone.now(),
        no_change_found=True,
        author=MemberFactory(),
        publisher=MemberFactory(),
    )
    moment = iso(timezone.now())

    _content, files = files_of(client, f"year=2020&as_of={moment}")
    answer = client.get(f"{API}?year=2020&as_of={moment}").json()
    page = client.get(f"{PAGE}?year=2020&as_of={moment}").content.decode()

    assert answer["as_of"] == moment
    for name, columns in FILES.items():
        key = "id" if "id" in columns else next(iter(columns))
        rows = answer["tables"][name.removesuffix(".csv")]
        assert [str(row[key]) for row in rows] == [row[key] for row in table(files[name])]
        assert rows, name
    for title in (exchange.title, "What came of it", update.indicator.definition.title):
        assert title in page


@pytest.mark.parametrize(
    "query",
    [
        "year=abc",
        "year=0",
        "year=99999999999999999999",
        "year=2999",
        "year=2020&as_of=yesterday",
        "year=2020&as_of=2999-01-01",
        "year=2020&as_of=0001-01-01",
        "year=2020&as_of=2020-13-45",
        "year=2020&as_of=2020-01-01T00:00:00",
        "year=2020&as_of=%00",
        "year=%00",
    ],
)
def test_a_year_or_moment_that_is_none_is_refused(client, hub, query):
    an_exchange(hub, title="Never shown")

    for url in (PAGE, ZIP, API):
        response = client.get(f"{url}?{query}")
        if "0001" in query:  # long ago, but a day: nothing was known then
            assert response.status_code == 200
        else:
            assert response.status_code == 400, url
            assert b"Never shown" not in response.content


def test_a_hidden_hub_has_no_pack(hub):
    HubFactory(slug="hidden", unpublished=True)

    for url in (PAGE, ZIP, API):
        assert client_of(None).get(url.replace("agency", "hidden")).status_code == 404


def test_money_is_added_within_a_currency_and_stage_only(hub):
    """Rule 10."""
    exchange = an_exchange(hub)
    party = exchange.parties.get()
    ContributionFactory(party=party, **MONEY, amount=2)
    ContributionFactory(party=party, **MONEY, amount=3, currency="EUR")
    ContributionFactory(party=party, **MONEY | {"stage": "spent"}, amount=4)
    scope = Scope(hub, 2020, timezone.now(), MemberFactory())

    totals = gather(scope).totals()["reported"]

    assert totals.money == {
        ("USD", "committed"): 1_002,
        ("EUR", "committed"): 3,
        ("USD", "spent"): 4,
    }
    assert totals.participations is None
    assert totals.expert_days is None
    assert Member.objects.count() == 1
    assert Exchange.objects.count() == 1


@pytest.mark.parametrize("number", [1, 3])
def test_the_number_of_statements_does_not_grow(client, hub, django_assert_num_queries, number):
    for _each in range(number):
        an_exchange(hub)
        a_figure(hub)

    with django_assert_num_queries(PACK_QUERIES):
        files_of(client, "year=2020")


PACK_QUERIES = 31
