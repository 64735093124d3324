"""The pages of spaces and threads, asked as people do: by form, without scripts."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from community.models import Post, PostDraft, Space, Thread, ThreadRead
from tests.api_clients import client_of
from tests.factories import catalogue, evaluation
from tests.factories import community as make
from tests.factories.accounts import MemberFactory
from tests.factories.hubs import HubFactory, MembershipFactory

pytestmark = pytest.mark.django_db


def signed_in(member):
    client = Client()
    client.force_login(member)
    return client


@pytest.fixture
def space():
    return make.SpaceFactory(slug="room", name="The room")


@pytest.fixture
def writer():
    return MembershipFactory(member__slug="writer-1").member


@pytest.fixture
def moderator(settings):
    settings.DEMO = True
    return MemberFactory(moderator=True, email="moderator@demo.example")


def picture():
    file = io.BytesIO()
    Image.new("RGB", (4, 4)).save(file, "PNG")
    return SimpleUploadedFile("plan é.png", file.getvalue())


def test_a_visitor_reads_and_is_asked_to_sign_in_to_write(space, client):
    thread = make.ThreadFactory(space=space, title="Counting trainees")

    home = client.get("/community/").content.decode()
    room = client.get("/community/room/").content.decode()
    page = client.get(thread.get_absolute_url()).content.decode()

    assert "The room" in home
    assert "Counting trainees" in home
    assert "Counting trainees" in room
    assert "What I think" in page
    assert "Sign in to answer" in page
    reply = client.get(f"/community/threads/{thread.pk}/reply/")
    assert reply.status_code == 302
    assert reply.headers["Location"].startswith("/accounts/login/")


def test_a_thread_is_begun_previewed_and_answered(space, writer):
    client = signed_in(writer)
    typed = {"title": "Boats", "kind": "question", "language": "en", "text": "Who has *boats*?"}

    seen = client.post("/community/room/new/", typed | {"preview": "yes"})
    assert "<em>boats</em>" in seen.content.decode()
    assert "Who has *boats*?" in seen.content.decode()
    assert not Thread.objects.exists()

    made = client.post("/community/room/new/", typed | {"file": picture()}, follow=True)
    page = made.content.decode()
    assert "The thread is begun." in page
    assert "<em>boats</em>" in page
    assert "plan é.png" in page
    thread = Thread.objects.get()
    file = thread.posts.get().files.get()
    answer = client.get(file.get_absolute_url())
    assert b"".join(answer).startswith(b"\x89PNG")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    other = signed_in(MembershipFactory().member)
    quoted = other.get(f"/community/threads/{thread.pk}/reply/?answers=1").content.decode()
    assert "&gt; Who has *boats*?" in quoted
    sent = other.post(
        f"/community/threads/{thread.pk}/reply/?answers=1", {"text": "> Who?\n\nWe."}, follow=True
    )
    assert "Your answer is there." in sent.content.decode()
    assert "in answer to #1" in sent.content.decode()
    assert sent.redirect_chain[-1][0].endswith("#post-2")


def test_nothing_typed_is_lost_by_an_error(space, writer):
    client = signed_in(writer)

    page = client.post("/community/room/new/", {"title": "", "kind": "story", "text": "Long text"})

    told = page.content.decode()
    assert "Error:" in told
    assert "Long text" in told


def test_a_reply_is_kept_as_a_draft_and_goes_when_it_is_sent(space, writer):
    thread, client = make.ThreadFactory(space=space), signed_in(writer)
    address = f"/community/threads/{thread.pk}/reply/"

    client.post(address, {"text": "Half of", "draft": "yes"})
    assert "Half of" in client.get(address).content.decode()
    assert "Go on with your draft" in client.get(thread.get_absolute_url()).content.decode()
    saved = client.post(address, {"text": "Half of it"}, headers={"X-Autosave": "1"})
    assert saved.json()["text"].startswith("The draft is kept")
    assert PostDraft.objects.get().text == "Half of it"
    assert Post.objects.filter(author=writer).count() == 0

    client.post(address, {"text": "All of it."})

    assert not PostDraft.objects.exists()


def test_a_form_sent_twice_writes_one_post(space, writer):
    thread, client = make.ThreadFactory(space=space), signed_in(writer)
    sent = {"text": "Once.", "csrfmiddlewaretoken": "x" * 64}

    for _twice in range(2):
        client.post(f"/community/threads/{thread.pk}/reply/", sent)

    assert Post.objects.filter(text="Once.").count() == 1


def test_reading_is_noted_and_unread_leads_on(space, writer):
    thread, client = make.ThreadFactory(space=space), signed_in(writer)
    for _each in range(24):
        make.PostFactory(thread=thread)
    assert "Not read yet" in client.get("/community/room/").content.decode()

    client.get(thread.get_absolute_url())

    assert ThreadRead.objects.get().number == 20
    assert "New posts" in client.get("/community/room/").content.decode()
    on = client.get(f"/community/threads/{thread.pk}/unread/")
    assert on.headers["Location"] == f"{thread.get_absolute_url()}?page=2#post-21"
    page = client.get(on.headers["Location"]).content.decode()
    assert 'href="#post-21"' in page
    assert ThreadRead.objects.get().number == 25
    client.get(thread.get_absolute_url())
    assert ThreadRead.objects.get().number == 25
    make.ThreadFactory(space=space)
    client.post("/community/threads/read/", {"space": "room"})
    assert "Not read yet" not in client.get("/community/room/").content.decode()


def test_addresses_lead_to_the_place_of_a_post_wherever_it_is(space, client):
    thread = make.ThreadFactory(space=space)
    post = [make.PostFactory(thread=thread) for _each in range(21)][-1]

    assert client.get(f"/community/posts/{post.pk}/").headers["Location"] == (
        f"{thread.get_absolute_url()}?page=2#post-22"
    )
    for odd in (f"/community/room/{thread.pk}-old-title/", f"/community/other/{thread.pk}-x/"):
        assert client.get(f"{odd}?page=2").headers["Location"] == (
            f"{thread.get_absolute_url()}?page=2"
        )
    for page in ("0", "x", "99", "2"):
        assert client.get(thread.get_absolute_url(), {"page": page}).status_code == 200
    assert client.get("/community/room/999999-x/").status_code == 404


def test_removed_and_held_posts_show_no_text_to_others(space, writer, moderator, client):
    thread = make.ThreadFactory(space=space)
    gone = make.PostFactory(thread=thread, text="Buy gold")
    make.PostFactory(thread=thread, text="I wait", state="held", author=writer)
    signed_in(moderator).post(f"/community/posts/{gone.pk}/remove/", {"reason": "Advertising"})

    told = client.get(thread.get_absolute_url()).content.decode()
    assert "Advertising" in told
    assert "Buy gold" not in told
    assert "I wait" not in told
    assert client.get(f"/community/posts/{gone.pk}/history/").status_code == 404
    for reader in (writer, moderator):
        assert "I wait" in signed_in(reader).get(thread.get_absolute_url()).content.decode()


def test_moderators_have_their_acts_and_nobody_else(space, writer, moderator):
    thread = make.ThreadFactory(space=space, question=True)
    other = make.ThreadFactory(space=space, title="Other")
    post = make.PostFactory(thread=thread)
    acts = signed_in(moderator)
    for mark, tag in (("pin", "Pinned"), ("lock", "Locked")):
        page = acts.post(f"/community/threads/{thread.pk}/{mark}/", follow=True).content.decode()
        assert tag in page
        assert signed_in(writer).post(f"/community/threads/{thread.pk}/{mark}/").status_code == 403
    room = acts.get("/community/room/").content.decode()
    assert room.count(thread.title) == 1
    acts.post(f"/community/threads/{thread.pk}/unlock/")
    acts.post(f"/community/posts/{post.pk}/accept/", {"accepted": "yes"})
    assert "Accepted answer" in acts.get(thread.get_absolute_url()).content.decode()
    acts.post(f"/community/threads/{thread.pk}/close/", {"summary": "So it is."})
    assert "So it is." in acts.get(thread.get_absolute_url()).content.decode()
    acts.post(f"/community/threads/{thread.pk}/reopen/")
    hall = make.SpaceFactory(slug="hall")
    acts.post(f"/community/threads/{thread.pk}/move/", {"space": "hall"})
    thread.refresh_from_db()
    assert thread.space == hall
    split = {"title": "Aside", "space": "hall", "posts": [post.pk]}
    acts.post(f"/community/threads/{thread.pk}/split/", split)
    assert Thread.objects.get(title="Aside").post_count == 1
    refused = acts.post(f"/community/threads/{thread.pk}/merge/", {"target": 999_999})
    assert "There is no such thread" in refused.content.decode()
    acts.post(f"/community/threads/{thread.pk}/merge/", {"target": other.pk})
    assert acts.get(thread.get_absolute_url()).headers["Location"] == other.get_absolute_url()
    acts.post(f"/community/threads/{other.pk}/remove/", {"reason": "Old."})
    assert "Old." in acts.get(other.get_absolute_url()).content.decode()
    assert signed_in(writer).get(other.get_absolute_url()).status_code == 404
    acts.post(f"/community/threads/{other.pk}/restore/")
    assert signed_in(writer).get(other.get_absolute_url()).status_code == 200


def test_authors_change_what_they_wrote_and_what_was_stays_readable(space, writer, client):
    thread = make.ThreadFactory(space=space, author=writer)
    post, own = thread.posts.get(), signed_in(writer)
    address = f"/community/posts/{post.pk}/edit/"
    assert post.text in own.get(address).content.decode()

    own.post(address, {"text": "Better words.", "version": "1"})
    late = own.post(address, {"text": "Other words.", "version": "1"})

    assert late.status_code == 409
    assert "Other words." in late.content.decode()
    told = client.get(f"/community/posts/{post.pk}/history/").content.decode()
    assert "Better words." in told
    assert post.text in told
    edit = f"/community/threads/{thread.pk}/edit/"
    changed = {"title": "New title", "kind": "story", "language": "fr", "version": "1"}
    assert "new-title" in own.post(edit, changed).headers["Location"]


@pytest.mark.parametrize(
    ("name", "thing"),
    [
        ("hub", HubFactory),
        ("entry", lambda: catalogue.EntryFactory(published=True)),
        ("resource", catalogue.ResourceFactory),
        ("exchange", evaluation.ExchangeFactory),
    ],
)
def test_things_are_commented_on(writer, client, name, thing):
    row, own = thing(), signed_in(writer)

    written = own.post(f"/community/about/{name}/{row.slug}/", {"text": "Well done"}, follow=True)

    assert "Your comment is there." in written.content.decode()
    assert row.get_absolute_url() in written.content.decode()
    assert own.get(f"/community/about/{name}/no-such-thing/").status_code == 404
    assert own.get("/community/about/member/x/").status_code == 404


def test_spaces_are_kept_by_their_moderators(space, writer, moderator):
    acts = signed_in(moderator)
    typed = {
        "name": "Fisheries",
        "description": "About fish.",
        "readers": "people",
        "writers": "people",
        "people_shown_to": "people",
    }
    assert signed_in(writer).get("/community/spaces/new/").status_code == 403
    acts.post("/community/spaces/new/", typed)
    made = Space.objects.get(slug="fisheries")
    assert signed_in(writer).get("/community/fisheries/").status_code == 404
    acts.post("/community/fisheries/people/", {"member": writer.slug, "role": "member"})
    assert "About fish." in signed_in(writer).get("/community/fisheries/").content.decode()
    listed = signed_in(writer).get("/community/fisheries/people/").content.decode()
    assert "Leave the space" in listed
    changed = acts.post("/community/fisheries/edit/", typed | {"name": "Fish", "version": "1"})
    assert changed.status_code == 302
    acts.post("/community/fisheries/archive/", {"archived": "yes"})
    made.refresh_from_db()
    assert (made.name, made.is_archived) == ("Fish", True)
    assert signed_in(writer).get("/community/fisheries/new/").status_code == 403
    signed_in(writer).post(f"/community/fisheries/people/{writer.slug}/remove/")
    assert signed_in(writer).get("/community/fisheries/").status_code == 404


def test_lists_are_paged_by_position_and_filtered(space, writer, client):
    for number in range(27):
        make.ThreadFactory(space=space, title=f"Thread about fish {number}")
    make.ThreadFactory(space=make.SpaceFactory(closed=True, name="Hidden room"), title="Secret")
    make.ThreadFactory(space=space, question=True, title="A question")

    first = client.get("/community/threads/").content.decode()
    assert first.count("<h3>") == 25
    assert "Hidden room" not in first
    address = client.get("/community/threads/").context["next_url"]
    second = client.get(address)
    assert second.content.decode().count("<h3>") == 3
    assert client.get(second.context["previous_url"]).content.decode().count("<h3>") == 25
    found = client.get("/community/threads/?kind=question").content.decode()
    assert found.count("<h3>") == 1
    assert client.get("/community/threads/?space=nowhere").content.decode().count("<h3>") == 0
    csv = b"".join(client.get("/community/threads/?export=csv")).decode()
    assert csv.count("\n") == 29
    assert "Secret" not in csv
    atom = client.get("/community/room/?export=atom").content.decode()
    assert atom.count("<entry>") == 28


@pytest.mark.parametrize("who", ["visitor", "member"])
def test_pages_ask_as_much_for_many_posts_as_for_one(
    space, writer, who, django_assert_max_num_queries, client
):
    reader = client if who == "visitor" else signed_in(writer)
    thread = make.ThreadFactory(space=space)

    def asked(address):
        with django_assert_max_num_queries(30) as context:
            assert reader.get(address).status_code == 200
        return len(context.captured_queries)

    addresses = ("/community/", "/community/room/", "/community/threads/")
    for address in addresses:
        reader.get(address)
    before = [asked(address) for address in addresses]
    reader.get(thread.get_absolute_url())
    few = asked(thread.get_absolute_url())
    for _each in range(15):
        make.PostFactory(thread=thread)
        make.ThreadFactory(space=space)
    reader.get(thread.get_absolute_url())

    assert asked(thread.get_absolute_url()) == few
    assert [asked(address) for address in addresses] == before


def test_what_was_written_last_shows_on_the_front_page_and_the_members_page(space, writer, client):
    thread = make.ThreadFactory(space=space, title="Counting boats", author=writer)
    hidden = make.ThreadFactory(space=make.SpaceFactory(closed=True), author=writer, title="Secret")

    post = f"/community/posts/{thread.posts.get().pk}/"

    for_members = client_of(MemberFactory()).get(writer.get_absolute_url()).content.decode()

    assert "Counting boats" in client.get("/").content.decode()
    assert post in for_members
    assert hidden.title not in for_members
    assert post not in client.get(writer.get_absolute_url()).content.decode()  # unless they choose
