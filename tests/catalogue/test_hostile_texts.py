"""Hostile texts on every surface on which people's texts are shown."""

import csv
import io
from xml.etree import ElementTree

import pytest

from catalogue.models import Draft, Entry
from catalogue.services import publish_content
from tests.api_clients import client_of
from tests.core import hostile
from tests.factories import catalogue as make
from tests.factories import hubs as make_hubs
from tests.factories.accounts import MemberFactory

pytestmark = pytest.mark.django_db
TITLE = f'{hostile.MARK} "><img src=x onerror=alert(1)></title><script>alert(1)</script>'
SHORT = f"{hostile.MARK} ' onfocus='x' <svg/onload=alert(1)> [x](javascript:alert(1)) {{{{ 7*7 }}}}"
BODY = hostile.sample()[:9_000]
TEXTS = {
    "summary": SHORT,
    "challenge": BODY,
    "what_was_done": BODY,
    "lessons": BODY,
    "enabling": SHORT,
    "contacts": SHORT,
    "note": SHORT,
    "cost_text": SHORT,
}
ENTRY = "/catalogue/hostile/"
PAGES = {
    "entry": ENTRY,
    "version": f"{ENTRY}v/1/",
    "difference": f"{ENTRY}v/2/diff/",
    "list": "/catalogue/",
    "search": "/search/?q=harmless",
    "block": "/catalogue/building-blocks/hostile/",
    "blocks": "/catalogue/building-blocks/",
    "resource": "/catalogue/resources/hostile/",
    "resources": "/catalogue/resources/",
}


@pytest.fixture
def entry():
    entry = make.EntryFactory(slug="hostile", title=TITLE, countries=["ML"], **TEXTS)
    make.ResultRowFactory(entry=entry, statement=SHORT, value=1, unit="<b>x</b>", period="<i>")
    make.EntryPartnerFactory(entry=entry, name=SHORT)
    entry.is_contested, entry.contested_statement = True, SHORT
    entry.save()
    publish_content(entry, by=None)
    entry.refresh_from_db()
    Entry.objects.filter(pk=entry.pk).update(title=TITLE[::-1] + hostile.MARK, challenge=BODY[::-1])
    entry.refresh_from_db()
    publish_content(entry, by=None)
    block = make.BuildingBlockFactory(
        hub=entry.hub, slug="hostile", title=TITLE, description=BODY[:5_000]
    )
    make.BlockUseFactory(block=block, entry=entry)
    make.ResourceFactory(slug="hostile", title=TITLE, note=SHORT, publisher=SHORT)
    return entry


@pytest.fixture
def draft():
    return filled(make.DraftFactory(submitted=True))


def filled(draft):
    rows = {
        "results": [
            {
                "statement": SHORT,
                "value": "1",
                "unit": "<b>x</b>",
                "period": "<i>",
                "level": "",
                "cited": "",
            }
        ],
        "partners": [{"role": "funder", "hub": "", "organisation": "", "name": SHORT}],
    }
    Draft.objects.filter(pk=draft.pk).update(
        content=draft.content | TEXTS | {"title": TITLE} | rows
    )
    return draft


def assert_harmless(answer):
    page = hostile.page_of(answer.content.decode())
    assert answer.status_code == 200
    assert page.wrong == []
    assert hostile.MARK in page.text.replace("\n", "")


@pytest.mark.parametrize("path", PAGES.values(), ids=list(PAGES))
def test_pages_show_hostile_texts_as_text(client, entry, path):
    assert_harmless(client.get(path))


@pytest.mark.parametrize("path", ["check/", "review/", ""])
def test_pages_of_a_draft_show_hostile_texts_as_text(draft, path):
    moderator = client_of(MemberFactory(moderator=True))

    assert_harmless(moderator.get(f"/catalogue/drafts/{draft.pk}/{path}"))


@pytest.mark.parametrize("part", ["summary", "story", "results", "partners", "contacts"])
def test_forms_of_a_draft_hold_hostile_texts_as_text(part):
    draft = filled(make.DraftFactory())
    editor = client_of(make_hubs.MembershipFactory(hub=draft.hub).member)

    answer = editor.get(f"/catalogue/drafts/{draft.pk}/{part}/")

    assert answer.status_code == 200
    assert hostile.page_of(answer.content.decode()).wrong == []
    assert hostile.MARK in answer.content.decode()


def test_the_queue_shows_hostile_titles_as_text(draft):
    assert_harmless(client_of(MemberFactory(moderator=True)).get("/catalogue/review/"))


def test_the_feed_holds_texts_as_they_were_written(client, entry):
    answer = client.get("/catalogue/?export=atom")

    words = "".join(ElementTree.fromstring(answer.content).itertext())  # noqa: S314 -- our own
    assert "<svg/onload=alert(1)>" in words
    assert b"<svg" not in answer.content


def test_the_api_holds_texts_as_they_were_written(client, entry):
    answer = client.get("/api/v1/entries/hostile/")

    assert answer.json()["summary"] == SHORT
    assert answer["Content-Type"].startswith("application/json")
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_the_csv_holds_texts_as_they_were_written(client, entry):
    answer = client.get("/catalogue/?export=csv")

    rows = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert rows[0]["summary"] == SHORT
    assert answer["Content-Type"].startswith("text/csv")


@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
def test_the_csv_holds_no_formulas(client, start):
    make.EntryFactory(title=f"{start}HYPERLINK(1)", published=True)

    text = b"".join(client.get("/catalogue/?export=csv").streaming_content).decode("utf-8-sig")

    assert f",{start}HYPERLINK" not in text


def test_the_admin_shows_hostile_texts_as_text(entry):
    admin = client_of(MemberFactory(administrator=True))

    answer = admin.get(f"/admin/catalogue/entry/{entry.pk}/change/", follow=True)

    assert "alert(1)" in answer.content.decode()
    assert "<script>alert" not in answer.content.decode()
    assert not [found for found in hostile.page_of(answer.content.decode()).wrong if "x" in found]
