"""What people come for, in a real browser, with and without JavaScript."""

import re

import pytest

from accounts.models import Member
from hubs.models import Presence
from tests.browser.conftest import follow, join, sign_in, violations
from tests.factories import hubs as make
from tests.factories.accounts import MemberFactory

pytestmark = pytest.mark.django_db(transaction=True)
SCRIPTS = pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])


@pytest.fixture
def hubs(texts):
    source = make.SourceFactory(title="The law")
    agency = make.HubFactory(name="Agency", slug="agency", countries=["BR"], founded_year=1987)
    farm = make.HubFactory(name="Farm research", slug="farm", countries=["GH"], level="sector")
    for hub in (agency, farm):
        for factory in make.FACT_FACTORIES:
            factory(hub=hub, sources=[source])
    make.ExpertiseSourceFactory(hub=farm, kind="academia", sources=[source])
    return agency


@SCRIPTS
def test_the_directory_is_narrowed_and_widened_again(open_page, hubs, scripts):
    page = open_page("/hubs/", scripts=scripts)

    box = page.locator("input[name=country][value=GH]")
    for group in page.locator("details", has=box).all():
        if group.get_attribute("open") is None:
            group.locator("summary").first.click()
    box.check()
    if not scripts:
        page.click("#filters button[type=submit]")
    page.wait_for_url(re.compile("country=GH"))

    assert page.locator("#results li h2").all_inner_texts() == ["Farm research"]
    page.click(".chips a.chip")
    page.wait_for_url(re.compile(r"/hubs/\??[^c]*$"))
    assert page.locator("#results li h2").count() == 2


@SCRIPTS
def test_hubs_are_compared(open_page, hubs, scripts):
    page = open_page("/hubs/compare/", scripts=scripts)

    page.check("text=Agency")
    page.check("text=Farm research")
    page.fill("[name=as_of]", "2026-12-31")
    follow(page, "main form button[type=submit]")

    assert page.locator("table.matrix thead th").all_inner_texts() == ["Agency", "Farm research"]
    assert "differs" in page.locator("#row-expertise-sources").inner_text()
    page.click("a[href='#source-1'] >> nth=0")
    assert page.url.endswith("#source-1")


@SCRIPTS
def test_somebody_joins_and_is_approved(
    open_page, texts, scripts, live_server, settings, mailoutbox
):
    settings.SITE_URL = live_server.url
    settings.DEMO = True
    moderator = MemberFactory(moderator=True, email="moderator@demo.example")
    page = open_page("/", scripts=scripts)

    join(page, "Ana Souza", "ana@ministry.example")
    assert Member.objects.get(email="ana@ministry.example").status == "pending"

    desk = open_page("/", scripts=scripts)
    sign_in(desk, moderator, "/accounts/moderation/")
    assert "Ana Souza" in desk.locator("main").inner_text()
    follow(desk, "main button:has-text('Approve')")
    assert "approved" in desk.locator("body").inner_text()
    assert Member.objects.get(email="ana@ministry.example").status == "active"


@SCRIPTS
def test_an_editor_states_and_corrects_a_fact(open_page, hubs, scripts):
    editor = make.MembershipFactory(hub=hubs).member
    page = open_page("/", scripts=scripts)
    sign_in(page, editor, "/hubs/agency/")

    follow(page, "main a:has-text('Edit')")
    follow(page, "a[href='/hubs/agency/edit/presences/add/']")
    page.select_option("[name=country]", "KE")
    page.fill("[name=place]", "Nairobi")
    page.select_option("[name=kind]", "office")
    page.fill("[name=valid_from]", "2012-02-30")
    page.check("text=The law")
    follow(page, "main form button[type=submit]")
    assert page.title().startswith("Error:")
    if scripts:
        assert page.evaluate("document.activeElement.className") == "summary"
    assert page.input_value("[name=place]") == "Nairobi"
    page.fill("[name=valid_from]", "2012-02")
    follow(page, "main form button[type=submit]")

    assert "The fact was added." in page.locator("body").inner_text()
    office = Presence.objects.get(place="Nairobi")
    assert office.valid_from_iso == "2012-02"
    page.goto("/hubs/agency/")
    assert "Nairobi, Kenya" in page.locator("#presences").inner_text()
    assert "since February 2012" in page.locator("#presences").inner_text()


def test_two_editors_at_once_lose_nothing(open_page, hubs):
    office = make.PresenceFactory(hub=hubs, place="Accra", sources=[make.SourceFactory()])
    path = f"/hubs/agency/edit/presences/{office.pk}/"
    pages = [open_page("/") for _ in range(2)]
    for page in pages:
        sign_in(page, make.MembershipFactory(hub=hubs).member, path)
    first, second = pages

    first.fill("[name=place]", "Kumasi")
    follow(first, "main form button[type=submit]")
    second.fill("[name=place]", "Tamale")
    follow(second, "main form button[type=submit]")

    assert "Somebody else saved this in the meantime" in second.locator("main").inner_text()
    assert "Kumasi" in second.locator("main").inner_text()
    assert second.input_value("[name=place]") == "Tamale"
    assert violations(second) == []
    follow(second, "main form button[type=submit]")
    assert Presence.objects.get(pk=office.pk).place == "Tamale"


def test_the_language_is_switched_and_the_page_kept(open_page, hubs):
    page = open_page("/hubs/?country=BR", scripts=False)

    page.click("details.menu:has([name=language]) summary")
    follow(page, "[name=language][value=ar]")

    assert page.url.endswith("/hubs/?country=BR")
    assert page.locator("html").get_attribute("dir") == "rtl"


def test_a_page_is_used_by_keyboard(open_page, hubs):
    page = open_page("/")

    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") == "q"
    page.keyboard.type("farm")
    with page.expect_navigation(url=re.compile("/search/.q=farm")):
        page.keyboard.press("Enter")

    assert page.locator("section[aria-labelledby=hubs-title] li a").all_inner_texts() == [
        "Farm research"
    ]


def test_a_first_visit_is_light(open_page, hubs, live_server):
    sizes = {}
    page = open_page("/healthz")
    page.context.clear_cookies()
    page.on("response", lambda answer: sizes.update({answer.url: len(answer.body())}))

    page.goto("/hubs/")
    page.wait_for_load_state("networkidle")

    assert len(sizes) <= 4
    assert all(url.startswith(live_server.url) for url in sizes)
