"""Agenda and materials of events through the API: as on their pages, with the same refusals."""

import csv
import datetime
import io

import pytest

from catalogue.models import Resource
from community.models import Event, EventSession
from community.services import agenda, materials
from core.errors import StaleEdit
from tests.api_clients import client_of
from tests.factories.accounts import MemberFactory
from tests.factories.catalogue import ResourceFactory
from tests.factories.events import EnrolmentFactory, EventFactory
from tests.factories.hubs import HubFactory, MembershipFactory
from tests.races import all_at_once

pytestmark = pytest.mark.django_db
API = "/api/v1/events/"
START = datetime.datetime(2046, 3, 1, 2, tzinfo=datetime.UTC)
OPENING = {
    "title": "Opening",
    "starts_at": "2046-03-01T09:00:00+07:00",
    "ends_at": "2046-03-01T10:00:00+07:00",
    "speakers": "=1+1",
}


@pytest.fixture
def hub():
    return HubFactory(slug="agency")


@pytest.fixture
def head(hub):
    return MembershipFactory(hub=hub, head=True).member


@pytest.fixture
def event(hub):
    return EventFactory(slug="visit", hubs=[hub], starts_at=START)


def api(by, method, path, body=None, **headers):
    return getattr(client_of(by), method)(
        f"{API}{path}", body or {}, content_type="application/json", headers=headers
    )


def tag(path="visit/"):
    """Return the If-Match that a program would send now."""
    event = Event.objects.get(slug=path.partition("/")[0])
    return {"If-Match": f'"{event.version}"'}


def errors(answer):
    return [text for texts in answer.json()["errors"].values() for text in texts]


def test_the_agenda_is_written_as_on_its_pages(client, event, head):
    made = api(head, "post", "visit/sessions/", OPENING, **tag())
    assert made.status_code == 201, made.content
    session = event.sessions.get()
    assert made.json()["id"] == session.pk
    assert session.starts_at == START
    changed = api(
        head,
        "patch",
        f"visit/sessions/{session.pk}/",
        {"title": "Welcome"},
        **{"If-Match": made["ETag"]},
    )
    assert (changed.json()["title"], changed.json()["speakers"]) == ("Welcome", "=1+1")
    listed = client.get(f"{API}visit/sessions/")
    assert [row["title"] for row in listed.json()["results"]] == ["Welcome"]
    assert listed.json()["results"] == client.get(f"{API}visit/").json()["sessions"]
    text = client.get(f"{API}visit/sessions/?format=csv").getvalue().decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(text))
    assert (row["title"], row["speakers"]) == ("Welcome", "'=1+1")
    gone = api(head, "delete", f"visit/sessions/{session.pk}/", **{"If-Match": changed["ETag"]})
    assert gone.status_code == 204
    assert not event.sessions.exists()
    assert api(head, "delete", f"visit/sessions/{session.pk}/", **tag()).status_code == 404


def test_one_session_for_one_key(event, head):
    headers = {"Idempotency-Key": "opening", **tag()}

    first = api(head, "post", "visit/sessions/", OPENING, **headers)
    again = api(head, "post", "visit/sessions/", OPENING, **headers)

    assert (first.json(), event.sessions.count()) == (again.json(), 1)


@pytest.mark.parametrize(
    ("wrong", "typed"),
    [
        ({"title": "\u200b"}, {"title": "\u200b"}),
        ({"title": ""}, {"title": ""}),
        (
            {"ends_at": "2046-03-01T08:00:00+07:00", "starts_at": "2046-03-01T08:30:00+07:00"},
            {"ends": "08:00", "begins": "08:30"},
        ),
        (
            {"starts_at": "2046-03-09T09:00:00+07:00", "ends_at": "2046-03-09T10:00:00+07:00"},
            {"day": "2046-03-09"},
        ),
        ({"ends_at": "2046-03-01T08:00:00+07:00"}, {"ends": "08:00"}),
    ],
)
def test_page_and_api_refuse_the_same_in_the_same_words(event, head, wrong, typed):
    page = {
        "title": "Opening",
        "day": "2046-03-01",
        "begins": "09:00",
        "ends": "10:00",
        "version": event.version,
    }
    shown = client_of(head).post("/community/events/visit/edit/agenda/add/", page | typed)
    answer = api(head, "post", "visit/sessions/", OPENING | wrong, **tag())

    assert answer.status_code == 400
    on_page = [text for texts in shown.context["form"].errors.values() for text in texts]
    assert set(errors(answer)) & set(on_page) or "may not be blank" in errors(answer)[0]
    assert not event.sessions.exists()


def test_what_was_read_before_is_stale_and_what_is_cancelled_stays(event, head, hub):
    session = EventSession.objects.create(
        event=event, title="x", starts_at=event.starts_at, ends_at=event.ends_at
    )
    one = f"visit/sessions/{session.pk}/"
    for method, path in (("post", "visit/sessions/"), ("patch", one), ("delete", one)):
        assert api(head, method, path, OPENING).status_code == 428
        assert api(head, method, path, OPENING, **{"If-Match": '"99"'}).status_code == 412
    enrolment = EnrolmentFactory(event=event)
    enrolment.attendances.create(session=session, marked_by=head)
    refused = api(head, "delete", one, **tag())
    on_page = client_of(head)
    on_page.post(f"/community/events/visit/edit/agenda/{session.pk}/remove/")
    assert refused.status_code == 409
    assert refused.json()["detail"] == "People are marked as present at this session. It stays."
    told = on_page.get("/community/events/visit/edit/").content.decode()
    assert refused.json()["detail"] in told
    assert event.sessions.get() == session
    off = EventFactory(slug="off", hubs=[hub], cancelled=True, starts_at=START)
    late = api(head, "post", "off/sessions/", OPENING, **tag("off/"))
    assert (late.status_code, late.json()["detail"]) == (409, "This event is cancelled.")
    assert not off.sessions.exists()


def test_a_session_of_another_event_is_not_found(event, head, hub):
    other = EventFactory(slug="other", hubs=[hub], starts_at=START)
    session = EventSession.objects.create(
        event=other, title="x", starts_at=other.starts_at, ends_at=other.ends_at
    )

    answer = api(head, "patch", f"visit/sessions/{session.pk}/", {"title": "y"}, **tag())

    assert answer.status_code == 404


@pytest.mark.django_db(transaction=True)
def test_two_who_write_the_agenda_at_once_write_it_once(event, head):
    columns = {"title": "x", "starts_at": event.starts_at, "ends_at": event.ends_at}

    def write():
        return agenda.write_session(
            event, EventSession(), columns=columns, expected_version=1, by=head
        )

    results = all_at_once(write, write)

    assert {type(each) for each in results} == {EventSession, StaleEdit}
    assert event.sessions.count() == 1


def test_materials_are_added_and_taken_out(client, event, head, hub):
    guide = ResourceFactory(slug="guide", title="Guide", hub=hub)
    draft = ResourceFactory(slug="notes", title="Notes", hub=hub, is_published=False)
    for each in (guide, draft):
        made = api(head, "post", "visit/materials/", {"resource": each.slug}, **tag())
        assert made.status_code == 201, made.content
    again = api(head, "post", "visit/materials/", {"resource": "guide"}, **tag())
    assert again.status_code == 201
    assert [row["slug"] for row in again.json()["results"]] == ["guide", "notes"]
    # Drafts are for their own people: as on the page of the event, so here.
    assert [row["slug"] for row in client.get(f"{API}visit/materials/").json()["results"]] == [
        "guide"
    ]
    assert client.get(f"{API}visit/").json()["materials"] == ["guide"]
    page = client.get("/community/events/visit/")
    assert [each.slug for each in page.context["materials"]] == ["guide"]
    assert api(head, "delete", "visit/materials/guide/", **tag()).status_code == 204
    assert api(head, "delete", "visit/materials/guide/", **tag()).status_code == 404
    assert list(event.materials.all()) == [draft]
    assert Resource.objects.filter(slug="guide").exists()


def test_what_one_may_not_see_cannot_be_added_or_taken_out_and_stays(event, head):
    hidden = ResourceFactory(slug="hidden", hub=HubFactory(), is_published=False)
    event.materials.add(hidden)

    answer = api(head, "post", "visit/materials/", {"resource": "hidden"}, **tag())
    nothing = api(head, "post", "visit/materials/", {"resource": "nothing"}, **tag())
    page = client_of(head).post(
        "/community/events/visit/edit/materials/",
        {"materials": "/catalogue/resources/hidden/", "version": event.version},
    )

    assert (answer.status_code, nothing.status_code) == (400, 400)
    assert answer.json()["errors"] == {"resource": ["There is no such resource: hidden"]}
    assert errors(answer) == page.context["form"].errors["materials"]
    assert api(head, "delete", "visit/materials/hidden/", **tag()).status_code == 404
    assert api(head, "get", "visit/materials/").json()["results"] == []
    assert list(event.materials.all()) == [hidden]


def test_a_draft_for_the_library_is_made_and_added_at_once(event, head, hub):
    new = {"title": "Slides", "type": "guide", "language": "en"}

    refused = api(head, "post", "visit/materials/add/", new | {"title": "\u200b"}, **tag())
    assert (refused.status_code, Resource.objects.count()) == (400, 0)
    stale = api(head, "post", "visit/materials/add/", new, **{"If-Match": '"9"'})
    assert (stale.status_code, Resource.objects.count()) == (412, 0)
    made = api(head, "post", "visit/materials/add/", new, **tag())

    assert made.status_code == 201, made.content
    resource = Resource.objects.get()
    assert (resource.hub, resource.is_published) == (hub, False)
    assert list(event.materials.all()) == [resource]
    foreign = api(
        head, "post", "visit/materials/add/", new | {"hub": HubFactory(slug="b").slug}, **tag()
    )
    assert (foreign.status_code, Resource.objects.count()) == (400, 1)


def test_there_is_an_end_to_materials_and_to_the_agenda(event, head, monkeypatch):
    monkeypatch.setattr(materials, "MOST_MATERIALS", 1)
    monkeypatch.setattr(agenda, "MOST_SESSIONS", 0)
    event.materials.add(ResourceFactory())

    full = api(head, "post", "visit/materials/", {"resource": ResourceFactory().slug}, **tag())
    session = api(head, "post", "visit/sessions/", OPENING, **tag())

    assert errors(full) == ["An event has at most a hundred materials."]
    assert session.json()["detail"] == "This agenda has as many items as one can have."


@pytest.mark.django_db(transaction=True)
def test_two_who_add_materials_at_once_lose_none(event, head):
    first, second = ResourceFactory(), ResourceFactory()

    results = all_at_once(
        *(
            lambda each=each: materials.add_material(event, each, expected_version=1, by=head)
            for each in (first, second)
        )
    )

    assert {type(each) for each in results} == {Event, StaleEdit}
    assert event.materials.count() == 1


def test_parts_cost_the_same_for_few_and_many(client, event, django_assert_max_num_queries):
    costs = []
    for _ in range(2):
        event.materials.add(ResourceFactory())
        event.sessions.create(title="x", starts_at=event.starts_at, ends_at=event.ends_at)
        found = []
        for url in ("sessions/", "sessions/?format=csv", "materials/"):
            with django_assert_max_num_queries(4) as queries:
                assert client.get(f"{API}visit/{url}").status_code == 200
            found.append(len(queries))
        costs.append(found)
        for _number in range(5):
            event.materials.add(ResourceFactory())
            event.sessions.create(title="x", starts_at=event.starts_at, ends_at=event.ends_at)

    assert costs[0] == costs[1]


def test_only_who_runs_the_event_writes_its_parts(event, hub):
    for by, status in (
        (MemberFactory(), 403),
        (MembershipFactory(hub=HubFactory(), head=True).member, 403),
        (None, 401),
    ):
        for path in ("sessions/", "materials/", "materials/add/"):
            assert api(by, "post", f"visit/{path}", OPENING, **tag()).status_code == status
    hidden = EventFactory(slug="hidden", hubs=[hub], draft=True)
    assert api(MemberFactory(), "get", "hidden/sessions/").status_code == 404
    assert api(MemberFactory(), "post", "hidden/materials/", **tag("hidden/")).status_code == 404
    assert not hidden.sessions.exists()
