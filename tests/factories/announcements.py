"""The smallest valid announcements, with traits for their states."""

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from community import models
from tests.factories.accounts import MemberFactory


class AnnouncementFactory(DjangoModelFactory):
    """A draft of the portal's moderators, to everybody."""

    class Meta:
        model = models.Announcement

    subject = factory.Sequence(lambda number: f"Announcement {number}")
    body = "The portal *moves* on Sunday."
    written_by = factory.SubFactory(MemberFactory, moderator=True)

    class Params:
        sending = factory.Trait(
            state="sending",
            started_at=factory.LazyFunction(timezone.now),
            started_by=factory.SelfAttribute("written_by"),
        )
        sent = factory.Trait(
            sending=True, state="sent", ended_at=factory.LazyFunction(timezone.now)
        )


class RecipientFactory(DjangoModelFactory):
    class Meta:
        model = models.AnnouncementRecipient

    announcement = factory.SubFactory(AnnouncementFactory, sending=True)
    member = factory.SubFactory(MemberFactory)
