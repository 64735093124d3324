"""The smallest valid events and enrolments, with traits for their states."""

import datetime

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from community import models
from tests.factories.accounts import MemberFactory


class EventFactory(DjangoModelFactory):
    """A published event in ten days, of two hours, open to everybody."""

    class Meta:
        model = models.Event
        skip_postgeneration_save = True

    title = factory.Sequence(lambda number: f"Event {number}")
    slug = factory.Sequence(lambda number: f"event-{number}")
    kind = models.EventKind.TRAINING
    summary = "How soil is kept."
    place = "Jakarta"
    country = "ID"
    time_zone = "Asia/Jakarta"
    languages = ["en"]
    starts_at = factory.LazyFunction(lambda: timezone.now() + datetime.timedelta(days=10))
    ends_at = factory.LazyAttribute(lambda event: event.starts_at + datetime.timedelta(hours=2))
    state = models.EventState.PUBLISHED
    published_at = factory.LazyFunction(timezone.now)

    class Params:
        draft = factory.Trait(state="draft", published_at=None)
        cancelled = factory.Trait(state="cancelled", cancelled_reason="A strike.")
        past = factory.Trait(
            starts_at=factory.LazyFunction(lambda: timezone.now() - datetime.timedelta(days=2))
        )
        approval = factory.Trait(policy="approval")

    @factory.post_generation
    def hubs(self, create, extracted, **kwargs):
        """`hubs=[…]` organise it."""
        if extracted:
            self.hubs.set(extracted)


class EnrolmentFactory(DjangoModelFactory):
    """A seat."""

    class Meta:
        model = models.Enrolment

    event = factory.SubFactory(EventFactory)
    member = factory.SubFactory(MemberFactory)
    state = models.EnrolmentState.APPROVED
    number = factory.Sequence(lambda number: number + 1)
    requested_at = factory.LazyFunction(timezone.now)

    class Params:
        waiting = factory.Trait(state="waiting")
        requested = factory.Trait(state="requested")
        declined = factory.Trait(state="declined", reason="Full.")


def events_of(world):
    """Return the events of a world: one that all see, and two that outsiders may not know of."""
    events = {
        "event": EventFactory(hubs=[world.hub], capacity=40),
        "draft event": EventFactory(hubs=[world.hub], draft=True),
        "event of a hidden hub": EventFactory(hubs=[world.hidden]),
    }
    for event in events.values():
        EnrolmentFactory(event=event, member=world.someone)
        models.EventSession.objects.create(
            event=event, title="Opening", starts_at=event.starts_at, ends_at=event.ends_at
        )
        event.materials.add(world.resources["resource"])
    return events
