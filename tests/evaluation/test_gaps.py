"""Where little is shared: one set of rows, as page, file and API."""

import csv
import io

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext

from evaluation.gaps import GROUPS, gaps_of
from tests.api_clients import client_of
from tests.factories import evaluation as make
from tests.factories.catalogue import EntryFactory
from tests.factories.hubs import HubFactory
from tests.hubs.people import person

pytestmark = pytest.mark.django_db
PAGE, API = "/evaluation/gaps/", "/api/v1/gaps/"


@pytest.fixture
def agency():
    """A hub of Kenya that states three sectors: 111 has all, 112 an experience, 113 nothing."""
    hub = HubFactory(name="Agency", slug="agency", sectors=["111", "112", "113"], countries=["KE"])
    HubFactory(name="Hidden", slug="hidden", sectors=["114"], is_published=False)
    for sector in ("111", "112"):
        EntryFactory(
            hub=hub, sectors=[sector], countries=["KE"], instruments=["study-tour"], published=True
        )
    EntryFactory(hub=hub, sectors=["113"])  # a draft is not shared
    exchange = make.ExchangeFactory(hub=hub, sectors=["111"], instruments=[], is_confirmed=True)
    make.PartyFactory(exchange=exchange, hub=None, country="BR", side="seeker")
    make.ExchangeFactory(sectors=["111"], confidential=True)
    make.ExchangeFactory(hub=hub, sectors=["113"], draft=True)
    make.ExchangeFactory(hub=hub, sectors=["113"], status="cancelled", cancel_reason="No money")
    make.UpdateFactory(hub=None, exchange=exchange, approved=True)
    make.UpdateFactory(hub=None, exchange=exchange)
    return hub


def told(group, **asked):
    """Return code: (stated by, experiences, confirmed, one side, reports) of what holds any."""
    rows = {
        each.code: (
            each.stated_by,
            each.held.experiences,
            each.held.confirmed,
            each.held.one_side,
            each.held.reports,
        )
        for each in gaps_of(group, AnonymousUser(), **asked)
    }
    return {code: row for code, row in rows.items() if any(row)}


def test_what_hubs_state_stands_beside_what_the_portal_holds(agency):
    assert told("sector") == {
        "111": (1, 1, 1, 1, 1),
        "112": (1, 1, 0, 0, 0),
        "113": (1, 0, 0, 0, 0),
    }
    assert told("instrument") == {"study-tour": (None, 2, 0, 0, 0), "": (None, 0, 1, 1, 1)}
    assert told("region") == {
        "005": (0, 0, 1, 0, 1),
        "014": (1, 2, 0, 0, 0),
        "": (None, 0, 0, 1, 0),
    }
    assert [each.name for each in gaps_of("country", AnonymousUser())] == [
        "Brazil",
        "Kenya",
        "not stated",
    ]
    rows = [(each.hub.slug, each.code, each.missing) for each in gaps_of("hub", AnonymousUser())]
    assert rows == [
        ("agency", "111", []),
        ("agency", "112", ["exchanges", "reports"]),
        ("agency", "113", ["experiences", "exchanges", "reports"]),
    ]


def test_few_means_at_most_so_many_of_what_was_asked_for(agency):
    assert set(told("sector", what="exchanges", stated=True)) == {"112", "113"}
    assert set(told("sector", what="exchanges", at_most=2, stated=True)) == {"111", "112", "113"}
    assert set(told("sector", what="experiences", stated=True)) == {"113"}
    assert set(told("sector", what="reports", at_most=1)) == {"111", "112", "113"}


def test_every_row_stands_in_the_order_of_codes_whatever_its_numbers(agency):
    for group in ("sector", "region"):
        known = [each.code for each in gaps_of(group, AnonymousUser()) if each.code]
        assert known == sorted(known)


@pytest.mark.parametrize("query", ["", *(f"of={group}" for group in GROUPS),
                                   "of=sector&what=exchanges&at_most=1&stated=on"])  # fmt: skip
def test_page_file_and_api_say_the_same(client, agency, query):
    page = client.get(f"{PAGE}?{query}")
    file = client.get(f"{PAGE}?{query}&export=csv")
    rows = client.get(f"{API}?{query}").json()

    text = b"".join(file.streaming_content).decode("utf-8-sig")
    plain = [{key: "" if row[key] is None else str(row[key]) for key in row} for row in rows]
    assert list(csv.DictReader(io.StringIO(text))) == plain
    lines = [(line["gap"].code, line["gap"].held.experiences) for line in page.context["lines"]]
    assert lines == [(row["code"], row["experiences"]) for row in rows]
    assert "Hidden" not in page.content.decode()


@pytest.mark.parametrize(
    "query", ["of=x", "what=x", "at_most=-1", "at_most=x", "at_most=" + "9" * 40, "of=%00"]
)
def test_a_bad_value_never_widens(client, agency, query):
    page = client.get(f"{PAGE}?{query}")

    assert page.status_code == 400 or page.context["lines"] == []
    assert client.get(f"{PAGE}?{query}&export=csv").status_code == 400
    assert client.get(f"{API}?{query}").status_code == 400


def test_each_number_is_what_its_list_shows_and_what_is_confidential(client, agency):
    secret = make.ExchangeFactory(hub=agency, sectors=["111", "113"], confidential=True)
    half = make.ExchangeFactory(sectors=["111"], is_confirmed=True)
    make.PartyFactory(exchange=half, hub=HubFactory(is_published=False))
    make.ExchangeFactory(hub=agency, sectors=["111"], status="cancelled", cancel_reason="No")
    shown = []

    for reader in (None, person("correspondent", agency), person("moderator", agency)):
        visitor = client_of(reader)
        rows = {row["code"]: row for row in visitor.get(API).json()}
        page = visitor.get(PAGE)
        told = {line["gap"].code: line for line in page.context["lines"]}
        for code in ("111", "113"):
            for side, name in (("yes", "confirmed"), ("no", "reported_by_one_side")):
                number = rows[code][f"exchanges_{name}"]
                hidden = rows[code][f"exchanges_{name}_hidden"]
                url = f"{told[code]['exchanges_url']}&counted=yes&confirmed={side}"
                listed = visitor.get(url)
                assert listed.context["count"] == number - hidden, (reader, code, side)
                assert (url.replace("&", "&amp;") in page.text) == (number > hidden)
        row = rows["111"]
        names = ("exchanges_confirmed", "exchanges_reported_by_one_side")
        shown.append([(row[name], row[f"{name}_hidden"]) for name in names])
        assert (secret.title in page.text, "confidential</span>" in page.text) == (False, True)

    # Two of one side are confidential: one of a hub of which the second reader is.
    assert shown == [[(2, 1), (2, 2)], [(2, 1), (2, 1)], [(2, 0), (2, 2)]]


def test_it_asks_as_often_for_few_as_for_many(agency):
    def number():
        with CaptureQueriesContext(connection) as queries:
            gaps_of("hub", AnonymousUser())
        return len(queries)

    few = number()
    for _each in range(3):
        make.PartyFactory(hub=HubFactory(sectors=["111"]))
        EntryFactory(sectors=["111"], published=True)

    assert number() == few <= 6
