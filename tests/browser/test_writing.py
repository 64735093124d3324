"""Writing and reviewing an experience in a real browser, with scripts and without."""

import pytest

from catalogue.models import Draft, Entry
from tests.browser.conftest import follow, sign_in, violations
from tests.factories import catalogue as make
from tests.factories import hubs as make_hubs

pytestmark = pytest.mark.django_db(transaction=True)
SAVE = "main form[data-autosave] button:not([name])"


@pytest.fixture
def editor(texts):
    return make_hubs.MembershipFactory(hub__slug="agency", hub__name="Agency").member


def fill(page, draft, section, fields):
    """Write one section of a draft and save it."""
    page.goto(f"/catalogue/drafts/{draft.pk}/{section}/")
    for name, value in fields.items():
        page.fill(f"[name={name}]", value)
    follow(page, SAVE)


@pytest.mark.parametrize(("width", "scripts"), [(1280, True), (320, False)])
def test_an_experience_is_written_sent_reviewed_and_published(open_page, editor, width, scripts):
    page = open_page("/", width=width, scripts=scripts)
    sign_in(page, editor, "/catalogue/drafts/new/")
    page.select_option("[name=hub]", label="Agency")
    page.fill("[name=title]", "Seed banks in Mali")
    follow(page, "main form button[type=submit]")
    draft = Draft.objects.get()
    fill(page, draft, "summary", {"summary": "Farmers keep their seed."})
    page.goto(f"/catalogue/drafts/{draft.pk}/codes/")
    page.select_option("[name=countries]", "ML")
    page.select_option("[name=sectors]", "311")
    follow(page, SAVE)
    fill(page, draft, "story", {"challenge": "No seed.", "what_was_done": "Banks."})
    source = {"rows-0-title": "Report", "rows-0-address": "https://example.org/a"}
    fill(page, draft, "sources", source)
    result = {"rows-0-statement": "Opened", "rows-0-value": "12", "rows-0-unit": "banks"}
    fill(page, draft, "results", result)
    fill(page, draft, "contacts", {"contacts": "The office"})
    follow(page, "main a.btn:has-text('Check')")
    follow(page, "main form button[type=submit]")
    assert "What happens next" in page.locator("main").inner_text()

    draft.refresh_from_db()
    reviewer = make.asked_reviewer(draft)
    page = open_page("/", width=width, scripts=scripts)
    sign_in(page, reviewer, f"/catalogue/drafts/{draft.pk}/review/")
    for gate in ("relevant", "evidence", "usable"):
        page.click("summary:has-text('Give a verdict')")
        page.select_option("[name=gate]", gate)
        page.check("[name=verdict][value=pass]")
        page.fill("form[action$='/verdict/'] [name=note]", "Good.")
        if gate == "usable" and scripts:
            page.wait_for_timeout(1_000)  # a second press within a second is taken for a slip
        follow(page, "form[action$='/verdict/'] button")
    page.click("summary:has-text('Decide')")
    page.check("[name=decision][value=published]")
    follow(page, "form[action$='/decision/'] button")

    visitor = open_page(Entry.objects.get().get_absolute_url(), width=width, scripts=scripts)
    assert "Farmers keep their seed." in visitor.locator("main").inner_text()


def test_a_text_is_saved_while_it_is_written(open_page, editor):
    draft = make.DraftFactory(hub=editor.memberships.get().hub)
    page = open_page("/")
    sign_in(page, editor, f"/catalogue/drafts/{draft.pk}/story/")
    page.fill("[name=challenge]", "Written, not sent.")
    page.locator("[data-autosave-status]:has-text('Saved at')").wait_for()

    draft.refresh_from_db()
    assert draft.content["challenge"] == "Written, not sent."
    page.fill("[name=challenge]", "And then sent.")
    follow(page, SAVE)
    draft.refresh_from_db()
    assert draft.content["challenge"] == "And then sent."


def test_what_never_reached_the_portal_is_offered_on_the_same_device(open_page, editor):
    draft = make.DraftFactory(hub=editor.memberships.get().hub)
    url = f"/catalogue/drafts/{draft.pk}/story/"
    page = open_page("/")
    sign_in(page, editor, url)
    page.route(
        "**/story/",
        lambda route: route.abort() if route.request.method == "POST" else route.continue_(),
    )
    page.fill("[name=challenge]", "Typed on a train.")
    page.goto(url)

    page.click("main .notice button:has-text('Put it back')")

    assert page.input_value("[name=challenge]") == "Typed on a train."


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("width", [320, 1280])
def test_the_pages_of_writing_and_review_can_be_used_by_everybody(
    open_page, editor, language, width
):
    hub = editor.memberships.get().hub
    draft = make.DraftFactory(hub=hub)
    sent = make.DraftFactory(hub=hub, submitted=True)
    make.passed(sent, make.asked_reviewer(sent))
    page = open_page("/", width=width, language=language)
    sign_in(page, editor)
    assert page.locator("html").get_attribute("lang") == language
    wrong = {}
    for path in (
        "/catalogue/drafts/",
        "/catalogue/drafts/new/",
        f"/catalogue/drafts/{draft.pk}/",
        f"/catalogue/drafts/{draft.pk}/codes/",
        f"/catalogue/drafts/{draft.pk}/results/",
        f"/catalogue/drafts/{draft.pk}/attachments/",
        f"/catalogue/drafts/{draft.pk}/check/",
        f"/catalogue/drafts/{sent.pk}/review/",
        f"/catalogue/drafts/{sent.pk}/diff/",
        "/catalogue/review/",
    ):
        page.goto(path)
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wrong[path] = "wider than the screen"
        if found := violations(page):
            wrong[path] = found

    assert wrong == {}
