"""The pages of the catalogue that no other test opens in a real browser."""

from urllib.parse import urlsplit

import pytest
from django.core.files.base import ContentFile

from accounts.models import MailKind
from accounts.services.notify import off_address
from catalogue import services
from tests.browser.conftest import LOOKS, faults, sign_in
from tests.factories import catalogue as make
from tests.factories import hubs as make_hubs
from tests.factories.accounts import MemberFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(texts, settings, tmp_path):
    """A hub with two entries about seed, one of which has two versions and a translation, one
    withdrawn entry, and a draft.
    """
    settings.MEDIA_ROOT = tmp_path
    hub = make_hubs.HubFactory(slug="agency", name="Agency")
    make.TagFactory(slug="seed-laws", name="Seed laws")
    make.TagFactory(slug="seed-law", name="Seed law")
    banks = make.EntryFactory(
        hub=hub, slug="banks", title="Seed banks", countries=["ML"], challenge="No seed.",
        tags=["seed-laws"], published=True,
    )  # fmt: skip
    services.publish_content(banks, by=None)
    make.EntryFactory(hub=hub, slug="fairs", title="Seed fairs", countries=["GH"], published=True)
    gone = make.EntryFactory(hub=hub, slug="gone", title="Gone", published=True)
    settings.DEMO = True  # in which this account needs no second factor
    moderator = MemberFactory(moderator=True, email="moderator@demo.example")
    services.withdraw_entry(gone, reason="Not ours to share.", by=moderator)
    banks.refresh_from_db()
    services.save_translation(
        banks, "fr", {"title": "Banques"}, state="human", from_version=2, expected_version=0,
        by=moderator,
    )  # fmt: skip
    editor = make_hubs.MembershipFactory(hub=hub).member
    return {
        "hub": hub,
        "editor": editor,
        "moderator": moderator,
        "draft": make.DraftFactory(hub=hub),
        "given up": make.ImportFactory(
            hub=hub, member=editor, state="failed", file=ContentFile(b"title", name="table.csv")
        ),
    }


@LOOKS
def test_every_page_can_be_used_by_everybody(open_page, world, width, language, dark):
    draft = world["draft"].pk
    page = open_page("/", width=width, language=language, dark=dark)
    wrong = {}

    def look(path):
        page.goto(path)
        if found := faults(page):
            wrong[path] = found

    for path in (
        "/catalogue/compare/?entry=banks&entry=fairs",
        "/catalogue/banks/?lang=fr",
        "/catalogue/banks/v/2/diff/",
        "/catalogue/banks/lineage/",
        "/catalogue/gone/",
        "/search/?q=seed",
        "/search/?q=sead",
        "/catalogue/tags/",
        "/catalogue/?tag=seed-laws",
        urlsplit(off_address(world["editor"], MailKind.ADOPTIONS)).path,
    ):
        look(path)
    sign_in(page, world["editor"])
    assert page.locator("html").get_attribute("lang") == language
    for path in (
        "/catalogue/banks/",
        "/catalogue/banks/translations/",
        "/catalogue/banks/translations/fr/",
        "/catalogue/banks/withdraw/",
        "/catalogue/import/",
        f"/catalogue/import/{world['given up'].pk}/",
        "/catalogue/saved-searches/",
        "/catalogue/saved-searches/new/?place=search&q=seed",
        f"/catalogue/drafts/{draft}/sent/",
        f"/catalogue/drafts/{draft}/withdraw/",
        "/accounts/mail/",
        "/accounts/send-again/",
    ):
        look(path)
    page.context.clear_cookies()
    sign_in(page, world["moderator"])
    for path in (
        "/catalogue/tags/desk/",
        "/catalogue/tags/add/",
        "/catalogue/tags/seed-laws/edit/",
        "/catalogue/tags/merge/?tag=seed-laws&tag=seed-law",
    ):
        look(path)
        assert page.url.endswith(path)

    assert wrong == {}


def test_a_very_long_word_makes_no_page_wider(open_page, world):
    hub, word = world["hub"], "Elektrizitätenhauptbetriebswerkbau" * 4
    entry = make.EntryFactory(hub=hub, slug="long", title=word, published=True)
    block = make.BuildingBlockFactory(hub=hub, slug="word", title=word)
    make.BlockUseFactory(block=block, entry=entry)
    services.publish_content(entry, by=None)
    content = {**world["draft"].content, "title": word}
    sent = make.DraftFactory(hub=hub, content=content, submitted=True)
    page = open_page("/", width=320)
    sign_in(page, world["editor"])
    wide = []

    for path in (
        "/catalogue/",
        "/catalogue/long/",
        "/catalogue/long/v/1/",
        "/catalogue/long/v/2/diff/",
        "/catalogue/long/lineage/",
        "/catalogue/long/withdraw/",
        "/catalogue/compare/?entry=long&entry=banks",
        "/catalogue/building-blocks/word/",
        "/catalogue/building-blocks/word/edit/",
        "/catalogue/building-blocks/word/entries/",
        f"/catalogue/drafts/{sent.pk}/",
        f"/catalogue/drafts/{sent.pk}/sent/",
        f"/catalogue/drafts/{sent.pk}/withdraw/",
        f"/catalogue/drafts/{sent.pk}/diff/",
        f"/catalogue/drafts/{sent.pk}/review/",
        f"/search/?q={word}",
    ):
        page.goto(path)
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wide.append(path)

    assert wide == []
