"""Pages, files and API of impact stories."""

import csv
import datetime
import io

import pytest

from evaluation.models import ImpactStory, RungClaim
from evaluation.services.rungs import settle_story
from tests.api_clients import client_of
from tests.factories.catalogue import AdoptionFactory
from tests.factories.evaluation import ExchangeFactory, PartyFactory
from tests.factories.evaluation_stories import ClaimFactory, EvidenceFactory, StoryFactory, told
from tests.factories.hubs import HubFactory
from tests.hubs.people import person, someone

pytestmark = pytest.mark.django_db
SECRET = "Protocol of the closed session"


@pytest.fixture
def three():
    agency = HubFactory(slug="agency", name="Agency", countries=["BR"])
    law = StoryFactory(
        title="A law on água",
        published=True,
        exchange=ExchangeFactory(
            hub=agency, sectors=["140"], starts_on=datetime.date(2019, 5, 1), is_confirmed=True
        ),
    )
    PartyFactory(exchange=law.exchange, hub=agency)
    told(law, connect="attendance", share="version", reform="law")
    visit = StoryFactory(
        title="A visit",
        published=True,
        exchange=ExchangeFactory(starts_on=datetime.date(2021, 5, 1), sectors=["111"]),
    )
    PartyFactory(exchange=visit.exchange, hub=None, country="MZ")
    told(visit, connect="contact")
    StoryFactory(title="Nothing came of it", published=True, no_change_found=True)
    StoryFactory(title="A draft")
    StoryFactory(title="A secret", published=True, exchange__confidential=True)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {"A law on água", "A visit", "Nothing came of it"}),
        ("q=agua+law", {"A law on água"}),
        ("hub=agency", {"A law on água"}),
        ("rung=connect&rung=reform", {"A law on água", "A visit"}),
        ("strength=document", {"A law on água", "A visit"}),
        ("no_change=yes", {"Nothing came of it"}),
        ("country=BR", {"A law on água"}),
        ("country=MZ&country=BR", {"A law on água", "A visit"}),
        ("sector=111", {"A visit"}),
        ("year=2019", {"A law on água"}),
        ("rung=share", set()),
    ],
)
def test_page_csv_and_api_find_the_same(client, three, query, expected):
    page = client.get(f"/evaluation/stories/?{query}")
    answer = client.get(f"/evaluation/stories/?{query}&export=csv")
    text = b"".join(answer.streaming_content).decode()
    rows = client.get(f"/api/v1/stories/?{query}").json()["results"]
    api_csv = client.get(f"/api/v1/stories/?{query}&format=csv")

    assert {story.title for story in page.context["page_obj"]} == expected
    assert {row["title"] for row in csv.DictReader(io.StringIO(text))} == expected
    assert {row["title"] for row in rows} == expected
    assert b"".join(api_csv.streaming_content).decode() == text


@pytest.mark.parametrize(
    "query",
    ["rung=x", "strength=x", "year=1", "year=" + "9" * 40, "hub=x", "country=XX", "sector=x",
     "no_change=maybe", "q=" + "x" * 201],
)  # fmt: skip
def test_a_bad_value_never_widens_the_list(client, three, query):
    page = client.get(f"/evaluation/stories/?{query}")

    assert page.status_code == 200
    assert list(page.context["page_obj"]) == []
    assert client.get(f"/evaluation/stories/?{query}&export=csv").status_code == 400
    assert client.get(f"/api/v1/stories/?{query}").status_code == 400


def test_the_feed_holds_public_stories(client, three):
    body = client.get("/evaluation/stories/?export=atom").content.decode()

    assert body.count("<entry>") == 3
    assert "A secret" not in body


def _queries(client, url, django_assert_max_num_queries):
    with django_assert_max_num_queries(60) as found:
        assert client.get(url).status_code == 200
    return len(found)


def test_list_and_page_need_the_same_queries_for_few_and_for_many(
    client, django_assert_max_num_queries
):
    story = StoryFactory(published=True)
    told(story, connect="attendance")
    urls = ("/evaluation/stories/", story.get_absolute_url(), f"/api/v1/stories/{story.slug}/")
    few = [_queries(client, url, django_assert_max_num_queries) for url in urls]

    claim = RungClaim.objects.get(story=story)
    claim.evidence.add(*EvidenceFactory.create_batch(20, exchange=story.exchange))
    for each in StoryFactory.create_batch(20, published=True):
        told(each, connect="attendance")
    many = [_queries(client, url, django_assert_max_num_queries) for url in urls]

    assert few == many


def _with_secret():
    story = StoryFactory(published=True)
    told(story, connect="attendance")
    claim = ClaimFactory(story=story, rung="share", statement="A manual moved.")
    claim.evidence.add(
        EvidenceFactory(
            exchange=story.exchange, proves="version", title=SECRET, is_confidential=True
        )
    )
    settle_story(story, reason="x", by=None)
    return story


@pytest.mark.parametrize("role", ["anonymous", "member", "stranger", "moderator"])
def test_confidential_evidence_is_neither_named_nor_counted(role):
    story = _with_secret()
    user = someone(role, story.hub)
    client = client_of(user if user.is_authenticated else None)

    page = client.get(story.get_absolute_url()).content.decode()
    api = client.get(f"/api/v1/stories/{story.slug}/").json()
    csv_answer = client.get("/evaluation/stories/?export=csv")
    text = b"".join(csv_answer.streaming_content).decode()

    assert SECRET not in page + text + str(api)
    assert "Supported by evidence that the hub keeps confidential." in page
    share = next(each for each in api["claims"] if each["rung"] == "share")
    assert (share["is_shown"], share["strength"], share["evidence"]) == (True, "", [])
    assert (api["rung"], api["strength"]) == ("share", "")


@pytest.mark.parametrize("role", ["correspondent", "me_focal_point", "editor", "head"])
def test_the_people_of_the_hub_see_confidential_evidence_marked(role):
    story = _with_secret()

    page = client_of(person(role, story.hub)).get(story.get_absolute_url()).content.decode()

    assert SECRET in page
    assert "Not public" in page
    assert "The strength counts evidence that is not public." in page


def test_a_page_tells_the_rungs_what_speaks_against_it_and_withdrawn_evidence(client):
    story = StoryFactory(published=True)
    shown = told(story, connect="attendance")
    shown["connect"].withdrawn_at = datetime.datetime(2024, 5, 1, tzinfo=datetime.UTC)
    shown["connect"].withdrawn_reason = "Wrong."
    shown["connect"].save()
    settle_story(story, reason="Evidence was withdrawn.", by=None)

    body = client.get(story.get_absolute_url()).content.decode()

    assert "No rung is shown now" in body
    assert "Withdrawn on" in body
    assert "An election." in body
    assert "The second visit." in body
    assert body.count("Nothing is told of this step.") == 2
    assert "Evidence was withdrawn." in body


def test_a_story_is_written_part_by_part_and_sent(client):
    exchange = ExchangeFactory()
    editor = client_of(person("editor", exchange.hub))
    evidence = EvidenceFactory(exchange=exchange)

    answer = editor.post(
        f"/evaluation/stories/begin/{exchange.slug}/", {"title": "A law", "language": "en"}
    )
    assert (answer.status_code, answer["Location"]) == (302, "/evaluation/stories/a-law/edit/")
    tasks = editor.get("/evaluation/stories/a-law/edit/").content.decode()
    assert "Say what did not work." in tasks
    for version, (section, data) in enumerate(
        {
            "about": {"title": "A law", "language": "en", "summary": "It came."},
            "other-explanations": {"other_explanations": "An election."},
            "did-not-work": {"what_did_not_work": "The visit."},
            "rungs/connect": {"statement": "They met.", "evidence": [evidence.pk]},
        }.items(),
        start=1,
    ):
        url = f"/evaluation/stories/a-law/edit/{section}/"
        assert editor.get(url).status_code == 200
        answer = editor.post(url, data | {"version": version})
        assert (section, answer.status_code) == (section, 302)
    answer = editor.post("/evaluation/stories/a-law/submit/", {"version": 5})

    story = ImpactStory.objects.get()
    assert (story.state, story.reached, story.summary) == ("submitted", "connect", "It came.")


def test_a_stale_page_keeps_what_was_typed():
    story = StoryFactory()
    editor = client_of(person("editor", story.hub))
    url = f"/evaluation/stories/{story.slug}/edit/did-not-work/"

    answer = editor.post(url, {"what_did_not_work": "Mine.", "version": 9})

    body = answer.content.decode()
    assert answer.status_code == 409
    assert "Mine." in body
    assert "The second visit." in body
    story.refresh_from_db()
    assert story.what_did_not_work == "The second visit."


def test_what_is_missing_is_told_when_it_is_sent():
    story = StoryFactory()
    editor = client_of(person("editor", story.hub))

    answer = editor.post(f"/evaluation/stories/{story.slug}/submit/", {"version": 1}, follow=True)

    assert "Tell at least who met whom" in answer.content.decode()
    story.refresh_from_db()
    assert story.state == "draft"


def test_a_story_is_read_and_published_or_returned_by_another():
    story = StoryFactory(submitted=True)
    told(story, connect="attendance")
    head = client_of(person("head", story.hub))
    url = f"/evaluation/stories/{story.slug}"
    assert "Your decision" in head.get(f"{url}/review/").content.decode()
    assert head.post(f"{url}/review/", {"note": ""}).status_code == 200

    answer = head.post(f"{url}/publish/", {"version": story.version})

    assert answer.status_code == 302
    story.refresh_from_db()
    assert story.state == "published"


@pytest.mark.parametrize("junk", ["\x00", "9" * 400, "<b>", "١٢٣", ""])
def test_junk_is_answered_with_words(junk):
    story = StoryFactory()
    editor = client_of(person("editor", story.hub), raise_request_exception=False)
    url = f"/evaluation/stories/{story.slug}"
    fields = ("version", "statement", "dated_on", "evidence", "title", "language", "summary")
    data = dict.fromkeys(fields, junk)

    for path in ("edit/about/", "edit/rungs/share/", "submit/", "withdraw/", "edit/x/"):
        assert editor.post(f"{url}/{path}", data).status_code < 500
    assert client_of(None).get(f"{url}/", {"page": junk}).status_code < 500


def _json(client, url, body, version=None, method="post"):
    headers = {"If-Match": f'"{version}.x"'} if version else {}
    send = getattr(client, method)
    return send(url, body, content_type="application/json", headers=headers)


def test_programs_write_send_and_publish_a_story():
    exchange = ExchangeFactory()
    evidence = EvidenceFactory(exchange=exchange)
    editor, head = (client_of(person(role, exchange.hub)) for role in ("editor", "head"))

    made = _json(
        editor, "/api/v1/stories/", {"exchange": exchange.slug, "title": "A law", "language": "en"}
    )
    assert made.status_code == 201
    url = made["Location"]
    texts = {"summary": "s", "other_explanations": "o", "what_did_not_work": "w"}
    assert _json(editor, url, texts, 1, "patch").status_code == 200
    claim = {"rung": "connect", "statement": "They met.", "evidence": [evidence.pk]}
    assert _json(editor, f"{url}rungs/", claim, 2).json()["rung"] == "connect"
    assert _json(editor, f"{url}submit/", {}, 3).json()["state"] == "submitted"
    assert _json(editor, f"{url}publish/", {}, 4).status_code == 403
    published = _json(head, f"{url}publish/", {}, 4).json()

    assert (published["state"], published["claims"][0]["evidence"][0]["title"]) == (
        "published",
        evidence.title,
    )
    assert [each["after"] for each in published["rung_changes"]] == ["connect"]
    assert _json(head, f"{url}withdraw/", {"reason": "Wrong."}).status_code == 204


def test_programs_are_told_what_is_wrong():
    story = StoryFactory()
    editor = client_of(person("editor", story.hub))
    url = f"/api/v1/stories/{story.slug}/"
    foreign = EvidenceFactory()
    claim = {"rung": "connect", "statement": "They met.", "evidence": [foreign.pk]}

    assert _json(editor, url, {"summary": "x"}, method="patch").status_code == 428
    assert _json(editor, url, {"summary": "x"}, 9, "patch").status_code == 412
    assert _json(editor, f"{url}rungs/", claim, 1).status_code == 400
    assert _json(editor, f"{url}rungs/", {"rung": "x"}, 1).status_code == 400
    missing = _json(editor, f"{url}submit/", {}, 1)
    assert (missing.status_code, missing.json()["detail"]) == (
        409,
        "Tell at least who met whom, or state that no change was found.",
    )
    assert (
        _json(client_of(person("correspondent", story.hub)), url, {}, 1, "patch").status_code == 403
    )
    assert _json(client_of(person("stranger", story.hub)), url, {}, 1, "patch").status_code == 404


def test_programs_read_by_which_numbers_a_statement_names_what_shows_it():
    story = StoryFactory(published=True)
    evidence = EvidenceFactory(exchange=story.exchange, proves="version")
    adoption = AdoptionFactory()
    hidden = AdoptionFactory(hub__is_published=False)
    claim = ClaimFactory(story=story, rung="share")
    claim.evidence.add(evidence)
    claim.adoptions.add(adoption, hidden)

    answer = client_of(None).get(f"/api/v1/stories/{story.slug}/").json()

    (said,) = answer["claims"]
    assert [row["id"] for row in said["evidence"]] == [evidence.pk]
    assert [(row["id"], row["state"]) for row in said["adoptions"]] == [(adoption.pk, "claimed")]
    assert client_of(None).get(said["adoptions"][0]["url"]).status_code == 200
