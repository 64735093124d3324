"""Two moderators at once, and somebody who writes while another publishes."""

import pytest

from accounts.models import Activity
from community.models import Article
from community.services import article_states as states
from community.services import articles as services
from core.errors import DomainError, StaleEdit
from tests.factories.accounts import MemberFactory
from tests.factories.articles import ArticleFactory
from tests.races import all_at_once

pytestmark = pytest.mark.django_db(transaction=True)


def refusals(results):
    return [each for each in results if isinstance(each, Exception)]


def test_of_two_moderators_who_publish_one_does():
    article = ArticleFactory(draft=True)
    moderators = [MemberFactory(moderator=True) for _each in "12"]

    results = all_at_once(
        *(
            lambda by=by: states.publish_article(article, expected_version=1, by=by)
            for by in moderators
        )
    )

    (refused,) = refusals(results)
    assert isinstance(refused, DomainError)
    assert "“Published” now" in str(refused)
    assert Activity.objects.filter(verb="article.published").count() == 1
    assert Article.objects.get().version == 2


def test_who_publishes_while_somebody_writes_publishes_what_they_read_or_nothing():
    article = ArticleFactory(draft=True)
    one, two = (MemberFactory(moderator=True) for _each in "12")
    change = {"changes": {"text": "Other."}, "expected_version": 1}

    results = all_at_once(
        lambda: states.publish_article(article, expected_version=1, by=one),
        lambda: services.change_article(article, by=two, **change),
    )

    (refused,) = refusals(results)
    assert isinstance(refused, StaleEdit)
    saved = Article.objects.get()
    assert (saved.state, saved.text) in {
        ("published", article.text),
        ("draft", "Other."),
    }


def test_two_articles_of_one_title_get_two_addresses():
    by = MemberFactory(moderator=True)
    columns = {"title": "Soil", "language": "en", "summary": "Kept.", "text": "So."}

    results = all_at_once(*[lambda: services.begin_article(columns=columns, by=by)] * 2)

    assert {article.slug for article in results} == {"soil", "soil-2"}


def test_two_schedulers_let_an_article_appear_once():
    ArticleFactory(scheduled=True)
    ArticleFactory(scheduled=True)

    assert sum(all_at_once(states.show_due_articles, states.show_due_articles)) == 2
    assert Activity.objects.filter(verb="article.published").count() == 2
