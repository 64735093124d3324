"""The second factor: set up before anything else, asked for at sign-in, and its spare codes."""

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp

from accounts.services import load_legal_texts
from tests.accounts.signing_in import sign_in, sign_in_and_prove
from tests.factories.accounts import MemberFactory

pytestmark = pytest.mark.django_db


def code(secret):
    counter = int(time.time()) // 30
    return totp.format_hotp_value(totp.hotp_value(secret, counter))


def set_up(client):
    """Set up a second factor as a member does; return its secret and the page that follows."""
    client.get("/accounts/2fa/totp/activate/")
    secret = client.session[totp.SECRET_SESSION_KEY]
    answer = client.post("/accounts/2fa/totp/activate/", {"code": code(secret)})
    return secret, answer


def test_a_moderator_sets_it_up_and_comes_back_to_where_they_were(client):
    load_legal_texts()
    sign_in_and_prove(client, MemberFactory(moderator=True))

    sent = client.get("/hubs/?q=x")
    _secret, answer = set_up(client)
    codes = client.get(answer.url)
    back = client.get("/accounts/accept/?next=/hubs/%3Fq%3Dx")
    client.post("/accounts/accept/", {"next": "/hubs/?q=x"})

    assert sent.url.startswith("/accounts/2fa/totp/activate/")
    assert answer.url == "/accounts/2fa/recovery-codes/"
    assert 'href="/accounts/accept/?next=%2Fhubs%2F%3Fq%3Dx"' in codes.content.decode()
    assert back.status_code == 200
    assert client.get("/hubs/?q=x").status_code == 200
    assert "after_gate" not in client.session


def test_a_wrong_code_sets_up_nothing(client):
    member = MemberFactory(moderator=True)
    sign_in_and_prove(client, member)
    client.get("/accounts/2fa/totp/activate/")

    page = client.post("/accounts/2fa/totp/activate/", {"code": "000000x"})

    assert page.context["form"].errors["code"]
    assert not Authenticator.objects.exists()
    assert client.get("/hubs/").status_code == 302


def test_sign_in_asks_for_the_code(client):
    member = MemberFactory()
    sign_in_and_prove(client, member)
    secret, _answer = set_up(client)
    client.post("/accounts/logout/")

    asked = sign_in(client, member)
    refused = client.post(asked.url, {"code": "123"})
    assert "_auth_user_id" not in client.session
    client.post(asked.url, {"code": code(secret)})

    assert asked.url == "/accounts/2fa/authenticate/"
    assert refused.context["form"].errors["code"]
    assert client.session["_auth_user_id"] == str(member.pk)


def test_a_recovery_code_signs_in_once(client):
    member = MemberFactory()
    sign_in_and_prove(client, member)
    set_up(client)
    spare = Authenticator.objects.get(type=Authenticator.Type.RECOVERY_CODES).wrap()
    chosen = spare.get_unused_codes()[0]

    signed_in = []
    for _ in range(2):
        client.post("/accounts/logout/")
        client.post(sign_in(client, member).url, {"code": chosen})
        signed_in.append("_auth_user_id" in client.session)

    assert signed_in == [True, False]


def test_a_member_is_told_by_mail_of_a_new_second_factor(
    client, mailoutbox, django_capture_on_commit_callbacks
):
    member = MemberFactory()
    sign_in_and_prove(client, member)

    with django_capture_on_commit_callbacks(execute=True):
        set_up(client)

    assert {tuple(mail.to) for mail in mailoutbox} == {(member.email,)}
    assert any("Authenticator" in mail.subject for mail in mailoutbox)
