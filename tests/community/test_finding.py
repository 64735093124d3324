"""What a thread is found by, and what it says of its posts, after each new one."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalogue.models import SearchRow
from catalogue.services import index_rows
from community.models import Thread
from community.services import counting, keeping, threads
from community.services.finding import FOUND_BY, LONG
from community.services.posts import write_post
from tests.factories import community as make
from tests.factories.hubs import MembershipFactory

pytestmark = pytest.mark.django_db
COUNTED = ("post_count", "last_number", "last_shown", "last_author", "last_post_at")


@pytest.fixture
def writer():
    return MembershipFactory().member


def begin(writer, **space):
    room = make.SpaceFactory(**space)
    return threads.begin_thread(room, title="Trainees", text="How do you count?", by=writer)


def words_of(thread):
    """Return every word by which a thread is found, None if it is not."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tsvector_to_array(body_vector) FROM catalogue_searchrow"
            " WHERE kind = 'thread' AND object_pk = %s",
            [thread.pk],
        )
        row = cursor.fetchone()
    return row and set(row[0])


def told_of(thread):
    return Thread.objects.filter(pk=thread.pk).values(*COUNTED).get()


@pytest.mark.parametrize("text", ["A *kilimanjaro* of numbers.", "kilimanjaro " + "x" * LONG])
def test_a_new_post_is_found_as_if_all_were_indexed_anew(writer, text):
    thread = begin(writer)
    assert "kilimanjaro" not in words_of(thread)

    write_post(thread, text=text, by=writer)
    found = words_of(thread)
    index_rows("thread", [thread.pk])

    assert "kilimanjaro" in found
    assert found == words_of(thread)


def test_a_search_that_found_nothing_finds_the_new_post_at_once(client, writer):
    def finds():
        page = client.get("/search/", {"q": "kilimanjaro"}).content.decode()
        return thread.get_absolute_url() in page

    thread = begin(writer)
    assert not finds()

    write_post(thread, text="A kilimanjaro of numbers.", by=writer)

    assert finds()


def test_the_first_posts_alone_make_a_thread_found(writer):
    thread = begin(writer)
    for _each in range(FOUND_BY - 2):
        write_post(thread, text="One of many.", by=writer)

    write_post(thread, text="The fiftieth: kilimanjaro.", by=writer)
    write_post(thread, text="And one more: ararat.", by=writer)
    found = words_of(thread)
    index_rows("thread", [thread.pk])

    assert "kilimanjaro" in found
    assert "ararat" not in found
    assert found == words_of(thread)


def test_a_thread_that_not_everybody_reads_gets_no_row(writer):
    thread = begin(writer, members=True)

    write_post(thread, text="Kilimanjaro.", by=writer)

    assert not SearchRow.objects.filter(kind="thread").exists()


def test_comments_are_found_from_the_first_on(writer):
    thread = threads.comments_on(MembershipFactory().hub)

    write_post(thread, text="Kilimanjaro.", by=writer)
    assert "kilimanjaro" in words_of(thread)
    write_post(thread, text="Ararat.", by=writer)

    assert {"kilimanjaro", "ararat"} <= words_of(thread)


def test_one_more_is_counted_as_all_are(writer):
    thread = begin(writer)
    keeping.remove_post(write_post(thread, text="A slip.", by=writer), reason="Slip.", by=writer)

    write_post(thread, text="Another.", by=writer)
    told = told_of(thread)
    counting.count_shown(Thread.objects.get(pk=thread.pk))

    assert told == told_of(thread)
    assert (told["post_count"], told["last_number"]) == (2, 3)


def test_a_reply_takes_the_same_few_statements_in_a_long_thread(writer):
    def statements(thread):
        with CaptureQueriesContext(connection) as queries:
            write_post(thread, text="Another.", by=writer)
        return len(queries)

    short, long = begin(writer), begin(writer)
    for _each in range(30):
        write_post(long, text="One of many.", by=writer)

    assert statements(short) == statements(long) <= 14
