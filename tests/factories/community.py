"""The smallest valid spaces, threads and posts, with traits for their states."""

import factory
from factory.django import DjangoModelFactory

from community import models
from tests.factories.accounts import MemberFactory
from tests.factories.hubs import HubFactory


class SpaceFactory(DjangoModelFactory):
    class Meta:
        model = models.Space

    name = factory.Sequence(lambda number: f"Space {number}")
    slug = factory.Sequence(lambda number: f"space-{number}")
    description = "What we ask each other."

    class Params:
        members = factory.Trait(readers="members")
        of_hub = factory.Trait(
            hub=factory.SubFactory(HubFactory),
            readers="hub",
            writers="hub",
            people_shown_to="hub",
        )
        closed = factory.Trait(readers="people", writers="people", people_shown_to="people")


class SpacePersonFactory(DjangoModelFactory):
    class Meta:
        model = models.SpacePerson

    space = factory.SubFactory(SpaceFactory)
    member = factory.SubFactory(MemberFactory)

    class Params:
        moderator = factory.Trait(role="moderator")


class ThreadFactory(DjangoModelFactory):
    """A thread with the post that began it; `posts=0` for none."""

    class Meta:
        model = models.Thread
        skip_postgeneration_save = True

    space = factory.SubFactory(SpaceFactory)
    title = factory.Sequence(lambda number: f"Thread {number}")
    slug = factory.Sequence(lambda number: f"thread-{number}")
    author = factory.SubFactory(MemberFactory)

    class Params:
        question = factory.Trait(kind="question")
        held = factory.Trait(state="held")
        comments = factory.Trait(space=None)

    @factory.post_generation
    def posts(self, create, extracted, **kwargs):
        state = "held" if self.state == "held" else "shown"
        for _each in range(1 if extracted is None else extracted):
            PostFactory(thread=self, author=self.author or MemberFactory(), state=state)


class PostFactory(DjangoModelFactory):
    """The next post of a thread, which counts it."""

    class Meta:
        model = models.Post
        skip_postgeneration_save = True

    thread = factory.SubFactory(ThreadFactory)
    author = factory.SubFactory(MemberFactory)
    number = factory.LazyAttribute(lambda post: post.thread.last_number + 1)
    text = factory.Sequence(lambda number: f"What I think, {number}.")
    html = factory.LazyAttribute(lambda post: f"<p>{post.text}</p>")

    @factory.post_generation
    def counted(self, create, extracted, **kwargs):
        thread = self.thread
        thread.last_number = self.number
        if self.state == "shown":
            thread.post_count += 1
            thread.last_shown = self.number
            thread.last_author = self.author
        thread.save()
