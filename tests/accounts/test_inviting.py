"""Inviting: who may, whom it lets in, and what it tells to nobody."""

import datetime
import io
import zipfile

import pytest
from allauth.account.models import EmailAddress
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts.models import Invitation, OutgoingMail
from accounts.services import close_account, export_own_data, invite
from accounts.services.inviting import MOST_A_DAY, invitation_path
from accounts.services.standing import settle_verified_member
from core.errors import DomainError
from tests.api_clients import client_of
from tests.factories.accounts import MemberFactory

pytestmark = pytest.mark.django_db


def asked(by, email="New@Example.org"):
    return invite(email, message="Come and see.", language="fr", by=by)


def come(email="new@example.org"):
    return settle_verified_member(MemberFactory(pending=True, email=email))


def test_a_moderators_invitation_lets_in(settings):
    settings.JOIN_POLICY = "approval"
    made = asked(MemberFactory(moderator=True, name="Mo"))
    told = OutgoingMail.objects.get(to="new@example.org")
    assert "Come and see." in told.body
    # The address holds the second in which it was made.
    assert invitation_path(made).rpartition("/invited/")[0] in told.body

    member = come()

    assert member.status == "active"
    made.refresh_from_db()
    assert made.accepted_by == member


def test_a_members_invitation_is_noted_and_they_wait(settings):
    settings.JOIN_POLICY = "approval"
    made = asked(MemberFactory())

    assert come().status == "pending"
    made.refresh_from_db()
    assert made.accepted_by is not None


def test_an_address_that_is_not_proved_opens_nothing(settings):
    settings.JOIN_POLICY = "approval"
    asked(MemberFactory(moderator=True))
    member = MemberFactory(pending=True, email="new@example.org", verified=False)

    assert settle_verified_member(member).status == "pending"
    EmailAddress.objects.filter(user=member).update(verified=True)
    Invitation.objects.update(sent_at=timezone.now() - datetime.timedelta(days=31))
    assert settle_verified_member(member).status == "pending"


def test_who_has_an_account_is_sent_nothing_and_that_is_not_told():
    MemberFactory(email="new@example.org")
    asked(MemberFactory())

    assert not OutgoingMail.objects.filter(to="new@example.org").exists()


def test_invitations_are_limited(settings):
    settings.JOIN_POLICY = "open"
    by = MemberFactory()
    asked(by)
    with pytest.raises(DomainError, match="already"):
        asked(by, "new@example.org ")
    for number in range(MOST_A_DAY - 1):
        asked(by, f"{number}@example.org")
    with pytest.raises(DomainError, match="tomorrow"):
        asked(by, "last@example.org")
    with pytest.raises(PermissionDenied):
        asked(MemberFactory(pending=True))


def test_where_people_are_invited_nobody_else_joins(settings, client):
    settings.JOIN_POLICY = "invitation"
    with pytest.raises(PermissionDenied):
        asked(MemberFactory())
    made = asked(MemberFactory(moderator=True, name="Mo"))
    assert 'name="password1"' not in client.get("/accounts/signup/").content.decode()

    page = client.get(invitation_path(made), follow=True).content.decode()

    assert "Mo invites you" in page
    assert 'name="password1"' in page
    forged = client_of(None).get("/accounts/invited/forged/", follow=True).content.decode()
    assert "Ask for another" in forged


def test_the_page_sends_and_lists():
    client = client_of(MemberFactory())
    sent = {"email": "new@example.org", "language": "pt-br", "message": "Venha."}

    page = client.post("/accounts/invite/", sent, follow=True).content.decode()

    assert "The invitation is on its way." in page
    assert "new@example.org" in page
    wrong = client.post("/accounts/invite/", sent | {"email": "x", "message": "Kept"})
    assert "Kept" in wrong.content.decode()


def test_what_one_asked_goes_with_the_account():
    by = MemberFactory()
    asked(by)
    assert b"new@example.org" in unpacked(export_own_data(by))

    close_account(by, by=by)

    assert not Invitation.objects.exists()


def unpacked(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return b"".join(archive.read(name) for name in archive.namelist())
