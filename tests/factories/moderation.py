"""The smallest valid reports, decisions and appeals."""

import factory
from factory.django import DjangoModelFactory

from community import models
from tests.factories.accounts import MemberFactory
from tests.factories.community import PostFactory


class FlagFactory(DjangoModelFactory):
    class Meta:
        model = models.Flag

    member = factory.SubFactory(MemberFactory)
    post = factory.SubFactory(PostFactory)
    reason = "rude"


class DecisionFactory(DjangoModelFactory):
    class Meta:
        model = models.Decision

    moderator = factory.SubFactory(MemberFactory, moderator=True)
    post = factory.SubFactory(PostFactory)
    member = factory.SelfAttribute("post.author")
    act = "remove"
    reason = "It sells cars."


class AppealFactory(DjangoModelFactory):
    class Meta:
        model = models.Appeal

    decision = factory.SubFactory(DecisionFactory)
    member = factory.SelfAttribute("decision.member")
    text = "It does not."


class WatchedWordFactory(DjangoModelFactory):
    class Meta:
        model = models.WatchedWord

    text = factory.Sequence(lambda number: f"word{number}")
    added_by = factory.SubFactory(MemberFactory, moderator=True)
