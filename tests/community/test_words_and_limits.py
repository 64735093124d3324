"""Watched words, and what new members may not do yet."""

import datetime
import time

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from community.models import Flag, Post, WatchedWord
from community.services import limits, posts, threads, words
from core.errors import DomainError
from tests.factories import community as make
from tests.factories.accounts import MemberFactory
from tests.factories.hubs import MembershipFactory
from tests.factories.moderation import WatchedWordFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def moderator():
    return MemberFactory(moderator=True)


@pytest.fixture
def thread():
    return make.ThreadFactory()


def settled_member():
    """Return somebody to whom no limit applies."""
    return MembershipFactory().member


def test_words_are_found_whatever_their_accents_case_and_place():
    cases = [
        ("crédit", "Un CREDIT facile", True),
        ("credit", "Un crédit", True),
        ("credit", "credits", False),
        ("credit*", "Credits for all", True),
        ("credit*", "accredited", False),
        ("quick money", "Quick,\n money!", True),
        ("quick money", "quick and money", False),
        ("قرض", "هذا قَرْض سريع", True),
        ("貸款", "快速貸款服務", True),
        ("straße", "in der STRASSE", True),
    ]
    for word, text, is_found in cases:
        core = words.plain(word) + ("*" if word.endswith("*") else "")
        assert bool(words.found_in(text, [(core, "hold")])) is is_found, word


def test_many_words_cost_nothing_that_is_felt():
    many = [(f"word {number}*", "hold") for number in range(500)]
    text = "Some words that nobody watches. " * 600
    begun = time.perf_counter()
    assert words.found_in(text, many) == {}
    assert time.perf_counter() - begun < 0.25


def test_a_post_with_a_watched_word_waits_or_is_reported(thread, moderator):
    words.watch_word("Crédit*", action="hold", by=moderator)
    words.watch_word("casino", action="flag", by=moderator)
    member = settled_member()

    plain = posts.write_post(thread, text="We meet on Monday.", by=member)
    held = posts.write_post(thread, text="Cheap CREDITS here", by=member)
    shown = posts.write_post(thread, text="The casino of the town", by=member)
    free = posts.write_post(thread, text="Credits and casino", by=moderator)

    assert [each.state for each in (plain, held, shown, free)] == [
        "shown",
        "held",
        "shown",
        "shown",
    ]
    flag = Flag.objects.get()
    assert (flag.post, flag.member, flag.reason, flag.text) == (shown, None, "watched", "casino")
    posts.change_post(shown, text="Casino, casino", expected_version=1, by=member)
    posts.change_post(plain, text="We meet for credits.", expected_version=1, by=member)
    assert set(Flag.objects.values_list("post", "text")) == {
        (shown.pk, "casino"),
        (plain.pk, "credit*"),
    }
    begun = threads.begin_thread(thread.space, title="Credit for all", text="Yes.", by=member)
    assert begun.state == "held"


def test_only_moderators_watch_words(moderator):
    with pytest.raises(PermissionDenied):
        words.watch_word("casino", action="hold", by=MemberFactory())
    word = words.watch_word("  Casinò ", action="hold", by=moderator)
    assert word.text == "casino"
    for text in ("CASINO", "*", "a", "…"):
        with pytest.raises(ValidationError):
            words.watch_word(text, action="hold", by=moderator)
    with pytest.raises(ValidationError):
        words.watch_word("roulette", action="burn", by=moderator)
    with pytest.raises(PermissionDenied):
        words.unwatch_word(word.pk, by=MemberFactory())
    words.unwatch_word(word.pk, by=moderator)
    words.unwatch_word(word.pk, by=moderator)
    assert not WatchedWord.objects.exists()


def test_new_members_write_few_links_and_names_and_lose_nothing(thread):
    new, settled = MemberFactory(), settled_member()
    links = "https://a.example https://b.example [c](https://c.example)"
    names = "@ana @ben @carla @dina"
    for text, told in ((links, "2 links"), (names, "3 people")):
        with pytest.raises(DomainError, match=told):
            posts.write_post(thread, text=text, by=new)
        posts.write_post(thread, text=text, by=settled)
        posts.write_post(thread, text=text, by=MemberFactory(moderator=True))
    fine = posts.write_post(thread, text="https://a.example and @ana", by=new)
    with pytest.raises(DomainError, match="2 links"):
        posts.change_post(fine, text=links, expected_version=1, by=new)


def test_who_is_new():
    week_ago = timezone.now() - datetime.timedelta(days=8)
    few, young, old = MemberFactory(), MemberFactory(), MemberFactory()
    for author, number, at in ((few, 2, week_ago), (young, 3, None), (old, 3, week_ago)):
        for _each in range(number):
            make.PostFactory(author=author, **({"written_at": at} if at else {}))
    make.PostFactory(author=few, state="removed", removed_by=old, removed_reason="Why.")

    assert [limits.is_new(each) for each in (few, young, old)] == [True, True, False]
    assert not limits.is_new(MemberFactory(moderator=True))
    assert not limits.is_new(settled_member())


def test_new_members_write_ten_posts_a_day(thread):
    new = MemberFactory()
    for _each in range(limits.MOST_POSTS):
        posts.write_post(thread, text="Once more.", by=new)

    with pytest.raises(DomainError, match="10 posts a day"):
        posts.write_post(thread, text="Once more.", by=new)
    Post.objects.filter(author=new).update(written_at=timezone.now() - datetime.timedelta(days=2))
    posts.write_post(thread, text="The day after.", by=new)


def test_looking_for_words_is_one_query_however_many_there_are(
    thread, moderator, django_assert_num_queries
):
    member = settled_member()
    WatchedWordFactory.create_batch(30, added_by=moderator)
    with django_assert_num_queries(1):
        words.watched_in(member, "Nothing of that.")
