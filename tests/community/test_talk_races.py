"""Several people at once in one thread: nothing is lost, nothing is decided twice."""

import pytest

from community.models import Post, Thread
from community.services import keeping, posts, threads
from core.errors import DomainError
from tests.factories import community as make
from tests.factories.accounts import MemberFactory
from tests.factories.hubs import HubFactory, MembershipFactory
from tests.races import all_at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_posts_sent_at_once_get_numbers_of_their_own():
    thread = make.ThreadFactory()
    writers = [MembershipFactory().member for _each in range(6)]

    all_at_once(*(lambda by=by: posts.write_post(thread, text="At once.", by=by) for by in writers))

    thread.refresh_from_db()
    assert list(thread.posts.order_by("number").values_list("number", flat=True)) == [*range(1, 8)]
    assert (thread.post_count, thread.last_shown) == (7, 7)


def test_a_first_comment_is_begun_once():
    hub = HubFactory()
    writers = [MembershipFactory().member for _each in range(4)]

    def comment(by):
        return posts.write_post(threads.comments_on(hub), text="Yes.", by=by)

    all_at_once(*(lambda by=by: comment(by) for by in writers))

    assert Thread.objects.get(hub=hub).post_count == 4


def test_two_moderators_decide_once():
    post = make.ThreadFactory(held=True).posts.get()
    people = [MemberFactory(moderator=True) for _each in range(2)]

    results = all_at_once(*(lambda by=by: keeping.approve_post(post, by=by) for by in people))

    assert sorted(isinstance(each, DomainError) for each in results) == [False, True]
    assert Post.objects.get().state == "shown"


def test_marks_of_many_count_each():
    post = make.ThreadFactory().posts.get()
    readers = [MemberFactory() for _each in range(5)]

    all_at_once(
        *(lambda by=by: posts.mark_useful(post, by=by, is_useful=True) for by in readers),
        *(lambda by=by: posts.mark_useful(post, by=by, is_useful=True) for by in readers),
    )

    post.refresh_from_db()
    assert post.useful_count == 5 == post.useful.count()


def test_closing_and_answering_at_once_leaves_no_post_behind_the_end():
    thread = make.ThreadFactory(author=MembershipFactory().member)
    writer = MembershipFactory().member

    all_at_once(
        lambda: threads.close_thread(thread, summary="Done.", by=thread.author),
        lambda: posts.write_post(thread, text="One more.", by=writer),
    )

    thread.refresh_from_db()
    assert thread.state == "closed"
    assert thread.post_count == thread.posts.count() == thread.last_shown
