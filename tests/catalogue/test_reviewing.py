"""Review: who may judge, what the gates need, what is decided once."""

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import Activity, DigestItem, MailKind, OutgoingMail
from catalogue import services
from catalogue.models import Draft, Entry, EntryVersion, SearchRow
from core.errors import DomainError
from tests.factories import catalogue as make
from tests.factories import hubs as make_hubs
from tests.factories.accounts import MemberFactory
from tests.hubs.people import EDITORS, MODERATORS, PEOPLE, allowed, person
from tests.races import all_at_once

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("who", PEOPLE)
def test_a_draft_is_sent_by_those_who_answer_for_the_hub(who):
    draft = make.DraftFactory()
    user = person(who, draft.hub)

    assert allowed(services.submit_draft, draft, by=user) == (who in EDITORS | MODERATORS)


def test_a_round_keeps_the_text_as_it_was_sent():
    draft = make.DraftFactory(submitted=True)

    sent = draft.rounds.get()

    assert (draft.state, draft.round, sent.number) == ("submitted", 1, 1)
    assert sent.content == draft.content
    assert Activity.objects.filter(verb="draft.submitted", audience="moderators").exists()


def test_what_is_missing_is_not_sent():
    draft = make.DraftFactory(bare=True)

    with pytest.raises(DomainError, match="missing"):
        services.submit_draft(draft, by=MemberFactory(moderator=True))


def test_it_is_sent_once():
    draft = make.DraftFactory(submitted=True)

    with pytest.raises(DomainError, match="sent already"):
        services.submit_draft(draft, by=MemberFactory(moderator=True))


@pytest.mark.parametrize("who", PEOPLE)
def test_verdicts_are_given_by_moderators_who_are_strangers_to_it(who):
    draft = make.DraftFactory(submitted=True)
    user = person(who, draft.hub)

    given = allowed(services.give_verdict, draft, "evidence", "fail", note="Which?", by=user)

    assert given == (who in MODERATORS)


def test_whoever_was_asked_may_judge_and_read_it():
    draft = make.DraftFactory(submitted=True)
    reviewer = make.asked_reviewer(draft)

    assert Draft.objects.visible_to(reviewer).get() == draft
    assert Draft.objects.reviewable_by(reviewer).get() == draft
    assert not Draft.objects.editable_by(reviewer).exists()
    assert not Draft.objects.decidable_by(reviewer).exists()
    mail = OutgoingMail.objects.get(to=reviewer.email)
    assert f"/catalogue/drafts/{draft.pk}/" in mail.body


def test_a_moderator_who_wrote_in_it_does_not_judge_it():
    moderator = MemberFactory(moderator=True)
    draft = make.DraftFactory(created_by=moderator, submitted=True)

    assert not Draft.objects.reviewable_by(moderator).exists()
    with pytest.raises(PermissionDenied):
        services.publish_draft(draft, by=moderator)


def test_a_moderator_of_the_hub_does_not_judge_it():
    draft = make.DraftFactory(submitted=True)
    moderator = MemberFactory(moderator=True)
    make_hubs.MembershipFactory(hub=draft.hub, member=moderator, correspondent=True)

    assert not Draft.objects.reviewable_by(moderator).exists()


@pytest.mark.parametrize("who", ["author", "editor", "suspended"])
def test_nobody_is_asked_who_may_not_judge(who):
    draft = make.DraftFactory(submitted=True)
    reviewer = {
        "author": draft.created_by,
        "editor": make_hubs.MembershipFactory(hub=draft.hub).member,
        "suspended": MemberFactory(suspended=True),
    }[who]

    with pytest.raises(DomainError):
        services.assign_reviewer(draft, reviewer, by=MemberFactory(moderator=True))
    assert not draft.assignments.exists()


def test_reviewers_are_chosen_by_moderators_only():
    draft = make.DraftFactory(submitted=True)
    reviewer = make.asked_reviewer(draft)

    with pytest.raises(PermissionDenied):
        services.assign_reviewer(draft, MemberFactory(), by=reviewer)


def test_a_reviewer_who_joins_the_hub_judges_no_more():
    draft = make.DraftFactory(submitted=True)
    reviewer = make.asked_reviewer(draft)
    make_hubs.MembershipFactory(hub=draft.hub, member=reviewer, correspondent=True)

    assert not Draft.objects.reviewable_by(reviewer).exists()


def test_one_who_objects_holds_a_gate_whoever_else_lets_it_pass():
    draft = make.DraftFactory(submitted=True)
    make.passed(draft, make.asked_reviewer(draft))
    services.give_verdict(
        draft, "evidence", "fail", note="Which source?", by=MemberFactory(moderator=True)
    )

    assert services.gates_of(draft) == {"relevant": "pass", "evidence": "fail", "usable": "pass"}
    with pytest.raises(DomainError, match="three gates"):
        services.publish_draft(draft, by=MemberFactory(moderator=True))


def test_a_verdict_said_again_replaces_the_first():
    draft = make.DraftFactory(submitted=True)
    reviewer = make.asked_reviewer(draft)
    services.give_verdict(draft, "evidence", "fail", note="Which source?", by=reviewer)
    services.give_verdict(draft, "evidence", "pass", note="Now I see.", by=reviewer)

    assert services.gates_of(draft)["evidence"] == "pass"


def test_changes_are_asked_for_with_a_reason_and_sent_again():
    draft = make.DraftFactory(submitted=True)
    reviewer = make.asked_reviewer(draft)
    make.passed(draft, reviewer)
    services.request_changes(draft, note="How many farmers?", by=reviewer)
    draft.refresh_from_db()
    assert draft.state == "changes_requested"
    assert "How many farmers?" in OutgoingMail.objects.get(to=draft.created_by.email).body

    services.submit_draft(draft, by=MemberFactory(moderator=True))
    draft.refresh_from_db()

    assert draft.round == 2
    assert services.gates_of(draft) == {"relevant": "", "evidence": "", "usable": ""}
    assert draft.rounds.get(number=1).note == "How many farmers?"


@pytest.mark.parametrize("act", [services.request_changes, services.decline_draft])
def test_nothing_is_refused_without_a_reason(act):
    draft = make.DraftFactory(submitted=True)

    with pytest.raises(DomainError, match="Say why"):
        act(draft, note=" ", by=MemberFactory(moderator=True))


def test_a_text_that_was_sent_anew_is_not_decided_on_what_was_read_before():
    draft = make.DraftFactory(submitted=True)
    moderator = MemberFactory(moderator=True)

    with pytest.raises(DomainError, match="Another text"):
        services.give_verdict(draft, "usable", "pass", note="Fine.", by=moderator, number=7)


def test_only_moderators_decline():
    draft = make.DraftFactory(submitted=True)

    with pytest.raises(PermissionDenied):
        services.decline_draft(draft, note="Out of scope.", by=make.asked_reviewer(draft))
    services.decline_draft(draft, note="Out of scope.", by=MemberFactory(moderator=True))
    draft.refresh_from_db()
    assert draft.state == "declined"
    assert not Entry.objects.exists()


def test_what_is_published_is_what_was_reviewed():
    draft = make.DraftFactory(submitted=True)
    make_hubs.OrganisationFactory(name="A Fund", slug="a-fund")
    reviewer = make.asked_reviewer(draft)

    version = services.publish_draft(make.passed(draft, reviewer), by=reviewer)

    entry = version.entry
    assert (version.number, version.published_by, entry.hub) == (1, reviewer, draft.hub)
    assert entry.title == draft.content["title"]
    assert entry.results.get().figure == "12"
    assert entry.results.get().source == entry.sources.get()
    assert entry.partners.get().organisation.slug == "a-fund"
    assert SearchRow.objects.get(object_pk=entry.pk).title == entry.title
    draft.refresh_from_db()
    assert (draft.state, draft.entry) == ("published", entry)


def test_the_next_version_replaces_rows_and_keeps_the_address():
    entry = make.EntryFactory(published=True, slug="wells")
    make.ResultRowFactory(entry=entry, statement="Old")
    draft = make.DraftFactory(hub=entry.hub, entry=entry, from_version=1, submitted=True)
    reviewer = make.asked_reviewer(draft)

    version = services.publish_draft(make.passed(draft, reviewer), by=reviewer)

    assert (version.number, version.entry.slug) == (2, "wells")
    assert [row.statement for row in version.entry.results.all()] == ["Banks opened"]
    assert EntryVersion.objects.get(number=1).content["title"] == entry.title


def test_what_the_portal_coded_stays_marked_until_somebody_changes_it():
    entry = make.EntryFactory(
        published=True, sectors=["311"], countries=["GH"], is_starter=True,
        editorial_fields=["sectors", "countries"],
    )  # fmt: skip
    draft = make.DraftFactory(hub=entry.hub, entry=entry, from_version=1, submitted=True)
    reviewer = make.asked_reviewer(draft)

    published = services.publish_draft(make.passed(draft, reviewer), by=reviewer).entry

    assert published.editorial_fields == ["sectors"]
    assert not published.is_starter


@pytest.mark.parametrize("title", ["Wells", "Review", "水の記憶"])
def test_every_entry_gets_an_address_of_its_own(title):
    slugs = set()
    for _each in range(2):
        draft = make.DraftFactory(submitted=True)
        draft.content["title"] = title
        draft.save()
        reviewer = make.asked_reviewer(draft)
        slugs.add(services.publish_draft(make.passed(draft, reviewer), by=reviewer).entry.slug)

    assert len(slugs) == 2
    assert not slugs & {"review", "drafts", ""}


@pytest.mark.django_db(transaction=True)
def test_two_reviewers_who_publish_at_once_make_one_version():
    draft = make.DraftFactory(submitted=True)
    reviewers = [make.asked_reviewer(draft) for _each in range(2)]
    make.passed(draft, reviewers[0])

    results = all_at_once(*(lambda by=by: services.publish_draft(draft, by=by) for by in reviewers))

    assert sorted(type(each).__name__ for each in results) == ["DomainError", "EntryVersion"]
    assert EntryVersion.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_drafts_of_one_title_published_at_once_get_two_addresses():
    drafts = [make.DraftFactory(submitted=True) for _each in range(2)]
    for draft in drafts:
        draft.content["title"] = "Wells"
        draft.save()
    reviewers = [make.asked_reviewer(draft) for draft in drafts]
    for draft, reviewer in zip(drafts, reviewers, strict=True):
        make.passed(draft, reviewer)

    all_at_once(
        *(
            lambda draft=draft, by=by: services.publish_draft(draft, by=by)
            for draft, by in zip(drafts, reviewers, strict=True)
        )
    )

    assert set(Entry.objects.values_list("slug", flat=True)) == {"wells", "wells-2"}


@pytest.mark.parametrize("who", PEOPLE)
def test_those_who_work_on_it_talk_about_it(who):
    draft = make.DraftFactory(submitted=True)
    user = person(who, draft.hub)

    said = allowed(services.write_message, draft, "Why 12?", by=user, section="results")

    assert said == (who in EDITORS | MODERATORS)


def test_each_of_the_others_gets_one_mail_of_a_message():
    draft = make.DraftFactory(submitted=True)
    reviewer = make.asked_reviewer(draft)
    OutgoingMail.objects.all().delete()

    services.write_message(draft, "Why 12?", by=reviewer)

    sent_by = draft.rounds.get().submitted_by
    told = set(OutgoingMail.objects.values_list("to", flat=True))
    assert told == {draft.created_by.email, sent_by.email}
    assert "Why 12?" in OutgoingMail.objects.first().body


def test_nothing_more_is_said_when_it_is_over():
    draft = make.DraftFactory(submitted=True)
    services.decline_draft(draft, note="Out of scope.", by=MemberFactory(moderator=True))

    with pytest.raises(DomainError, match="decided meanwhile"):
        services.write_message(draft, "But why?", by=MemberFactory(moderator=True))


@pytest.mark.parametrize(("pace", "waits"), [("daily", 1), ("off", 0)])
def test_who_wants_no_messages_at_once_is_still_asked_to_review(pace, waits):
    draft = make.DraftFactory(submitted=True)
    reviewer = MemberFactory(moderator=True, mail_choices={MailKind.REVIEW_MESSAGES: pace})
    moderator = MemberFactory(moderator=True)

    services.assign_reviewer(draft, reviewer, by=moderator)
    services.write_message(draft, "Why 12?", section="", by=moderator)

    (mail,) = OutgoingMail.objects.filter(to=reviewer.email)
    assert mail.subject.startswith("Please review")
    assert mail.unsubscribe
    assert DigestItem.objects.filter(member=reviewer, kind="review_messages").count() == waits
