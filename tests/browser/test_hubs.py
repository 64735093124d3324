"""The reading pages of hubs in a real browser: filters, weight, print, both directions."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import LOOKS, faults, follow
from tests.factories import hubs as make

pytestmark = pytest.mark.django_db(transaction=True)
FIRST_VISIT_BYTES = 60_000
FIRST_VISIT_REQUESTS = 4


@pytest.fixture
def hubs(texts):
    source = make.SourceFactory(title="The law")
    agency = make.HubFactory(name="Agency", slug="agency", countries=["BR"], level="national")
    farm = make.HubFactory(name="Farm research", slug="farm", countries=["GH"], level="sector")
    for hub in (agency, farm):
        for factory in make.FACT_FACTORIES:
            factory(hub=hub, sources=[source])
    for hub in make.HubFactory.create_batch(12, countries=["MX"], level="regional"):
        make.ExpertiseSourceFactory(hub=hub, sources=[source])
    make.NetworkMembershipFactory(network=make.NetworkFactory(slug="net"), hub=agency)


def names(page):
    return page.locator("#results li h2").all_inner_texts()


def count_of(page, facet, value):
    return page.locator(f"label[for='facet-{facet}-{value}'] .count").inner_text()


def ready(page):
    """Touch the form, and wait until htmx is here."""
    page.focus("#id_q")
    # Playwright's own wait evaluates text in the page, which the security policy forbids.
    for _ in range(100):
        if page.evaluate("window.htmx !== undefined"):
            return
        page.wait_for_timeout(50)  # milliseconds
    raise AssertionError("htmx did not come.")


def test_filtering_keeps_counts_groups_and_focus(open_page, hubs):
    page = open_page("/hubs/")
    ready(page)
    page.click("#id_status")

    page.check("#facet-level-national")
    page.wait_for_url("**level=national**")
    expect(page.locator("#results li h2")).to_have_count(1)

    assert names(page) == ["Agency"]
    assert count_of(page, "country", "BR") == "1"
    assert page.locator("#facet-country-GH").count() == 0
    assert count_of(page, "level", "sector") == "1"
    assert page.evaluate("document.activeElement.id") == "facet-level-national"
    assert page.locator("[data-facet=status]").get_attribute("open") is None
    assert page.locator("[data-facet=country]").get_attribute("open") is not None
    expect(page.locator("#live")).to_have_text("1 hub")


def test_words_are_searched_while_they_are_typed(open_page, hubs):
    page = open_page("/hubs/")
    ready(page)

    page.locator("#id_q").press_sequentially("farm")
    page.wait_for_url("**q=farm**")
    expect(page.locator("#results li h2")).to_have_count(1)

    assert names(page) == ["Farm research"]
    assert page.evaluate("document.activeElement.id") == "id_q"


def test_the_back_button_brings_whole_pages_back(open_page, hubs):
    page = open_page("/hubs/")
    ready(page)
    page.check("#facet-level-sector")
    page.wait_for_url("**level=sector**")
    expect(page.locator("#results li h2")).to_have_count(1)

    page.go_back()
    expect(page.locator("#results li h2")).to_have_count(14)

    assert page.locator("header.site-head").count() == 1
    assert "level=" not in page.url


@pytest.mark.parametrize("path", ["/hubs/", "/hubs/agency/", "/hubs/compare/?hub=agency&hub=farm"])
def test_a_first_visit_is_light(open_page, hubs, path):
    page = open_page("/healthz")
    seen = []
    page.on("requestfinished", lambda request: seen.append(request))

    page.goto(path, wait_until="networkidle")

    sizes = [request.sizes() for request in seen if not request.url.startswith("data:")]
    assert len(sizes) <= FIRST_VISIT_REQUESTS, [request.url for request in seen]
    assert sum(size["responseBodySize"] for size in sizes) <= FIRST_VISIT_BYTES


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_seven_hubs_are_refused_and_stay_ticked(open_page, hubs, scripts):
    page = open_page("/hubs/compare/", scripts=scripts)
    boxes = page.locator("input[name=hub]")
    for number in range(7):
        boxes.nth(number).check()
    page.fill("[name=as_of]", "2012")

    follow(page, "main form button[type=submit]")

    assert page.title().startswith("Error:")
    assert "Choose up to 6 hubs; you chose 7." in page.locator(".summary").inner_text()
    assert page.locator("input[name=hub]:checked").count() == 7
    assert page.input_value("[name=as_of]") == "2012"


def test_the_names_of_rows_stay_in_view_when_a_comparison_scrolls(open_page, hubs):
    page = open_page("/hubs/compare/?hub=agency&hub=farm", width=320)
    head = page.locator("#row-level th")
    before = head.bounding_box()["x"]

    page.evaluate("document.querySelector('.scroll').scrollLeft = 150")

    assert head.bounding_box()["x"] == pytest.approx(before, abs=1)


def test_a_printed_list_has_the_hubs_and_no_form(open_page, hubs):
    page = open_page("/hubs/")

    page.emulate_media(media="print")

    assert page.locator("#results h2").first.is_visible()
    assert not page.locator("#filters").is_visible()


@LOOKS
def test_what_axe_finds_on_the_pages_around_hubs(open_page, hubs, width, language, dark):
    make.OrganisationFactory(slug="board")
    page = open_page("/hubs/networks/", width=width, language=language, dark=dark)
    found = {}

    for path in (
        "/hubs/networks/",
        "/hubs/networks/net/",
        "/hubs/organisations/board/",
        "/hubs/organisations/?q=nothing",
        "/hubs/agency/?as_of=2012",
        "/hubs/agency/?as_of=never",
        "/hubs/compare/",
    ):
        page.goto(path)
        found[path] = faults(page)

    assert {path: problems for path, problems in found.items() if problems} == {}
