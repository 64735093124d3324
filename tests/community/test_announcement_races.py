"""Announcements sent and stopped by several at once: each member once, or not at all."""

import threading
import time

import pytest
from django.core import mail
from django.db import connection

from accounts import tasks
from accounts.models import OutgoingMail
from community.models import Announcement, AnnouncementRecipient, Thread
from community.services import announcement_sending, announcements
from community.services.announcement_sending import send_announcements
from core.errors import DomainError
from portal.celery import app as celery_app
from tests.factories.accounts import MemberFactory
from tests.factories.announcements import AnnouncementFactory
from tests.factories.community import SpaceFactory
from tests.races import all_at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def moderators():
    return [MemberFactory(moderator=True) for _each in "12"]


@pytest.fixture
def no_worker():
    """Leave to the test who works when: tasks wait at the broker, where nobody takes them."""
    celery_app.conf.task_always_eager = False
    yield
    celery_app.conf.task_always_eager = True


def send(announcement, by):
    return announcements.send_announcement(announcement, expected_version=1, by=by)


def test_of_two_moderators_who_send_at_once_one_does(moderators, no_worker):
    announcement = AnnouncementFactory(space=SpaceFactory())

    results = all_at_once(*(lambda each=each: send(announcement, each) for each in moderators))

    (refused,) = [each for each in results if isinstance(each, Exception)]
    assert isinstance(refused, DomainError)
    assert "sent this announcement on" in str(refused)
    assert announcement.recipients.count() == 3  # both, and who wrote it
    assert Thread.objects.count() == 1


def test_several_workers_mail_each_member_once(moderators, no_worker, monkeypatch):
    monkeypatch.setattr(announcement_sending, "PORTION", 5)
    MemberFactory.create_batch(30)
    announcement = AnnouncementFactory()
    send(announcement, moderators[0])

    all_at_once(*[send_announcements] * 4)
    send_announcements()
    owed = list(OutgoingMail.objects.values_list("pk", flat=True))
    all_at_once(*[lambda: [tasks.send_outgoing_mail(pk) for pk in owed]] * 3)
    send_announcements()

    assert Announcement.objects.get().state == "sent"
    addresses = [address for message in mail.outbox for address in message.to]
    assert len(addresses) == len(set(addresses)) == announcement.recipients.count() == 33


def test_stopped_while_it_is_sent_the_figures_are_what_was_mailed(
    moderators, no_worker, monkeypatch
):
    monkeypatch.setattr(announcement_sending, "PORTION", 3)
    monkeypatch.setattr(announcement_sending, "UNDER_WAY", 6)
    MemberFactory.create_batch(60)
    announcement = AnnouncementFactory()
    send(announcement, moderators[0])
    is_over = threading.Event()

    def keep_at(work):
        try:
            while not is_over.is_set():
                work()
        finally:
            connection.close()

    def mail_some():
        for pk in OutgoingMail.objects.filter(sent_at=None).values_list("pk", flat=True):
            tasks.send_outgoing_mail(pk)

    workers = [
        threading.Thread(target=keep_at, args=[work])
        for work in (send_announcements, mail_some, mail_some)
    ]
    for worker in workers:
        worker.start()
    deadline = time.monotonic() + 60
    while len(mail.outbox) < 10 and time.monotonic() < deadline:
        time.sleep(0.01)
    results = all_at_once(
        *(
            lambda each=each: announcements.stop_announcement(announcement, by=each)
            for each in moderators
        )
    )
    at_stop = len(mail.outbox)
    time.sleep(0.5)
    is_over.set()
    for worker in workers:
        worker.join()

    assert len([each for each in results if isinstance(each, DomainError)]) == 1
    found = Announcement.objects.with_figures().get()
    assert found.state == "stopped"
    assert len(mail.outbox) == at_stop == found.mailed_count
    assert 10 <= found.mailed_count < 63
    assert found.mailed_count + found.stopped_count == 63
    states = set(AnnouncementRecipient.objects.values_list("state", flat=True))
    assert states == {"mailed", "stopped"}
