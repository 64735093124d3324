"""Events in a real browser without JavaScript: enrol, wait, move up, take the calendar file; and
axe on their pages.
"""

import datetime

import pytest
from django.utils import timezone

from community.models import Event
from tests.browser.conftest import LOOKS, faults, follow, sign_in
from tests.factories.accounts import MemberFactory
from tests.factories.events import EnrolmentFactory, EventFactory
from tests.factories.hubs import HubFactory, MembershipFactory

pytestmark = pytest.mark.django_db(transaction=True)
SEND = "main form:has([name=csrfmiddlewaretoken]) button[type=submit]"


def test_one_enrols_waits_moves_up_and_takes_the_calendar_file(open_page, texts):
    hub = HubFactory()
    EventFactory(title="Soil training", slug="soil", hubs=[hub], capacity=1)
    first, second = MemberFactory(), MemberFactory(time_zone="Africa/Nairobi")

    one = open_page("/community/events/", scripts=False)
    follow(one, "#results h2 a")
    follow(one, "#seat a.btn")  # leads a visitor to the sign-in page and back
    sign_in(one, first, "/community/events/soil/enrol/")
    follow(one, SEND)
    assert "You have a seat." in one.locator("#seat").inner_text()

    two = open_page("/", scripts=False, width=320)
    sign_in(two, second, "/community/events/soil/")
    assert "1 of 1 seats are taken." in two.locator("#seat").inner_text()
    follow(two, "#seat a.btn")
    two.fill("[name=message]", "I come by train.")
    follow(two, SEND)
    assert "You are on the waiting list." in two.locator("#seat").inner_text()

    follow(one, "#seat form button")
    assert "You have a seat." not in one.locator("main").inner_text()

    two.goto("/community/events/soil/")
    assert "You have a seat." in two.locator("#seat").inner_text()
    assert "For you:" in two.locator("main").inner_text()
    with two.expect_download() as download:
        two.click("a[href$='event.ics']")
    text = download.value.path().read_text(encoding="utf-8")
    event = Event.objects.get()
    assert f"UID:{event.uid}" in text
    assert f"DTSTART:{event.starts_at.astimezone(datetime.UTC):%Y%m%dT%H%M%SZ}" in text


@LOOKS
def test_axe_finds_nothing(open_page, texts, width, language, dark):
    hub = HubFactory(slug="agency")
    head = MembershipFactory(hub=hub, head=True, member__language=language).member
    event = EventFactory(
        title="A training with a long name " * 5,
        slug="soil",
        hubs=[hub],
        capacity=1,
        description="## What\n\nA *text*.",
        online_address=f"https://meet.example/{'x' * 120}",
        is_online=True,
        approval=True,
        starts_at=timezone.now() - datetime.timedelta(hours=1),
    )
    EnrolmentFactory(event=event, requested=True, message="I come by train. " * 20)
    EnrolmentFactory(event=event)
    EnrolmentFactory(event=event, waiting=True)
    event.sessions.create(title="Opening", starts_at=event.starts_at, ends_at=event.ends_at)
    past = EventFactory(slug="past", past=True, hubs=[hub], outcome="A law.")
    EnrolmentFactory(event=past, member=head)
    page = open_page("/", width=width, language=language, dark=dark)
    sign_in(page, head, "/community/events/")
    session = event.sessions.get().pk
    found = {}
    for path in (
        "",
        "begin/",
        "calendar/",
        "soil/",
        "soil/edit/",
        "soil/edit/about/",
        "soil/edit/when/",
        "soil/edit/where/",
        "soil/edit/seats/",
        "soil/edit/hubs/",
        f"soil/edit/agenda/{session}/",
        "soil/people/",
        f"soil/people/attendance/{session}/",
        f"soil/people/sheet/{session}/",
        "soil/discard/",
        "soil/cancel/",
        "past/feedback/",
        "past/feedback/summary/",
    ):
        page.goto(f"/community/events/{path}")
        found[path] = faults(page)

    assert {path: each for path, each in found.items() if each} == {}
