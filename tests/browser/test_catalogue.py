"""The catalogue in a real browser: find, read, without scripts, narrow and in Arabic."""

import re

import pytest
from playwright.sync_api import expect

from catalogue.services import publish_content
from tests.browser.conftest import LOOKS, faults, follow
from tests.factories import catalogue as make
from tests.factories import hubs as make_hubs


@pytest.fixture
def entries(transactional_db):
    hub = make_hubs.HubFactory(slug="agency", name="Agency", acronym="AG")
    source = make_hubs.SourceFactory(title="The report")
    cotton = make.EntryFactory(
        hub=hub, slug="cotton", title="Cotton", countries=["ML"], sectors=["311"],
        instruments=["training"], challenge="Old seed.", lessons="- Plan together.",
        editorial_fields=["sectors"], is_contested=True, contested_statement="By farmers.",
    )  # fmt: skip
    cotton.sources.add(source)
    make.EntryPartnerFactory(entry=cotton, name="A ministry")
    make.ResultRowFactory(
        entry=cotton, statement="Trained", value=425, unit="people", source=source
    )
    make.ResultRowFactory(entry=cotton, statement="Laboratory set up")
    publish_content(cotton, by=None)
    for number in range(12):
        make.EntryFactory(
            hub=hub, title=f"Water {number}", countries=["KE"], sectors=["140"], published=True
        )


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_somebody_finds_and_reads_an_experience(open_page, entries, scripts):
    page = open_page("/", scripts=scripts)
    follow(page, "text=All experience in the catalogue")
    if not scripts:
        page.locator("#filters > details > summary").click()
        page.locator("[data-facet=country] > summary").click()
    page.check("#facet-country-ML")
    if not scripts:
        follow(page, "#filters button[type=submit]")
    page.wait_for_url(re.compile("country=ML"))
    expect(page.locator("#results li h2")).to_have_count(1)

    follow(page, "#results h2 a")

    assert page.locator("h1").inner_text().endswith("Cotton")
    assert "By farmers." in page.locator("main").inner_text()
    page.click("a[href='#source-1'] >> nth=0")
    assert page.url.endswith("#source-1")


@LOOKS
def test_axe_finds_nothing_in_the_catalogue(open_page, entries, width, language, dark):
    page = open_page("/catalogue/", width=width, language=language, dark=dark)
    found = {}
    for path in (
        "/catalogue/",
        "/catalogue/?all=country&q=nothing",
        "/catalogue/?sdg=99",
        "/search/?q=cotton",
        "/search/?q=coton",
        "/catalogue/cotton/",
        "/catalogue/cotton/v/1/",
    ):
        page.goto(path)
        found[path] = faults(page)

    assert {path: each for path, each in found.items() if each} == {}
