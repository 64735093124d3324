"""The smallest valid evidence, stories, surveys and action plans, with traits for their states."""

import datetime

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from evaluation import models
from evaluation.services.rungs import settle_story
from tests.factories.accounts import MemberFactory
from tests.factories.evaluation import ExchangeFactory, PartyFactory


class EvidenceFactory(DjangoModelFactory):
    class Meta:
        model = models.Evidence

    exchange = factory.SubFactory(ExchangeFactory)
    kind = models.EvidenceKind.DOCUMENT
    proves = models.Proves.ATTENDANCE
    title = factory.Sequence(lambda number: f"Evidence {number}")
    address = "https://example.org/list"

    class Params:
        confidential = factory.Trait(is_confidential=True)


class StoryFactory(DjangoModelFactory):
    """A draft with all its texts and without statements."""

    class Meta:
        model = models.ImpactStory

    exchange = factory.SubFactory(ExchangeFactory)
    title = factory.Sequence(lambda number: f"Story {number}")
    slug = factory.Sequence(lambda number: f"story-{number}")
    summary = "People met and a law changed."
    other_explanations = "An election."
    what_did_not_work = "The second visit."
    author = factory.SubFactory(MemberFactory)

    class Params:
        submitted = factory.Trait(
            state="submitted", submitted_at=factory.LazyFunction(timezone.now)
        )
        returned = factory.Trait(state="returned", return_note="Say more.")
        withdrawn = factory.Trait(state="withdrawn", withdrawn_reason="Wrong.")
        published = factory.Trait(
            state="published",
            submitted_at=factory.LazyFunction(timezone.now),
            published_at=factory.LazyFunction(timezone.now),
            publisher=factory.SubFactory(MemberFactory),
        )


class ClaimFactory(DjangoModelFactory):
    class Meta:
        model = models.RungClaim

    story = factory.SubFactory(StoryFactory)
    rung = models.Rung.CONNECT
    statement = "They met."


def told(story, **evidence):
    """Give `story` a statement on each rung named, shown by one piece of evidence that is what
    the value says; return that evidence by rung.
    """
    shown = {}
    for rung, proves in evidence.items():
        claim = ClaimFactory(story=story, rung=rung)
        is_secret = isinstance(proves, tuple)
        shown[rung] = EvidenceFactory(
            exchange=story.exchange,
            proves=proves[0] if is_secret else proves,
            is_confidential=is_secret,
        )
        claim.evidence.add(shown[rung])
    settle_story(story, reason="Set up.", by=None)
    story.rung_changes.all().delete()
    return shown


class PersonFactory(DjangoModelFactory):
    class Meta:
        model = models.FollowUpPerson

    exchange = factory.SubFactory(
        ExchangeFactory, status="completed", ends_on=datetime.date(2024, 1, 31)
    )
    name = factory.Sequence(lambda number: f"Person {number}")
    email = factory.Sequence(lambda number: f"person{number}@example.org")
    added_by = factory.SubFactory(MemberFactory)


class PlanFactory(DjangoModelFactory):
    class Meta:
        model = models.ActionPlan

    party = factory.SubFactory(PartyFactory)
    exchange = factory.SelfAttribute("party.exchange")
    created_by = factory.SubFactory(MemberFactory)


class ItemFactory(DjangoModelFactory):
    class Meta:
        model = models.ActionItem

    plan = factory.SubFactory(PlanFactory)
    title = factory.Sequence(lambda number: f"Point {number}")
    due_on = datetime.date(2024, 6, 1)
