"""A form that is sent twice from one page has one effect, and leads where the first led; what was
typed outlives a session and a lost cookie.
"""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from catalogue import models
from tests.api_clients import client_of
from tests.factories import catalogue as make
from tests.factories import hubs as make_hubs
from tests.factories.accounts import MemberFactory
from tests.races import all_at_once

FORMS = {
    "draft": (models.Draft, "/catalogue/drafts/new/", {"title": "Wells", "language": "en"}),
    "block": (
        models.BuildingBlock,
        "/catalogue/building-blocks/add/",
        {"title": "Wells", "description": "Dug.", "language": "en", "version": "0"},
    ),
    "resource": (
        models.Resource,
        "/catalogue/resources/add/",
        {"title": "Wells", "kind": "guide", "language": "en"},
    ),
    "search": (
        models.SavedSearch,
        "/catalogue/saved-searches/new/?place=search&q=wells",
        {"name": "Wells", "alert": "weekly", "version": "1"},
    ),
    "message": (
        models.ReviewMessage,
        "/catalogue/drafts/{draft}/review/message/",
        {"text": "How deep?"},
    ),
    "file": (models.Attachment, "/catalogue/drafts/{draft}/attachments/", {"caption": "Wells"}),
    "import": (models.Import, "/catalogue/import/", {"kind": "entries"}),
}


@pytest.fixture
def member(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return make_hubs.MembershipFactory(hub__slug="agency").member


@pytest.fixture
def draft(member):
    return make.DraftFactory(hub=member.memberships.get().hub)


TABLE = b"title,language,size\nWells,en,snapshot\n"


def send(client, kind, draft, *, page="a page", content=TABLE, **changes):
    """Send a form as a browser does, with the token of its page."""
    _model, url, fields = FORMS[kind]
    hub = draft.hub_id if kind == "resource" else draft.hub.slug
    sent = {"hub": hub} | fields | {"csrfmiddlewaretoken": page} | changes
    if kind in ("file", "import"):
        sent["file"] = SimpleUploadedFile("wells.csv", content)
    return client.post(url.format(draft=draft.pk), sent)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", FORMS)
def test_two_presses_at_once_have_one_effect(member, draft, name):
    model = FORMS[name][0]
    before = model.objects.count()

    first, second = all_at_once(*(lambda: send(client_of(member), name, draft) for _ in range(2)))

    assert (first.status_code, second.status_code) == (302, 302)
    assert first.headers["Location"] == second.headers["Location"]
    assert model.objects.count() == before + 1


@pytest.mark.django_db(transaction=True)
def test_two_pages_at_once_cannot_give_two_searches_one_name(member, draft):
    answers = all_at_once(
        *(lambda page=page: send(client_of(member), "search", draft, page=page) for page in "ab")
    )

    assert sorted(answer.status_code for answer in answers) == [200, 302]
    assert models.SavedSearch.objects.count() == 1


@pytest.mark.django_db
def test_the_way_back_and_the_button_again_make_no_second_one(member, draft):
    client = client_of(member)

    first, again = (send(client, "draft", draft) for _ in range(2))

    assert first.headers["Location"] == again.headers["Location"]
    assert models.Draft.objects.filter(content__title="Wells").count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("changes", [{"page": "another page"}, {"title": "Pumps"}])
def test_another_page_or_other_words_are_another_thing(member, draft, changes):
    client = client_of(member)
    before = models.Draft.objects.count()

    send(client, "draft", draft)
    send(client, "draft", draft, **changes)

    assert models.Draft.objects.count() == before + 2


@pytest.mark.django_db
def test_another_member_is_another_member(member, draft):
    other = make_hubs.MembershipFactory(hub=draft.hub).member
    before = models.Draft.objects.count()

    for each in (member, other):
        send(client_of(each), "draft", draft)

    assert models.Draft.objects.count() == before + 2


@pytest.mark.django_db
def test_a_form_that_was_refused_says_so_each_time(member, draft):
    client = client_of(member)

    for _ in range(2):
        answer = send(client, "draft", draft, title="")
        assert answer.status_code == 200
        assert b"Error:" in answer.content


@pytest.mark.django_db
@pytest.mark.parametrize(
    "title", ["\u200b\u200d", "\u200f", "\ufeff", "\u3164", "\u00a0", " \u2060 "]
)
@pytest.mark.parametrize("name", ["draft", "block", "resource", "search"])
def test_a_title_has_something_to_see(member, draft, name, title):
    field = "name" if name == "search" else "title"
    before = FORMS[name][0].objects.count()

    answer = send(client_of(member), name, draft, **{field: title})

    assert answer.status_code == 200
    assert b"Error:" in answer.content
    assert FORMS[name][0].objects.count() == before


@pytest.mark.django_db
@pytest.mark.parametrize("title", ["👩🏽‍🌾 🌾", "Wells ‮ drow", "ب‏ئر", "é" * 90])
def test_a_title_of_rare_signs_is_kept_and_shown(member, draft, title):
    client = client_of(member)

    page = client.get(send(client, "draft", draft, title=title).headers["Location"])

    assert page.status_code == 200
    assert title in page.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "content"), [("file", b""), ("file", b"\x00" * 9), ("import", b"")]
)
def test_a_file_of_nothing_is_refused(member, draft, name, content):
    answer = send(client_of(member), name, draft, content=content)

    assert answer.status_code == 200
    assert b"Error:" in answer.content


ACTS = {
    "message": ("text", "What about the wells in the north?"),
    "verdict": ("note", "The sources do not say it."),
    "decision": ("note", "Say how many farmers."),
}


@pytest.mark.django_db
@pytest.mark.parametrize("act", ACTS)
def test_what_a_reviewer_typed_outlives_the_session(draft, act):
    sent = make.DraftFactory(hub=draft.hub, submitted=True)
    reviewer = make.asked_reviewer(sent)
    url, (field, text) = f"/catalogue/drafts/{sent.pk}/review/{act}/", ACTS[act]
    client = Client()

    answer = client.post(url, {field: text})
    assert answer.headers["Location"].startswith("/accounts/login/?next=")
    client.force_login(reviewer, "allauth.account.auth_backends.AuthenticationBackend")
    page = client.get(url, follow=True).content.decode()

    assert text in page
    assert "It is not saved yet" in page
    assert not models.ReviewMessage.objects.exists()
    assert client.get(url).headers["Location"] == f"/catalogue/drafts/{sent.pk}/review/"


@pytest.mark.django_db
def test_what_the_desk_typed_outlives_the_session(draft):
    sent = make.DraftFactory(hub=draft.hub, submitted=True)
    client, moderator = Client(), MemberFactory(moderator=True)

    client.post(
        "/catalogue/review/", {"note": "Say how many.", "drafts": [sent.pk], "act": "changes"}
    )
    client.cookies.update(_signed_in(client, moderator))
    page = client.get("/catalogue/review/").content.decode()

    assert "Say how many." in page
    assert f'value="{sent.pk}" checked' in page
    sent.refresh_from_db()
    assert sent.state == "submitted"


def _signed_in(client, moderator):
    kept = client.session["typed_form"]
    signed = client_of(moderator)
    session = signed.session
    session["typed_form"] = kept
    session.save()
    return signed.cookies


@pytest.mark.django_db
@pytest.mark.parametrize("letter", ["a", "ب", "字", "🌾"])
def test_the_longest_section_outlives_the_session_in_every_script(member, draft, letter):
    models.Draft.objects.filter(pk=draft.pk).update(content=draft.content | {"size": "full"})
    url = f"/catalogue/drafts/{draft.pk}/learning/"
    client = Client()

    client.post(url, {"lessons": letter * 20_000, "how_to_adapt": letter * 10_000, "version": 1})
    client.force_login(member, "allauth.account.auth_backends.AuthenticationBackend")

    assert letter * 20_000 in client.get(url, follow=True).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("/catalogue/drafts/{draft}/complete/", "/catalogue/drafts/{draft}/"),
        (
            "/catalogue/drafts/{draft}/attachments/9/remove/",
            "/catalogue/drafts/{draft}/attachments/",
        ),
        ("/catalogue/import/9/confirm/", "/catalogue/import/9/"),
        ("/catalogue/wells/translations/fr/review/", "/catalogue/wells/translations/"),
        ("/catalogue/wells/translations/fr/remove/", "/catalogue/wells/translations/"),
    ],
)
def test_a_button_pressed_too_late_leads_back_to_its_page(client, draft, url, place):
    answer = client.post(url.format(draft=draft.pk))

    assert answer.headers["Location"] == f"/accounts/login/?next={place.format(draft=draft.pk)}"


SECRETS = {"password1": "a secret of some length", "reset_token": "a token of some length"}
TYPED = {"challenge": "Nobody had seed in spring."} | SECRETS


@pytest.mark.django_db
def test_a_lost_cookie_gives_back_what_was_typed(draft):
    client = Client(enforce_csrf_checks=True, headers={"origin": "http://testserver"})

    answer = client.post(f"/catalogue/drafts/{draft.pk}/story/", TYPED)

    page = answer.content.decode()
    assert answer.status_code == 403
    assert TYPED["challenge"] in page
    assert not [secret for secret in SECRETS.values() if secret in page]
    assert f'href="/catalogue/drafts/{draft.pk}/story/"' in page


@pytest.mark.django_db
def test_what_another_site_sent_is_not_shown(draft):
    client = Client(enforce_csrf_checks=True, headers={"origin": "https://elsewhere.example"})

    answer = client.post(f"/catalogue/drafts/{draft.pk}/story/", TYPED)

    assert answer.status_code == 403
    assert TYPED["challenge"] not in answer.content.decode()
