"""Every list of the catalogue as feed, as file, and with the meaning of its columns."""

import csv
import io
from xml.etree import ElementTree as ET

import pytest

from catalogue.services import index_rows
from tests.factories import catalogue as make
from tests.factories import hubs as make_hubs

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
LISTS = (
    "/catalogue/",
    "/catalogue/building-blocks/",
    "/catalogue/adoptions/",
    "/catalogue/experts/",
    "/catalogue/resources/",
    "/search/",
)


@pytest.fixture(autouse=True)
def _one_of_each():
    hub = make_hubs.HubFactory()
    entry = make.EntryFactory(hub=hub, published=True)
    make.AdoptionFactory(entry=entry)
    make.BuildingBlockFactory(hub=hub)
    make.ExpertFactory(hub=hub, consented=True)
    make.ResourceFactory(hub=hub)
    index_rows("entry", [entry.pk])


def rows_of(answer):
    text = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return list(csv.reader(io.StringIO(text.decode("utf-8-sig"))))


@pytest.mark.parametrize("address", LISTS)
def test_each_list_is_a_feed(client, address):
    answer = client.get(f"{address}?export=atom")
    feed = ET.fromstring(answer.content)  # noqa: S314 -- the portal's own

    assert answer["Content-Type"].startswith("application/atom+xml")
    entries = feed.findall(f"{ATOM}entry")
    assert entries
    for entry in entries:
        for part in ("title", "id", "updated"):
            assert entry.findtext(f"{ATOM}{part}"), part
    page = client.get(address).content.decode()
    assert "export=atom" in page
    assert "export=csv" in page
    assert "export=dictionary" in page


@pytest.mark.parametrize("address", LISTS)
def test_each_column_of_a_file_has_a_meaning(client, address):
    header, *rows = rows_of(client.get(f"{address}?export=csv"))
    _names, *meanings = rows_of(client.get(f"{address}?export=dictionary"))

    assert rows
    assert [row[0] for row in meanings] == header
    assert all(row[-1] for row in meanings)
