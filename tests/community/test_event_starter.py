"""The archive of events: what the sources state, nothing more; people's edits stand."""

import json

import pytest

from accounts.models import Activity
from catalogue.starter.loader import load_starter_entries
from community.models import Event
from community.services.events import change_event
from community.starter.events import CONTENT, load_starter_events
from hubs.starter.loader import load_starter_content
from tests.factories.accounts import MemberFactory

pytestmark = pytest.mark.django_db


def _page(client, slug):
    return client.get(f"/community/events/{slug}/").content.decode()


def test_the_archive_is_loaded_once_with_its_sources(client, django_assert_max_num_queries):
    load_starter_content()
    load_starter_entries()
    assert load_starter_events() == {"events": 18}
    with django_assert_max_num_queries(6):
        assert not load_starter_events()
    assert not load_starter_events(CONTENT.read_text(encoding="utf-8") + "\n")

    events = {event.slug: event for event in Event.objects.all()}
    assert len(events) == 18
    assert all(event.sources.exists() and event.is_past for event in events.values())
    bali = client.get("/api/v1/events/bali-hlm-2012/").json()
    assert (bali["starts_on"], bali["ends_on"]) == ("2012-07-10", "2012-07-12")
    assert (bali["starts_at"], bali["precision"]) == ("2012-07-09T16:00:00.000000Z", "day")
    assert "46 countries" in bali["participants"]
    assert "press calls it two-day" in bali["note"]
    assert len(bali["sources"]) == 3
    busan = client.get("/api/v1/events/busan-2011/").json()
    assert (busan["starts_on"], busan["ends_on"]) == ("2011-11", "2011-11")
    assert client.get("/community/events/busan-2011/event.ics").status_code == 404
    assert "July 10, 2012 to July 12, 2012" in _page(client, "bali-hlm-2012")
    assert "November 2011" in _page(client, "busan-2011")
    assert client.get("/api/v1/events/?hub=embrapa").json()["results"][0]["slug"] == (
        "bamako-no-till-2016"
    )
    assert client.get("/community/events/?month=2009-12").context["count"] == 1
    assert not Activity.objects.filter(object_model="event").exists()


def test_what_a_person_edited_stays():
    content = json.loads(CONTENT.read_text(encoding="utf-8"))
    content["events"] = content["events"][:2]
    load_starter_events(json.dumps(content))
    event = Event.objects.get(slug="bali-hlm-2012")
    by = MemberFactory(moderator=True)
    change_event(event, changes={"place": "Bali"}, expected_version=event.version, by=by)

    for row in content["events"]:
        row["place"] = "Elsewhere"
    assert load_starter_events(json.dumps(content)) == {"events": 1}

    assert Event.objects.get(slug="bali-hlm-2012").place == "Bali"
    other = Event.objects.get(slug="seoul-hlm2-2014")
    assert (other.place, other.sequence) == ("Elsewhere", 1)
