"""The first story: what the source states, nothing more; people's edits stand."""

import json

import pytest

from accounts.models import Activity
from community.demo.articles import load_demo_articles
from community.models import Article
from community.services.article_states import withdraw_article
from community.services.articles import change_article
from community.starter.articles import CONTENT, load_starter_articles
from community.starter.events import load_starter_events
from hubs.models import Source
from hubs.starter.loader import load_starter_content
from tests.factories.accounts import MemberFactory

pytestmark = pytest.mark.django_db
PAGE = "/community/articles/bali-lessons-2012/"
ADDRESS = "http://www.southsouth.info/profiles/blogs/knowledge-hubs-in-practice-the-bali-lessons"


def test_the_first_story_is_loaded_once_with_its_source(client, django_assert_max_num_queries):
    load_starter_content()
    load_starter_events()
    assert load_starter_articles() == {"articles": 1}
    with django_assert_max_num_queries(4):
        assert not load_starter_articles()
    assert not load_starter_articles(CONTENT.read_text(encoding="utf-8") + "\n")

    article = Article.objects.get()
    assert (article.source.address, article.source.date_text) == (ADDRESS, "2012")
    assert article.source.publisher == "The South-South Opportunity"
    assert article.event.slug == "bali-hlm-2012"
    assert 150 <= len(article.text.split()) <= 300
    body = client.get(PAGE).content.decode()
    assert ADDRESS in body
    assert ", 2012</p>" in body
    assert "/community/events/bali-hlm-2012/" in body
    assert client.get("/").content.decode().count(article.title) == 1
    assert client.get("/search/?q=bali+lessons").content.decode().count(PAGE) >= 1
    assert not Activity.objects.filter(object_model="article").exists()


def test_without_the_events_it_is_about_nothing():
    assert load_starter_articles() == {"articles": 1}
    assert Article.objects.get().about is None


def changed(**columns):
    content = json.loads(CONTENT.read_text(encoding="utf-8"))
    content["articles"][0] |= columns
    return json.dumps(content)


def test_what_nobody_touched_follows_the_release_and_what_a_person_edited_stays():
    load_starter_articles()
    assert load_starter_articles(changed(title="New")) == {"articles": 1}
    article = Article.objects.get()
    assert article.title == "New"

    by = MemberFactory(moderator=True)
    change_article(article, changes={"title": "Mine"}, expected_version=article.version, by=by)
    assert not load_starter_articles(changed(title="Newer"))
    assert Article.objects.get().title == "Mine"
    withdraw_article(Article.objects.get(), reason="Old.", by=by)
    assert not load_starter_articles(changed(title="Newest"))
    assert Article.objects.get().state == "withdrawn"
    Article.objects.all().delete()
    assert not load_starter_articles(changed(title="Last"))
    assert Source.objects.filter(address=ADDRESS).count() == 1


def test_a_demonstration_shows_one_announcement_marked_as_such(client, settings):
    by = MemberFactory(moderator=True, email="moderator@demo.example")
    load_demo_articles("demo.example")
    load_demo_articles("demo.example")

    article = Article.objects.get()
    assert (article.kind, article.is_demo, article.author) == ("announcement", True, by)
    assert article.title.startswith("Demonstration")
    assert b"Demonstration" in client.get(article.get_absolute_url()).content
