"""The two journeys of the catalogue, whole, as different people make them: find, read, compare
and keep the search; write, send, review and publish.
"""

import pytest

from catalogue.models import Draft, Entry, SavedSearch
from tests.browser.conftest import sign_in
from tests.browser.hands import Hand, Keys
from tests.factories import catalogue as make
from tests.factories import hubs as make_hubs
from tests.factories.accounts import MemberFactory

pytestmark = pytest.mark.django_db(transaction=True)
ARABIC = {"width": 320, "scripts": False, "language": "ar"}
AS = pytest.mark.parametrize(
    ("hand", "options"),
    [
        pytest.param(Hand, ARABIC, id="Arabic, narrow, no scripts"),
        pytest.param(Keys, {}, id="keyboard, English, scripts"),
    ],
)
COUNTRIES = {"en": ("Mali", "Ghana"), "ar": ("مالي", "غانا")}
SAVE = "main form[data-autosave] button:not([name])"


@pytest.fixture
def agency(texts):
    return make_hubs.HubFactory(slug="agency", name="Agency")


@AS
def test_somebody_finds_reads_compares_and_keeps_the_search(open_page, agency, hand, options):
    for slug, country, problem in (("banks", "ML", "No seed."), ("fairs", "GH", "No market.")):
        make.EntryFactory(
            hub=agency, slug=slug, title=f"Seed {slug}", countries=[country], challenge=problem,
            published=True,
        )  # fmt: skip
    page = open_page("/", **options)
    member = MemberFactory()
    sign_in(page, member, "/")
    reader = hand(page)
    reader.go("/")

    reader.write("main [name=q]", "seed")
    reader.send("main [name=q]")
    reader.follow("#results a[href='/catalogue/banks/']")
    assert "No seed." in page.locator("main").inner_text()
    reader.follow("main a[href='/catalogue/compare/?entry=banks']")
    reader.write("main [name=q]", "fairs")
    reader.send("main [name=q]")
    reader.follow("main a[href*='entry=fairs']")
    table = page.locator("main table").inner_text()
    assert all(name in table for name in COUNTRIES[reader.language])

    reader.go("/search/?q=seed")
    reader.follow("main a[href*='saved-searches/new/']")
    reader.write("[name=name]", "Seed")
    reader.tick("[name=alert][value=weekly]")
    reader.follow("main form:has([name=name]) button[type=submit]")

    saved = SavedSearch.objects.get()
    assert (saved.member, saved.name, saved.alert, saved.query) == (
        member, "Seed", "weekly", "q=seed",
    )  # fmt: skip
    reader.follow("main a[href='/search/?q=seed']")
    assert page.locator("#results a[href='/catalogue/fairs/']").count() == 1


@AS
def test_an_experience_is_written_sent_reviewed_and_published(open_page, agency, hand, options):
    page = open_page("/", **options)
    sign_in(page, make_hubs.MembershipFactory(hub=agency).member, "/")
    author = hand(page)
    author.go("/catalogue/drafts/")
    author.follow("main a[href='/catalogue/drafts/new/']")
    author.choose("[name=hub]", "agency")
    author.write("[name=title]", "Seed banks in Mali")
    author.follow("main form button[type=submit]")
    draft = Draft.objects.get()

    def part(slug, *steps):
        author.go(f"/catalogue/drafts/{draft.pk}/{slug}/")
        for step, selector, value in steps:
            step(f"[name={selector}]", value)
        author.follow(SAVE)

    part("summary", (author.write, "summary", "Farmers keep their seed."))
    part("codes", (author.choose, "countries", "ML"), (author.choose, "sectors", "311"))
    part(
        "story", (author.write, "challenge", "No seed."), (author.write, "what_was_done", "Banks.")
    )
    part(
        "results",
        (author.write, "rows-0-statement", "Opened"),
        (author.write, "rows-0-value", "12"),
        (author.write, "rows-0-unit", "banks"),
    )
    part(
        "sources",
        (author.write, "rows-0-title", "Report"),
        (author.write, "rows-0-address", "https://example.org/a"),
    )
    part("contacts", (author.write, "contacts", "The office"))
    author.go(draft.get_absolute_url())
    author.follow(f"main a[href='/catalogue/drafts/{draft.pk}/check/']")
    author.follow("main form button[type=submit]")
    draft.refresh_from_db()
    assert draft.state == "submitted"

    page = open_page("/", **options)
    sign_in(page, make.asked_reviewer(draft), "/")
    reviewer = hand(page)
    reviewer.go("/catalogue/review/")
    reviewer.follow(f"main a[href='/catalogue/drafts/{draft.pk}/review/']")
    verdict, decision = (f"form[action$='/{act}/']" for act in ("verdict", "decision"))
    for gate in ("relevant", "evidence", "usable"):
        reviewer.unfold(f"details:has({verdict}) summary")
        reviewer.choose("[name=gate]", gate)
        reviewer.tick("[name=verdict][value=pass]")
        reviewer.write(f"{verdict} [name=note]", "Good.")
        reviewer.follow(f"{verdict} button")
    reviewer.unfold(f"details:has({decision}) summary")
    reviewer.tick("[name=decision][value=published]")
    reviewer.follow(f"{decision} button")

    visitor = hand(open_page("/", **options))
    visitor.go(Entry.objects.get().get_absolute_url())
    assert "Farmers keep their seed." in visitor.page.locator("main").inner_text()
