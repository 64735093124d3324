"""Articles in a real browser: from the first word to the front page without JavaScript, what a hub
proposes, and axe.
"""

import pytest

from community.models import Article
from tests.browser.conftest import LOOKS, faults, follow, sign_in
from tests.factories.accounts import MemberFactory
from tests.factories.articles import ArticleFactory
from tests.factories.hubs import HubFactory, MembershipFactory, SourceFactory

pytestmark = pytest.mark.django_db(transaction=True)
SEND = "main form:has([name=title]) button[type=submit]"


def moderator(**columns):
    return MemberFactory(moderator=True, email="moderator@demo.example", **columns)


def test_an_article_is_written_read_and_published_on_the_front_page(open_page, texts, settings):
    settings.DEMO = True
    page = open_page("/community/articles/", scripts=False, width=320)
    sign_in(page, moderator(), "/community/articles/")
    follow(page, "main a:has-text('Write an article')")
    page.fill("[name=title]", "One valley, one calendar")
    page.check("[name=kind][value=story]")
    page.fill("[name=summary]", "Forty villages share their water.")
    page.fill("[name=text]", "It began with **one** village.")
    follow(page, f"{SEND}[name=preview]")
    assert "It began with one village." in page.locator("[aria-labelledby=preview]").inner_text()
    assert page.input_value("[name=text]") == "It began with **one** village."
    assert not Article.objects.exists()
    follow(page, f"{SEND}:not([name])")
    assert "Draft" in page.locator("main").inner_text()
    visitor = open_page("/", scripts=False)
    assert "One valley" not in visitor.locator("main").inner_text()

    follow(page, "main button:has-text('Publish')")
    assert "It is published." in page.locator("body").inner_text()
    visitor.goto("/")
    follow(visitor, "section:has(#articles) a:has-text('One valley')")
    assert "It began with one village." in visitor.locator("main").inner_text()
    assert "Nobody has commented yet." in visitor.locator("main").inner_text()


def test_a_hub_proposes_and_a_moderator_publishes(open_page, texts, settings):
    settings.DEMO = True
    head = MembershipFactory(hub=HubFactory(slug="agency"), head=True).member
    writing = open_page("/", scripts=False)
    sign_in(writing, head, "/community/articles/begin/")
    writing.fill("[name=title]", "Our water")
    writing.fill("[name=summary]", "Shared.")
    writing.fill("[name=text]", "By all.")
    follow(writing, f"{SEND}:not([name])")
    follow(writing, "main button:has-text('Send it to the moderators')")

    deciding = open_page("/", scripts=False)
    sign_in(deciding, moderator(), "/community/moderation/")
    follow(deciding, "main .items a")
    follow(deciding, "main button:has-text('Publish')")
    assert Article.objects.get().state == "published"


@LOOKS
def test_axe_finds_nothing(open_page, texts, settings, width, language, dark):
    settings.DEMO = True
    hub = HubFactory(name="A hub with a long name " * 4)
    story = ArticleFactory(
        title="A story with a long title " * 5, hub=hub, source=SourceFactory(), language="es"
    )
    ArticleFactory(announcement=True)
    ArticleFactory(submitted=True, hub=hub)
    gone = ArticleFactory(withdrawn=True)
    page = open_page("/", width=width, language=language, dark=dark)
    assert faults(page) == []
    sign_in(page, moderator(), "/community/articles/")
    url = story.get_absolute_url()

    for address in (
        *("/community/articles/", "/community/articles/desk/", "/community/articles/begin/"),
        *(url, f"{url}edit/", f"{url}picture/", f"{url}place/", f"{url}withdraw/"),
        gone.get_absolute_url(),
    ):
        page.goto(address)
        assert faults(page) == [], address
