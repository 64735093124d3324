"""E-mail addresses and passwords: changed by their owner, one account each, nobody told more."""

import re
import threading

import pytest
from allauth.account.models import EmailAddress
from django.db import connection
from django.test import Client

from accounts.models import Acceptance, Member, OutgoingMail
from accounts.services import load_legal_texts
from tests.accounts.signing_in import sign_in, sign_in_and_prove
from tests.accounts.test_joining import TYPED
from tests.factories.accounts import PASSWORD, MemberFactory

pytestmark = pytest.mark.django_db


def ask_for(client, address):
    return client.post("/accounts/email/", {"action_add": "", "email": address})


def confirm(client, mail):
    return client.post(re.search(r"https?://[^/]+(/accounts/confirm-email/\S+/)", mail.body)[1])


def test_a_changed_address_is_verified_first_and_the_old_one_is_told(
    client, mailoutbox, django_capture_on_commit_callbacks
):
    member = MemberFactory(email="old@ministry.example")
    sign_in_and_prove(client, member)

    with django_capture_on_commit_callbacks(execute=True):
        ask_for(client, "new@ministry.example")
    member.refresh_from_db()
    assert member.email == "old@ministry.example"
    (link,) = [mail for mail in mailoutbox if mail.to == ["new@ministry.example"]]
    with django_capture_on_commit_callbacks(execute=True):
        confirm(client, link)

    member.refresh_from_db()
    assert member.email == "new@ministry.example"
    assert "old@ministry.example" in {mail.to[0] for mail in mailoutbox if mail is not link}


def test_changing_the_address_asks_for_the_password(client):
    member = MemberFactory()
    sign_in(client, member)

    asked = ask_for(client, "new@ministry.example")

    assert asked.url.startswith("/accounts/reauthenticate/")
    assert EmailAddress.objects.count() == 1


def test_an_address_that_somebody_took_meanwhile_is_refused_in_words(
    client, mailoutbox, django_capture_on_commit_callbacks
):
    member = MemberFactory(email="old@ministry.example")
    sign_in_and_prove(client, member)
    with django_capture_on_commit_callbacks(execute=True):
        ask_for(client, "new@ministry.example")
    (link,) = mailoutbox
    MemberFactory(email="new@ministry.example", pending=True, verified=False)

    page = confirm(client, link)

    member.refresh_from_db()
    assert page.status_code == 302
    assert member.email == "old@ministry.example"
    assert EmailAddress.objects.filter(user=member, verified=True).get().email == member.email


def test_changing_to_a_known_address_answers_as_for_any(client):
    MemberFactory(email="known@ministry.example")
    sign_in_and_prove(client, MemberFactory())

    answers = [ask_for(client, f"{who}@ministry.example") for who in ("known", "unknown")]

    assert [(answer.status_code, answer.url) for answer in answers] == [
        (302, "/accounts/email/"),
        (302, "/accounts/email/"),
    ]


def test_a_changed_password_ends_the_other_sessions(client):
    member = MemberFactory()
    other = Client()
    for browser in (client, other):
        sign_in(browser, member)
    typed = {"oldpassword": PASSWORD, "password1": "a-new-long-password"}

    refused = client.post(
        "/accounts/password/change/", typed | {"password2": "x", "oldpassword": "wrong"}
    )
    client.post("/accounts/password/change/", typed | {"password2": typed["password1"]})

    assert refused.context["form"].errors["oldpassword"]
    member.refresh_from_db()
    assert member.check_password("a-new-long-password")
    assert other.get("/accounts/profile/").status_code == 302


def test_signing_in_makes_a_new_session(client):
    client.get("/accounts/login/")
    session = client.session
    session["kept"] = "x"
    session.save()
    client.cookies["sessionid"] = before = session.session_key

    sign_in(client, MemberFactory())

    assert client.session.session_key != before


@pytest.mark.django_db(transaction=True)
def test_two_sign_ups_at_once_make_one_member_and_the_same_answer():
    load_legal_texts()
    barrier, answers = threading.Barrier(2), []

    def join():
        barrier.wait()
        try:
            answer = Client(raise_request_exception=False).post("/accounts/signup/", TYPED)
            answers.append((answer.status_code, answer.get("Location")))
        finally:
            connection.close()

    threads = [threading.Thread(target=join) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert answers == [(302, "/accounts/confirm-email/")] * 2
    member = Member.objects.get()
    assert EmailAddress.objects.get().user == member
    assert Acceptance.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_of_one_name_at_once_get_two_pages():
    barrier, answers = threading.Barrier(2), []

    def join(number):
        barrier.wait()
        try:
            typed = TYPED | {"email": f"ana{number}@ministry.example"}
            answers.append(Client().post("/accounts/signup/", typed).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=join, args=[number]) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    slugs = set(Member.objects.values_list("slug", flat=True))
    assert answers == [302, 302]
    assert len(slugs) == 2
    assert all(slug.startswith("ana-souza-") for slug in slugs)


def test_languages_are_optional_and_known(client):
    client.post("/accounts/signup/", TYPED | {"languages": ["pt", "en"]})
    refused = Client().post("/accounts/signup/", TYPED | {"languages": ["xx"]})

    assert Member.objects.get().languages == ["pt", "en"]
    assert refused.context["form"].errors["languages"]


def test_where_people_are_invited_a_page_says_so(client, settings):
    settings.JOIN_POLICY = "invitation"

    page = client.get("/accounts/signup/")

    assert page.status_code == 200
    assert "<form" not in page.content.decode().partition("<main")[2].partition("</main>")[0]


def test_the_same_notice_may_be_mailed_again_on_another_day(time_machine_at):
    for day in ("2026-01-01", "2026-01-01", "2026-01-02"):
        with time_machine_at(day):
            Client().post("/accounts/password/reset/", {"email": "nobody@ministry.example"})

    assert OutgoingMail.objects.filter(to="nobody@ministry.example").count() == 2


@pytest.fixture
def time_machine_at():
    import time_machine

    return lambda day: time_machine.travel(f"{day} 10:00", tick=False)


@pytest.mark.parametrize(
    ("path", "typed", "limit"),
    [
        ("/accounts/login/", {"login": "a@b.example", "password": "x"}, "login"),
        ("/accounts/password/reset/", {"email": "a@b.example"}, "reset_password"),
        ("/accounts/signup/", TYPED, "signup"),
        ("/accounts/contact/", {"text": "Hello", "name": "Ana"}, "contact"),
    ],
)
def test_who_tries_too_often_is_told_to_wait(client, settings, path, typed, limit):
    settings.ACCOUNT_RATE_LIMITS = {limit: "2/m/ip"}

    answers = [client.post(path, typed) for _ in range(3)]

    assert [answer.status_code == 429 for answer in answers] == [False, False, True]
    assert "<h1>" in answers[-1].content.decode()
