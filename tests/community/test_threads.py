"""A thread from its beginning to its end: what each service does, refuses and records."""

import datetime

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from accounts.models import Activity
from accounts.services import close_account
from catalogue.models import SearchRow
from catalogue.services import index_rows
from community.models import Post, PostRevision, Thread
from community.services import arranging, keeping, posts, spaces, threads, turning
from core.dates import today
from core.errors import DomainError, StaleEdit
from tests.factories import catalogue
from tests.factories import community as make
from tests.factories.accounts import MemberFactory
from tests.factories.hubs import HubFactory, MembershipFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def space():
    return make.SpaceFactory(slug="room")


@pytest.fixture
def writer():
    return MembershipFactory(member__slug="writer-1").member


@pytest.fixture
def moderator():
    return MemberFactory(moderator=True)


def begin(space, by, **columns):
    given = {"title": "How do you count trainees?", "text": "We count *days*."} | columns
    return threads.begin_thread(space, by=by, **given)


def verbs():
    return list(Activity.objects.order_by("pk").values_list("verb", flat=True))


def test_a_thread_is_begun_with_its_first_post(space, writer):
    thread = begin(space, writer, kind="question", language="pt")

    post = thread.posts.get()
    assert (post.number, post.state, post.html) == (1, "shown", "<p>We count <em>days</em>.</p>\n")
    assert (thread.state, thread.post_count, thread.last_shown) == ("open", 1, 1)
    assert thread.last_author == writer
    assert thread.get_absolute_url() == (f"/community/room/{thread.pk}-how-do-you-count-trainees/")
    activity = Activity.objects.get()
    assert (activity.verb, activity.audience) == ("thread.begun", "public")
    assert activity.object_label == "How do you count trainees?"


def test_what_somebody_new_writes_waits_until_a_moderator_shows_it(space, writer, moderator):
    new = MemberFactory()
    held = begin(space, new)
    assert held.state == "held"
    assert not Thread.objects.visible_to(writer).contains(held)
    assert Thread.objects.visible_to(new).contains(held)
    assert verbs() == []
    with pytest.raises(PermissionDenied):
        keeping.approve_post(held.posts.get(), by=new)
    with pytest.raises(PermissionDenied):
        keeping.approve_post(held.posts.get(), by=writer)

    keeping.approve_post(held.posts.get(), by=moderator)

    held.refresh_from_db()
    assert (held.state, held.post_count) == ("open", 1)
    assert verbs() == ["post.approved", "thread.begun"]
    assert posts.write_post(held, text="More.", by=new).state == "shown"
    with pytest.raises(DomainError, match="already"):
        keeping.approve_post(held.posts.get(number=1), by=moderator)


def test_an_answer_that_was_held_comes_after_what_others_have_read(space, writer, moderator):
    thread = begin(space, writer)
    waiting = posts.write_post(thread, text="I am new.", by=MemberFactory())
    later = posts.write_post(thread, text="I am not.", by=writer)
    assert (waiting.number, later.number) == (2, 3)
    thread.refresh_from_db()
    assert (thread.post_count, thread.last_shown) == (2, 3)

    keeping.approve_post(waiting, by=moderator)

    thread.refresh_from_db()
    assert list(thread.posts.order_by("number").values_list("number", "text")) == [
        (1, "We count *days*."),
        (3, "I am not."),
        (4, "I am new."),
    ]
    assert (thread.post_count, thread.last_shown) == (3, 4)


def test_taking_back_and_showing_again_does_not_get_past_the_moderators(space, moderator):
    new = MemberFactory()
    post = begin(space, new).posts.get()
    keeping.remove_post(post, reason="Mistake.", by=new)

    keeping.restore_post(post, by=new)

    post.refresh_from_db()
    assert post.state == "held"


def test_limited_members_wait_again(space, writer):
    thread = begin(space, writer)
    limited = MemberFactory(limited=True)
    make.PostFactory(author=limited)

    assert posts.write_post(thread, text="Hello.", by=limited).state == "held"


def test_a_moderator_of_the_space_is_not_new_there():
    person = make.SpacePersonFactory(moderator=True, space__closed=True)

    assert begin(person.space, person.member).state == "open"


def test_announcements_and_consultations_are_begun_by_moderators_alone(space, writer, moderator):
    for kind in ("announcement", "consultation"):
        with pytest.raises(PermissionDenied):
            begin(space, writer, kind=kind, closes_on=today())
    with pytest.raises(ValidationError, match="until when"):
        begin(space, moderator, kind="consultation")

    thread = begin(space, moderator, kind="consultation", closes_on=today())

    assert Thread.objects.replyable_by(writer).contains(thread)
    Thread.objects.filter(pk=thread.pk).update(closes_on=today() - datetime.timedelta(days=1))
    with pytest.raises(DomainError, match="no more posts"):
        posts.write_post(thread, text="Late.", by=writer)
    with pytest.raises(DomainError, match="what came of"):
        threads.close_thread(thread, summary=" ", by=moderator)
    closed = threads.close_thread(thread, summary="We **agree**.", by=moderator)
    assert closed.summary_html == "<p>We <strong>agree</strong>.</p>\n"
    with pytest.raises(DomainError, match="already"):
        threads.close_thread(thread, summary="Again.", by=moderator)


def test_nobody_writes_where_they_may_not(space, writer):
    closed = make.SpaceFactory(closed=True)
    with pytest.raises(PermissionDenied):
        begin(closed, writer)
    for member in (MemberFactory(pending=True), MemberFactory(suspended=True)):
        with pytest.raises(PermissionDenied):
            begin(space, member)
    thread = begin(space, writer)
    with pytest.raises(PermissionDenied):
        posts.write_post(thread, text="No.", by=MemberFactory(pending=True))
    with pytest.raises(ValidationError):
        posts.write_post(thread, text="x" * 20_001, by=writer)
    with pytest.raises(ValidationError):
        posts.write_post(thread, text="", by=writer)
    assert thread.posts.count() == 1


def test_what_not_everybody_reads_is_recorded_without_a_word_of_it(writer):
    person = make.SpacePersonFactory(space__closed=True, moderator=True)
    thread = begin(person.space, person.member, title="Secret merger")
    threads.close_thread(thread, summary="Secret end", by=person.member)
    spaces.set_person(person.space, writer, role="member", by=person.member)

    for activity in Activity.objects.all():
        told = f"{activity.object_label} {activity.object_url} {activity.changes}"
        assert activity.audience == "members"
        assert "ecret" not in told
        assert person.space.slug not in told


def test_mentions_name_those_who_may_see_the_thread(space, writer):
    ana = MemberFactory(slug="ana-silva-9f31", name="Ana <Silva>")
    MemberFactory(slug="joko-1")
    MemberFactory(slug="joko-2")
    text = "@Ana-Silva, see @ana-silva-9f31, @joko, @nobody and a@ana-silva.org."
    post = begin(space, writer, text=text).posts.get()

    assert post.mentions.get().member == ana
    assert post.html.count('<a href="/community/members/ana-silva-9f31/"') == 2
    assert "@Ana &lt;Silva&gt;</a>" in post.html
    assert "@joko, @nobody" in post.html

    person = make.SpacePersonFactory(space__closed=True, moderator=True)
    closed = begin(person.space, person.member, text="@ana-silva").posts.get()
    assert not closed.mentions.exists()
    assert closed.html == "<p>@ana-silva</p>\n"


def test_of_two_alike_the_one_who_wrote_here_is_meant(space, writer):
    here = MembershipFactory(member__slug="joko-1").member
    MemberFactory(slug="joko-2")
    thread = begin(space, writer)
    posts.write_post(thread, text="Yes.", by=here)

    assert posts.write_post(thread, text="Thanks @joko", by=writer).mentions.get().member == here


def test_a_change_keeps_what_was_said_before(space, writer):
    post = begin(space, writer, text="First.").posts.get()

    posts.change_post(post, text="Second.", expected_version=1, by=writer)

    post.refresh_from_db()
    assert (post.text, post.version, bool(post.edited_at)) == ("Second.", 2, True)
    assert PostRevision.objects.get().text == "First."
    with pytest.raises(StaleEdit):
        posts.change_post(post, text="Third.", expected_version=1, by=writer)
    with pytest.raises(PermissionDenied):
        posts.change_post(post, text="Mine.", expected_version=2, by=MemberFactory(moderator=True))
    posts.change_post(post, text="Second.", expected_version=2, by=writer)
    assert PostRevision.objects.count() == 1


def test_removed_posts_leave_a_tombstone_and_can_come_back(space, writer, moderator):
    thread = begin(space, writer, kind="question")
    answer = posts.write_post(thread, text="Buy cars.", by=moderator)
    threads.accept_answer(thread, answer, by=writer)
    with pytest.raises(PermissionDenied):
        keeping.remove_post(answer, reason="Spam.", by=writer)
    with pytest.raises(ValidationError):
        keeping.remove_post(answer, reason=" ", by=moderator)

    keeping.remove_post(answer, reason="Spam.", by=moderator)

    thread.refresh_from_db()
    assert (thread.post_count, thread.last_shown, thread.accepted) == (1, 1, None)
    with pytest.raises(DomainError, match="already"):
        keeping.remove_post(answer, reason="Spam.", by=moderator)
    keeping.restore_post(answer, by=moderator)
    thread.refresh_from_db()
    assert (thread.post_count, thread.last_shown) == (2, 2)


def test_an_answer_is_accepted_by_who_asked(space, writer, moderator):
    thread = begin(space, writer, kind="question")
    answer = posts.write_post(thread, text="Like this.", by=moderator)
    other = make.PostFactory()
    for wrong in (thread.posts.get(number=1), other):
        with pytest.raises(DomainError, match="cannot be the answer"):
            threads.accept_answer(thread, wrong, by=writer)
    with pytest.raises(PermissionDenied):
        threads.accept_answer(thread, answer, by=MemberFactory())

    assert threads.accept_answer(thread, answer, by=writer).accepted == answer
    assert threads.accept_answer(thread, None, by=writer).accepted is None
    assert verbs()[-2:] == ["thread.answered", "thread.answer_withdrawn"]


def test_useful_is_said_once_and_not_of_oneself(space, writer):
    post = begin(space, writer).posts.get()
    reader = MemberFactory()
    for _twice in range(2):
        assert posts.mark_useful(post, by=reader, is_useful=True).useful_count == 1
    with pytest.raises(PermissionDenied):
        posts.mark_useful(post, by=writer, is_useful=True)
    for _twice in range(2):
        assert posts.mark_useful(post, by=reader, is_useful=False).useful_count == 0


def test_comments_are_one_thread_about_a_thing_and_go_with_it(writer):
    entry = catalogue.EntryFactory(published=True, title="Vaccines by boat")
    thread = threads.comments_on(entry)
    assert threads.comments_on(entry) == thread
    posts.write_post(thread, text="Did it last?", by=writer)
    visitor = AnonymousUser()
    assert Thread.objects.visible_to(visitor).listed().contains(thread)

    type(entry).objects.filter(pk=entry.pk).update(state="draft")

    assert not Thread.objects.visible_to(visitor).exists()
    assert not Post.objects.visible_to(writer).exists()
    assert thread.get_absolute_url() == f"/community/about/{thread.pk}-vaccines-by-boat/"


def test_a_thread_is_about_what_its_author_may_see(space, writer):
    draft = catalogue.EntryFactory()
    with pytest.raises(PermissionDenied):
        begin(space, writer, about=draft)

    hub = HubFactory()
    assert begin(space, writer, about=hub).hub == hub


def test_threads_move_with_their_readers(space, writer, moderator):
    thread = begin(space, writer)
    members = make.SpaceFactory(members=True)
    with pytest.raises(PermissionDenied):
        arranging.move_thread(thread, members, by=writer)
    with pytest.raises(PermissionDenied):
        arranging.move_thread(thread, make.SpaceFactory(closed=True), by=moderator)
    with pytest.raises(DomainError, match="already"):
        arranging.move_thread(thread, space, by=moderator)

    arranging.move_thread(thread, members, by=moderator)

    assert not Thread.objects.visible_to(AnonymousUser()).contains(thread)
    comments = threads.comments_on(HubFactory())
    with pytest.raises(DomainError, match="stay with the page"):
        arranging.move_thread(comments, members, by=moderator)


def test_merged_threads_are_one_and_the_old_address_leads_there(space, writer, moderator):
    first, second = begin(space, writer, text="One."), begin(space, writer, text="Two.")
    posts.write_post(second, text="Three.", by=writer)
    with pytest.raises(PermissionDenied):
        arranging.merge_threads(second, first, by=writer)
    with pytest.raises(DomainError, match="another thread"):
        arranging.merge_threads(first, first, by=moderator)

    arranging.merge_threads(second, first, by=moderator)

    told = list(first.posts.order_by("number").values_list("number", "text"))
    assert told == [(1, "One."), (2, "Two."), (3, "Three.")]
    second.refresh_from_db()
    assert (second.state, second.merged_into, second.post_count) == ("merged", first, 0)
    third = begin(space, writer)
    arranging.merge_threads(first, third, by=moderator)
    second.refresh_from_db()
    assert second.merged_into == third
    with pytest.raises(DomainError, match="not open to readers"):
        arranging.merge_threads(third, first, by=moderator)


def test_posts_are_split_off_in_their_order(space, writer, moderator):
    thread = begin(space, writer, kind="question")
    moved = [posts.write_post(thread, text=text, by=writer) for text in ("Aside.", "More.")]
    threads.accept_answer(thread, moved[1], by=writer)
    with pytest.raises(DomainError, match="first one stays"):
        arranging.split_thread(
            thread, [thread.posts.get(number=1)], title="X", space=space, by=moderator
        )
    with pytest.raises(PermissionDenied):
        arranging.split_thread(thread, moved, title="Aside", space=space, by=writer)

    new = arranging.split_thread(thread, moved[::-1], title="Aside", space=space, by=moderator)

    assert list(new.posts.order_by("number").values_list("text", flat=True)) == ["Aside.", "More."]
    thread.refresh_from_db()
    assert (thread.post_count, thread.last_number, thread.accepted) == (1, 3, None)
    assert new.split_from == thread
    assert posts.write_post(thread, text="On.", by=writer).number == 4


def test_who_acts_on_a_post_that_was_moved_is_told_so(space, writer, moderator):
    thread = begin(space, writer)
    post = posts.write_post(thread, text="Aside.", by=writer)
    arranging.split_thread(thread, [post], title="Aside", space=space, by=moderator)

    for act in (
        lambda: keeping.remove_post(post, reason="Spam.", by=moderator),
        lambda: posts.change_post(post, text="Else.", expected_version=1, by=writer),
    ):
        with pytest.raises(DomainError, match="moved this post"):
            act()


def test_pinning_locking_and_removing_are_for_moderators(space, writer, moderator):
    thread = begin(space, writer)
    with pytest.raises(PermissionDenied):
        threads.set_mark(thread, mark="is_locked", value=True, by=writer)
    threads.set_mark(thread, mark="is_locked", value=True, by=moderator)
    with pytest.raises(DomainError):
        posts.write_post(thread, text="Still?", by=writer)
    assert posts.write_post(thread, text="Last word.", by=moderator).number == 2

    with pytest.raises(PermissionDenied):
        keeping.remove_thread(thread, reason="Old.", by=writer)
    keeping.remove_thread(thread, reason="Old.", by=moderator)
    assert not Thread.objects.visible_to(writer).contains(thread)
    keeping.restore_thread(thread, by=moderator)
    assert Thread.objects.visible_to(writer).contains(thread)


def test_a_closed_account_leaves_its_words_without_its_name(space, writer, moderator):
    ana = MembershipFactory(member__slug="ana-silva-9f31", member__name="Ana Silva").member
    thread = begin(space, ana)
    named = posts.write_post(thread, text="As @ana-silva says.", by=writer)
    posts.change_post(named, text="As @Ana-Silva said.", expected_version=1, by=writer)

    close_account(ana, by=ana)

    named.refresh_from_db()
    assert named.text == "As @former-member said."
    assert "Former member" in named.html
    assert named.revisions.get().text == "As @former-member says."
    assert "ana" not in f"{named.html}".lower()
    assert thread.posts.get(number=1).text == "We count *days*."


def test_a_thread_becomes_the_draft_of_an_experience(space, writer, moderator):
    hub = writer.memberships.get().hub
    thread = begin(space, writer, title="Boats", text="We bought boats.", language="pt")
    with pytest.raises(PermissionDenied):
        turning.draft_from_thread(thread, HubFactory(), by=writer)
    with pytest.raises(PermissionDenied):
        turning.draft_from_thread(make.ThreadFactory(space__closed=True), hub, by=writer)

    draft = turning.draft_from_thread(thread, hub, by=writer)

    told = {name: draft.content[name] for name in ("title", "language", "what_was_done")}
    assert told == {"title": "Boats", "language": "pt", "what_was_done": "We bought boats."}
    assert thread.get_absolute_url() in draft.content["note"]
    threads.close_thread(thread, summary="Boats last.", by=writer)
    thread.refresh_from_db()
    arranging.move_thread(thread, make.SpaceFactory(members=True), by=moderator)
    thread.refresh_from_db()
    again = turning.draft_from_thread(thread, hub, by=writer).content
    assert (again["what_was_done"], again["note"]) == ("Boats last.", "")


def test_the_search_finds_what_everybody_may_read_and_nothing_else(space, writer, moderator):
    def found():
        return set(SearchRow.objects.filter(kind="thread").values_list("object_pk", flat=True))

    entry = catalogue.EntryFactory(published=True)
    thread = begin(space, writer, text="Zanzibar.")
    about = begin(space, writer, about=entry)
    begin(make.SpaceFactory(members=True), writer)
    begin(space, MemberFactory())
    assert found() == {thread.pk, about.pk}
    page = Client().get("/search/", {"q": "zanzibar"}).content.decode()
    assert thread.get_absolute_url() in page

    type(entry).objects.filter(pk=entry.pk).update(state="draft")
    index_rows("entry", [entry.pk])
    assert found() == {thread.pk}
    keeping.remove_thread(thread, reason="Old.", by=moderator)
    assert found() == set()
    keeping.restore_thread(thread, by=moderator)
    assert found() == {thread.pk}
    changes = {"readers": "members"}
    spaces.change_space(space, changes=changes, expected_version=1, by=moderator)
    assert found() == set()


def test_spaces_are_opened_by_moderators_and_never_left_without_one(moderator):
    with pytest.raises(PermissionDenied):
        spaces.begin_space(by=MemberFactory(), name="Mine", description="x")
    with pytest.raises(ValidationError, match="able to read"):
        spaces.begin_space(by=moderator, name="Odd", description="x", readers="people")
    space = spaces.begin_space(by=moderator, name="Events", description="What is on.")
    assert space.slug == "events-2"
    with pytest.raises(DomainError, match="must moderate"):
        spaces.remove_person(space, moderator, by=moderator)
    keeper = MemberFactory()
    spaces.set_person(space, keeper, role="moderator", by=moderator)
    spaces.remove_person(space, moderator, by=moderator)
    with pytest.raises(DomainError, match="take part"):
        spaces.set_person(space, MemberFactory(suspended=True), role="member", by=keeper)
    spaces.set_archived(space, is_archived=True, by=keeper)
    with pytest.raises(PermissionDenied):
        begin(space, keeper)
    with pytest.raises(StaleEdit):
        spaces.change_space(space, changes={"name": "B"}, expected_version=1, by=keeper)
