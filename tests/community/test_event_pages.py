"""Events as page, CSV, feed, calendar and through the API; and how they are written there."""

import csv
import datetime
import io

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from catalogue import searchable
from catalogue.search import Search, search
from catalogue.services import index_everything
from community.models import Enrolment, Event
from community.services import events as services
from evaluation.services.exchanges import change_exchange
from hubs.services import change_hub
from tests.api_clients import client_of
from tests.factories.accounts import MemberFactory
from tests.factories.catalogue import ResourceFactory
from tests.factories.evaluation import ExchangeFactory
from tests.factories.events import EnrolmentFactory, EventFactory
from tests.factories.hubs import HubFactory, MembershipFactory
from tests.kept import kept

pytestmark = pytest.mark.django_db
PAGE, API = "/community/events/", "/api/v1/events/"
ADDRESS = "https://meet.example/secret"


def at(year, month, day, hour=0):
    return datetime.datetime(year, month, day, hour, tzinfo=datetime.UTC)


@pytest.fixture(scope="module")
def kept_world(django_db_setup, django_db_blocker):
    with kept(django_db_blocker):
        hub = HubFactory(slug="agency", name="Agency")
        made = {
            "hub": hub,
            "head": MembershipFactory(hub=hub, head=True).member,
            "soon": EventFactory(
                title="Training on água",
                hubs=[hub],
                capacity=2,
                languages=["pt", "en"],
                starts_at=at(2046, 8, 1, 9),
                is_online=True,
                online_address=ADDRESS,
            ),
            "later": EventFactory(
                title="Fair", kind="fair", country="BR", place="Recife", starts_at=at(2047, 1, 5)
            ),
            # On the first of the month at the place, not in UTC.
            "past": EventFactory(
                title="Old visit",
                kind="study-tour",
                hubs=[hub],
                precision="day",
                time_zone="Asia/Jakarta",
                starts_at=at(2019, 6, 30, 17),
                ends_at=at(2019, 7, 2, 17),
            ),
            "cancelled": EventFactory(
                title="Off", cancelled=True, starts_at=at(2046, 9, 1), sequence=4
            ),
            "month": EventFactory(
                title="Some time",
                precision="month",
                time_zone="UTC",
                starts_at=at(2011, 11, 1),
                ends_at=at(2011, 12, 1),
            ),
        }
        EventFactory(title="A draft", draft=True, hubs=[hub])
        EventFactory(title="Hidden", hubs=[HubFactory(unpublished=True)])
        EventFactory(title="Secret", exchange=ExchangeFactory(confidential=True))
        made["seat"] = EnrolmentFactory(event=made["soon"], message="=1+1").member
        EnrolmentFactory(event=made["soon"], waiting=True)
        yield made


@pytest.fixture
def world(kept_world, db):
    return kept_world


ALL = {"Training on água", "Fair", "Old visit", "Off", "Some time"}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ALL),
        ("when=upcoming", {"Training on água", "Fair", "Off"}),
        ("when=past", {"Old visit", "Some time"}),
        ("when=past&when=upcoming", ALL),
        ("kind=fair&kind=study-tour", {"Fair", "Old visit"}),
        ("hub=agency", {"Training on água", "Old visit"}),
        ("country=BR", {"Fair"}),
        ("language=pt", {"Training on água"}),
        ("month=2019-07", {"Old visit"}),
        ("month=2011-11&month=2047-01", {"Some time", "Fair"}),
        ("q=agua", {"Training on água"}),
        ("kind=fair&when=past", set()),
    ],
)
def test_page_csv_and_api_find_the_same(client, world, query, expected):
    page = client.get(f"{PAGE}?{query}")
    text = client.get(f"{PAGE}?{query}&export=csv").getvalue().decode()
    rows = client.get(f"{API}?{query}").json()["results"]

    assert {line["event"].title for line in page.context["lines"]} == expected
    assert {row["title"] for row in csv.DictReader(io.StringIO(text))} == expected
    assert {row["title"] for row in rows} == expected
    api_csv = client.get(f"{API}?{query}&format=csv&order=title")
    assert api_csv.getvalue() == client.get(f"{PAGE}?{query}&export=csv&order=title").getvalue()


@pytest.mark.parametrize(
    "query",
    ["when=x", "kind=x", "hub=x", "country=XX", "language=zz", "month=2019-13", "q=" + "x" * 201],
)
def test_a_bad_value_never_widens_the_list(client, world, query):
    page = client.get(f"{PAGE}?{query}")

    assert page.status_code == 200
    assert page.context["lines"] == []
    for export in ("csv", "ics"):
        assert client.get(f"{PAGE}?{query}&export={export}").status_code == 400
    assert client.get(f"{API}?{query}").status_code == 400


def test_what_comes_next_stands_first_then_what_was_last(client, world):
    lines = client.get(PAGE).context["lines"]

    titles = [line["event"].title for line in lines]
    assert titles == ["Training on água", "Off", "Fair", "Old visit", "Some time"]
    assert [line["when"] for line in lines][3:] == ["July 1, 2019 to July 2, 2019", "November 2011"]
    facets = {facet.name: facet for facet in client.get(PAGE).context["facets"]}
    counts = {each.value: each.count for each in facets["when"].options}
    assert counts == {"upcoming": 3, "past": 2}
    assert {"2019-07", "2046-08"} <= {each.value for each in facets["month"].options}


def test_the_list_as_calendar_and_as_feed(client, world):
    text = client.get(f"{PAGE}?export=ics").content.decode()
    feed = client.get(f"{PAGE}?export=atom").content.decode()

    assert text.count("BEGIN:VEVENT") == 4  # what is known to the month is in no calendar
    assert f"UID:{world['soon'].uid}" in text
    assert "DTSTART;VALUE=DATE:20190701\r\nDTEND;VALUE=DATE:20190703" in text
    assert "STATUS:CANCELLED" in text
    assert "SEQUENCE:4" in text
    assert ADDRESS not in text.replace("\r\n ", "") + feed
    assert feed.count("<entry>") == 5
    for title in ("A draft", "Hidden", "Secret"):
        assert title not in text + feed


def test_an_event_is_told_with_the_time_at_the_place_and_ones_own(client, world):
    soon = world["soon"]
    url = soon.get_absolute_url()
    body = client.get(url).content.decode()
    assert "Aug. 1, 2046, 4 p.m. to 6 p.m. (Asia/Jakarta)" in body
    assert "For you" not in body
    assert "1 of 2 seats are taken. 1 person waits." in body
    assert ADDRESS not in body + client.get(f"{url}event.ics").content.decode()
    assert client.get(f"{API}{soon.slug}/").json()["online_address"] == ""

    world["seat"].time_zone = "Africa/Nairobi"
    world["seat"].save()
    mine = client_of(world["seat"])
    body = mine.get(url).content.decode()
    assert "For you: Aug. 1, 2046, noon to 2 p.m. (Africa/Nairobi)" in body
    assert "You have a seat." in body
    assert ADDRESS in body
    assert ADDRESS in mine.get(f"{url}event.ics").content.decode().replace("\r\n ", "")
    told = mine.get(f"{API}{soon.slug}/").json()
    assert (told["online_address"], told["my_enrolment"]) == (ADDRESS, "approved")
    assert (told["seats_taken"], told["people_waiting"], told["hubs"]) == (1, 1, ["agency"])


def test_events_in_the_words_of_schema_org(client, world):
    listed = client.get(API, headers={"accept": "application/ld+json"}).json()["@graph"]
    nodes = {node["name"]: node for node in listed}
    one = client.get(f"{API}{world['soon'].slug}/?format=jsonld").json()

    assert set(nodes) == ALL
    assert one["@type"] == "Event"
    assert one["startDate"] == "2046-08-01T09:00:00+00:00"
    assert one["eventAttendanceMode"] == "MixedEventAttendanceMode"
    assert one["location"]["address"]["addressCountry"] == "ID"
    assert nodes["Off"]["eventStatus"] == "EventCancelled"
    assert (nodes["Old visit"]["startDate"], nodes["Old visit"]["endDate"]) == (
        "2019-07-01",
        "2019-07-02",
    )
    assert ADDRESS not in str(listed) + str(one)


def test_pages_cost_the_same_for_few_and_many(client, world, django_assert_max_num_queries):
    head = client_of(world["head"])
    soon = world["soon"].get_absolute_url()
    asked = (
        (client, PAGE, 12),
        (head, PAGE, 16),
        (client, soon, 10),
        (head, soon, 18),
        (head, f"{soon}people/", 11),
        (client, API, 4),
        (head, f"{API}{world['soon'].slug}/enrolments/", 6),
        (client, f"{PAGE}?export=ics", 3),
    )
    costs = []
    for _ in range(2):
        found = []
        for reader, url, most in asked:
            with django_assert_max_num_queries(most) as queries:
                assert reader.get(url).status_code == 200
            found.append(len(queries))
        costs.append(found)
        for _number in range(6):
            EventFactory(hubs=[HubFactory(), world["hub"]])
            EnrolmentFactory(event=world["soon"], requested=True)
            world["soon"].materials.add(ResourceFactory())
            world["soon"].sessions.create(
                title="x", starts_at=at(2046, 8, 1, 9), ends_at=at(2046, 8, 1, 10)
            )

    assert costs[0] == costs[1]


def test_organisers_decide_on_the_page_and_take_the_list_away(world):
    event = EventFactory(hubs=[world["hub"]], approval=True)
    asked = EnrolmentFactory(event=event, requested=True, message="=1+1")
    head, url = client_of(world["head"]), event.get_absolute_url()

    text = head.get(f"{url}people/?export=csv").getvalue().decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(text))
    assert (row["member"], row["message"], row["state"]) == (
        asked.member.slug,
        "'=1+1",
        "requested",
    )
    head.post(f"{url}people/{asked.pk}/approve/")
    asked.refresh_from_db()
    assert (asked.state, asked.decided_by) == ("approved", world["head"])
    page = head.post(f"{url}people/{asked.pk}/decline/", {"reason": ""})
    assert page.status_code == 200
    head.post(f"{url}people/{asked.pk}/decline/", {"reason": "Full."})
    asked.refresh_from_db()
    assert (asked.state, asked.reason) == ("declined", "Full.")
    other = EnrolmentFactory().pk
    assert head.post(f"{url}people/{other}/approve/").status_code == 404


def test_an_event_is_written_part_by_part(world):
    head = client_of(world["head"])
    when = {"starts_on": "2046-03-01", "starts_time": "09:00", "time_zone": "Asia/Jakarta"}
    begin = {"title": "Visit", "hub": world["hub"].pk, "kind": "training", "language": "en"} | when

    page = head.post(f"{PAGE}begin/", begin | {"ends_on": "2046-03-01"})
    assert "State both hours, or none." in page.content.decode()
    ends = {"ends_on": "2046-03-01", "ends_time": "08:00"}
    assert "come after the start" in head.post(f"{PAGE}begin/", begin | ends).content.decode()
    answer = head.post(f"{PAGE}begin/", begin | ends | {"ends_time": "17:00"})
    assert answer["Location"] == f"{PAGE}visit/edit/"
    event = Event.objects.get(slug="visit")
    assert (event.starts_at, event.ends_at) == (at(2046, 3, 1, 2), at(2046, 3, 1, 10))

    resource = ResourceFactory(hub=world["hub"])
    for section, data in {
        "about": {"title": "Visit", "kind": "training", "language": "en", "summary": "Soil."},
        "when": {"starts_on": "2046-03-01", "ends_on": "2046-03-02", "time_zone": "Asia/Jakarta"},
        "where": {"place": "Bali", "country": "ID", "is_online": "on", "online_address": ADDRESS},
        "seats": {"policy": "open", "capacity": "2", "closes_on": "2046-02-20"},
        "afterwards": {"participants": "Two", "outcome": "A law."},
        "materials": {"materials": f"https://portal.example{resource.get_absolute_url()}\n"},
        "hubs": {"hubs": [world["hub"].pk]},
    }.items():
        event.refresh_from_db()
        url = f"{PAGE}visit/edit/{section}/"
        assert head.get(url).status_code == 200
        answer = head.post(url, data | {"version": event.version})
        assert answer.status_code == 302, (section, answer.context["form"].errors)
        assert head.post(url, data | {"version": 1}).status_code == 409, section
    event.refresh_from_db()
    assert event.precision == "day"
    assert event.enrolment_closes_at == at(2046, 2, 20, 17)
    assert list(event.materials.all()) == [resource]
    agenda = {"title": "Opening", "day": "2046-03-01", "begins": "09:00", "ends": "10:00"}
    answer = head.post(f"{PAGE}visit/edit/agenda/add/", agenda | {"version": event.version})
    session = event.sessions.get()
    assert session.starts_at == at(2046, 3, 1, 2)
    late = agenda | {"day": "2046-03-09", "version": event.version + 1}
    page = head.post(f"{PAGE}visit/edit/agenda/{session.pk}/", late)
    assert "does not take place then" in page.content.decode()
    head.post(f"{PAGE}visit/edit/agenda/{session.pk}/remove/")
    event.refresh_from_db()
    head.post(f"{PAGE}visit/publish/", {"version": event.version})
    event.refresh_from_db()
    assert (event.state, event.sessions.count()) == ("published", 0)


def test_an_hour_that_the_clocks_leave_out_is_refused(world):
    sent = {
        "title": "Night",
        "hub": world["hub"].pk,
        "kind": "training",
        "language": "en",
        "starts_on": "2046-03-25",
        "starts_time": "02:30",
        "ends_on": "2046-03-25",
        "ends_time": "05:00",
        "time_zone": "Europe/Berlin",
    }
    page = client_of(world["head"]).post(f"{PAGE}begin/", sent)

    assert "There is no such time at the place." in page.content.decode()


def api(client, method, path, body=None, **headers):
    return getattr(client, method)(
        f"{API}{path}", body or {}, content_type="application/json", headers=headers
    )


def test_an_event_is_written_through_the_api(world):
    head, guest = client_of(world["head"]), client_of(MemberFactory(slug="guest"))
    new = {
        "hub": "agency",
        "title": "By program",
        "kind": "webinar",
        "language": "en",
        "starts_at": "2046-05-01T09:00:00+07:00",
        "ends_at": "2046-05-01T10:00:00+07:00",
        "time_zone": "Asia/Jakarta",
        "is_online": True,
        "summary": "Soil.",
        "policy": "approval",
    }
    for wrong in (
        {"country": "XX"},
        {"time_zone": "x"},
        {"ends_at": "2046-04-01T09:00:00Z"},
        {"precision": "year"},
        {"languages": ["xx"]},
        {"exchange": "none"},
        {"unknown": 1},
    ):
        answer = api(head, "post", "", new | wrong)
        assert answer.status_code == 400, (wrong, answer.content)
    foreign = api(head, "post", "", new | {"hub": HubFactory(slug="foreign").slug})
    assert foreign.status_code == 403
    made = api(head, "post", "", new)
    assert (made.status_code, made["Location"].endswith("/by-program/")) == (201, True)
    changed = api(head, "patch", "by-program/", {"capacity": 1}, **{"If-Match": made["ETag"]})
    assert changed.json()["capacity"] == 1
    stale = api(head, "patch", "by-program/", {"capacity": 2}, **{"If-Match": made["ETag"]})
    assert stale.status_code == 412
    assert api(guest, "post", "by-program/enrol/").status_code == 404
    published = api(head, "post", "by-program/publish/", **{"If-Match": changed["ETag"]})
    assert published.json()["state"] == "published"

    asked = api(guest, "post", "by-program/enrol/", {"message": "Hello"})
    assert asked.json()["my_enrolment"] == "requested"
    listed = head.get(f"{API}by-program/enrolments/").json()["results"]
    assert [(row["member"], row["message"]) for row in listed] == [("guest", "Hello")]
    decide = "by-program/enrolments/decide/"
    nobody = api(head, "post", decide, {"member": "nobody", "decision": "approve"})
    assert nobody.status_code == 409
    no_reason = api(head, "post", decide, {"member": "guest", "decision": "decline"})
    assert no_reason.status_code == 400
    decided = api(head, "post", decide, {"member": "guest", "decision": "approve"})
    assert decided.json()["results"][0]["state"] == "approved"
    assert api(guest, "post", "by-program/give-up/").json()["my_enrolment"] == "cancelled"
    cancelled = api(head, "post", "by-program/cancel/", {"reason": "A strike."})
    assert (cancelled.json()["state"], cancelled.json()["cancelled_reason"]) == (
        "cancelled",
        "A strike.",
    )
    assert api(guest, "post", "by-program/enrol/").status_code == 409


def test_ones_own_calendar_has_an_address_that_ends(client, world):
    mine = client_of(world["seat"])
    mine.post(f"{PAGE}calendar/new/")
    url = mine.get(f"{PAGE}calendar/").context["feed_url"].removeprefix("http://testserver")
    answer = client.get(url)

    text = answer.content.decode().replace("\r\n ", "")
    assert answer["Content-Type"].startswith("text/calendar")
    assert "no-store" in answer["Cache-Control"]
    assert text.count("BEGIN:VEVENT") == 1
    assert ADDRESS in text
    mine.post(f"{PAGE}calendar/end/")
    assert client.get(url).status_code == 404
    waits = Enrolment.objects.get(event=world["soon"], state="waiting").member
    theirs = client_of(waits)
    theirs.post(f"{PAGE}calendar/new/")
    url = theirs.get(f"{PAGE}calendar/").context["feed_url"]
    text = client.get(url.removeprefix("http://testserver")).content.decode()
    assert "BEGIN:VEVENT" in text
    assert ADDRESS not in text.replace("\r\n ", "")


def test_feedback_and_attendance_on_their_pages(world):
    event = EventFactory(past=True, hubs=[world["hub"]])
    seats = EnrolmentFactory.create_batch(3, event=event)
    head, url = client_of(world["head"]), event.get_absolute_url()
    keys = [each.pk for each in seats]
    answer = head.post(f"{url}people/attendance/0/", {"present": keys[:2], "asked": [*keys, "x"]})
    assert answer["Location"] == f"{url}people/"
    assert head.get(f"{url}people/").context["sessions"] == [(0, "The event", 2)]
    rows = head.get(f"{url}people/attendance/0/").context["rows"]
    assert {row.pk for row in rows if row.is_present} == set(keys[:2])
    event.sessions.create(title="x", starts_at=event.starts_at, ends_at=event.ends_at)
    assert head.post(f"{url}people/attendance/0/").status_code == 404
    sheet = {"useful": "4", "organised": "5", "applied": "3", "best": "The field"}
    for each in seats:
        mine = client_of(each.member)
        assert mine.post(f"{url}feedback/", sheet | {"useful": "9"}).status_code == 200
        assert mine.post(f"{url}feedback/", sheet).status_code == 302
    body = head.get(f"{url}feedback/summary/").content.decode()
    assert "4.0 of 5" in body
    assert body.count("The field") == 3
    assert not any(each.member.name in body for each in seats)


def found(text):
    wanted = Search(tuple(searchable.kinds()), text, {})
    return {str(thing) for thing in search(wanted, user=AnonymousUser(), limit=50).things}


def test_events_are_found_while_everybody_may_see_them(world):
    hub = HubFactory()
    head = MembershipFactory(hub=hub, head=True).member
    moderator = MemberFactory(moderator=True)
    exchange = ExchangeFactory(hub=hub)
    event = EventFactory(title="Zebra", hubs=[hub], draft=True, exchange=exchange)
    index_everything()
    assert found("Zebra") == set()
    services.publish_event(event, expected_version=1, by=head)
    assert len(found("Zebra")) == 1
    event.refresh_from_db()
    services.change_event(event, changes={"title": "Okapi"}, expected_version=2, by=head)
    assert (len(found("Zebra")), len(found("Okapi"))) == (0, 1)

    def set_shown(is_published):
        hub.refresh_from_db()
        changes = {"is_published": is_published}
        change_hub(hub, changes=changes, expected_version=hub.version, by=moderator)

    set_shown(False)
    assert found("Okapi") == set()
    set_shown(True)
    assert len(found("Okapi")) == 1
    change_exchange(
        exchange, changes={"confidentiality": "parties"}, expected_version=exchange.version, by=head
    )
    assert found("Okapi") == set()


def test_the_front_page_names_what_comes_next(client, world):
    EventFactory(title="Right now", starts_at=timezone.now() - datetime.timedelta(minutes=5))

    shown = [event.title for event, _days in client.get("/").context["next_events"]]

    assert shown == ["Right now", "Training on água", "Fair"]


def test_the_page_of_an_exchange_names_its_events_and_that_of_a_hub_leads_to_them(client, world):
    exchange = ExchangeFactory(hub=world["hub"])
    EventFactory(title="Opening of it", exchange=exchange)
    EventFactory(title="Only planned", exchange=exchange, draft=True)

    body = client.get(exchange.get_absolute_url()).content.decode()
    hub = client.get(world["hub"].get_absolute_url()).content.decode()

    assert "Opening of it" in body
    assert "Only planned" not in body
    assert "/community/events/?hub=agency" in hub
