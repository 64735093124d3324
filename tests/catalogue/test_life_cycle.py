"""What becomes of a published entry."""

import pytest

from catalogue import services
from catalogue.models import Entry, SearchRow
from core.errors import DomainError
from tests.factories import catalogue as make
from tests.factories.accounts import MemberFactory
from tests.hubs.people import EDITORS, MODERATORS, PEOPLE, allowed, person
from tests.races import all_at_once

pytestmark = pytest.mark.django_db
BY_THE_HUB = [
    (services.archive_entry, {"reason": "Out of date."}),
    (services.withdraw_entry, {"reason": "Not ours to share."}),
]
BY_MODERATORS = [
    (services.contest_entry, {"statement": "Farmers say otherwise."}),
    (services.settle_entry, {"reason": "They agreed."}),
]


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize(("act", "words"), BY_THE_HUB)
def test_the_hub_sets_aside_and_takes_back(act, words, who):
    entry = make.EntryFactory(published=True)
    user = person(who, entry.hub)

    assert allowed(act, entry, by=user, **words) == (who in EDITORS | MODERATORS)


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize(("act", "words"), BY_MODERATORS)
def test_moderators_say_what_is_contested(act, words, who):
    entry = make.EntryFactory(published=True)
    user = person(who, entry.hub)

    assert allowed(act, entry, by=user, **words) == (who in MODERATORS)


@pytest.mark.parametrize(("act", "words"), BY_THE_HUB + BY_MODERATORS)
def test_each_needs_a_reason(act, words):
    entry = make.EntryFactory(published=True)

    with pytest.raises(DomainError, match="Say why"):
        act(entry, by=MemberFactory(moderator=True), **dict.fromkeys(words, " "))


@pytest.mark.parametrize(("act", "words"), BY_THE_HUB + BY_MODERATORS)
def test_nothing_is_done_with_what_is_withdrawn(act, words):
    entry = make.EntryFactory(published=True)
    moderator = MemberFactory(moderator=True)
    services.withdraw_entry(entry, reason="Not ours to share.", by=moderator)

    with pytest.raises(DomainError, match="Withdrawn"):
        act(entry, by=moderator, **words)


def test_what_is_set_aside_can_be_taken_out_again():
    entry = make.EntryFactory(published=True)
    moderator = MemberFactory(moderator=True)
    services.archive_entry(entry, reason="Out of date.", by=moderator)
    services.restore_entry(entry, reason="Brought up to date.", by=moderator)

    entry.refresh_from_db()
    assert entry.state == "published"


def test_a_withdrawn_entry_is_found_nowhere_and_its_address_says_why(client):
    entry = make.EntryFactory(published=True, title="Wells", challenge="Dry ground.")
    draft = make.DraftFactory(hub=entry.hub, entry=entry, from_version=1, submitted=True)
    services.withdraw_entry(entry, reason="Not ours.", by=MemberFactory(moderator=True))

    draft.refresh_from_db()
    assert draft.state == "withdrawn"
    assert not SearchRow.objects.exists()
    assert not Entry.objects.published().exists()
    for address in (f"/catalogue/{entry.slug}/", f"/catalogue/{entry.slug}/v/1/"):
        answer = client.get(address)
        assert answer.status_code == 410
        assert "Not ours." in answer.content.decode()
        assert "Dry ground." not in answer.content.decode()
    assert "Wells" not in client.get("/catalogue/").content.decode()


def test_what_is_contested_is_said_on_the_page(client):
    entry = make.EntryFactory(published=True)
    moderator = MemberFactory(moderator=True)
    services.contest_entry(entry, statement="Farmers say otherwise.", by=moderator)
    assert "Farmers say otherwise." in client.get(f"/catalogue/{entry.slug}/").content.decode()

    services.settle_entry(entry, reason="They agreed.", by=moderator)
    assert "otherwise" not in client.get(f"/catalogue/{entry.slug}/").content.decode()


def test_the_mark_stays_through_the_next_version():
    entry = make.EntryFactory(published=True)
    services.contest_entry(entry, statement="No.", by=MemberFactory(moderator=True))
    draft = make.DraftFactory(hub=entry.hub, entry=entry, from_version=1, submitted=True)
    reviewer = make.asked_reviewer(draft)

    version = services.publish_draft(make.passed(draft, reviewer), by=reviewer)

    assert version.content["contested_statement"] == "No."


@pytest.mark.django_db(transaction=True)
def test_a_withdrawal_and_a_publication_at_once_do_not_wait_for_each_other():
    entry = make.EntryFactory(published=True)
    draft = make.DraftFactory(hub=entry.hub, entry=entry, from_version=1, submitted=True)
    reviewer = make.asked_reviewer(draft)
    make.passed(draft, reviewer)
    moderator = MemberFactory(moderator=True)

    results = all_at_once(
        lambda: services.withdraw_entry(entry, reason="Not ours.", by=moderator),
        lambda: services.publish_draft(draft, by=reviewer),
    )

    assert len(results) == 2
    entry.refresh_from_db()
    draft.refresh_from_db()
    assert (entry.state, draft.state) in {
        ("withdrawn", "withdrawn"),
        ("withdrawn", "published"),
    }
