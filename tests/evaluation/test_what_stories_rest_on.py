"""What shows that a practice moved, which sources a story cites, and stories taken up again."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.models import Activity
from catalogue.services import remove_translation, save_translation
from core.conflicts import StaleEdit
from core.errors import DomainError
from evaluation.models import RungChange, RungClaim
from evaluation.services import stories as services
from evaluation.services.rungs import settle_every_story
from tests.api_clients import client_of
from tests.factories.catalogue import EntryFactory, TranslationFactory
from tests.factories.evaluation import ExchangeFactory
from tests.factories.evaluation_stories import ClaimFactory, StoryFactory, told
from tests.factories.hubs import SourceFactory
from tests.hubs.people import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def story():
    """A draft that shows who met, of an exchange with one published entry."""
    exchange = ExchangeFactory()
    exchange.entries.add(EntryFactory(published=True, title="Seed banks"))
    draft = StoryFactory(exchange=exchange)
    told(draft, connect="attendance")
    draft.refresh_from_db()
    return draft


def text_of(story, what):
    """Return a version or a translation of the entry."""
    entry = story.exchange.entries.get()
    return entry.versions.get() if what == "versions" else TranslationFactory(entry=entry)


def share(story, **named):
    return services.write_claim(
        story,
        "share",
        services.Claim("It moved.", None, [], **named),
        expected_version=story.version,
        by=person("editor", story.hub),
    )


def standing(story):
    story.refresh_from_db()
    return story.reached, story.strength


@pytest.mark.parametrize("what", ["versions", "translations"])
def test_a_version_or_a_translation_shows_sharing_as_a_document_does(what, story):
    text = text_of(story, what)

    share(story, **{what: [text]})

    assert standing(story) == ("share", "document")
    answer = client_of(person("editor", story.hub)).get(f"/api/v1/stories/{story.slug}/").json()
    (said,) = (claim for claim in answer["claims"] if claim["rung"] == "share")
    assert [row["id"] for row in said[what]] == [text.pk]
    assert client_of(None).get(said[what][0]["url"]).status_code == 200


@pytest.mark.parametrize("what", ["versions", "translations"])
def test_texts_of_other_entries_are_refused_by_name(what, story):
    other = StoryFactory()
    other.exchange.entries.add(EntryFactory(published=True))

    with pytest.raises(ValidationError) as refused:
        share(story, **{what: [text_of(other, what)]})

    assert set(refused.value.message_dict) == {what}
    assert standing(story)[0] == "connect"


def test_what_a_machine_translated_shows_nothing(story):
    text = text_of(story, "translations")
    share(story, translations=[text])
    story.refresh_from_db()
    machine = TranslationFactory(entry=text.entry, language="es", state="machine")
    with pytest.raises(ValidationError):
        share(story, translations=[machine])

    text.state = "machine"
    text.save()

    assert (settle_every_story(), standing(story)[0]) == (1, "connect")


def test_a_translation_that_becomes_a_machine_s_lowers_the_rung_at_once(story):
    text = text_of(story, "translations")
    share(story, translations=[text])
    type(story).objects.filter(pk=story.pk).update(
        state="published", published_at=story.updated_at, publisher=person("head", story.hub)
    )
    by = person("editor", text.entry.hub)

    def save(state):
        text.refresh_from_db()
        texts, version = {"title": "Banques de semences"}, text.version
        save_translation(text.entry, text.language, texts, state=state, from_version=1,
                         expected_version=version, by=by)  # fmt: skip
        return standing(story)[0]

    assert [save(state) for state in ("human", "machine", "human")] == [
        *("share", "connect", "share")
    ]
    reason = "A translation in the catalogue was changed."
    changes = RungChange.objects.order_by("pk")
    assert list(changes.values_list("before", "after", "by", "reason")) == [
        ("share", "connect", by.pk, reason),
        ("connect", "share", by.pk, reason),
    ]
    assert settle_every_story() == 0


def test_a_translation_that_is_removed_lowers_the_rung_at_once(story):
    text = text_of(story, "translations")
    share(story, translations=[text])
    type(story).objects.filter(pk=story.pk).update(
        state="published", published_at=story.updated_at, publisher=person("head", story.hub)
    )
    by = person("editor", text.entry.hub)

    remove_translation(text, by=by)

    assert standing(story)[0] == "connect"
    assert not RungClaim.objects.get(rung="share").translations.exists()
    assert list(RungChange.objects.values_list("before", "after", "by", "reason")) == [
        ("share", "connect", by.pk, "A translation was taken out of the catalogue.")
    ]


def test_the_page_of_a_step_offers_the_entry_s_texts(story):
    version, translation = text_of(story, "versions"), text_of(story, "translations")
    TranslationFactory(entry=version.entry, language="es", state="machine")
    editor = client_of(person("editor", story.hub))
    url = f"/evaluation/stories/{story.slug}/edit/rungs/"

    text = editor.get(f"{url}share/").content.decode()
    sent = {"statement": "It moved.", "version": story.version, "versions": version.pk,
            "translations": translation.pk}  # fmt: skip
    answer = editor.post(f"{url}share/", sent)

    assert "Seed banks, version 1" in text
    assert "Seed banks in French" in text
    assert "Spanish" not in text
    assert 'name="versions"' not in editor.get(f"{url}connect/").content.decode()
    assert answer.status_code == 302
    page = editor.get(story.get_absolute_url()).content.decode()
    assert "version 1" in page
    assert f"{version.entry.get_absolute_url()}?lang=fr" in page


def test_the_sources_of_a_story_are_chosen_and_named(story):
    kept, gone, of_exchange = SourceFactory(), SourceFactory(), SourceFactory()
    story.sources.set([kept, gone])
    story.exchange.sources.add(of_exchange)
    editor = client_of(person("editor", story.hub))
    url = f"/evaluation/stories/{story.slug}/edit/sources/"
    sent = {"version": story.version, "sources": [kept.pk, of_exchange.pk],
            "source_title": "The law", "source_address": "https://law.example/1"}  # fmt: skip
    page = editor.get(url).content.decode()
    assert all(each.title in page for each in (kept, gone, of_exchange))

    refused = editor.post(url, sent | {"source_address": "law"})
    answer = editor.post(url, sent)
    stale = editor.post(url, sent)

    assert (refused.status_code, answer.status_code, stale.status_code) == (200, 302, 409)
    cited = set(story.sources.values_list("address", flat=True))
    assert cited == {kept.address, of_exchange.address, "https://law.example/1"}
    change = Activity.objects.get(verb="story.changed").changes[0]
    assert (change["field"], "The law" in change["new"]) == ("sources", True)
    api = client_of(None).get(f"/api/v1/stories/{story.slug}/")
    assert api.status_code == 404


def test_programs_name_all_sources_of_a_story_as_they_read_it(story):
    story.sources.add(gone := SourceFactory())
    kept = SourceFactory(title="Register", dated_on=datetime.date(2024, 1, 1),
                         dated_on_precision="year")  # fmt: skip
    story.exchange.sources.add(kept)
    client, url = client_of(person("editor", story.hub)), f"/api/v1/stories/{story.slug}/"
    law = {"title": "The law", "publisher": "Gazette", "address": "https://law.example/1"}

    def put(sources, who=client, **headers):
        return who.put(f"{url}sources/", {"sources": sources}, headers=headers,
                       content_type="application/json")  # fmt: skip

    read = client.get(url)
    assert [each["address"] for each in read.json()["sources"]] == [gone.address]
    correspondent = client_of(person("correspondent", story.hub))
    refused = {
        "no version": put([law]),
        "no address": put([{"title": "Law"}], **{"If-Match": "*"}),
        "bad address": put([law | {"address": "javascript:1"}], **{"If-Match": "*"}),
        "unknown field": put([law | {"rank": 1}], **{"If-Match": "*"}),
        "no list": put(7, **{"If-Match": "*"}),
        "too many": put(
            [law | {"address": f"https://law.example/{n}"} for n in range(51)], **{"If-Match": "*"}
        ),
        "reader": put([law], correspondent, **{"If-Match": "*"}),
        "visitor": put([law], client_of(None), **{"If-Match": "*"}),
    }
    assert {name: answer.status_code for name, answer in refused.items()} == {
        "no version": 428,
        **dict.fromkeys(("no address", "bad address", "unknown field", "no list", "too many"), 400),
        "reader": 403,
        "visitor": 401,
    }
    assert list(story.sources.all()) == [gone]

    named = put([law, {"title": "Its name elsewhere", "address": kept.address}],
                **{"If-Match": read["ETag"]})  # fmt: skip
    stale = put([], **{"If-Match": read["ETag"]})

    assert (named.status_code, stale.status_code) == (200, 412)
    assert [each["title"] for each in named.json()["sources"]] == ["Register", "The law"]
    assert named.json()["sources"][0]["dated_on"] == "2024"
    change = Activity.objects.get(verb="story.changed").changes[0]
    assert (change["field"], change["new"]) == ("sources", "Register; The law")
    again = put(named.json()["sources"], **{"If-Match": named["ETag"]})
    assert again.json()["sources"] == named.json()["sources"] == client.get(url).json()["sources"]
    page = client.get(f"/evaluation/stories/{story.slug}/edit/sources/").text
    assert ("The law" in page, gone.title in page) == (True, False)
    type(story).objects.filter(pk=story.pk).update(state="submitted")
    assert put([], **{"If-Match": "*"}).status_code == 403
    assert story.sources.count() == 2


@pytest.mark.parametrize("wrong", ["unknown", "stale", "reader"])
def test_sources_are_refused_and_stay(wrong, story):
    story.sources.add(kept := SourceFactory())
    by = person("correspondent" if wrong == "reader" else "editor", story.hub)
    version = story.version + (wrong == "stale")
    expected = {"unknown": ValidationError, "stale": StaleEdit, "reader": PermissionDenied}[wrong]

    with pytest.raises(expected):
        services.cite_sources(
            story,
            [SourceFactory()] if wrong == "unknown" else [],
            expected_version=version,
            by=by,
        )

    assert list(story.sources.all()) == [kept]


def test_a_withdrawn_story_is_taken_up_again_as_a_draft_and_keeps_the_reason():
    story = StoryFactory(published=True)
    told(story, connect="attendance")
    head, editor = person("head", story.hub), person("editor", story.hub)
    services.withdraw_story(story, reason="The law was repealed.", by=head)
    ClaimFactory(story=story, rung="share")
    page = client_of(editor).get(story.get_absolute_url()).content.decode()
    assert "Take it up again" in page

    answer = client_of(editor).post(f"/evaluation/stories/{story.slug}/take-up/", follow=True)

    story.refresh_from_db()
    assert (story.state, story.reached, story.published_at, story.publisher) == (
        *("draft", "connect"),
        *(None, None),
    )
    assert story.withdrawn_reason == "The law was repealed."
    assert "The law was repealed." in answer.content.decode()
    assert Activity.objects.get(verb="story.taken_up").actor == editor
    with pytest.raises(DomainError, match="This story is draft now"):
        services.take_up_story(story, by=editor)
    story.claims.filter(rung="share").delete()
    services.submit_story(story, expected_version=story.version, by=editor)
    story.refresh_from_db()
    services.publish_story(story, expected_version=story.version, by=head)
    story.refresh_from_db()
    assert (story.state, story.publisher) == ("published", head)


def test_only_its_writers_take_a_story_up_again():
    story = StoryFactory(withdrawn=True)

    for role in ("correspondent", "moderator", "stranger"):
        with pytest.raises(PermissionDenied):
            services.take_up_story(story, by=person(role, story.hub))

    story.refresh_from_db()
    assert story.state == "withdrawn"
    editor = client_of(person("editor", story.hub))
    answer = editor.post(f"/api/v1/stories/{story.slug}/take-up/", content_type="application/json")
    assert answer.json()["state"] == "draft"
