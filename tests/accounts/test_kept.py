"""What was sent before the portal asked something of its member: kept, shown, sent once."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import Member
from accounts.services import load_legal_texts
from core.typed import MAX_KEPT
from tests.accounts.signing_in import sign_in_and_prove
from tests.accounts.test_own import profile
from tests.accounts.test_second_factor import set_up
from tests.factories.accounts import MemberFactory

pytestmark = pytest.mark.django_db
PAGE = "/accounts/send-again/"
EDIT = "/accounts/profile/edit/"


@pytest.fixture
def member():
    return MemberFactory(biography="Before")


@pytest.fixture
def gated(client, member):
    """Return a member's client that must accept new terms first."""
    load_legal_texts()
    client.force_login(member)
    return client


def fields(response):
    kept = response.context["kept"]
    return None if kept is None else kept.fields


def accept(client):
    return client.post("/accounts/accept/", {"next": "/hubs/"})  # whatever was opened meanwhile


def test_what_was_written_before_new_terms_is_sent_afterwards(gated, member):
    typed = profile(biography="Line one\nline <two>", languages=["en", "fr"])
    sent = gated.post(EDIT, typed)
    assert sent.url == "/accounts/accept/?next=%2Faccounts%2Fsend-again%2F"
    assert accept(gated).url == PAGE

    page = gated.get(PAGE)
    assert page.context["kept"].path == EDIT
    assert "line &lt;two&gt;" in page.content.decode()
    data = {}
    for name, value in fields(page):
        data.setdefault(name, []).append(value)
    assert gated.post(EDIT, data).status_code == 302

    member.refresh_from_db()
    assert member.biography.replace("\r\n", "\n") == "Line one\nline <two>"
    assert member.languages == ["en", "fr"]
    assert fields(gated.get(PAGE)) is None


def test_what_was_written_before_the_second_factor_is_kept_through_both_gates(client):
    load_legal_texts()
    moderator = MemberFactory(moderator=True)
    sign_in_and_prove(client, moderator)
    client.post(EDIT, profile(biography="Long text"))

    _secret, answer = set_up(client)
    codes = client.get(answer.url).content.decode()
    assert 'href="/accounts/accept/?next=%2Faccounts%2Fsend-again%2F"' in codes
    assert client.get(PAGE).url.startswith("/accounts/accept/")
    accept(client)

    assert ("biography", "Long text") in fields(client.get(PAGE))


def test_the_page_sends_with_a_token_of_its_own(member):
    load_legal_texts()
    client = Client(enforce_csrf_checks=True)
    client.force_login(member)
    client.get("/accounts/accept/")
    token = client.cookies["csrftoken"].value
    client.post(EDIT, profile(biography="Mine", csrfmiddlewaretoken=token))
    client.post("/accounts/accept/", {"csrfmiddlewaretoken": token})

    page = client.get(PAGE)

    assert "csrfmiddlewaretoken" not in dict(fields(page))
    assert "csrfmiddlewaretoken" in page.content.decode()
    assert client.post(EDIT, dict(fields(page))).status_code == 403


def test_what_another_site_had_sent_is_not_kept(member):
    load_legal_texts()
    client = Client(enforce_csrf_checks=True)
    client.force_login(member)

    client.post(EDIT, profile(biography="Planted"))

    assert "form_before_gate" not in client.session


@pytest.mark.parametrize(
    "data",
    [
        {"oldpassword": "old", "password1": "new"},
        {"code": "123456"},
        {"text": "x" * (MAX_KEPT + 1)},
        {},
    ],
)
def test_secrets_and_what_is_too_long_are_not_kept(gated, data):
    sent = gated.post(EDIT, data)

    assert sent.url == "/accounts/accept/?next=%2F"
    assert "form_before_gate" not in gated.session
    assert "could not be kept" in gated.get("/accounts/accept/").content.decode()


def test_the_longest_text_is_kept_in_every_script(gated):
    text = "\N{ARABIC LETTER AIN}" * 100_000
    gated.post(EDIT, profile(biography=text))
    accept(gated)

    assert ("biography", text) in fields(gated.get(PAGE))


def test_nobody_else_is_shown_it(gated):
    gated.post(EDIT, profile(biography="Mine"))
    session = gated.session
    session["form_before_gate"] |= {"member": MemberFactory().pk}
    session.save()
    accept(gated)

    assert fields(gated.get(PAGE)) is None


def test_of_files_their_loss_is_told(gated):
    file = SimpleUploadedFile("a.png", b"x")
    gated.post(EDIT, profile(biography="Mine") | {"photo": file})
    accept(gated)

    page = gated.get(PAGE)
    assert "Files were not kept" in page.content.decode()
    assert ("biography", "Mine") in fields(page)


def test_it_can_be_thrown_away(gated, member):
    gated.post(EDIT, profile(biography="Mine"))
    accept(gated)

    gated.post(PAGE)

    assert fields(gated.get(PAGE)) is None
    assert Member.objects.get(pk=member.pk).biography == "Before"


def test_more_fields_than_a_form_may_have_are_no_error(gated):
    assert gated.post(EDIT, {f"f{n}": "x" for n in range(2_000)}).status_code in (302, 400)
