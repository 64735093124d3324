"""Impact stories: who sees, writes and decides on them; what they must say; what evidence does."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from accounts.models import Activity, OutgoingMail
from core.errors import DomainError, StaleEdit
from evaluation.models import Evidence, ImpactStory, RungChange, RungClaim
from evaluation.services import stories as services
from evaluation.services.evidence import add_evidence, withdraw_evidence
from evaluation.services.rungs import settle_rungs
from evaluation.services.story_evidence import offered_adoptions
from tests.factories.accounts import MemberFactory
from tests.factories.catalogue import AdoptionFactory, EntryFactory
from tests.factories.evaluation import ExchangeFactory, PartyFactory
from tests.factories.evaluation_stories import ClaimFactory, EvidenceFactory, StoryFactory, told
from tests.hubs.people import person, someone
from tests.races import all_at_once

pytestmark = pytest.mark.django_db

ROLES = (
    *("anonymous", "suspended", "pending", "member", "stranger", "correspondent"),
    *("me_focal_point", "editor", "head", "moderator", "administrator"),
)
OWN = {"correspondent", "me_focal_point", "editor", "head"}
ASSESSORS = {"me_focal_point", "editor", "head"}
MODERATORS = {"moderator", "administrator"}
SEEN_BY = {
    "draft": OWN,
    "submitted": OWN | MODERATORS,
    "returned": OWN,
    "published": set(ROLES),
    "withdrawn": OWN,
    "secret": OWN,
    "secret submitted": OWN,
}
RIGHTS = {
    "editable_by": {"draft": ASSESSORS, "returned": ASSESSORS},
    "submittable_by": {
        **dict.fromkeys(("draft", "returned", "submitted", "secret submitted"), ASSESSORS)
    },
    "resumable_by": {"withdrawn": ASSESSORS},
    "publishable_by": {
        "submitted": ASSESSORS | MODERATORS,
        "secret submitted": ASSESSORS,
    },
    "withdrawable_by": {
        "draft": ASSESSORS,
        "returned": ASSESSORS,
        "published": ASSESSORS | MODERATORS,
        "secret": ASSESSORS,
    },
}


@pytest.fixture
def exchange():
    return ExchangeFactory()


@pytest.fixture
def every_story(exchange):
    secret = ExchangeFactory(confidential=True, hub=exchange.hub)
    return {
        **{
            state: StoryFactory(exchange=exchange, **{} if state == "draft" else {state: True})
            for state in ("draft", "submitted", "returned", "published", "withdrawn")
        },
        "secret": StoryFactory(exchange=secret, published=True),
        "secret submitted": StoryFactory(exchange=secret, submitted=True),
    }


def names(found, every_story):
    pks = set(found.values_list("pk", flat=True))
    return {name for name, story in every_story.items() if story.pk in pks}


@pytest.mark.parametrize("role", ROLES)
def test_each_role_sees_its_stories(role, every_story, exchange):
    user = someone(role, exchange.hub)

    seen = {name for name, roles in SEEN_BY.items() if role in roles}
    assert names(ImpactStory.objects.visible_to(user), every_story) == seen


@pytest.mark.parametrize("right", RIGHTS)
@pytest.mark.parametrize("role", ROLES)
def test_each_role_has_its_rights(role, right, every_story, exchange):
    user = someone(role, exchange.hub)

    expected = {name for name, roles in RIGHTS[right].items() if role in roles}
    assert names(getattr(ImpactStory.objects, right)(user), every_story) == expected


def test_the_people_of_a_party_see_published_stories_of_a_confidential_exchange(every_story):
    party = PartyFactory(exchange=every_story["secret"].exchange)
    user = person("correspondent", party.hub)

    assert names(ImpactStory.objects.visible_to(user), every_story) == {"published", "secret"}


def test_public_stories_are_those_that_everybody_sees(every_story):
    assert names(ImpactStory.objects.public(), every_story) == {"published"}


@pytest.mark.parametrize("role", ["correspondent", "stranger", "moderator", "member"])
def test_a_story_is_begun_by_the_hub_s_own_people_only(role, exchange):
    with pytest.raises(PermissionDenied):
        services.begin_story(
            exchange, title="A story", language="en", by=someone(role, exchange.hub)
        )

    assert not ImpactStory.objects.exists()


def test_a_story_goes_from_draft_to_published_by_two_people(exchange):
    author, head = person("me_focal_point", exchange.hub), person("head", exchange.hub)

    story = services.begin_story(exchange, title="A new law", language="en", by=author)
    story = services.change_story(
        story,
        changes={
            "summary": "A law.",
            "other_explanations": "An election.",
            "what_did_not_work": "The visit.",
        },
        expected_version=story.version,
        by=author,
    )
    evidence = EvidenceFactory(exchange=exchange, proves="attendance")
    claim = services.Claim("They met.", datetime.date(2024, 1, 1), [evidence])
    services.write_claim(story, "connect", claim, expected_version=story.version, by=author)
    story.refresh_from_db()
    story = services.submit_story(story, expected_version=story.version, by=author)
    story = services.publish_story(story, expected_version=story.version, by=head)

    story.refresh_from_db()
    assert (story.slug, story.state, story.reached) == ("a-new-law", "published", "connect")
    assert (story.strength, story.author, story.publisher) == ("document", author, head)
    verbs = Activity.objects.filter(object_model="impactstory").order_by("pk")
    assert list(verbs.values_list("verb", "audience")) == [
        ("story.begun", "moderators"),
        ("story.changed", "moderators"),
        ("story.changed", "moderators"),
        ("story.submitted", "moderators"),
        ("story.published", "public"),
    ]
    assert set(OutgoingMail.objects.values_list("to", "subject")) == {
        (head.email, "To approve: A new law"),
        (author.email, "Published: A new law"),
    }
    assert list(RungChange.objects.values_list("before", "after")) == [("", "connect")]


def test_nobody_publishes_what_they_wrote(exchange):
    head = person("head", exchange.hub)
    story = StoryFactory(exchange=exchange, submitted=True, author=head)
    told(story, connect="attendance")

    with pytest.raises(PermissionDenied):
        services.publish_story(story, expected_version=story.version, by=head)

    story.refresh_from_db()
    assert story.state == "submitted"


def _text(story, by):
    changes = {"summary": "Another."}
    services.change_story(story, changes=changes, expected_version=story.version, by=by)


def _statement(story, by):
    claim = services.Claim("They met.", None, story.exchange.evidence.all())
    services.write_claim(story, "connect", claim, expected_version=story.version, by=by)


def _removal(story, by):
    services.remove_claim(story, "share", by=by)


@pytest.mark.parametrize("write", [_text, _statement, _removal])
def test_who_wrote_any_of_a_story_neither_publishes_it_nor_is_asked_to(write, exchange):
    people = [person(role, exchange.hub) for role in ("me_focal_point", "editor", "head")]
    author, editor, head = people
    story = StoryFactory(exchange=exchange, author=author)
    told(story, connect="attendance", share="version")
    write(story, editor)
    story.refresh_from_db()
    story = services.submit_story(story, expected_version=story.version, by=author)

    with pytest.raises(PermissionDenied):
        services.publish_story(story, expected_version=story.version, by=editor)
    story.refresh_from_db()
    assert story.state == "submitted"
    asked = OutgoingMail.objects.filter(subject__startswith="To approve")
    assert set(asked.values_list("to", flat=True)) == {head.email}

    services.publish_story(story, expected_version=story.version, by=head)


def test_who_only_returned_a_story_may_publish_it_later(exchange):
    author, head = person("editor", exchange.hub), person("head", exchange.hub)
    story = StoryFactory(exchange=exchange, author=author, submitted=True)
    told(story, connect="attendance")
    services.return_story(story, note="Say more.", by=head)
    story.refresh_from_db()
    story = services.submit_story(story, expected_version=story.version, by=author)

    story = services.publish_story(story, expected_version=story.version, by=head)

    assert story.state == "published"


def test_the_database_refuses_a_publisher_who_wrote_it(exchange):
    author = MemberFactory()

    with pytest.raises(IntegrityError), transaction.atomic():
        StoryFactory(exchange=exchange, published=True, author=author, publisher=author)


@pytest.mark.parametrize("field", ["summary", "other_explanations", "what_did_not_work"])
def test_a_story_without_a_required_text_is_refused_by_its_name(field, exchange):
    story = StoryFactory(exchange=exchange, **{field: " "})
    told(story, connect="attendance")
    words = {
        "summary": "Say in short what came of it.",
        "other_explanations": "Say what else could explain this.",
        "what_did_not_work": "Say what did not work.",
    }

    with pytest.raises(DomainError) as refused:
        services.submit_story(
            story, expected_version=story.version, by=person("editor", exchange.hub)
        )

    assert str(refused.value) == words[field]
    story.refresh_from_db()
    assert story.state == "draft"


REFORM_NEEDS = (
    "Reform needs at least one of: Law or regulation, Manual or procedure, Budget, "
    "Figures before and after, Statement of a third party, Independent evaluation."
)


def test_reform_is_never_published_on_attendance(exchange):
    story = StoryFactory(exchange=exchange, submitted=True)
    told(story, connect="attendance", share="adaptation", reform="attendance")

    with pytest.raises(DomainError) as refused:
        services.publish_story(
            story, expected_version=story.version, by=person("head", exchange.hub)
        )

    assert str(refused.value) == REFORM_NEEDS
    story.refresh_from_db()
    assert (story.state, story.reached) == ("submitted", "share")


@pytest.mark.parametrize(
    ("evidence", "expected"),
    [
        ({}, "Tell at least who met whom, or state that no change was found."),
        ({"connect": "law"}, "Connect needs at least one of: Attendance list, Contact log, "
         "confirmation of the exchange by both sides."),
        ({"connect": "contact", "share": "law"}, "Share needs at least one of: Version of the "
         "practice, Translation, Adaptation note, Test of what was understood, adoption in the "
         "catalogue."),
        ({"share": "version"}, "Share rests on Connect, which is not told."),
        ({"connect": "contact", "reform": "law"}, "Reform rests on Share, which is not told."),
    ],
)  # fmt: skip
def test_what_is_missing_on_the_rungs_is_named(evidence, expected, exchange):
    story = StoryFactory(exchange=exchange, submitted=True)
    told(story, **evidence)

    with pytest.raises(DomainError) as refused:
        services.publish_story(
            story, expected_version=story.version, by=person("head", exchange.hub)
        )

    assert str(refused.value) == expected


def test_no_change_found_is_published_without_any_rung(exchange):
    story = StoryFactory(exchange=exchange, submitted=True, no_change_found=True)

    services.publish_story(story, expected_version=story.version, by=person("head", exchange.hub))

    story.refresh_from_db()
    assert (story.state, story.reached, story.no_change_found) == ("published", "", True)


def test_no_change_found_and_reform_contradict_each_other(exchange):
    story = StoryFactory(exchange=exchange, submitted=True, no_change_found=True)
    told(story, connect="attendance", share="version", reform="law")

    with pytest.raises(DomainError, match="A story that found no change tells of no reform"):
        services.publish_story(
            story, expected_version=story.version, by=person("head", exchange.hub)
        )


def test_withdrawn_evidence_lowers_the_rung_by_itself(exchange):
    story = StoryFactory(exchange=exchange, published=True)
    shown = told(story, connect="attendance", share="version", reform="law")
    story.refresh_from_db()
    assert story.reached == "reform"
    editor = person("editor", exchange.hub)

    withdraw_evidence(shown["reform"], reason="The law was never passed.", by=editor)

    story.refresh_from_db()
    assert (story.state, story.reached) == ("published", "share")
    assert list(RungChange.objects.values_list("before", "after", "by")) == [
        ("reform", "share", editor.pk)
    ]
    assert not RungClaim.objects.get(story=story, rung="reform").holds
    lowered = Activity.objects.get(verb="story.rung_lowered")
    assert (lowered.object_pk, lowered.audience) == (story.pk, "public")


def test_evidence_of_a_lower_rung_takes_the_higher_ones_with_it(exchange):
    story = StoryFactory(exchange=exchange, published=True)
    shown = told(story, connect="attendance", share="version", reform="law")

    withdraw_evidence(shown["share"], reason="Wrong.", by=person("editor", exchange.hub))

    story.refresh_from_db()
    assert story.reached == "connect"
    assert RungClaim.objects.get(story=story, rung="reform").holds


def test_a_voided_confirmation_lowers_the_rung_that_rested_on_it():
    exchange = ExchangeFactory(is_confirmed=True)
    story = StoryFactory(exchange=exchange, published=True)
    ClaimFactory(story=story)
    settle_rungs(exchange, reason="Confirmed.", by=None)
    story.refresh_from_db()
    assert (story.reached, story.strength) == ("connect", "both-sides")

    exchange.is_confirmed = False
    exchange.save()
    settle_rungs(exchange, reason="A confirmation was voided.", by=None)

    story.refresh_from_db()
    assert (story.reached, story.strength) == ("", "")
    assert RungChange.objects.latest("pk").after == ""


def test_a_story_whose_evidence_went_while_it_waited_is_not_published(exchange):
    story = StoryFactory(exchange=exchange, submitted=True)
    shown = told(story, connect="attendance")
    withdraw_evidence(shown["connect"], reason="Wrong.", by=person("editor", exchange.hub))
    story.refresh_from_db()

    with pytest.raises(DomainError, match="Connect needs at least one of"):
        services.publish_story(
            story, expected_version=story.version, by=person("head", exchange.hub)
        )


def test_confidential_evidence_holds_a_rung_and_lends_it_no_public_strength(exchange):
    story = StoryFactory(exchange=exchange, published=True)

    told(story, connect="attendance", share=("version",))

    story.refresh_from_db()
    assert (story.reached, story.strength) == ("share", "")


def test_evidence_of_another_exchange_is_refused(exchange):
    story = StoryFactory(exchange=exchange)
    foreign = EvidenceFactory()

    with pytest.raises(ValidationError) as refused:
        services.write_claim(
            story,
            "connect",
            services.Claim("They met.", None, [foreign]),
            expected_version=story.version,
            by=person("editor", exchange.hub),
        )

    assert refused.value.message_dict == {"evidence": ["Choose evidence of this exchange."]}
    assert not RungClaim.objects.exists()


def test_an_adoption_that_everybody_sees_shows_sharing(exchange):
    entry = EntryFactory(published=True)
    exchange.entries.add(entry)
    adoption = AdoptionFactory(entry=entry)
    story = StoryFactory(exchange=exchange)
    told(story, connect="attendance")
    story.refresh_from_db()
    assert list(offered_adoptions(story)) == [adoption]

    services.write_claim(
        story,
        "share",
        services.Claim("It was adopted.", None, [], [adoption]),
        expected_version=story.version,
        by=person("editor", exchange.hub),
    )

    story.refresh_from_db()
    assert story.reached == "share"


def test_a_stale_story_is_neither_saved_nor_sent(exchange):
    story, editor = StoryFactory(exchange=exchange), person("editor", exchange.hub)
    told(story, connect="attendance")

    with pytest.raises(StaleEdit):
        services.change_story(story, changes={"summary": "New"}, expected_version=7, by=editor)
    with pytest.raises(StaleEdit):
        services.submit_story(story, expected_version=7, by=editor)

    story.refresh_from_db()
    assert (story.summary, story.state) == ("People met and a law changed.", "draft")


def test_a_returned_story_needs_a_note_and_goes_to_its_author(exchange):
    author, head = person("editor", exchange.hub), person("head", exchange.hub)
    story = StoryFactory(exchange=exchange, submitted=True, author=author)
    with pytest.raises(ValidationError):
        services.return_story(story, note=" ", by=head)

    services.return_story(story, note="Name the law.", by=head)

    story.refresh_from_db()
    assert (story.state, story.return_note) == ("returned", "Name the law.")
    mail = OutgoingMail.objects.get()
    assert (mail.to, mail.subject) == (author.email, f"Returned: {story.title}")
    assert "Name the law." in mail.body


def test_a_story_is_withdrawn_with_a_reason(exchange):
    story, head = StoryFactory(exchange=exchange, published=True), person("head", exchange.hub)
    with pytest.raises(ValidationError):
        services.withdraw_story(story, reason="", by=head)

    services.withdraw_story(story, reason="The law was repealed.", by=head)

    story.refresh_from_db()
    assert (story.state, story.withdrawn_reason) == ("withdrawn", "The law was repealed.")
    with pytest.raises(DomainError, match="This story is withdrawn now"):
        services.withdraw_story(story, reason="Again.", by=head)


def test_a_story_that_waits_is_taken_back(exchange):
    story = StoryFactory(exchange=exchange, submitted=True)

    services.take_back_story(story, by=person("editor", exchange.hub))

    story.refresh_from_db()
    assert (story.state, story.submitted_at) == ("draft", None)


def test_what_is_said_of_a_rung_is_taken_away(exchange):
    story = StoryFactory(exchange=exchange)
    told(story, connect="attendance", share="version")

    services.remove_claim(story, "share", by=person("editor", exchange.hub))

    story.refresh_from_db()
    assert (story.reached, story.version) == ("connect", 2)


def test_activities_of_a_confidential_exchange_name_nothing():
    exchange = ExchangeFactory(confidential=True)
    author = person("editor", exchange.hub)

    services.begin_story(exchange, title="Secret law", language="en", by=author)

    activity = Activity.objects.get(verb="story.begun")
    said = (activity.audience, activity.object_label, activity.object_url, activity.changes)
    assert said == ("moderators", "Confidential story", "", [])


@pytest.mark.parametrize("role", ["correspondent", "stranger", "member"])
def test_evidence_is_added_and_withdrawn_by_those_who_write_the_exchange(role, exchange):
    user, evidence = someone(role, exchange.hub), EvidenceFactory(exchange=exchange)
    new = Evidence(exchange=exchange, kind="link", title="List", address="https://example.org")

    with pytest.raises(PermissionDenied):
        add_evidence(new, by=user)
    with pytest.raises(PermissionDenied):
        withdraw_evidence(evidence, reason="Wrong.", by=user)

    evidence.refresh_from_db()
    assert (Evidence.objects.count(), evidence.withdrawn_at) == (1, None)


def test_evidence_shows_something_and_is_withdrawn_with_a_reason_once(exchange):
    editor = person("editor", exchange.hub)
    with pytest.raises(ValidationError):
        add_evidence(Evidence(exchange=exchange, kind="link", title="List"), by=editor)
    new = Evidence(exchange=exchange, kind="link", title="List", address="https://example.org")
    new = add_evidence(new, by=editor)
    with pytest.raises(ValidationError):
        withdraw_evidence(new, reason=" ", by=editor)

    withdraw_evidence(new, reason="Wrong.", by=editor)
    withdraw_evidence(new, reason="Again.", by=editor)

    new.refresh_from_db()
    assert (new.added_by, new.withdrawn_by, new.withdrawn_reason) == (editor, editor, "Wrong.")
    verbs = Activity.objects.filter(verb__startswith="evidence").order_by("pk")
    assert list(verbs.values_list("verb", flat=True)) == ["evidence.added", "evidence.withdrawn"]


def test_confidential_evidence_is_named_in_no_activity(exchange):
    secret = Evidence(
        exchange=exchange, kind="link", title="Draft law", address="https://example.org",
        is_confidential=True,
    )  # fmt: skip
    add_evidence(secret, by=person("editor", exchange.hub))

    activity = Activity.objects.get(verb="evidence.added")
    said = (activity.audience, activity.object_label, activity.object_url, activity.changes)
    assert said == ("moderators", "Confidential evidence", "", [])


@pytest.mark.django_db(transaction=True)
def test_of_two_who_publish_at_once_one_is_told_that_it_is_decided():
    exchange = ExchangeFactory()
    story = StoryFactory(exchange=exchange, submitted=True)
    told(story, connect="attendance")
    story.refresh_from_db()
    people = [person("head", exchange.hub), person("editor", exchange.hub)]

    results = all_at_once(
        *(
            lambda by=by: services.publish_story(story, expected_version=story.version, by=by)
            for by in people
        )
    )

    assert sorted(type(each).__name__ for each in results) == ["DomainError", "ImpactStory"]
    assert Activity.objects.filter(verb="story.published").count() == 1


@pytest.mark.django_db(transaction=True)
def test_evidence_withdrawn_while_a_story_is_published_never_leaves_a_false_rung():
    exchange = ExchangeFactory()
    story = StoryFactory(exchange=exchange, submitted=True)
    shown = told(story, connect="attendance", share="version")
    story.refresh_from_db()
    head, editor = person("head", exchange.hub), person("editor", exchange.hub)

    all_at_once(
        lambda: services.publish_story(story, expected_version=story.version, by=head),
        lambda: withdraw_evidence(shown["share"], reason="Wrong.", by=editor),
    )

    story.refresh_from_db()
    assert story.reached == "connect"
