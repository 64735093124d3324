"""The nightly look whether copies can still be had: what it writes, what it leaves."""

import datetime

import pytest
from celery.schedules import crontab
from django.conf import settings as portal_settings
from django.utils import timezone

from catalogue import tasks
from catalogue.models import Resource, ResourceLink
from catalogue.tasks import check_links
from tests.factories import catalogue as make
from tests.web_server import WebServer

pytestmark = pytest.mark.django_db
LONG_AGO = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)


@pytest.fixture
def server(settings):
    settings.OUTGOING_MAY_ASK_LOOPBACK = True
    with WebServer() as running:
        yield running


@pytest.fixture
def link(server):
    return make.ResourceLinkFactory(address=f"{server.address}/ok")


def age(**columns):
    ResourceLink.objects.update(checked_at=LONG_AGO, **columns)


def test_a_copy_that_can_be_had_is_noted(link):
    assert check_links() == 1

    link.refresh_from_db()
    assert link.last_status == 200
    assert link.unreachable_since is None
    assert timezone.now() - link.checked_at < datetime.timedelta(minutes=1)


@pytest.mark.parametrize(("path", "status"), [("gone", 410), ("broken", 500), ("nothing", 404)])
def test_one_that_cannot_says_since_when(server, client, path, status):
    link = make.ResourceLinkFactory(address=f"{server.address}/{path}")

    check_links()

    link.refresh_from_db()
    assert link.last_status == status
    assert link.unreachable_since is not None
    page = client.get(link.resource.get_absolute_url()).content.decode()
    assert "Not reachable since" in page
    assert "Not reachable" in client.get("/catalogue/resources/?copy=unreachable").content.decode()


def test_nobody_there_is_not_reachable():
    link = make.ResourceLinkFactory(address="http://127.0.0.1:9/")

    check_links()

    link.refresh_from_db()
    assert link.last_status is None
    assert link.unreachable_since is not None


def test_a_server_that_lets_no_program_in_is_there(server):
    link = make.ResourceLinkFactory(address=f"{server.address}/guarded")

    check_links()

    link.refresh_from_db()
    assert link.last_status == 403
    assert link.unreachable_since is None


def test_the_first_night_stands_until_it_can_be_had_again(server, link):
    age(unreachable_since=LONG_AGO)
    server.statuses["/ok"] = 503
    check_links()
    link.refresh_from_db()
    assert link.unreachable_since == LONG_AGO

    age()
    server.statuses["/ok"] = 200
    check_links()
    link.refresh_from_db()
    assert link.unreachable_since is None


def test_a_resource_changes_when_its_copy_comes_or_goes_and_only_then(server, link):
    def moment():
        return Resource.objects.get().updated_at

    before = moment()
    check_links()
    assert moment() == before

    age()
    server.statuses["/ok"] = 404
    check_links()
    gone = moment()
    assert gone > before

    age()
    check_links()
    assert moment() == gone


def test_a_second_run_in_the_same_night_asks_nobody(server, link):
    check_links()
    asked = len(server.asked)

    assert check_links() == 0
    assert len(server.asked) == asked


def test_drafts_and_files_are_not_looked_at(server):
    make.ResourceLinkFactory(address=f"{server.address}/ok", resource__is_published=False)
    make.ResourceLinkFactory(address="", file="x.pdf", content_type="application/pdf", bytes=1)

    assert check_links() == 0
    assert server.asked == []


def test_all_are_looked_at_in_portions(server, monkeypatch, django_capture_on_commit_callbacks):
    monkeypatch.setattr(tasks, "BATCH", 2)
    for number in range(5):
        make.ResourceLinkFactory(address=f"{server.address}/ok?{number}")

    with django_capture_on_commit_callbacks(execute=True):
        check_links()

    assert ResourceLink.objects.filter(last_status=200).count() == 5
    assert len(server.asked) == 5


def test_one_server_is_asked_one_thing_at_a_time_and_no_more_once_it_is_silent(monkeypatch):
    asked = []

    def silent(address):
        asked.append(address)
        return tasks.Answer(None)

    monkeypatch.setattr(tasks, "ask", silent)
    make.ResourceLinkFactory.create_batch(6)  # all at example.org

    check_links()

    assert len(asked) == tasks.PATIENCE
    assert ResourceLink.objects.exclude(unreachable_since=None).count() == 6


def test_a_portal_that_is_cut_off_blames_nobody(monkeypatch):
    monkeypatch.setattr(tasks, "ask", lambda _address: tasks.Answer(None))
    for number in range(tasks.CUT_OFF):
        make.ResourceLinkFactory(address=f"https://{number}.example.org/")

    check_links()

    assert not ResourceLink.objects.exclude(unreachable_since=None).exists()


def test_an_address_inside_is_never_asked(settings, monkeypatch):
    settings.OUTGOING_MAY_ASK_LOOPBACK = False
    with WebServer() as inner:
        link = make.ResourceLinkFactory(address=f"{inner.address}/ok")
        check_links()
        assert inner.asked == []
    link.refresh_from_db()
    assert link.unreachable_since is not None


def test_an_address_that_was_changed_meanwhile_keeps_no_old_answer(link, monkeypatch):
    def slow(_address):
        return tasks.Answer(404)

    monkeypatch.setattr(tasks, "ask", slow)
    monkeypatch.setattr(
        tasks,
        "_write",
        lambda links, answers, now, write=tasks._write: (
            ResourceLink.objects.update(address="https://example.org/new"),
            write(links, answers, now),
        ),
    )

    check_links()

    link.refresh_from_db()
    assert link.unreachable_since is None


def test_it_runs_every_night():
    entry = portal_settings.CELERY_BEAT_SCHEDULE["check-links"]

    assert entry["task"] == check_links.name
    assert entry["schedule"] == crontab(hour="2", minute="40")
    assert portal_settings.OUTGOING_MAY_ASK_LOOPBACK is False
