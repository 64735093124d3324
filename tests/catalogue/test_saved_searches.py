"""Saved searches: kept for one member, told by mail once, and only of what they may read."""

import datetime
import re
import threading

import pytest
from django.conf import settings
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.models import OutgoingMail
from accounts.registers import OWN_DATA
from accounts.tasks import sweep_outgoing_mail
from catalogue import alerts
from catalogue.models import Entry, SavedSearch, SearchRow
from catalogue.services import change_search, remove_search, save_search
from catalogue.tasks import send_search_alerts
from core.errors import DomainError, StaleEdit
from tests.api_clients import client_of
from tests.factories import catalogue as make
from tests.factories import hubs as make_hubs
from tests.factories.accounts import MemberFactory

pytestmark = pytest.mark.django_db
DAYS = datetime.timedelta(days=1)
LATER = DAYS + datetime.timedelta(hours=1)


@pytest.fixture
def member():
    return MemberFactory(email="reader@example.org")


@pytest.fixture
def saved(member):
    return save_search(name="Cotton", place="search", query="q=cotton", alert="daily", by=member)


def run(after=LATER):
    """Run the alerts as the scheduler would after a day; return how many mails are owed."""
    return alerts.send_alerts(timezone.now() + after)


def mails():
    return list(OutgoingMail.objects.filter(key__startswith="search-alert:").order_by("pk"))


# Saving, changing, deleting


def test_the_page_leads_to_saving_what_it_shows(member):
    make.EntryFactory(title="Cotton", countries=["ML"], published=True)
    client = client_of(member)
    url = client.get("/search/?q=cotton&country=ML&page=1").context["save_url"]

    form = client.get(url)
    answer = client.post(url, {"name": "Mali", "alert": "weekly", "version": "1"}, follow=True)

    assert [(chip.label, chip.value) for chip in form.context["chips"]] == [
        ("Search", "cotton"),
        ("Partner country", "Mali"),
    ]
    saved = SavedSearch.objects.get()
    assert (saved.member, saved.name, saved.alert) == (member, "Mali", "weekly")
    assert saved.get_absolute_url() == "/search/?q=cotton&country=ML"
    assert "Mali" in answer.content.decode()
    assert client.get(saved.get_absolute_url()).context["count"] == 1


def test_a_search_of_the_catalogue_leads_back_there_and_is_for_entries(member):
    client = client_of(member)
    url = client.get("/catalogue/?sector=311").context["save_url"]
    client.post(url, {"name": "Farming", "alert": "off", "version": "1"})

    saved = SavedSearch.objects.get()
    assert saved.get_absolute_url() == "/catalogue/?sector=311"
    assert saved.asked().dict() == {"sector": "311", "type": "entry"}


def test_a_visitor_is_asked_to_sign_in_first(client):
    response = client.get("/catalogue/saved-searches/new/?place=search&q=cotton")

    assert response.status_code == 302
    assert response.url.startswith("/accounts/login/")


@pytest.mark.parametrize(
    "query", ["place=nothing", "place=search&country=XX", "place=search&q=" + "x" * 201]
)
def test_what_no_page_asked_for_is_not_saved(member, query):
    assert client_of(member).get(f"/catalogue/saved-searches/new/?{query}").status_code == 404


@pytest.mark.parametrize(
    "typed", [{"name": ""}, {"name": "x" * 121}, {"alert": "hourly"}, {"name": "Cotton"}]
)
def test_what_is_wrong_is_said_at_the_field(saved, member, typed):
    response = client_of(member).post(
        "/catalogue/saved-searches/new/?place=search",
        {"name": "New", "alert": "off", "version": "1"} | typed,
    )

    assert response.status_code == 200
    assert response.context["form"].errors
    assert SavedSearch.objects.count() == 1


def test_a_saved_search_is_changed_and_deleted_by_its_member(saved, member):
    client = client_of(member)
    path = f"/catalogue/saved-searches/{saved.pk}/"

    client.post(path, {"name": "Fibres", "alert": "off", "version": "1"})
    saved.refresh_from_db()
    assert (saved.name, saved.alert, saved.version) == ("Fibres", "off", 2)

    client.post(f"{path}remove/")
    assert not SavedSearch.objects.exists()


def test_a_change_from_an_old_page_is_refused_with_both_texts(saved, member):
    change_search(saved, name="Fibres", alert="off", expected_version=1, by=member)

    response = client_of(member).post(
        f"/catalogue/saved-searches/{saved.pk}/",
        {"name": "Threads", "alert": "daily", "version": "1"},
    )

    assert response.status_code == 409
    assert "Fibres" in response.content.decode()
    assert "Threads" in response.content.decode()
    with pytest.raises(StaleEdit):
        change_search(saved, name="Threads", alert="off", expected_version=1, by=member)


@pytest.mark.parametrize("reader", [{}, {"moderator": True}, {"administrator": True}])
def test_nobody_else_sees_changes_or_deletes_it(saved, reader):
    other = MemberFactory(**reader)
    client = client_of(other)

    assert client.get(f"/catalogue/saved-searches/{saved.pk}/").status_code == 404
    assert "Cotton" not in client.get("/catalogue/saved-searches/").content.decode()
    with pytest.raises(PermissionDenied):
        change_search(saved, name="Mine", alert="off", expected_version=1, by=other)
    with pytest.raises(PermissionDenied):
        remove_search(saved, by=other)


def test_only_so_many_are_kept(saved, member, monkeypatch):
    monkeypatch.setattr("catalogue.services.saved_searches.MOST", 1)

    with pytest.raises(DomainError):
        save_search(name="More", place="search", query="", alert="off", by=member)


def test_a_member_takes_them_away_with_their_data(saved, member):
    (row,) = OWN_DATA["saved_searches"](member.pk)

    assert (row["name"], row["query"]) == ("Cotton", "q=cotton")


@pytest.mark.parametrize("number", [1, 20])
def test_the_list_needs_the_same_queries_for_one_and_for_many(
    member, number, django_assert_max_num_queries
):
    for each in range(number):
        query = "q=cotton&country=ML&hub=none"
        save_search(name=f"S{each}", place="search", query=query, alert="off", by=member)
    client = client_of(member)
    client.get("/catalogue/saved-searches/")

    with django_assert_max_num_queries(8):
        client.get("/catalogue/saved-searches/")


# Alerts


def test_what_is_new_is_told_once_with_its_address(saved):
    make.EntryFactory(title="Cotton in Mali", slug="mali", published=True)
    make.EntryFactory(title="Coffee", published=True)

    assert (run(), run(), run(LATER + LATER)) == (1, 0, 0)
    (owed,) = mails()
    assert owed.to == "reader@example.org"
    assert owed.subject == "1 new result: Cotton"
    assert "Cotton in Mali\nhttp" in owed.body
    assert "/catalogue/mali/" in owed.body
    assert "Coffee" not in owed.body
    saved.refresh_from_db()
    assert saved.last_alerted_at is not None


def test_without_something_new_there_is_no_mail(member):
    make.EntryFactory(title="Cotton", published=True)
    SearchRow.objects.update(published_at=timezone.now() - DAYS)
    save_search(name="Cotton", place="search", query="q=cotton", alert="daily", by=member)

    assert run() == 0
    assert mails() == []


def test_what_is_published_between_two_mails_is_in_the_second(saved):
    make.EntryFactory(title="Cotton one", published=True)
    assert run() == 1
    make.EntryFactory(title="Cotton two", published=True)
    SearchRow.objects.filter(title="Cotton two").update(published_at=timezone.now() + LATER)

    assert run(LATER + LATER) == 1
    first, second = (each.body for each in mails())
    assert ("Cotton one" in first, "Cotton two" in first) == (True, False)
    assert ("Cotton one" in second, "Cotton two" in second) == (False, True)


@pytest.mark.parametrize(
    ("alert", "after", "owed"),
    [
        ("off", 30 * DAYS, 0),
        ("daily", DAYS / 2, 0),
        ("daily", LATER, 1),
        ("weekly", 6 * DAYS, 0),
        ("weekly", 8 * DAYS, 1),
    ],
)
def test_a_mail_comes_as_often_as_was_asked(member, alert, after, owed):
    save_search(name="Cotton", place="search", query="q=cotton", alert=alert, by=member)
    make.EntryFactory(title="Cotton", published=True)

    assert run(after) == owed


def test_drafts_hidden_hubs_and_what_is_for_others_make_no_mail(saved):
    pending = MemberFactory(pending=True)
    hidden = make_hubs.HubFactory(unpublished=True)
    make_hubs.MembershipFactory(hub=hidden, member=saved.member)
    make.EntryFactory(title="Cotton draft", hub=hidden)
    make.EntryFactory(title="Cotton hidden", hub=hidden, published=True)
    save_search(name="Cotton", place="search", query="q=cotton", alert="daily", by=pending)

    assert run() == 0
    assert mails() == []


def test_who_takes_part_no_more_gets_no_mail(saved, member):
    make.EntryFactory(title="Cotton", published=True)
    member.status = "suspended"
    member.save()

    assert run() == 0


def test_a_search_whose_filter_is_gone_makes_no_mail_and_stops_nobody_elses(saved, member):
    hub = make_hubs.HubFactory(slug="agency")
    save_search(name="Agency", place="search", query="hub=agency", alert="daily", by=member)
    make.EntryFactory(title="Cotton", published=True)
    hub.is_published = False
    hub.save()

    assert run() == 1


def test_a_mail_names_ten_and_says_how_many_there_are(saved):
    hub = make_hubs.HubFactory()
    make.EntryFactory.create_batch(12, title="Cotton", hub=hub, published=True)

    run()

    (owed,) = mails()
    assert owed.subject == "12 new results: Cotton"
    assert owed.body.count("/catalogue/entry-") == 10


def test_switched_on_again_it_tells_from_then_on(saved, member):
    off = change_search(saved, name="Cotton", alert="off", expected_version=1, by=member)
    make.EntryFactory(title="Cotton", published=True)
    SearchRow.objects.update(published_at=timezone.now() - datetime.timedelta(seconds=1))
    change_search(off, name="Cotton", alert="daily", expected_version=2, by=member)

    assert run() == 0


def test_a_worker_that_dies_in_the_middle_loses_and_doubles_nothing(saved, monkeypatch):
    make.EntryFactory(title="Cotton", published=True)
    save = SavedSearch.save

    def dies(self, *args, **kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr(SavedSearch, "save", dies)
    with pytest.raises(KeyboardInterrupt):
        run()
    assert mails() == []
    monkeypatch.setattr(SavedSearch, "save", save)

    assert run() == 1
    assert len(mails()) == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_one_mail(saved):
    make.EntryFactory(title="Cotton", published=True)
    start = threading.Barrier(3)

    def work():
        start.wait()
        try:
            run()
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert len(mails()) == 1


def test_the_schedulers_task_ends_in_one_mail_that_leaves(
    saved, django_capture_on_commit_callbacks
):
    make.EntryFactory(title="Cotton", published=True)
    SearchRow.objects.update(published_at=timezone.now() - DAYS)
    SavedSearch.objects.update(told_until=timezone.now() - 2 * DAYS)

    with django_capture_on_commit_callbacks(execute=True):
        assert send_search_alerts() == 1
        assert send_search_alerts() == 0
    sweep_outgoing_mail()

    (sent,) = mail.outbox
    assert sent.to == ["reader@example.org"]
    assert sent.subject == "1 new result: Cotton"
    end = sent.extra_headers["List-Unsubscribe"].strip("<>").removeprefix(settings.SITE_URL)
    assert sent.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert Client(enforce_csrf_checks=True).post(end).status_code == 200
    saved.refresh_from_db()
    assert saved.alert == "off"


def test_one_click_ends_the_mail_without_signing_in(saved, client):
    make.EntryFactory(title="Cotton", published=True)
    run()
    path = re.search(r"(/catalogue/saved-searches/silence/\S+)", mails()[0].body)[1]

    asked = client.get(path)
    saved.refresh_from_db()
    assert (asked.status_code, saved.alert) == (200, "daily")

    answers = [client.post(path), client.post(path)]
    saved.refresh_from_db()
    assert saved.alert == "off"
    assert all("no more mail" in answer.content.decode() for answer in answers)


@pytest.mark.parametrize("token", ["x", "1", "MQ:abc:def"])
def test_a_forged_address_ends_nothing(saved, client, token):
    assert client.post(f"/catalogue/saved-searches/silence/{token}/").status_code == 404
    saved.refresh_from_db()
    assert saved.alert == "daily"


def test_an_entry_published_anew_is_told_again(saved):
    make.EntryFactory(title="Cotton", published=True)
    assert run() == 1

    SearchRow.objects.update(published_at=timezone.now() + LATER)

    assert Entry.objects.count() == 1
    assert run(LATER + LATER) == 1
