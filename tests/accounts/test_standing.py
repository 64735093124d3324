"""Approval, sanctions and roles: who decides, what is told, what is refused."""

import datetime
import threading

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accounts import services
from accounts.models import Activity, ContactMessage, Member, OutgoingMail
from core.errors import DomainError
from tests.factories.accounts import MemberFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def moderator():
    return MemberFactory(moderator=True)


VISIBLE = {  # who sees a profile, by its owner's state
    "pending": {"self", "moderator"},
    "active": {"anonymous", "member", "self", "moderator"},
    "limited": {"anonymous", "member", "self", "moderator"},
    "suspended": {"self", "moderator"},
    "closed": {"self", "moderator"},
}


@pytest.mark.parametrize(("status", "expected"), VISIBLE.items())
def test_members_are_visible(status, expected, moderator):
    from django.contrib.auth.models import AnonymousUser

    member = MemberFactory(status=status)
    people = {
        "anonymous": AnonymousUser(),
        "member": MemberFactory(),
        "self": member,
        "moderator": moderator,
    }

    seen = {who for who, user in people.items() if Member.objects.visible_to(user).contains(member)}

    assert seen == expected


def test_nobody_decides_over_themselves_or_their_equals(moderator):
    administrator = MemberFactory(administrator=True)
    decidable = Member.objects.approvable_by

    assert not decidable(moderator).contains(moderator)
    assert not decidable(moderator).contains(MemberFactory(moderator=True))
    assert decidable(administrator).contains(moderator)
    assert not decidable(administrator).contains(administrator)
    assert not decidable(MemberFactory()).exists()


@pytest.mark.parametrize(
    "act",
    [
        services.approve_member,
        services.decline_member,
        services.suspend_member,
        services.limit_member,
        services.reinstate_member,
    ],
)
@pytest.mark.parametrize("who", [{}, {"pending": True}, {"suspended": True, "moderator": True}])
def test_members_decide_nothing(act, who):
    member = MemberFactory(pending=True)

    with pytest.raises(PermissionDenied):
        act(member, by=MemberFactory(**who), reason="x")

    member.refresh_from_db()
    assert member.status == "pending"


def test_suspending_tells_why_and_signs_out_at_once(client, moderator):
    member = MemberFactory()
    client.force_login(member)

    with pytest.raises(DomainError, match="reason"):
        services.suspend_member(member, by=moderator, reason=" ")
    services.suspend_member(member, by=moderator, reason="Advertising.")

    assert "Advertising." in OutgoingMail.objects.get(to=member.email).body
    assert client.get("/accounts/profile/").status_code == 302
    activity = Activity.objects.get(verb="member.suspended")
    assert (activity.actor, activity.audience) == (moderator, "moderators")


def test_a_measure_ends_when_its_time_is_over(moderator):
    member = MemberFactory()
    hour = datetime.timedelta(hours=1)
    services.limit_member(member, by=moderator, reason="Pause.", until=timezone.now() + hour)
    call_command("end_expired_sanctions")
    member.refresh_from_db()
    assert member.status == "limited"

    Member.objects.filter(pk=member.pk).update(status_until=timezone.now() - hour)
    call_command("end_expired_sanctions")

    member.refresh_from_db()
    assert (member.status, member.status_until) == ("active", None)


def test_roles_are_given_by_administrators(moderator):
    administrator, member = MemberFactory(administrator=True), MemberFactory()

    for by in (moderator, member):
        with pytest.raises(PermissionDenied):
            services.change_role(member, role="moderator", by=by)
    with pytest.raises(PermissionDenied):
        services.change_role(administrator, role="member", by=administrator)
    services.change_role(member, role="moderator", by=administrator)

    member.refresh_from_db()
    assert member.is_moderator


@pytest.mark.django_db(transaction=True)
def test_two_moderators_at_once_make_one_approval():
    moderators = [MemberFactory(moderator=True) for _ in range(2)]
    member = MemberFactory(pending=True)
    barrier, results = threading.Barrier(2), []

    def approve(by):
        barrier.wait()
        try:
            results.append(services.approve_member(member, by=by))
        except DomainError as error:
            results.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=approve, args=[by]) for by in moderators]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(isinstance(result, DomainError) for result in results) == [False, True]
    assert OutgoingMail.objects.filter(to=member.email).count() == 1


@pytest.mark.parametrize(
    "sql", ["UPDATE accounts_activity SET verb = 'x'", "DELETE FROM accounts_activity"]
)
def test_the_audit_trail_cannot_be_altered(sql, moderator):
    activity = services.record_activity("member.joined", moderator, by=moderator)

    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        connection.cursor().execute(sql)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        activity.save()
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        activity.delete()

    assert Activity.objects.get().verb == "member.joined"


def second_factor(member):
    from allauth.mfa.models import Authenticator

    Authenticator.objects.create(user=member, type=Authenticator.Type.TOTP, data={"secret": "x"})


def test_the_moderation_page_approves_and_declines(client, moderator):
    waiting, refused = MemberFactory(pending=True), MemberFactory(pending=True)
    MemberFactory(pending=True, verified=False, name="Unverified")
    second_factor(moderator)
    client.force_login(moderator)

    page = client.get("/accounts/moderation/").content.decode()
    client.post(f"/accounts/members/{waiting.slug}/approve/")
    empty = client.post(f"/accounts/members/{refused.slug}/decline/", {"reason": ""})
    client.post(f"/accounts/members/{refused.slug}/decline/", {"reason": "Not known."})

    assert waiting.name in page
    assert "Unverified" not in page
    assert b"This field is required" in empty.content
    assert Member.objects.get(pk=waiting.pk).status == "active"
    assert Member.objects.get(pk=refused.pk).status == "suspended"


def test_the_activity_page_filters_and_exports(client, moderator):
    second_factor(moderator)
    client.force_login(moderator)
    other = MemberFactory(slug="ana")
    for number in range(60):
        services.record_activity("member.joined", other, by=other, changes=[
            {"field": "number", "old": None, "new": number}])  # fmt: skip
    services.record_activity("member.approved", other, by=moderator)

    first = client.get("/accounts/activity/?actor=ana")
    older = client.get(f"/accounts/activity/?actor=ana&before={first.context['older']}")
    csv = b"".join(client.get("/accounts/activity/?verb=member.approved&export=csv")).decode()

    assert len(first.context["activities"]) == 50
    assert len(older.context["activities"]) == 10
    assert csv.count("member.approved") == 1
    assert client.get("/accounts/activity/?verb=nothing").context["activities"] == []
    assert client.get("/accounts/activity/?since=x&export=csv").status_code == 400


@pytest.mark.parametrize("number", [5, 60])
def test_the_activity_page_needs_few_queries(client, moderator, django_assert_num_queries, number):
    second_factor(moderator)
    client.force_login(moderator)
    for _ in range(number):
        services.record_activity("member.joined", moderator, by=MemberFactory())
    client.get("/accounts/activity/")

    with django_assert_num_queries(4):
        client.get("/accounts/activity/")


@pytest.mark.parametrize("path", ["moderation", "messages", "activity"])
def test_moderators_pages_are_theirs(client, path):
    client.force_login(MemberFactory())

    assert client.get(f"/accounts/{path}/").status_code == 403


def test_messages_reach_every_moderator_and_show_no_address(client, moderator):
    MemberFactory(administrator=True)
    page = client.get("/accounts/contact/issue/", headers={"referer": "http://testserver/hubs/x/"})
    client.post(
        "/accounts/contact/issue/",
        {"text": "A wrong year", "email": "a@b.example", "page": "/hubs/x/"},
    )

    message = ContactMessage.objects.get()
    assert (message.kind, message.page, message.member) == ("issue", "/hubs/x/", None)
    assert 'value="/hubs/x/"' in page.content.decode()
    assert moderator.email not in page.content.decode()
    assert OutgoingMail.objects.count() == 2
    services.handle_message(message, note="Mended.", by=moderator)
    with pytest.raises(DomainError):
        services.handle_message(message, note="Again.", by=moderator)
    with pytest.raises(PermissionDenied):
        services.handle_message(message, note="", by=MemberFactory())


def test_robots_are_thanked_and_forgotten(client):
    client.post("/accounts/contact/", {"text": "Buy", "website": "http://spam.example"})

    assert not ContactMessage.objects.exists()


@pytest.mark.parametrize("text", ["", "x" * 6_000, "a\x00b"])
def test_odd_messages_are_refused_in_words(client, text):
    response = client.post("/accounts/contact/", {"text": text, "name": "Ana"})

    assert response.context["form"].errors["text"]
    assert 'value="Ana"' in response.content.decode()
