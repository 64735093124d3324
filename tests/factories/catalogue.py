"""The smallest valid entries, published or drafts."""

import datetime

import factory
from django.utils import timezone
from django.utils.text import slugify
from factory.django import DjangoModelFactory

from accounts.models import Member
from catalogue import models
from catalogue.content import empty_content
from catalogue.services import assign_reviewer, give_verdict, publish_content, submit_draft
from tests.factories.accounts import MemberFactory
from tests.factories.hubs import HubFactory, MembershipFactory


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


WHOLE = {
    "summary": "What was tried, in a sentence.",
    "countries": ["ML"],
    "sectors": ["311"],
    "challenge": "No seed in spring.",
    "what_was_done": "Seed banks.",
    "contacts": "The office for cooperation",
    "sources": [{"title": "Report", "publisher": "", "address": "https://example.org/report"}],
    "results": [
        {
            "statement": "Banks opened",
            "value": "12",
            "unit": "banks",
            "period": "2012",
            "level": "output",
            "cited": "https://example.org/report",
        }
    ],
    "partners": [{"role": "funder", "hub": "", "organisation": "", "name": "A fund"}],
}


class DraftFactory(DjangoModelFactory):
    """Everything needed is stated; `submitted=True` sends it, `bare=True` is a title alone."""

    class Meta:
        model = models.Draft
        skip_postgeneration_save = True

    class Params:
        bare = factory.Trait(
            content=factory.Sequence(lambda number: empty_content(title=f"Draft {number}"))
        )

    hub = factory.SubFactory(HubFactory)
    content = factory.Sequence(lambda number: empty_content(title=f"Draft {number}", **WHOLE))
    created_by = factory.SubFactory(MemberFactory)

    @factory.post_generation
    def authors(self, create: bool, extracted: list[object] | None, **kwargs: object) -> None:
        if create:
            self.authors.set(extracted if extracted is not None else [self.created_by])

    @factory.post_generation
    def submitted(self, create: bool, extracted: bool | None, **kwargs: object) -> None:
        if create and extracted:
            submit_draft(self, by=MembershipFactory(hub=self.hub).member)
            self.refresh_from_db()


def asked_reviewer(draft: models.Draft) -> Member:
    """Return a member whom a moderator asked to review a submitted draft."""
    reviewer = MemberFactory()
    assign_reviewer(draft, reviewer, by=MemberFactory(moderator=True))
    return reviewer


def passed(draft: models.Draft, reviewer: Member) -> models.Draft:
    """Let a submitted draft pass all gates."""
    for gate in models.Gate.values:
        give_verdict(draft, gate, "pass", note="Good.", by=reviewer)
    return draft


class TranslationFactory(DjangoModelFactory):
    """The title of a published entry in French, by a person."""

    class Meta:
        model = models.Translation

    entry = factory.SubFactory(EntryFactory, published=True)
    language = "fr"
    state = models.TranslationState.HUMAN
    from_version = 1
    texts = factory.LazyFunction(lambda: {"title": "Titre"})
    translated_by = factory.SubFactory(MemberFactory)


class ResourceFactory(DjangoModelFactory):
    """A published guide of the portal's own library, without a copy."""

    class Meta:
        model = models.Resource

    kind = models.Resource.Kind.GUIDE
    title = factory.Sequence(lambda number: f"Resource {number}")
    slug = factory.Sequence(lambda number: f"resource-{number}")
    is_published = True


class ResourceLinkFactory(DjangoModelFactory):
    class Meta:
        model = models.ResourceLink

    resource = factory.SubFactory(ResourceFactory)
    address = factory.Sequence(lambda number: f"https://example.org/{number}.pdf")
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


class AdoptionFactory(DjangoModelFactory):
    """An entry taken up by a hub, as stated; `confirmed=True` confirms it."""

    class Meta:
        model = models.Adoption

    entry = factory.SubFactory(EntryFactory, published=True)
    hub = factory.SubFactory(HubFactory)

    class Params:
        confirmed = factory.Trait(
            state="confirmed",
            confirmed_by=factory.SubFactory(MemberFactory),
            confirmed_at=factory.LazyFunction(timezone.now),
        )


class ExpertFactory(DjangoModelFactory):
    """Somebody outside the portal without a consent; `consented=True` has one, `own=True` is a
    member's own profile.
    """

    class Meta:
        model = models.Expert

    class Params:
        consented = factory.Trait(
            consented_on=datetime.date(2026, 1, 2), consented_by=factory.SubFactory(MemberFactory)
        )
        own = factory.Trait(
            name="",
            agreed_on=None,
            member=factory.SubFactory(MemberFactory),
            added_by=factory.SelfAttribute("member"),
        )

    name = factory.Sequence(lambda number: f"Person {number}")
    agreed_on = datetime.date(2026, 1, 1)
    headline = "Social registries"
    added_by = factory.SubFactory(MemberFactory)


class ImportFactory(DjangoModelFactory):
    """A file that was checked; it is not kept."""

    class Meta:
        model = models.Import

    hub = factory.SubFactory(HubFactory)
    member = factory.SubFactory(MemberFactory)
    kind = "entries"
    file_name = "table.csv"
    state = models.Import.State.CHECKED
    report = factory.LazyFunction(
        lambda: {"new": 1, "changed": 0, "same": 0, "rejected": 0, "problems": [], "failure": ""}
    )
    asked_at = factory.LazyFunction(timezone.now)


class TagFactory(DjangoModelFactory):
    """A tag of the vocabulary, known by its slug and names."""

    class Meta:
        model = models.Tag

    name = factory.Sequence(lambda number: f"Tag {number}")
    slug = factory.LazyAttribute(lambda tag: slugify(tag.name))
    is_listed = True
    keys = factory.LazyAttribute(
        lambda tag: models.Tag(slug=tag.slug, name=tag.name, names=tag.names).own_keys()
    )
    names = factory.LazyFunction(dict)
