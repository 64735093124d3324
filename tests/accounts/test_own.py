"""A member's own profile, data, photo, and the end of the account."""

import io
import json
import zipfile
from functools import partial

import pytest
from allauth.account.models import EmailAddress
from django.core.exceptions import PermissionDenied
from PIL import Image

from accounts import services
from accounts.models import Activity, Member
from core.errors import DomainError, StaleEdit
from tests.factories import hubs as make
from tests.factories.accounts import PASSWORD, MemberFactory
from tests.pictures import REFUSED, files, picture, upload
from tests.races import all_at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    found = MemberFactory(name="Ana", biography="I work on water.", organisation="Ministry")
    client.force_login(found)
    return found


def profile(**changes):
    levels = {f"{name}_visibility": "members" for name in Member.VISIBILITY_DEFAULTS}
    texts = {"name": "Ana", "language": "en", "time_zone": "UTC", "version": 1}
    return texts | levels | changes


SEES = {  # level -> who sees a field of that level
    "public": {"anonymous", "pending", "member", "colleague", "self"},
    "members": {"member", "colleague", "self"},
    "hubs": {"colleague", "self"},
    "nobody": {"self"},
}


@pytest.mark.parametrize(("level", "expected"), SEES.items())
def test_each_field_is_seen_by_those_it_is_meant_for(client, level, expected):
    owner = MemberFactory(organisation="Ministry of Water", visibility={"organisation": level})
    hub = make.HubFactory()
    make.MembershipFactory(hub=hub, member=owner)
    people = {
        "anonymous": None,
        "pending": MemberFactory(pending=True),
        "member": MemberFactory(),
        "colleague": make.MembershipFactory(hub=hub, correspondent=True).member,
        "self": owner,
    }

    seen = set()
    for who, user in people.items():
        client.logout()
        if user:
            client.force_login(user)
        page = client.get(owner.get_absolute_url()).content.decode()
        if "Ministry of Water" in page:
            seen.add(who)

    assert seen == expected


def test_a_profile_is_saved_with_its_visibility(client, member):
    typed = profile(biography="New", country="BR", languages=["pt"], email_visibility="public")

    response = client.post("/accounts/profile/edit/", typed)

    member.refresh_from_db()
    assert response.status_code == 302
    assert (member.biography, member.country, member.languages) == ("New", "BR", ["pt"])
    assert member.visibility["email"] == "public"


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("name", "x" * 10_000),
        ("name", "A\x00"),
        ("country", "XX"),
        ("languages", ["xx"]),
        ("time_zone", "Mars/Base"),
        ("language", "xx"),
        ("organisation_visibility", "friends"),
        ("biography", "x" * 2_001),
    ],
)
def test_bad_profile_input_is_refused_and_kept(client, member, field, typed):
    response = client.post("/accounts/profile/edit/", profile(organisation="Kept") | {field: typed})

    assert response.context["form"].errors[field]
    assert 'value="Kept"' in response.content.decode()
    member.refresh_from_db()
    assert member.organisation == "Ministry"


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_photo_is_made_anew(client, member, kind):
    client.post("/accounts/profile/edit/", profile(photo=upload(picture(kind), "../x.php")))

    member.refresh_from_db()
    with member.photo.open() as file, Image.open(file) as image:
        assert (image.format, image.size) == ("JPEG", (400, 400))
    assert member.photo.name.startswith("photos/")
    assert "x.php" not in member.photo.name
    response = client.get(f"/accounts/photos/{member.slug}/")
    assert response["Content-Type"] == "image/jpeg"
    response.close()


@pytest.mark.parametrize(("content", "words"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_picture_is_refused_and_leaves_nothing(client, member, tmp_path, content, words):
    response = client.post("/accounts/profile/edit/", profile(photo=upload(content)))

    assert words in " ".join(response.context["form"].errors["photo"])
    assert files(tmp_path) == []


def test_a_photo_that_is_replaced_or_removed_leaves_the_disk(
    client, member, tmp_path, django_capture_on_commit_callbacks
):
    url = "/accounts/profile/edit/"
    client.post(url, profile(photo=upload(picture())))
    first = files(tmp_path)

    with django_capture_on_commit_callbacks(execute=True):
        client.post(url, profile(photo=upload(picture()), version=2))
    second = files(tmp_path)
    page = client.get(url).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(url, profile(**{"photo-clear": "on"}, version=3))

    assert len(first) == len(second) == 1
    assert first != second
    assert "photo-clear" in page
    assert second[0] not in page
    assert files(tmp_path) == []


def test_a_photo_is_kept_from_those_who_may_not_see_it(client, member):
    client.post("/accounts/profile/edit/", profile(photo=upload(picture())))
    url = f"/accounts/photos/{member.slug}/"
    client.logout()

    assert client.get(url).status_code == 404


def test_everything_about_me_is_in_the_download(client, member):
    make.MembershipFactory(member=member, hub=make.HubFactory(slug="agency"))
    services.record_activity("member.joined", member, by=member)

    response = client.post("/accounts/my-data/")
    archive = zipfile.ZipFile(io.BytesIO(response.content))
    data = json.loads(archive.read("my-data.json"))

    assert data["profile"]["biography"] == "I work on water."
    assert data["addresses"][0]["email"] == member.email
    assert data["memberships"][0]["hub__slug"] == "agency"
    assert data["activity"][0]["verb"] == "member.joined"
    assert "password" not in json.dumps(data)


def test_closing_wipes_who_i_was_and_keeps_what_i_did(client, member):
    services.record_activity("fact.added", member, by=member)

    wrong = client.post("/accounts/close/", {"password": "wrong"})
    client.post("/accounts/close/", {"password": PASSWORD})

    member.refresh_from_db()
    assert wrong.context["form"].errors["password"]
    assert (member.name, member.status, member.biography) == ("Former member", "closed", "")
    assert not EmailAddress.objects.filter(user=member).exists()
    assert "_auth_user_id" not in client.session
    assert Activity.objects.filter(actor=member, verb="fact.added").exists()
    assert client.get(member.get_absolute_url()).status_code == 404


def test_accounts_are_closed_by_their_owners_and_never_the_last_administrator():
    administrator, other = MemberFactory(administrator=True), MemberFactory()

    with pytest.raises(PermissionDenied):
        services.close_account(other, by=administrator)
    with pytest.raises(DomainError, match="only administrator"):
        services.close_account(administrator, by=administrator)


def test_signed_in_pages_are_kept_by_nobody(client, member):
    assert "no-store" in client.get("/accounts/profile/")["Cache-Control"]
    assert "no-store" in client.get("/hubs/")["Cache-Control"]


def test_legal_texts_stay_at_their_addresses(client):
    services.load_legal_texts()
    assert services.load_legal_texts() == 0

    page = client.get("/accounts/legal/terms/").content.decode()

    assert "Version 1" in page
    assert client.get("/accounts/legal/terms/1/").status_code == 200
    assert client.get("/accounts/legal/terms/2/").status_code == 404
    assert "Your rights" in client.get("/accounts/legal/privacy/").content.decode()


def test_sessions_are_listed_and_ended(client, member):
    other = type(client)()
    client.post("/accounts/logout/")
    for browser in (client, other):
        browser.post("/accounts/login/", {"login": member.email, "password": PASSWORD})

    assert client.get("/accounts/sessions/").status_code == 200
    client.post("/accounts/sessions/")

    assert other.get("/accounts/profile/").status_code == 302
    assert client.get("/accounts/profile/").status_code == 200


def test_what_was_saved_in_another_window_is_not_overwritten(client, member):
    client.post("/accounts/profile/edit/", profile(biography="First.", email_visibility="nobody"))

    late = client.post("/accounts/profile/edit/", profile(biography="Second."))

    member.refresh_from_db()
    assert (late.status_code, member.biography, member.version) == (409, "First.", 2)
    shown = {each["label"]: (each["mine"], each["saved"]) for each in late.context["conflict"]}
    assert shown["Biography"] == ("Second.", "First.")
    assert shown["Who sees it: E-mail address"] == ("Members", "Nobody")
    page = late.content.decode()
    assert "Second.</textarea>" in page
    assert 'name="version" value="2"' in page


def test_after_comparing_it_can_be_saved(client, member):
    client.post("/accounts/profile/edit/", profile(biography="First."))

    client.post("/accounts/profile/edit/", profile(biography="Second.", version=2))

    member.refresh_from_db()
    assert (member.biography, member.version) == ("Second.", 3)


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 30, "1\0"])
def test_a_version_that_is_none_saves_nothing(client, member, version):
    answer = client.post("/accounts/profile/edit/", profile(name="Eve", version=version))

    member.refresh_from_db()
    assert answer.status_code in (200, 409)
    assert member.name == "Ana"


@pytest.mark.django_db(transaction=True)
def test_of_two_saves_at_once_one_is_told(member):
    def save(name):
        mine = Member.objects.get(pk=member.pk)
        mine.name = name
        return services.save_profile(mine, expected_version=1)

    results = all_at_once(partial(save, "One"), partial(save, "Two"))

    assert sum(isinstance(each, StaleEdit) for each in results) == 1
    assert Member.objects.get(pk=member.pk).version == 2
