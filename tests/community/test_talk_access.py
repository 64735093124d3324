"""Who sees, writes and keeps which space, thread and post: one world, asked for everybody."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection

from accounts.reached import Reached, Standing
from community.models import ABOUT, Post, Space, Thread
from tests.factories import catalogue, evaluation
from tests.factories import community as make
from tests.factories.accounts import MemberFactory
from tests.factories.hubs import HubFactory, MembershipFactory
from tests.kept import kept


class World:
    def __init__(self):
        self.hub = HubFactory(slug="the-hub")
        self.spaces = {
            "open": make.SpaceFactory(slug="open"),
            "members": make.SpaceFactory(slug="members-only", members=True),
            "hub": make.SpaceFactory(slug="hub", of_hub=True, hub=self.hub),
            "closed": make.SpaceFactory(slug="closed", closed=True),
            "announcing": make.SpaceFactory(slug="announcing", writers="people"),
            "archived": make.SpaceFactory(slug="archived", is_archived=True),
        }
        self.people = {
            "visitor": AnonymousUser(),
            "member": MemberFactory(),
            "pending": MemberFactory(pending=True),
            "suspended": MemberFactory(suspended=True),
            "colleague": MembershipFactory(hub=self.hub).member,
            "insider": make.SpacePersonFactory(space=self.spaces["closed"]).member,
            "keeper": make.SpacePersonFactory(space=self.spaces["closed"], moderator=True).member,
            "announcer": make.SpacePersonFactory(space=self.spaces["announcing"]).member,
            "author": MemberFactory(),
            "moderator": MemberFactory(moderator=True),
            "administrator": MemberFactory(administrator=True),
        }
        author = self.people["author"]
        self.threads = {
            name: make.ThreadFactory(space=space, slug=name, author=author)
            for name, space in self.spaces.items()
        }
        self.threads["held"] = make.ThreadFactory(
            space=self.spaces["open"], held=True, author=author
        )
        self.threads["removed"] = make.ThreadFactory(
            space=self.spaces["open"], state="removed", removed_reason="Sold cars."
        )
        self.threads["locked"] = make.ThreadFactory(
            space=self.spaces["open"], is_locked=True, author=author
        )
        self.threads["on a draft"] = make.ThreadFactory(
            comments=True, author=None, entry=catalogue.EntryFactory(hub=self.hub)
        )
        self.threads["on a hub"] = make.ThreadFactory(comments=True, author=None, hub=self.hub)
        self.threads["on a secret"] = make.ThreadFactory(
            space=self.spaces["open"],
            exchange=evaluation.ExchangeFactory(hub=self.hub, confidentiality="parties"),
        )

    def names(self, found, named):
        keys = set(found.values_list("pk", flat=True))
        return {name for name, row in named.items() if row.pk in keys}


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    with kept(django_db_blocker):
        yield World()


OPEN_TO_ALL = {"open", "announcing", "archived"}
OF_MEMBERS = OPEN_TO_ALL | {"members"}
SPACES_SEEN = {
    "visitor": OPEN_TO_ALL,
    "pending": OPEN_TO_ALL,
    "suspended": OPEN_TO_ALL,
    "member": OF_MEMBERS,
    "author": OF_MEMBERS,
    "moderator": OF_MEMBERS,
    "administrator": OF_MEMBERS,
    "announcer": OF_MEMBERS,
    "colleague": OF_MEMBERS | {"hub"},
    "insider": OF_MEMBERS | {"closed"},
    "keeper": OF_MEMBERS | {"closed"},
}
SPACES_WRITTEN = {
    "visitor": set(),
    "pending": set(),
    "suspended": set(),
    "member": {"open", "members"},
    "author": {"open", "members"},
    "moderator": {"open", "members", "announcing"},
    "administrator": {"open", "members", "announcing"},
    "announcer": {"open", "members", "announcing"},
    "colleague": {"open", "members", "hub"},
    "insider": {"open", "members", "closed"},
    "keeper": {"open", "members", "closed"},
}
SPACES_KEPT = {
    "keeper": {"closed"},
    "moderator": OF_MEMBERS,
    "administrator": OF_MEMBERS,
}


def test_who_sees_writes_and_keeps_which_space(world):
    for who, user in world.people.items():
        ask = Space.objects
        assert world.names(ask.visible_to(user), world.spaces) == SPACES_SEEN[who], who
        assert world.names(ask.writable_by(user), world.spaces) == SPACES_WRITTEN[who], who
        assert world.names(ask.moderated_by(user), world.spaces) == SPACES_KEPT.get(who, set()), who


def threads_seen(who):
    seen = set(SPACES_SEEN[who]) | {"locked", "on a hub"}
    if who in ("moderator", "administrator"):
        seen |= {"held", "removed", "on a draft"}
    if who == "author":
        seen |= {"held"}
    if who == "colleague":
        seen |= {"on a draft", "on a secret"}
    return seen


def test_who_sees_which_thread(world):
    for who, user in world.people.items():
        found = Thread.objects.visible_to(user)
        assert world.names(found, world.threads) == threads_seen(who), who


def test_posts_are_seen_by_those_who_see_their_thread(world):
    for who, user in world.people.items():
        threads = Post.objects.visible_to(user).values_list("thread", flat=True)
        found = Thread.objects.filter(pk__in=threads)
        assert world.names(found, world.threads) == threads_seen(who), who


def test_who_may_answer_in_which_thread(world):
    for who, user in world.people.items():
        found = world.names(Thread.objects.replyable_by(user), world.threads)
        may = set(SPACES_WRITTEN[who])
        if may:
            may |= {"on a hub"}
        if who in ("moderator", "administrator"):
            may |= {"on a draft", "locked"}
        if who == "colleague":
            may |= {"on a draft", "on a secret"}
        assert found == may, who


def test_who_may_close_name_and_judge(world):
    asked = {
        who: {
            right: world.names(getattr(Thread.objects, right)(user), world.threads)
            for right in ("editable_by", "closable_by", "moderated_by")
        }
        for who, user in world.people.items()
    }
    nothing = {"editable_by": set(), "closable_by": set(), "moderated_by": set()}
    for who in ("visitor", "pending", "suspended", "member", "announcer", "insider", "colleague"):
        assert asked[who] == nothing, who
    own = OF_MEMBERS | {"held"}
    assert asked["author"] == {
        "editable_by": own,
        "closable_by": OF_MEMBERS,
        "moderated_by": set(),
    }
    assert asked["keeper"] == {right: {"closed"} for right in nothing}
    kept_by_moderators = OF_MEMBERS | {"held", "removed", "locked", "on a hub", "on a draft"}
    assert asked["moderator"]["moderated_by"] == kept_by_moderators
    assert asked["moderator"]["editable_by"] == OF_MEMBERS | {"held", "locked"}
    assert asked["moderator"]["closable_by"] == kept_by_moderators - {"held", "removed"}
    assert asked["administrator"] == asked["moderator"]


def test_a_space_goes_with_its_hub(world):
    hub = HubFactory()
    space = make.SpaceFactory(hub=hub)
    thread = make.ThreadFactory(space=space)
    visitor = AnonymousUser()
    assert Space.objects.visible_to(visitor).contains(space)

    type(hub).objects.filter(pk=hub.pk).update(is_published=False)

    assert not Space.objects.visible_to(visitor).contains(space)
    assert not Thread.objects.visible_to(visitor).contains(thread)


def test_a_thread_goes_with_the_thing_that_it_is_about(world):
    visitor = AnonymousUser()
    entry = catalogue.EntryFactory(published=True)
    thread = make.ThreadFactory(space=world.spaces["open"], entry=entry)
    assert Thread.objects.visible_to(visitor).contains(thread)

    type(entry).objects.filter(pk=entry.pk).update(state="draft")

    assert not Thread.objects.visible_to(visitor).contains(thread)
    assert not Post.objects.visible_to(visitor).filter(thread=thread).exists()


@pytest.mark.parametrize("kind", ["space", *ABOUT])
def test_what_is_reached_by_a_column_is_what_the_reader_sees_there(world, kind):
    model = Thread._meta.get_field(kind).related_model

    for who, user in world.people.items():
        seen = set(model.objects.visible_to(user).values_list("pk", flat=True))
        threads = Thread.objects.exclude(**{kind: None})
        found = set(threads.filter(Reached(kind, model, user)).values_list("pk", flat=True))
        others = set(threads.exclude(Reached(kind, model, user)).values_list("pk", flat=True))

        assert found == {each.pk for each in threads if getattr(each, f"{kind}_id") in seen}, who
        assert others == set(threads.values_list("pk", flat=True)) - found, who


def test_members_of_one_standing_reach_each_what_is_theirs(world):
    reached = {
        who: world.names(
            Thread.objects.filter(Reached("space", Space, world.people[who])), world.threads
        )
        for who in ("member", "insider", "colleague")
    }

    assert reached["insider"] - reached["member"] == {"closed"}
    assert reached["colleague"] - reached["member"] == {"hub"}


def test_the_buttons_of_a_space_are_the_rights_on_it(world):
    rights = {
        "can_write": "writable_by",
        "can_moderate": "moderated_by",
        "shows_people": "showing_people_to",
    }

    for who, user in world.people.items():
        spaces = list(Space.objects.with_rights_of(user))
        for name, right in rights.items():
            granted = {each for each in spaces if getattr(each, name)}
            assert granted == set(getattr(Space.objects, right)(user)), (who, name)


def test_nobody_reaches_what_is_nobodys(world):
    nothing = Reached("space", Space, AnonymousUser(), "writable_by")

    assert not Thread.objects.filter(nothing).exists()
    assert Thread.objects.exclude(nothing).count() == Thread.objects.count()


def test_a_right_that_asks_for_more_of_its_reader_is_refused():
    with pytest.raises(AttributeError):
        _ = Standing.of(AnonymousUser()).email


@pytest.mark.django_db
def test_the_long_statement_of_a_list_is_planned_once():
    def prepared():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT statement FROM pg_prepared_statements WHERE statement LIKE %s",
                ['%"community_thread"."post_count" = $%'],
            )
            return cursor.fetchall()

    visitor = AnonymousUser()
    for number in range(5):
        list(Thread.objects.visible_to(visitor).filter(post_count=number).for_list())

    assert len(prepared()) == 1
