"""Who may read and do what with members, activities, texts and messages, role by role."""

import datetime

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts import services
from accounts.models import Acceptance, Activity, ContactMessage, LegalText, Member
from tests.api_clients import client_of
from tests.factories.accounts import MemberFactory

pytestmark = pytest.mark.django_db
PEOPLE = {
    "anonymous": None,
    "pending": {"pending": True},
    "member": {},
    "limited": {"limited": True},
    "suspended": {"suspended": True},
    "suspended moderator": {"suspended": True, "moderator": True},
    "moderator": {"moderator": True},
    "administrator": {"administrator": True},
}
MODERATE = {"moderator", "administrator"}
each_person = pytest.mark.parametrize("who", PEOPLE)


def person(who):
    traits = PEOPLE[who]
    return AnonymousUser() if traits is None else MemberFactory(**traits)


@each_person
def test_activities_are_read_by_their_audience(who):
    about = MemberFactory()
    for audience in Activity.Audience:
        services.record_activity("member.joined", about, by=None, audience=audience)

    seen = set(Activity.objects.visible_to(person(who)).values_list("audience", flat=True))

    assert seen == ({"public", "members", "moderators"} if who in MODERATE else {"public"})


@each_person
def test_messages_are_read_and_handled_by_moderators(who):
    message = ContactMessage.objects.create(kind="issue", text="A wrong year")
    user = person(who)

    assert ContactMessage.objects.visible_to(user).exists() == (who in MODERATE)
    if who not in MODERATE and who != "anonymous":
        with pytest.raises(services.standing.PermissionDenied):
            services.handle_message(message, note="", by=user)
        message.refresh_from_db()
        assert message.handled_at is None


@each_person
def test_acceptances_are_ones_own(who):
    services.load_legal_texts()
    other, user = MemberFactory(), person(who)
    for member in [other] if who == "anonymous" else [other, user]:
        services.accept_texts(member, LegalText.objects.in_force())

    seen = set(Acceptance.objects.visible_to(user).values_list("member", flat=True))

    assert seen == (set() if who == "anonymous" else {user.pk})


@each_person
def test_drafts_of_texts_are_published_by_administrators(who):
    draft = LegalText.objects.create(
        kind="terms", version=9, body="New", effective_on=datetime.date(2030, 1, 1)
    )
    user = person(who)
    client = client_of(None if who in ("anonymous", "suspended") else MemberFactory())

    assert client.get("/accounts/legal/terms/9/").status_code == 404
    if who == "anonymous":
        return
    if who == "administrator":
        services.publish_text(draft, by=user)
    else:
        with pytest.raises(services.standing.PermissionDenied):
            services.publish_text(draft, by=user)
    assert LegalText.objects.get(version=9).is_published == (who == "administrator")


DECIDES = {  # who may approve, limit and suspend whom
    "anonymous": set(),
    "pending": set(),
    "member": set(),
    "limited": set(),
    "suspended": set(),
    "suspended moderator": set(),
    "moderator": {"pending", "member", "limited", "suspended"},
    "administrator": {
        "pending",
        "member",
        "limited",
        "suspended",
        "suspended moderator",
        "moderator",
        "administrator",
    },
}


@each_person
def test_members_are_decided_over_by_those_of_higher_rank(who):
    user = person(who)
    others = {
        MemberFactory(**traits).pk: name for name, traits in PEOPLE.items() if traits is not None
    }
    MemberFactory(closed=True)

    decidable = Member.objects.approvable_by(user).values_list("pk", flat=True)

    assert {others[pk] for pk in decidable} == DECIDES[who]


def test_a_moderator_who_was_just_suspended_decides_no_more():
    moderator, waiting = MemberFactory(moderator=True), MemberFactory(pending=True)
    Member.objects.filter(pk=moderator.pk).update(status="suspended")

    assert moderator.is_moderator  # as their open page still has them
    with pytest.raises(services.standing.PermissionDenied):
        services.approve_member(waiting, by=moderator)


@pytest.mark.parametrize(
    "path",
    ["/accounts/moderation/", "/accounts/messages/", "/accounts/activity/", "/accounts/profile/"],
)
def test_pages_cost_the_same_for_few_and_for_many(path, django_assert_max_num_queries):
    client = client_of(MemberFactory(moderator=True))
    client.get(path)
    counts = []
    for _ in range(2):
        for _number in range(4):
            member = MemberFactory(pending=True)
            message = ContactMessage.objects.create(kind="issue", text="x", member=member)
            services.record_activity("message.received", message, by=member)
        with django_assert_max_num_queries(8) as queries:
            client.get(path)
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_waiting_members_and_messages_are_paged():
    client = client_of(MemberFactory(moderator=True))
    for number in range(51):
        MemberFactory(pending=True)
        ContactMessage.objects.create(kind="issue", text=f"No. {number}")

    for path in ("/accounts/moderation/", "/accounts/messages/"):
        assert len(client.get(path).context["page_obj"]) == 50
        assert len(client.get(f"{path}?page=2").context["page_obj"]) == 1
        assert client.get(f"{path}?page=%FF").status_code == 200


def test_the_audit_trail_is_read_to_its_end_though_moments_are_equal():
    moderator = MemberFactory(moderator=True)
    client = client_of(moderator)
    for _ in range(120):  # one transaction, one moment
        services.record_activity("member.joined", moderator, by=moderator)

    seen, before = [], ""
    while before is not None:
        page = client.get(f"/accounts/activity/?before={before}")
        seen += [activity.pk for activity in page.context["activities"]]
        before = page.context["older"]

    assert sorted(seen, reverse=True) == seen
    assert len(set(seen)) == 120


@pytest.mark.parametrize(
    "query",
    ["actor=%F0%9F%92%A9", "verb=x", "since=2030-02-30", "before=-1", "before=1e400",
     "before=99999999999999999999999999", "object=" + "x" * 10_000],
)  # fmt: skip
def test_an_odd_filter_never_widens_the_audit_trail(query):
    moderator = MemberFactory(moderator=True)
    services.record_activity("member.joined", moderator, by=moderator)

    page = client_of(moderator).get(f"/accounts/activity/?{query}")

    assert page.status_code == 200
    assert list(page.context["activities"]) == []
