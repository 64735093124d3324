"""A member's page: each field for those it is meant for, the photo with it, and hubs in force."""

import datetime
import io

import pytest
from django.core.files.base import ContentFile
from PIL import Image

from accounts.models import Member
from tests.api_clients import client_of
from tests.factories import hubs as make
from tests.factories.accounts import MemberFactory

pytestmark = pytest.mark.django_db
SEES = {  # level -> who sees what has that level
    "public": {
        "anonymous",
        "pending",
        "member",
        "colleague",
        "former colleague",
        "moderator",
        "self",
    },
    "members": {"member", "colleague", "former colleague", "moderator", "self"},
    "hubs": {"colleague", "self"},
    "nobody": {"self"},
}
PAST = {"valid_from": datetime.date(2015, 1, 1), "valid_to": datetime.date(2020, 1, 1)}
VALUES = {
    "organisation": "Ministry of Water",
    "country": "BR",
    "languages": ["pt"],
    "biography": "I dig wells.",
    "sectors": ["140"],
    "time_zone": "America/Recife",
}
SHOWN = {
    "organisation": "Ministry of Water",
    "country": "Brazil",
    "languages": "Portuguese",
    "biography": "I dig wells.",
    "email": "owner@ministry.example",
    "time_zone": "America/Recife",
}


@pytest.fixture
def world(settings, tmp_path):
    """Return the owner of a profile and clients of everybody who might look at it."""
    settings.MEDIA_ROOT = tmp_path
    owner = MemberFactory(email="owner@ministry.example", slug="owner", **VALUES)
    written = io.BytesIO()
    Image.new("RGB", (9, 9)).save(written, "JPEG")
    owner.photo.save("x.jpg", ContentFile(written.getvalue()))
    hub = make.HubFactory(name="Agency")
    make.MembershipFactory(hub=hub, member=owner)
    former = make.MembershipFactory(hub=hub, **PAST)
    people = {
        "anonymous": None,
        "pending": MemberFactory(pending=True),
        "member": MemberFactory(),
        "colleague": make.MembershipFactory(hub=hub, correspondent=True).member,
        "former colleague": former.member,
        "moderator": MemberFactory(moderator=True),
        "self": owner,
    }
    return owner, {who: client_of(member) for who, member in people.items()}


@pytest.mark.parametrize(("level", "expected"), SEES.items())
def test_fields_and_photo_are_seen_by_those_they_are_meant_for(world, level, expected):
    owner, clients = world
    levels = dict.fromkeys(Member.VISIBILITY_DEFAULTS, level)
    Member.objects.filter(pk=owner.pk).update(visibility=levels)

    pages = {who: client.get("/community/members/owner/") for who, client in clients.items()}
    photos = {who: client.get("/accounts/photos/owner/") for who, client in clients.items()}

    for field, text in SHOWN.items():
        seen = {who for who, page in pages.items() if text in page.content.decode()}
        assert seen == expected, field
    assert {who for who, answer in photos.items() if answer.status_code == 200} == expected
    for answer in photos.values():
        answer.close()


def test_a_photo_runs_nothing_and_is_kept_by_nobody(world):
    _owner, clients = world

    answer = clients["self"].get("/accounts/photos/owner/")

    assert answer["Content-Type"] == "image/jpeg"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'"
    assert "no-store" in answer["Cache-Control"]
    answer.close()


def test_a_photo_whose_file_is_gone_is_not_found(world):
    owner, clients = world
    owner.photo.storage.delete(owner.photo.name)

    assert clients["self"].get("/accounts/photos/owner/").status_code == 404


def test_hubs_are_those_of_today_that_the_reader_may_see(world):
    owner, clients = world
    make.MembershipFactory(member=owner, hub=make.HubFactory(name="Past"), **PAST)
    make.MembershipFactory(member=owner, hub=make.HubFactory(name="Asked"), awaiting=True)
    make.MembershipFactory(member=owner, hub=make.HubFactory(name="Hidden", unpublished=True))

    page = clients["member"].get("/community/members/owner/").content.decode()

    assert "Agency" in page
    assert [name for name in ("Past", "Asked", "Hidden") if name in page] == []


def test_what_moderators_decide_is_offered_to_them_alone(world):
    _owner, clients = world

    offered = {
        who
        for who, client in clients.items()
        if "/accounts/members/owner/suspend/" in client.get("/community/members/owner/").text
    }

    assert offered == {"moderator"}


def test_a_page_costs_the_same_with_few_and_many_hubs(world, django_assert_max_num_queries):
    owner, clients = world
    clients["member"].get("/community/members/owner/")
    counts = []
    for _ in range(2):
        for _number in range(3):
            make.MembershipFactory(member=owner)
        with django_assert_max_num_queries(17) as queries:
            clients["member"].get("/community/members/owner/")
        counts.append(len(queries))

    assert counts[0] == counts[1]
