"""Building blocks and adoptions in a real browser: state, confirm, read; without scripts too."""

import pytest

from catalogue.models import Adoption
from tests.browser.conftest import LOOKS, faults, follow, sign_in
from tests.factories import catalogue as make
from tests.factories import hubs as make_hubs

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(texts):
    """A hub that shares cotton, and another that takes it up."""
    sharing = make_hubs.HubFactory(slug="agency", name="Agency")
    taking = make_hubs.HubFactory(slug="taker", name="Taker")
    cotton = make.EntryFactory(hub=sharing, slug="cotton", title="Cotton", published=True)
    make.EntryFactory(hub=taking, slug="copy", title="The copy", published=True)
    block = make.BuildingBlockFactory(
        hub=sharing, slug="seed", title="Seed bank", description="**How** it works."
    )
    make.BlockUseFactory(block=block, entry=cotton)
    return {"sharing": sharing, "taking": taking, "cotton": cotton, "block": block}


def member_of(hub):
    return make_hubs.MembershipFactory(hub=hub).member


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_an_adoption_is_stated_confirmed_and_read(open_page, world, scripts):
    taker = open_page("/", scripts=scripts)
    sign_in(taker, member_of(world["taking"]), "/catalogue/cotton/")
    follow(taker, "#adopted-by a:has-text('Tell of an adoption')")
    taker.select_option("[name=hub]", label="Taker")
    taker.select_option("[name=resulting_entry]", label="The copy")
    taker.check("[name=outcome][value=failed]")
    taker.fill("[name=why]", "No water.")
    follow(taker, "main form:has([name=why]) button[type=submit]")
    assert "1 stated by the adopter only" in taker.locator("#adopted-by").inner_text()

    originator = open_page("/", scripts=scripts)
    sign_in(originator, member_of(world["sharing"]), "/catalogue/adoptions/?awaiting=yes")
    follow(originator, "#results h2 a")
    assert "No water." in originator.locator("main").inner_text()
    follow(originator, "main form:has([name=version]) button[type=submit]")

    visitor = open_page("/catalogue/cotton/", scripts=scripts)
    text = visitor.locator("#adopted-by").inner_text()
    assert "1 confirmed" in text
    assert "It failed" in text
    follow(visitor, "a:has-text('over all generations')")
    assert "The copy" in visitor.locator("main").inner_text()
    assert Adoption.objects.get().state == "confirmed"


def test_an_editor_describes_a_block_without_scripts(open_page, world):
    page = open_page("/", scripts=False)
    sign_in(page, member_of(world["taking"]), "/catalogue/building-blocks/")
    follow(page, "a:has-text('Describe a building block')")
    page.select_option("[name=hub]", label="Taker")
    page.fill("[name=title]", "Pump")
    page.fill("[name=description]", "It *pumps*.")
    follow(page, "main form:has([name=title]) button[type=submit]")
    follow(page, "button:has-text('Publish')")
    follow(page, "a:has-text('Name an entry with it')")
    page.select_option("[name=entry]", label="The copy")
    follow(page, "main form:has([name=entry]) button[type=submit]")

    visitor = open_page("/catalogue/copy/")
    follow(visitor, "a:has-text('Pump')")
    assert visitor.locator("main em").inner_text() == "pumps"


@LOOKS
def test_axe_finds_nothing(open_page, world, width, language, dark):
    taking, cotton = world["taking"], world["cotton"]
    row = make.AdoptionFactory(
        entry=cotton,
        hub=taking,
        resulting_entry=taking.entries.get(),
        outcome="failed",
        why="A long story. " * 60,
    )
    make.AdoptionFactory(entry=None, block=world["block"], hub=taking, confirmed=True)
    member = make_hubs.MembershipFactory(hub=world["sharing"], member__language=language).member
    make_hubs.MembershipFactory(member=member)
    page = open_page("/", width=width, language=language, dark=dark)
    sign_in(page, member, "/catalogue/")
    found = {}
    for path in (
        "/catalogue/building-blocks/",
        "/catalogue/building-blocks/seed/",
        "/catalogue/building-blocks/seed/edit/",
        "/catalogue/building-blocks/seed/entries/",
        "/catalogue/building-blocks/add/",
        "/catalogue/building-blocks/seed/adopt/",
        "/catalogue/cotton/",
        "/catalogue/cotton/adopt/",
        "/catalogue/cotton/lineage/",
        "/catalogue/copy/",
        "/catalogue/copy/lineage/",
        "/catalogue/adoptions/",
        row.get_absolute_url(),
        f"{row.get_absolute_url()}reject/",
    ):
        page.goto(path)
        found[path] = faults(page)

    assert {path: each for path, each in found.items() if each} == {}
