"""The smallest valid articles, with traits for their states."""

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from community import models
from core.dates import today
from tests.factories.accounts import MemberFactory
from tests.factories.hubs import HubFactory


class ArticleFactory(DjangoModelFactory):
    """A published story of a moderator, about nothing of the portal."""

    class Meta:
        model = models.Article

    title = factory.Sequence(lambda number: f"Article {number}")
    slug = factory.Sequence(lambda number: f"article-{number}")
    summary = "How soil is kept."
    text = "It began with *one* field."
    author = factory.SubFactory(MemberFactory)
    state = models.ArticleState.PUBLISHED
    appears_on = factory.LazyFunction(today)
    published_at = factory.LazyFunction(timezone.now)

    class Params:
        draft = factory.Trait(state="draft", appears_on=None, published_at=None)
        scheduled = factory.Trait(state="scheduled", published_at=None)
        withdrawn = factory.Trait(state="withdrawn", withdrawn_reason="It was wrong.")
        announcement = factory.Trait(kind="announcement")
        proposal = factory.Trait(draft=True, is_proposal=True, hub=factory.SubFactory(HubFactory))
        submitted = factory.Trait(
            proposal=True,
            state="submitted",
            submitted_at=factory.LazyFunction(timezone.now),
        )


def articles_of(world):
    """Return the articles of a world, by what the tables call them."""
    return {
        "article": ArticleFactory(),
        "draft article": ArticleFactory(draft=True),
        "article of a hidden hub": ArticleFactory(hub=world.hidden),
        "proposed article": ArticleFactory(proposal=True, hub=world.hub),
        "waiting article": ArticleFactory(submitted=True, hub=world.hub),
        "withdrawn article": ArticleFactory(withdrawn=True),
    }
