"""Drafts and entries as programs write them: rights, shapes, clashes, transitions."""

import pytest

from catalogue import services
from catalogue.models import Draft
from tests.api_clients import client_of
from tests.factories import catalogue as make
from tests.factories import hubs as make_hubs
from tests.factories.accounts import MemberFactory

pytestmark = pytest.mark.django_db
DRAFTS = "/api/v1/drafts/"


@pytest.fixture
def draft():
    return make.DraftFactory()


@pytest.fixture
def editor(draft):
    return client_of(make_hubs.MembershipFactory(hub=draft.hub).member)


def send(client, method, url, data=None, **headers):
    return getattr(client, method)(
        url, data or {}, content_type="application/json", headers=headers
    )


def patch(client, draft, changes, etag=None):
    url = f"{DRAFTS}{draft.pk}/"
    etag = client.get(url).headers["ETag"] if etag is None else etag
    return send(client, "patch", url, changes, **{"If-Match": etag})


def test_a_draft_is_begun_once_for_one_key(editor, draft):
    new = {"hub": draft.hub.slug, "title": "Wells", "language": "fr"}
    first, second = (send(editor, "post", DRAFTS, new, **{"Idempotency-Key": "a"}) for _ in "12")

    assert first.status_code == 201
    assert first.json() == second.json()
    assert Draft.objects.count() == 2
    assert first.headers["Location"].endswith(f"{DRAFTS}{first.json()['id']}/")


def test_a_draft_is_begun_for_a_hub_of_one_s_own_only(editor):
    other = make_hubs.HubFactory()

    answer = send(editor, "post", DRAFTS, {"hub": other.slug, "title": "Wells", "language": "fr"})

    assert answer.status_code == 400
    assert "hub" in answer.json()["errors"]


def test_a_draft_is_written_with_its_lists(editor, draft):
    changes = {
        "countries": ["BR", "MZ"],
        "results": [{"statement": "Wells dug", "value": "12.50", "unit": "wells"}],
        "partners": [{"role": "funder", "hub": draft.hub.slug}],
    }

    answer = patch(editor, draft, changes)

    assert answer.status_code == 200, answer.json()
    content = answer.json()["content"]
    assert content["countries"] == ["BR", "MZ"]
    assert content["results"][0]["value"] == "12.5"
    assert content["partners"] == [
        {"role": "funder", "name": draft.hub.name, "hub": draft.hub.slug, "organisation": ""}
    ]
    assert content["challenge"] == "No seed in spring."


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": ""}, "title"),
        ({"summary": "x" * 601}, "summary"),
        ({"countries": ["XX"]}, "countries.0"),
        ({"countries": "BR"}, "countries"),
        ({"year_from": 2015, "year_to": 2001}, "year_to"),
        ({"results": [{"statement": "Wells", "value": "12"}]}, "results.0.unit"),
        ({"results": [{"statement": "Wells", "value": "1e99", "unit": "x"}]}, "results.0.value"),
        ({"partners": [{"role": "funder"}]}, "partners.0"),
        ({"sources": [{"title": "A", "address": "javascript:alert(1)"}]}, "sources.0.address"),
        ({"sources": [{"title": "A", "address": "https://e.org"}] * 101}, "sources"),
        ({"sources": [{"title": "A", "address": "https://e.org"}] * 2}, "sources"),
        ({}, "request"),
    ],
)
def test_what_is_wrong_is_said_by_field_and_nothing_is_saved(editor, draft, changes, field):
    answer = patch(editor, draft, changes)

    assert answer.status_code == 400
    assert field in answer.json()["errors"], answer.json()
    before = draft.content
    draft.refresh_from_db()
    assert draft.content == before


def test_a_full_entry_does_not_become_a_snapshot(editor, draft):
    patch(editor, draft, {"size": "full"})

    assert "size" in patch(editor, draft, {"size": "snapshot"}).json()["errors"]


def test_a_change_of_what_was_changed_meanwhile_is_refused(editor, draft):
    etag = editor.get(f"{DRAFTS}{draft.pk}/").headers["ETag"]
    patch(editor, draft, {"challenge": "Theirs."})

    answer = patch(editor, draft, {"challenge": "Mine."}, etag)

    assert answer.status_code == 412
    draft.refresh_from_db()
    assert draft.content["challenge"] == "Theirs."


def test_a_draft_is_not_there_for_others(draft):
    stranger = client_of(make_hubs.MembershipFactory(head=True).member)

    assert stranger.get(f"{DRAFTS}{draft.pk}/").status_code == 404
    assert stranger.get(DRAFTS).json()["results"] == []
    assert client_of(None).get(DRAFTS).status_code == 401


def test_the_way_from_submission_to_publication(editor, draft):
    url = f"{DRAFTS}{draft.pk}/"
    sent = send(editor, "post", f"{url}submit/")
    assert (sent.status_code, sent.json()["state"]) == (200, "submitted")
    reviewer = client_of(make.asked_reviewer(draft))
    refused = send(reviewer, "post", f"{url}publish/")
    assert refused.status_code == 409
    for gate in ("relevant", "evidence", "usable"):
        verdict = {"gate": gate, "verdict": "pass", "note": "Good."}
        answer = send(reviewer, "post", f"{url}verdicts/", verdict)
    assert answer.json()["gates"] == {"relevant": "pass", "evidence": "pass", "usable": "pass"}

    published = send(reviewer, "post", f"{url}publish/").json()

    assert published["state"] == "published"
    entry = client_of(None).get(f"/api/v1/entries/{published['entry']}/").json()
    assert entry["title"] == draft.content["title"]


def test_changes_are_asked_for_and_answered(editor, draft):
    url = f"{DRAFTS}{draft.pk}/"
    send(editor, "post", f"{url}submit/")
    reviewer = client_of(make.asked_reviewer(draft))
    assert send(reviewer, "post", f"{url}request-changes/", {"note": ""}).status_code == 400
    assert send(editor, "post", f"{url}request-changes/", {"note": "Why?"}).status_code == 403
    send(reviewer, "post", f"{url}request-changes/", {"note": "Why?"})

    said = send(editor, "post", f"{url}messages/", {"text": "Because.", "section": "story"})

    assert said.json()["state"] == "changes_requested"
    assert said.json()["messages"][0]["text"] == "Because."
    assert send(reviewer, "post", f"{url}decline/", {"note": "No."}).status_code == 409


def test_a_draft_is_taken_back(editor, draft):
    assert send(editor, "post", f"{DRAFTS}{draft.pk}/withdraw/").json()["state"] == "withdrawn"
    assert patch(editor, draft, {"title": "Again"}).status_code == 403


def test_a_list_asks_as_much_for_one_as_for_many(editor, draft, django_assert_max_num_queries):
    counts = []
    for number in (1, 10):
        make.DraftFactory.create_batch(number, hub=draft.hub)
        with django_assert_max_num_queries(15) as asked:
            editor.get(DRAFTS)
        counts.append(len(asked))

    assert counts[0] == counts[1]


@pytest.fixture
def entry():
    return make.EntryFactory(published=True, challenge="Then.")


def test_a_version_is_read_for_good(client, entry):
    entry.challenge = "Now."
    entry.save()
    services.publish_content(entry, by=None)
    url = f"/api/v1/entries/{entry.slug}/versions/"

    assert client.get(f"{url}1/").json()["challenge"] == "Then."
    assert client.get(f"{url}2/").json()["challenge"] == "Now."
    assert client.get(f"{url}3/").status_code == 404


@pytest.mark.parametrize(
    ("verb", "status"), [("archive", 200), ("withdraw", 204), ("contest", 200), ("settle", 200)]
)
def test_moderators_do_with_entries_what_the_pages_do(entry, verb, status):
    url = f"/api/v1/entries/{entry.slug}/{verb}/"
    moderator = client_of(MemberFactory(moderator=True))

    assert send(client_of(None), "post", url, {"reason": "So."}).status_code == 401
    assert send(client_of(MemberFactory()), "post", url, {"reason": "So."}).status_code == 403
    assert send(moderator, "post", url).status_code == 400
    assert send(moderator, "post", url, {"reason": "So."}).status_code == status


def test_the_next_version_is_begun(entry):
    moderator = client_of(MemberFactory(moderator=True))

    answer = send(moderator, "post", f"/api/v1/entries/{entry.slug}/revise/")

    assert answer.json()["draft"].endswith(f"{DRAFTS}{Draft.objects.get().pk}/")


def test_programs_are_told_that_an_entry_was_withdrawn(client, entry):
    services.withdraw_entry(entry, reason="Not ours.", by=MemberFactory(moderator=True))

    for path in ("", "versions/1/"):
        answer = client.get(f"/api/v1/entries/{entry.slug}/{path}")
        assert answer.status_code == 410
        assert "Not ours." in answer.json()["detail"]
    assert entry.slug not in client.get("/api/v1/entries/").content.decode()
