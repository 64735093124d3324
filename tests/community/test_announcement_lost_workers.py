"""A worker killed every second while it sends an announcement: each mail once, none lost."""

import re
import threading
import time

import pytest
import redis
from django.conf import settings

from accounts import tasks
from accounts.models import OutgoingMail
from community.models import Announcement
from community.services import announcements
from community.services.announcement_sending import send_announcements
from portal.celery import app as celery_app
from tests.community.test_lost_workers import Worker
from tests.factories.accounts import MemberFactory
from tests.factories.announcements import AnnouncementFactory
from tests.races import wait_until

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
MEMBERS = 600
FIRST = 20  # mails that have left before anything is killed
KILLS = 10  # the fourth and the ninth end the whole worker, and empty the broker


def test_each_mail_once_and_none_lost_whatever_is_killed(
    process_environment, tmp_path, monkeypatch
):
    MemberFactory.create_batch(MEMBERS - 1)
    by = MemberFactory(moderator=True, mail_choices={"announcements": "off"})
    announcement = AnnouncementFactory(written_by=MemberFactory(moderator=True))
    celery_app.conf.task_always_eager = False
    mails = {"EMAIL_URL": f"filemail:///{tmp_path}/mail"}
    worker = Worker(process_environment | mails, tmp_path)
    broker = redis.Redis.from_url(settings.REDIS_URL)
    is_over = threading.Event()

    def kill_on():
        while not is_over.wait(1):
            worker.kill(broker)

    killer = threading.Thread(target=kill_on)
    try:
        wait_until(lambda: len(worker.processes()) == 2)
        announcements.send_announcement(announcement, expected_version=1, by=by)
        left = OutgoingMail.objects.filter(sent_at__isnull=False)
        wait_until(lambda: left.count() > FIRST)
        killer.start()
        # What a lost worker left the scheduler asks for again.
        for _ in range(KILLS):
            time.sleep(1)
            celery_app.send_task("community.tasks.send_announcements")
        wait_until(lambda: worker.kills >= KILLS)
    finally:
        is_over.set()
        killer.join()
        worker.child.stop()
        celery_app.conf.task_always_eager = True
    by_workers = left.count()

    monkeypatch.setattr(tasks, "SWEEP_AFTER", tasks.SWEEP_AFTER * 0)
    wait_until(lambda: _swept() and Announcement.objects.get().state == "sent")

    found = Announcement.objects.with_figures().get()
    assert (found.recipient_count, found.mailed_count) == (MEMBERS, MEMBERS)
    assert by_workers > FIRST
    files = "".join(path.read_text() for path in (tmp_path / "mail").glob("*.log"))
    sent = re.findall(r"^Message-ID: <(\d+)\.\S+@\S+>$", files, re.MULTILINE)
    owed = OutgoingMail.objects.filter(key__startswith="announcement:")
    assert owed.count() == owed.values("to").distinct().count() == MEMBERS
    assert set(sent) <= {str(pk) for pk in owed.values_list("pk", flat=True)}
    # A process killed between the mail server's yes and its own note sends that one again.
    assert len(sent) - len(set(sent)) <= worker.kills // 3


def _swept():
    tasks.sweep_outgoing_mail()
    send_announcements()
    return True
