"""Writing and reviewing an experience in a real browser, with scripts and without."""

import pytest

from tests.browser.conftest import LOOKS, faults, follow, sign_in
from tests.factories import catalogue as make
from tests.factories import hubs as make_hubs

pytestmark = pytest.mark.django_db(transaction=True)
SAVE = "main form[data-autosave] button:not([name])"


@pytest.fixture
def editor(texts):
    return make_hubs.MembershipFactory(hub__slug="agency", hub__name="Agency").member


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


@LOOKS
def test_the_pages_of_writing_and_review_can_be_used_by_everybody(
    open_page, editor, width, language, dark
):
    hub = editor.memberships.get().hub
    draft = make.DraftFactory(hub=hub)
    sent = make.DraftFactory(hub=hub, submitted=True)
    make.passed(sent, make.asked_reviewer(sent))
    page = open_page("/", width=width, language=language, dark=dark)
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
        if found := faults(page):
            wrong[path] = found

    assert wrong == {}
