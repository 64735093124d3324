"""Beginning, writing and taking back a draft: rights, refusals, two at once."""

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import Activity
from catalogue import services
from catalogue.content import empty_content
from catalogue.models import Draft
from catalogue.sections import SECTION_OF, missing_in
from core.errors import DomainError, StaleEdit
from tests.factories import catalogue as make
from tests.factories import hubs as make_hubs
from tests.factories.accounts import MemberFactory
from tests.hubs.people import EDITORS, MODERATORS, OWN, PEOPLE, person
from tests.races import all_at_once

pytestmark = pytest.mark.django_db
STORY = {"challenge": "Drought.", "what_was_done": "Wells."}


def version_of(draft, slug="story"):
    return services.section_version(SECTION_OF[slug], draft.content)


def save_story(draft, by, *, expected=None, **values):
    expected = version_of(draft) if expected is None else expected
    return services.save_section(draft, "story", STORY | values, expected=expected, by=by)


@pytest.mark.parametrize("who", PEOPLE)
def test_whoever_has_a_role_in_the_hub_may_begin(who):
    hub = make_hubs.HubFactory()
    user = person(who, hub)

    def begin():
        return services.start_draft(hub, title="Wells", language="fr", by=user)

    if who in OWN | MODERATORS:
        draft = begin()
        assert draft.content == empty_content(title="Wells", language="fr")
        assert list(draft.authors.all()) == [user]
        assert Activity.objects.filter(verb="draft.begun", audience="moderators").exists()
    else:
        with pytest.raises(PermissionDenied):
            begin()


@pytest.mark.parametrize("who", PEOPLE)
def test_drafts_are_seen_and_written_by(who):
    draft = make.DraftFactory()
    user = person(who, draft.hub)
    found = Draft.objects

    assert found.visible_to(user).exists() == (who in EDITORS | MODERATORS)
    assert found.editable_by(user).exists() == (who in EDITORS | MODERATORS)
    assert found.submittable_by(user).exists() == (who in EDITORS | MODERATORS)
    assert found.withdrawable_by(user).exists() == (who in EDITORS | MODERATORS)


def test_an_author_writes_without_sending_as_long_as_they_have_a_role():
    author = make_hubs.MembershipFactory(correspondent=True)
    make.DraftFactory(hub=author.hub, created_by=author.member)
    found = Draft.objects

    assert found.editable_by(author.member).exists()
    assert not found.submittable_by(author.member).exists()
    author.delete()
    assert not found.visible_to(author.member).exists()


def test_a_section_is_saved_and_its_writer_is_an_author():
    draft = make.DraftFactory(bare=True)
    editor = make_hubs.MembershipFactory(hub=draft.hub).member

    saved = save_story(draft, editor)

    assert saved.content["challenge"] == "Drought."
    assert editor in saved.authors.all()


@pytest.mark.parametrize("who", PEOPLE)
def test_a_section_is_saved_only_by_those_who_may(who):
    draft = make.DraftFactory()
    user = person(who, draft.hub)
    if who in EDITORS | MODERATORS:
        save_story(draft, user)
    else:
        with pytest.raises(PermissionDenied):
            save_story(draft, user)


def test_nobody_writes_while_reviewers_read():
    draft = make.DraftFactory(submitted=True)

    with pytest.raises(PermissionDenied):
        save_story(draft, MemberFactory(moderator=True))


def test_a_section_saved_meanwhile_is_not_overwritten_and_another_is_no_clash():
    draft = make.DraftFactory()
    editor = make_hubs.MembershipFactory(hub=draft.hub).member
    seen = version_of(draft)
    save_story(draft, editor)

    with pytest.raises(StaleEdit) as refused:
        save_story(draft, editor, expected=seen, challenge="Mine.")
    assert refused.value.saved["challenge"] == "Drought."
    services.save_section(
        draft,
        "contacts",
        {"contacts": "Office", "note": ""},
        expected=version_of(draft, "contacts"),
        by=editor,
    )
    draft.refresh_from_db()
    assert (draft.content["challenge"], draft.content["contacts"]) == ("Drought.", "Office")


@pytest.mark.django_db(transaction=True)
def test_two_editors_who_save_a_section_at_once_make_one_save_and_one_refusal():
    draft = make.DraftFactory()
    editors = [make_hubs.MembershipFactory(hub=draft.hub).member for _each in range(2)]
    seen = version_of(draft)

    results = all_at_once(
        *(lambda by=by: save_story(draft, by, expected=seen, challenge=by.name) for by in editors)
    )

    assert sorted(type(each).__name__ for each in results) == ["Draft", "StaleEdit"]


@pytest.mark.django_db(transaction=True)
def test_two_who_save_different_sections_at_once_both_save():
    draft = make.DraftFactory(bare=True)
    editor = make_hubs.MembershipFactory(hub=draft.hub).member
    contacts = {"contacts": "Office", "note": ""}
    expected = version_of(draft, "contacts")

    all_at_once(
        lambda: save_story(draft, editor),
        lambda: services.save_section(draft, "contacts", contacts, expected=expected, by=editor),
    )

    draft.refresh_from_db()
    assert (draft.content["challenge"], draft.content["contacts"]) == ("Drought.", "Office")


def test_a_snapshot_grows_and_keeps_what_it_says():
    draft = make.DraftFactory()
    assert missing_in(draft.content) == {}

    whole = services.complete_draft(draft, by=MemberFactory(moderator=True))

    assert whole.content["challenge"] == draft.content["challenge"]
    assert missing_in(whole.content) == {
        "learning": ["lessons", "what_did_not_work", "how_to_adapt"]
    }


@pytest.mark.parametrize("who", PEOPLE)
def test_the_next_version_is_begun_by(who):
    entry = make.EntryFactory(published=True, lessons="Ask first.")
    user = person(who, entry.hub)
    if who in EDITORS | MODERATORS:
        draft = services.revise_entry(entry, by=user)
        assert draft.content["lessons"] == "Ask first."
        assert draft.from_version == 1
        assert services.revise_entry(entry, by=user) == draft
    else:
        with pytest.raises(PermissionDenied):
            services.revise_entry(entry, by=user)


@pytest.mark.django_db(transaction=True)
def test_two_who_begin_the_next_version_at_once_get_the_same_draft():
    entry = make.EntryFactory(published=True)
    editors = [make_hubs.MembershipFactory(hub=entry.hub).member for _each in range(2)]

    first, second = all_at_once(
        *(lambda by=by: services.revise_entry(entry, by=by) for by in editors)
    )

    assert first == second


def test_what_is_written_changes_nothing_of_what_is_published():
    entry = make.EntryFactory(published=True, challenge="Then.")
    editor = make_hubs.MembershipFactory(hub=entry.hub).member
    save_story(services.revise_entry(entry, by=editor), editor)

    entry.refresh_from_db()
    assert entry.challenge == "Then."


def test_a_draft_is_taken_back_once():
    draft = make.DraftFactory(submitted=True)
    editor = make_hubs.MembershipFactory(hub=draft.hub).member

    services.withdraw_draft(draft, by=editor)

    draft.refresh_from_db()
    assert draft.state == "withdrawn"
    assert draft.rounds.get().decision == "withdrawn"
    with pytest.raises(DomainError, match="decided meanwhile"):
        services.withdraw_draft(draft, by=editor)
