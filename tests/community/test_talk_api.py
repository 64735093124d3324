"""Spaces, threads and posts for programs: the same as the pages and the files."""

import csv
import io
import json

import pytest

from community.models import Post, Space, Thread
from tests.api_clients import client_of
from tests.factories import community as make
from tests.factories.accounts import MemberFactory
from tests.factories.hubs import MembershipFactory

pytestmark = pytest.mark.django_db


def sent(client, method, url, body=None, **headers):
    return getattr(client, method)(
        url, json.dumps(body or {}), content_type="application/json", headers=headers
    )


def csv_of(response):
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_lists_are_the_same_as_page_api_and_file():
    space = make.SpaceFactory(slug="room")
    threads = [make.ThreadFactory(space=space, title=f"Thread {each}") for each in range(3)]
    make.ThreadFactory(space__closed=True)
    gone = make.PostFactory(
        thread=threads[0],
        text="Buy gold",
        state="removed",
        removed_reason="Spam",
        removed_by=MemberFactory(),
    )
    client = client_of(None)

    told = client.get("/api/v1/threads/?space=room").json()["results"]
    file = csv_of(client.get("/community/threads/?space=room&export=csv"))
    api_file = csv_of(client.get("/api/v1/threads/?space=room&format=csv"))
    page = client.get("/community/room/").content.decode()

    assert [row["id"] for row in told] == [int(row["id"]) for row in file]
    assert file == api_file
    assert all(row["title"] in page for row in told)
    assert told[0]["url"].endswith(Thread.objects.get(pk=told[0]["id"]).get_absolute_url())
    posts = client.get("/api/v1/posts/").json()["results"]
    assert len(posts) == 4
    assert next(row for row in posts if row["id"] == gone.pk)["text"] == ""
    assert "Buy gold" not in json.dumps(posts)
    assert client.get("/api/v1/posts/?thread=999999").json()["results"] == []
    assert len(client.get("/api/v1/spaces/").json()["results"]) == 1
    assert client.get("/api/v1/threads/?kind=rumour").status_code == 400


def test_a_conversation_is_held_by_programs():
    moderator = client_of(MemberFactory(moderator=True))
    writer = client_of(MembershipFactory().member)
    made = sent(moderator, "post", "/api/v1/spaces/", {"name": "Fish", "description": "Fish."})
    assert (made.status_code, made.json()["slug"]) == (201, "fish")
    changed = sent(
        moderator,
        "patch",
        "/api/v1/spaces/fish/",
        {"readers": "members"},
        **{"If-Match": made.headers["ETag"]},
    )
    assert changed.json()["readers"] == "members"
    body = {"space": "fish", "title": "Who?", "kind": "question", "text": "Who knows?"}
    key = {"Idempotency-Key": "once-only-12345"}
    thread = sent(writer, "post", "/api/v1/threads/", body, **key)
    again = sent(writer, "post", "/api/v1/threads/", body, **key)
    assert (thread.status_code, again.json()["id"]) == (201, thread.json()["id"])
    url = f"/api/v1/threads/{thread.json()['id']}/"
    answer = sent(
        moderator, "post", "/api/v1/posts/", {"thread": thread.json()["id"], "text": "We."}
    )
    assert (answer.status_code, answer.json()["state"]) == (201, "shown")
    pk = answer.json()["id"]
    assert sent(writer, "post", f"{url}accept/", {"post": pk}).json()["accepted_post"] == pk
    assert (
        sent(writer, "post", f"/api/v1/posts/{pk}/useful/", {"value": True}).json()["useful"] == 1
    )
    edited = sent(
        moderator,
        "patch",
        f"/api/v1/posts/{pk}/",
        {"text": "We do."},
        **{"If-Match": answer.headers["ETag"]},
    )
    assert (edited.status_code, edited.json()["text"]) == (200, "We do.")
    assert sent(moderator, "post", f"{url}pin/", {"value": True}).json()["is_pinned"]
    assert sent(moderator, "post", f"{url}close/", {"summary": "We."}).json()["state"] == "closed"
    late = sent(writer, "post", "/api/v1/posts/", {"thread": thread.json()["id"], "text": "Late"})
    assert late.status_code == 409
    assert sent(moderator, "post", f"{url}reopen/").json()["state"] == "open"
    gone = sent(moderator, "post", f"/api/v1/posts/{pk}/remove/", {"reason": "Wrong."})
    assert (gone.json()["state"], gone.json()["text"]) == ("removed", "")
    assert sent(moderator, "post", f"/api/v1/posts/{pk}/restore/").json()["state"] == "shown"
    assert sent(moderator, "post", f"{url}remove/", {"reason": "Old."}).status_code == 200
    assert sent(writer, "post", f"{url}restore/").status_code == 404
    assert sent(moderator, "post", f"{url}restore/").json()["state"] == "open"


def test_what_a_newcomer_writes_waits_here_too():
    space = make.SpaceFactory(slug="room")
    thread = make.ThreadFactory(space=space)
    new = client_of(MemberFactory())
    made = sent(new, "post", "/api/v1/posts/", {"thread": thread.pk, "text": "Hello."}).json()

    assert made["state"] == "held"
    assert client_of(None).get(f"/api/v1/posts/{made['id']}/").status_code == 404
    moderator = client_of(MemberFactory(moderator=True))
    shown = sent(moderator, "post", f"/api/v1/posts/{made['id']}/approve/").json()
    assert shown["state"] == "shown"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"thread": 1},
        {"thread": "x", "text": "y"},
        {"thread": 10**20, "text": "y"},
        {"text": "y" * 20_001, "thread": 1},
        {"thread": None, "text": "\x00"},
    ],
)
def test_bad_bodies_are_refused_in_words(body):
    client = client_of(MembershipFactory().member)

    assert sent(client, "post", "/api/v1/posts/", body).status_code == 400
    assert not Post.objects.exists()
    assert not Space.objects.exists()
