"""The end of an account: no name is left, no door stays open, and somebody always administers."""

import threading

import pytest
from allauth.account.models import EmailAddress
from django.db import connection
from django.test import Client

from accounts import services
from accounts.models import Activity, Member, OutgoingMail
from core.errors import DomainError
from tests.accounts.signing_in import sign_in
from tests.api_clients import client_of
from tests.factories import hubs as make
from tests.factories.accounts import PASSWORD, MemberFactory

pytestmark = pytest.mark.django_db
NAME = "Ludmila Unmistakable"


@pytest.fixture
def member():
    return MemberFactory(name=NAME, slug="ludmila-unmistakable", email="ludmila@ministry.example")


def test_no_name_is_left_where_moderators_read(member):
    moderator, reader = MemberFactory(moderator=True), MemberFactory()
    hub = make.HubFactory()
    make.MembershipFactory(member=member, hub=hub)
    services.record_activity("member.joined", member, by=member)
    services.settle_verified_member(member)
    services.limit_member(member, by=moderator, reason="A pause.")
    desk = client_of(moderator)
    assert NAME in desk.get("/accounts/activity/").content.decode()

    services.close_account(member, by=member)

    for path in ("/accounts/activity/", "/accounts/moderation/", "/admin/accounts/activity/"):
        page = desk.get(path).content.decode().lower()
        assert "ludmila" not in page, path
    csv = b"".join(desk.get("/accounts/activity/?export=csv")).decode().lower()
    assert "ludmila" not in csv
    assert "ludmila" not in client_of(reader).get(hub.get_absolute_url()).content.decode().lower()
    rows = [*Activity.objects.values(), *OutgoingMail.objects.values(), *Member.objects.values()]
    assert "ludmila" not in repr(rows).lower()


def test_a_closed_account_opens_no_door(client, member):
    other = Client()
    for browser in (client, other):
        sign_in(browser, member)

    answer = client.post("/accounts/close/", {"password": PASSWORD})

    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    assert other.get("/accounts/profile/").status_code == 302
    sign_in(other, member)
    other.post("/accounts/password/reset/", {"email": "ludmila@ministry.example"})
    assert "_auth_user_id" not in other.session
    assert not EmailAddress.objects.filter(email="ludmila@ministry.example").exists()


def test_the_address_is_free_again(client, member):
    services.close_account(member, by=member)

    typed = {"name": "New", "email": "ludmila@ministry.example", "accept": "on"}
    client.post("/accounts/signup/", typed | {"password1": "a-long-enough-password"})

    assert Member.objects.get(email="ludmila@ministry.example").name == "New"


@pytest.mark.django_db(transaction=True)
def test_the_last_two_administrators_do_not_leave_together():
    administrators = [MemberFactory(administrator=True) for _ in range(2)]
    barrier, results = threading.Barrier(2), []

    def close(member):
        barrier.wait()
        try:
            results.append(services.close_account(member, by=member).status)
        except DomainError as error:
            results.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=close, args=[member]) for member in administrators]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(isinstance(result, DomainError) for result in results) == [False, True]
    assert Member.objects.filter(role="administrator", status="active").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_administrators_do_not_demote_each_other():
    pair = [MemberFactory(administrator=True) for _ in range(2)]
    barrier, refused = threading.Barrier(2), []

    def demote(by, member):
        barrier.wait()
        try:
            services.change_role(member, role="member", by=by)
        except services.standing.PermissionDenied as error:
            refused.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=demote, args=two) for two in (pair, pair[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(refused) == 1
    assert Member.objects.filter(role="administrator").count() == 1
