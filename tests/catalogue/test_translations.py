"""Entries in other languages: who writes them, what readers get, when they are stale."""

import pytest
from django.core.exceptions import PermissionDenied

from catalogue import services
from catalogue.models import Translation
from core.errors import DomainError, StaleEdit
from tests.api_clients import client_of
from tests.factories import catalogue as make
from tests.factories import hubs as make_hubs
from tests.factories.accounts import MemberFactory
from tests.hubs.people import EDITORS, MODERATORS, OWN, PEOPLE, person

pytestmark = pytest.mark.django_db
TEXTS = {"title": "Banques de semences", "challenge": "Pas de semences."}


@pytest.fixture
def entry():
    entry = make.EntryFactory(title="Seed banks", challenge="No seed.", lessons="Ask first.")
    make.ResultRowFactory(entry=entry, statement="Banks opened", position=0)
    services.publish_content(entry, by=None)
    entry.refresh_from_db()
    return entry


def write(entry, by, *, language="fr", texts=TEXTS, expected=0, state="human", **words):
    return services.save_translation(
        entry, language, texts, state=state, expected_version=expected, by=by,
        **{"from_version": entry.latest_version} | words,
    )  # fmt: skip


def review(translation, by):
    version = translation.version
    return services.review_translation(translation, expected_version=version, by=by)


@pytest.fixture
def translated(entry):
    return write(entry, make_hubs.MembershipFactory(hub=entry.hub, correspondent=True).member)


def page(client, entry, **words):
    return client.get(entry.get_absolute_url(), **words).content.decode()


@pytest.mark.parametrize("who", PEOPLE)
def test_whoever_has_a_role_in_the_hub_translates(who, entry):
    user = person(who, entry.hub)
    if who in OWN | MODERATORS:
        assert write(entry, user).translated_by == user
    else:
        with pytest.raises(PermissionDenied):
            write(entry, user)


@pytest.mark.parametrize("who", PEOPLE)
def test_editors_call_it_right_unless_they_wrote_it(who, translated):
    user = person(who, translated.entry.hub)
    if who in EDITORS | MODERATORS:
        assert review(translated, user).state == "reviewed"
    else:
        with pytest.raises(PermissionDenied):
            review(translated, user)


def test_nobody_reviews_their_own_translation(entry):
    editor = make_hubs.MembershipFactory(hub=entry.hub).member
    translation = write(entry, editor)

    with pytest.raises(PermissionDenied):
        review(translation, editor)


def test_what_was_changed_is_reviewed_again(translated):
    review(translated, MemberFactory(moderator=True))
    author = translated.translated_by

    again = write(translated.entry, author, expected=2)

    assert (again.state, again.reviewed_by) == ("human", None)


def test_what_was_changed_meanwhile_is_not_called_right(translated):
    write(translated.entry, translated.translated_by, expected=1)

    with pytest.raises(DomainError, match="changed after"):
        review(translated, MemberFactory(moderator=True))


def test_two_who_write_at_once_do_not_overwrite_each_other(translated):
    with pytest.raises(StaleEdit) as refused:
        write(translated.entry, translated.translated_by, expected=0)
    assert refused.value.saved["title"] == "Banques de semences"


@pytest.mark.parametrize(
    ("words", "error"),
    [
        ({"language": "en"}, "language of the original"),
        ({"texts": {"title": " "}}, "title at least"),
        ({"state": "reviewed"}, "Somebody else"),
    ],
)
def test_what_is_no_translation_is_refused(entry, words, error):
    with pytest.raises(DomainError, match=error):
        write(entry, MemberFactory(moderator=True), **words)


def test_readers_get_their_language_labelled_and_the_rest_in_the_original(client, translated):
    said = page(client, translated.entry, headers={"Accept-Language": "fr"})

    assert '<span lang="fr" dir="auto">Banques de semences</span></h1>' in said
    assert "Pas de semences." in said
    assert "Ask first." in said
    assert "?lang=en" in said


def test_other_readers_get_the_original_and_can_ask_for_the_translation(client, translated):
    assert "Seed banks</span></h1>" in page(client, translated.entry)
    assert "Banques de semences</span></h1>" in page(client, translated.entry, data={"lang": "fr"})
    assert "Seed banks</span></h1>" in page(
        client, translated.entry, data={"lang": "en"}, headers={"Accept-Language": "fr"}
    )


@pytest.mark.parametrize("asked", ["xx", "", "français", "de"])
def test_an_unknown_language_is_answered_in_the_original(client, translated, asked):
    assert "Seed banks</span></h1>" in page(client, translated.entry, data={"lang": asked})


def test_a_translation_of_an_earlier_version_is_marked_as_stale(client, translated):
    services.publish_content(translated.entry, by=None)

    said = page(client, translated.entry, data={"lang": "fr"})

    assert "The original has changed since" in said
    assert Translation.objects.with_is_stale().get().is_stale
    with pytest.raises(DomainError, match="changed since"):
        review(translated, MemberFactory(moderator=True))


def test_results_are_translated_as_long_as_the_rows_are_the_same(client, entry):
    texts = TEXTS | {"results": ["Banques ouvertes"]}
    write(entry, MemberFactory(moderator=True), texts=texts)
    assert "Banques ouvertes" in page(client, entry, data={"lang": "fr"})

    services.publish_content(entry, by=None)
    assert "Banks opened" in page(client, entry, data={"lang": "fr"})


def test_it_is_written_beside_the_original_and_reviewed_by_another(entry):
    correspondent = make_hubs.MembershipFactory(hub=entry.hub, correspondent=True).member
    editor = make_hubs.MembershipFactory(hub=entry.hub).member
    url = f"{entry.get_absolute_url()}translations/"
    browser = client_of(correspondent)
    assert browser.post(url, {"language": "fr"}).headers["Location"] == f"{url}fr/"
    assert "Ask first." in browser.get(f"{url}fr/").content.decode()

    typed = {"version": 0, "from_version": 1, "state": "machine", "title": "Banques"}
    browser.post(f"{url}fr/", typed | {"result-0": "Banques ouvertes"})

    saved = Translation.objects.get()
    assert saved.texts == {"title": "Banques", "results": ["Banques ouvertes"]}
    assert saved.state == "machine"
    client_of(editor).post(f"{url}fr/review/", {"version": saved.version})
    saved.refresh_from_db()
    assert (saved.state, saved.reviewed_by) == ("reviewed", editor)


def test_both_texts_are_shown_when_somebody_saved_meanwhile(translated):
    browser = client_of(MemberFactory(moderator=True))
    typed = {"version": 0, "from_version": 1, "state": "human", "title": "Les banques"}

    answer = browser.post(f"{translated.entry.get_absolute_url()}translations/fr/", typed)

    assert answer.status_code == 409
    assert "Banques de semences" in answer.content.decode()
    assert "Les banques" in answer.content.decode()


def test_editors_remove_what_does_not_say_the_same(translated):
    url = f"{translated.entry.get_absolute_url()}translations/fr/remove/"
    assert client_of(translated.translated_by).post(url).status_code == 403

    client_of(MemberFactory(moderator=True)).post(url)

    assert not Translation.objects.exists()


def test_programs_get_the_translations(client, translated):
    answer = client.get(f"/api/v1/entries/{translated.entry.slug}/").json()

    assert answer["translations"] == [
        {"language": "fr", "state": "human", "from_version": 1, "is_stale": False, "texts": TEXTS}
    ]


def test_an_entry_needs_the_same_queries_for_few_translations_and_many(
    client, entry, django_assert_max_num_queries
):
    counts = []
    for languages in (["fr"], ["es", "pt", "id", "ar", "de"]):
        for language in languages:
            write(entry, MemberFactory(moderator=True), language=language)
        with django_assert_max_num_queries(20) as asked:
            page(client, entry, data={"lang": "fr"})
        counts.append(len(asked))

    assert counts[0] == counts[1]
