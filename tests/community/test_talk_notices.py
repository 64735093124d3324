"""Who is told of threads and posts: who is named or answered, and who follows; nobody else."""

import pytest

from community.models import Follow, Notification, SpacePerson
from community.news import address_of, sentence_of
from community.services import arranging, posts, threads
from community.services.notice_reading import unread_count
from community.services.telling import tell_followers
from tests.api_clients import client_of
from tests.factories import community as make
from tests.factories.accounts import MemberFactory
from tests.factories.hubs import MembershipFactory

pytestmark = pytest.mark.django_db


def told():
    tell_followers()
    rows = Notification.objects.values_list("member__name", "reason", "activity__verb")
    return sorted(rows)


def person(name):
    return MembershipFactory(member__name=name, member__slug=name.lower()).member


def test_who_is_named_answered_or_follows_is_told_once():
    asking, ana, joko = person("Asking"), person("Ana"), person("Joko")
    space = make.SpaceFactory()
    Follow.objects.create(member=joko, space=space, level="watch")
    thread = threads.begin_thread(space, title="Boats", text="Who? @ana", by=asking)
    assert told() == [
        ("Ana", "mentioned", "thread.begun"),
        ("Joko", "follows", "thread.begun"),
    ]
    Notification.objects.all().delete()

    answer = posts.write_post(thread, text="I. @joko", by=ana)
    posts.write_post(thread, text="Good.", by=asking, answers=answer)

    assert told() == [
        ("Ana", "answered", "post.written"),
        ("Asking", "answered", "post.written"),
        ("Joko", "follows", "post.written"),
        ("Joko", "mentioned", "post.written"),
    ]


def test_what_waits_is_told_to_nobody_before_it_is_shown():
    joko = person("Joko")
    thread = make.ThreadFactory()
    Follow.objects.create(member=joko, thread=thread, level="watch")

    posts.write_post(thread, text="@joko", by=MemberFactory())

    assert told() == []


def test_a_closed_space_is_told_without_its_name_and_forgotten_with_it():
    ana, insider = person("Ana"), person("Insider")
    space = make.SpacePersonFactory(space__closed=True, moderator=True, member=ana).space
    SpacePerson.objects.create(space=space, member=insider)
    Follow.objects.create(member=insider, space=space, level="watch")
    Follow.objects.create(member=person("Outsider"), space=space, level="watch")
    threads.begin_thread(space, title="Secret", text="Hush.", by=ana)

    assert told() == [("Insider", "follows", "thread.begun")]
    activity = Notification.objects.get().activity
    assert "Secret" not in sentence_of(activity)
    page = client_of(insider).get(address_of(activity), follow=True)
    assert "Hush." in page.content.decode()
    assert unread_count(insider) == 1

    SpacePerson.objects.filter(member=insider).delete()

    assert unread_count(insider) == 0
    seen = client_of(insider).get("/community/notifications/").content.decode()
    assert "not everybody may read" not in seen


def test_a_thread_that_moves_out_of_sight_is_gone_from_the_bell():
    joko, writer = person("Joko"), person("Writer")
    moderator = MemberFactory(moderator=True)
    space = make.SpaceFactory()
    Follow.objects.create(member=joko, space=space, level="watch")
    thread = threads.begin_thread(space, title="Boats", text="Who?", by=writer)
    tell_followers()
    assert unread_count(joko) == 1
    closed = make.SpaceFactory(closed=True)
    SpacePerson.objects.create(space=closed, member=moderator)

    arranging.move_thread(thread, closed, by=moderator)

    assert unread_count(joko) == 0
