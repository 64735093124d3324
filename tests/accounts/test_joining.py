"""From sign-up to approval, and what nobody can find out on the way."""

import re

import pytest
from allauth.account.models import EmailAddress

from accounts.models import Acceptance, Activity, Member, OutgoingMail
from accounts.services import load_legal_texts
from tests.factories.accounts import PASSWORD, MemberFactory

pytestmark = pytest.mark.django_db
TYPED = {
    "name": "Ana Souza",
    "email": "ana@ministry.example",
    "password1": "a-long-enough-password",
    "organisation": "Ministry",
    "country": "BR",
    "accept": "on",
}


def link_in(mail):
    return re.search(r"https?://[^/]+(/accounts/confirm-email/\S+/)", mail.body)[1]


def run_mail(callbacks):
    with callbacks(execute=True):
        pass


def join(client, **changes):
    return client.post("/accounts/signup/", TYPED | changes)


def test_sign_up_verification_and_approval(client, mailoutbox, django_capture_on_commit_callbacks):
    load_legal_texts()
    moderator = MemberFactory(moderator=True)
    with django_capture_on_commit_callbacks(execute=True):
        response = join(client)
    member = Member.objects.get(email=TYPED["email"])

    assert response.url == "/accounts/confirm-email/"
    assert (member.name, member.status, member.country) == ("Ana Souza", "pending", "BR")
    assert Acceptance.objects.filter(member=member).count() == 2
    assert [mail.to for mail in mailoutbox] == [[TYPED["email"]]]

    with django_capture_on_commit_callbacks(execute=True):
        client.post(link_in(mailoutbox[0]))
    assert EmailAddress.objects.get(user=member).verified
    assert mailoutbox[1].to == [moderator.email]
    assert "Ana Souza asks to join" in mailoutbox[1].subject

    from accounts.services import approve_member

    with django_capture_on_commit_callbacks(execute=True):
        approve_member(member, by=moderator)
    member.refresh_from_db()
    assert member.status == "active"
    assert mailoutbox[2].to == [TYPED["email"]]
    assert Activity.objects.filter(verb="member.approved", actor=moderator).exists()
    assert OutgoingMail.objects.filter(sent_at=None).count() == 0


def test_an_open_portal_lets_verified_members_in(
    client, settings, mailoutbox, django_capture_on_commit_callbacks
):
    settings.JOIN_POLICY = "open"
    with django_capture_on_commit_callbacks(execute=True):
        join(client)
    client.post(link_in(mailoutbox[0]))

    assert Member.objects.get(email=TYPED["email"]).status == "active"


def test_where_people_are_invited_nobody_signs_up(client, settings):
    settings.JOIN_POLICY = "invitation"

    join(client)

    assert not Member.objects.exists()


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("name", "x" * 10_000, "at most 120 characters"),
        ("name", "A\x00na", "Null characters"),
        ("name", "", "This field is required"),
        ("email", "not an address", "valid email"),
        ("country", "XX", "Select a valid choice"),
        ("password1", "short", "too short"),
        ("password1", "password123456", "too common"),
        ("accept", "", "Accept the terms to join."),
    ],
)
def test_bad_input_is_refused_at_the_field_and_kept(client, field, typed, words):
    response = join(client, **{field: typed})

    assert response.status_code == 200
    assert words in " ".join(response.context["form"].errors[field])
    assert 'value="Ministry"' in response.content.decode()
    assert not Member.objects.exists()


def test_sign_up_answers_the_same_for_a_known_address(
    client, mailoutbox, django_capture_on_commit_callbacks
):
    MemberFactory(email="known@ministry.example")

    with django_capture_on_commit_callbacks(execute=True):
        known = join(client, email="known@ministry.example")
        client.cookies.clear()
        unknown = join(client)

    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert len(mailoutbox) == 2
    assert Member.objects.count() == 2


def strip(page):
    text = page.content.decode()
    return re.sub(r'(csrfmiddlewaretoken" value=|value=)"[^"]*"', "", text)


def test_sign_in_answers_the_same_for_known_and_unknown_addresses(client):
    MemberFactory(email="known@ministry.example")
    wrong = {"password": "not-the-password"}

    known = client.post("/accounts/login/", wrong | {"login": "known@ministry.example"})
    unknown = client.post("/accounts/login/", wrong | {"login": "nobody@ministry.example"})

    assert known.status_code == unknown.status_code == 200
    assert strip(known) == strip(unknown)


def test_reset_answers_the_same_for_known_and_unknown_addresses(client):
    MemberFactory(email="known@ministry.example")

    known = client.post("/accounts/password/reset/", {"email": "known@ministry.example"})
    unknown = client.post("/accounts/password/reset/", {"email": "nobody@ministry.example"})

    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)


def test_a_reset_link_works_once(client, mailoutbox, django_capture_on_commit_callbacks):
    member = MemberFactory()
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/accounts/password/reset/", {"email": member.email})
    link = re.search(r"https?://[^/]+(/accounts/password/reset/key/\S+/)", mailoutbox[0].body)[1]
    form = client.get(link, follow=True).redirect_chain[-1][0]
    typed = {"password1": "another-long-password", "password2": "another-long-password"}

    client.post(form, typed)
    again = client.get(link, follow=True)

    member.refresh_from_db()
    assert member.check_password("another-long-password")
    assert "password1" not in again.content.decode()


@pytest.mark.parametrize(
    ("traits", "signs_in"),
    [
        ({}, True),
        ({"pending": True}, True),
        ({"limited": True}, True),
        ({"suspended": True}, False),
        ({"closed": True}, False),
    ],
)
def test_who_signs_in(client, traits, signs_in):
    member = MemberFactory(**traits)

    client.post("/accounts/login/", {"login": member.email, "password": PASSWORD})

    assert ("_auth_user_id" in client.session) == signs_in


def test_an_unverified_address_does_not_sign_in(client):
    member = MemberFactory(verified=False)

    client.post("/accounts/login/", {"login": member.email, "password": PASSWORD})

    assert "_auth_user_id" not in client.session


def test_signing_in_goes_on_in_the_members_language(client):
    member = MemberFactory(language="ar")

    response = client.post("/accounts/login/", {"login": member.email, "password": PASSWORD})

    assert response.cookies["django_language"].value == "ar"
    assert 'dir="rtl"' in client.get("/accounts/profile/").content.decode()


def test_signing_out_clears_what_the_browser_kept(client):
    client.force_login(MemberFactory())

    response = client.post("/accounts/logout/")

    assert response["Clear-Site-Data"] == '"cache", "storage"'


@pytest.mark.parametrize("role", ["moderator", "administrator"])
def test_moderators_set_up_a_second_factor_first(client, role):
    client.force_login(MemberFactory(**{role: True}))

    response = client.get("/hubs/?q=x")

    assert response.url == "/accounts/2fa/totp/activate/?next=%2Fhubs%2F%3Fq%3Dx"


def test_demo_accounts_need_no_second_factor(client, settings):
    settings.DEMO = True
    client.force_login(MemberFactory(moderator=True, email="moderator@demo.example"))

    assert client.get("/hubs/").status_code == 200
    settings.DEMO = False
    assert client.get("/hubs/").status_code == 302


def test_new_terms_are_accepted_before_going_on(client):
    member = MemberFactory()
    load_legal_texts()
    client.force_login(member)

    sent = client.get("/hubs/?q=x")
    page = client.get(sent.url)
    back = client.post("/accounts/accept/", {"next": "/hubs/?q=x"})

    assert sent.url.startswith("/accounts/accept/")
    assert "Terms of service" in page.content.decode()
    assert back.url == "/hubs/?q=x"
    assert client.get("/hubs/").status_code == 200
    assert Acceptance.objects.filter(member=member).count() == 2


def test_accepting_does_not_lead_to_other_sites(client):
    client.force_login(MemberFactory())

    response = client.post("/accounts/accept/", {"next": "https://evil.example/"})

    assert response.url == "/"
