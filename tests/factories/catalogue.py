"""The smallest valid entries, published or drafts."""

import factory
from factory.django import DjangoModelFactory

from catalogue import models
from catalogue.services import publish_content
from tests.factories.hubs import HubFactory


class EntryFactory(DjangoModelFactory):
    """A draft; `published=True` publishes it as its first version."""

    class Meta:
        model = models.Entry
        skip_postgeneration_save = True

    hub = factory.SubFactory(HubFactory)
    title = factory.Sequence(lambda number: f"Entry {number}")
    slug = factory.Sequence(lambda number: f"entry-{number}")
    summary = "What was tried, in a sentence."

    @factory.post_generation
    def published(self, create: bool, extracted: bool | None, **kwargs: object) -> None:
        if create and extracted:
            publish_content(self, by=None)
            self.refresh_from_db()


class EntryPartnerFactory(DjangoModelFactory):
    class Meta:
        model = models.EntryPartner

    entry = factory.SubFactory(EntryFactory)
    role = models.PartnerRole.FACILITATOR
    name = "A body"
    position = factory.Sequence(lambda number: number % 30_000)


class ResultRowFactory(DjangoModelFactory):
    class Meta:
        model = models.ResultRow

    entry = factory.SubFactory(EntryFactory)
    statement = "Technicians trained"
    position = factory.Sequence(lambda number: number % 30_000)


class BuildingBlockFactory(DjangoModelFactory):
    """A published block; `is_published=False` makes a draft."""

    class Meta:
        model = models.BuildingBlock

    hub = factory.SubFactory(HubFactory)
    title = factory.Sequence(lambda number: f"Block {number}")
    slug = factory.Sequence(lambda number: f"block-{number}")
    description = "What it is and how it works."
    is_published = True


class BlockUseFactory(DjangoModelFactory):
    class Meta:
        model = models.BlockUse

    block = factory.SubFactory(BuildingBlockFactory)
    entry = factory.SubFactory(EntryFactory)
    position = factory.Sequence(lambda number: number % 30_000)
