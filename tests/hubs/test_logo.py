"""A hub's logo: who gives it, what is refused, who sees it, what is left on the disk."""

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.urls import reverse
from PIL import Image

from accounts.models import Activity
from core.errors import StaleEdit
from core.images import cleaned_logo
from hubs import services
from tests.api_clients import client_of
from tests.factories import hubs as make
from tests.factories.accounts import MemberFactory
from tests.hubs.people import MODERATORS, OWN, PEOPLE, person
from tests.hubs.test_admin import form_of
from tests.pictures import REFUSED, files, picture, upload

pytestmark = pytest.mark.django_db
TYPED = {"name": "Agency", "level": "national", "status": "active", "version": "1"}
EDIT = "/hubs/agency/edit/identity/"


@pytest.fixture
def disk(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def hub(disk):
    return make.HubFactory(slug="agency", name="Agency")


@pytest.fixture
def editor(client, hub):
    member = make.MembershipFactory(hub=hub).member
    client.force_login(member)
    return member


def give(hub, by):
    return services.change_hub(
        hub,
        changes={"logo": cleaned_logo(upload(picture()))},
        expected_version=hub.version,
        by=by,
    )


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_logo_is_made_anew_under_a_name_of_ours(client, hub, editor, disk, kind):
    client.post(EDIT, TYPED | {"logo": upload(picture(kind), "../logo.php")})

    hub.refresh_from_db()
    with hub.logo.open() as file, Image.open(file) as image:
        assert (image.format, image.size) == ("PNG", (240, 240))
        assert image.getpixel((0, 0))[3] == 0  # the whole picture, on a see-through square
    assert [name.rpartition(".")[2] for name in files(disk)] == ["png"]
    assert "logo" not in files(disk)[0]
    answer = client.get("/hubs/agency/logo/")
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("image/png", "nosniff")
    answer.close()


@pytest.mark.parametrize(("content", "words"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_logo_is_refused_and_what_was_typed_is_kept(
    client, hub, editor, disk, content, words
):
    typed = TYPED | {"summary": "Typed with care", "logo": upload(content)}

    page = client.post(EDIT, typed)

    assert words in " ".join(page.context["form"].errors["logo"])
    assert "Typed with care" in page.content.decode()
    assert files(disk) == []
    hub.refresh_from_db()
    assert (hub.logo.name, hub.version) == ("", 1)


def test_the_page_shows_the_logo_to_those_who_see_the_hub(client, hub, editor):
    without = client.get("/hubs/agency/").content.decode()
    give(hub, editor)
    page = client.get("/hubs/agency/").content.decode()

    assert "/hubs/agency/logo/" not in without
    tag = 'alt="Logo of Agency" width="120" height="120" loading="lazy">'
    assert f'<img src="/hubs/agency/logo/" {tag}' in page


def test_the_page_leaves_the_logo_out_where_low_data_is_on(client, hub, editor):
    give(hub, editor)
    client.cookies["low_data"] = "on"

    assert "Logo of" not in client.get("/hubs/agency/").content.decode()


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("is_published", [True, False])
def test_a_logo_is_seen_by_those_who_see_the_hub(client, disk, who, is_published):
    hub = make.HubFactory(slug="agency", is_published=is_published)
    give(hub, make.MembershipFactory(hub=hub).member)
    user = person(who, hub)
    if who != "anonymous":
        client = client_of(user)

    answer = client.get("/hubs/agency/logo/")

    sees = is_published or who in OWN | MODERATORS
    assert answer.status_code == (200 if sees else 404)
    answer.close()


def test_a_hub_without_logo_or_without_its_file_has_none(client, hub, editor):
    assert client.get("/hubs/agency/logo/").status_code == 404
    saved = give(hub, editor)
    saved.logo.storage.delete(saved.logo.name)

    assert client.get("/hubs/agency/logo/").status_code == 404


def test_a_logo_stays_is_replaced_and_is_removed(
    client, hub, editor, disk, django_capture_on_commit_callbacks
):
    names = []
    for version, sent in enumerate(
        ({"logo": upload(picture())}, {}, {"logo": upload(picture())}, {"logo-clear": "on"}), 1
    ):
        with django_capture_on_commit_callbacks(execute=True):
            client.post(EDIT, TYPED | {"version": version} | sent)
        names.append(files(disk))

    first, kept, second, none = names
    assert first == kept != second
    assert (len(first), len(second), none) == (1, 1, [])
    changes = Activity.objects.filter(verb="hub.changed").order_by("pk").values_list("changes")
    assert [[change["field"] for change in row] for (row,) in changes] == [
        ["logo"], [], ["logo"], ["logo"]]  # fmt: skip


@pytest.mark.parametrize("fails", ["late", "in the constraints", "in the activity"])
def test_what_fails_leaves_the_disk_as_it_was(hub, editor, disk, monkeypatch, fails):
    hub = give(hub, editor)
    before = files(disk)
    changes = {"logo": ContentFile(picture(), "new.png")}
    version = hub.version
    if fails == "late":
        version -= 1
    elif fails == "in the constraints":
        changes["founded_year"] = 9
    else:
        monkeypatch.setattr(services.identity, "record_activity", lambda *a, **kw: 1 / 0)

    with pytest.raises((StaleEdit, ValidationError, ZeroDivisionError)):
        services.change_hub(hub, changes=changes, expected_version=version, by=editor)

    assert files(disk) == before
    hub.refresh_from_db()
    assert hub.logo.name.endswith(before[0])


def test_moderators_change_a_logo_in_the_admin(hub, disk, django_capture_on_commit_callbacks):
    client = client_of(MemberFactory(moderator=True))
    url = reverse("admin:hubs_hub_change", args=[hub.pk])

    def send(**typed):
        with django_capture_on_commit_callbacks(execute=True):
            return client.post(url, form_of(client, url, **typed))

    refused = send(logo=upload(REFUSED["svg"][0]))
    send(logo=upload(picture()))
    given = files(disk)
    send(summary="Another")
    kept = files(disk)
    hub.refresh_from_db()
    old = hub.history.exclude(logo="").last()
    send(**{"logo-clear": "on"})
    removed = files(disk)
    revert = reverse("admin:hubs_hub_simple_history", args=[hub.pk, old.pk])
    client.post(revert, form_of(client, revert))

    assert refused.context["adminform"].form.errors["logo"]
    assert (len(given), kept, removed) == (1, given, [])
    hub.refresh_from_db()
    assert hub.logo.name == ""  # a restored state brings no file back
    assert "logo" not in client.get(reverse("admin:hubs_hub_add")).context["adminform"].form.fields
