"""Workers killed every second and a broker emptied twice: each notice and mail once, none lost."""

import re
import sys
import threading
import time
from collections import Counter

import psutil
import pytest
import redis
from django.conf import settings
from django.core import mail
from django.db import transaction

from accounts import tasks
from accounts.models import OutgoingMail
from accounts.services import record_activity
from community.models import FanOut, Notification
from community.services.telling import tell_followers
from portal.celery import app as celery_app
from portal.embedded.processes import spawn
from tests.conftest import ROOT
from tests.factories.accounts import MemberFactory
from tests.factories.community_notices import FollowFactory
from tests.factories.hubs import HubFactory
from tests.races import wait_until

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
ACTIVITIES = 500
TOGETHER = 5  # activities of one transaction
PAUSE = 0.15  # seconds between two of them
WHOLE = (4, 9)  # kills that end the whole worker, and empty the broker
COMMAND = [
    *(sys.executable, "-m", "celery", "-A", "portal", "worker", "-P", "prefork", "-c", "2"),
    *("--without-gossip", "--without-mingle", "--loglevel", "ERROR"),
]


@pytest.fixture
def worker(process_environment, tmp_path):
    """Return a worker with two processes whose mail goes to files; tasks are sent to it."""
    celery_app.conf.task_always_eager = False
    worker = Worker(process_environment | {"EMAIL_URL": f"filemail:///{tmp_path}/mail"}, tmp_path)
    yield worker
    worker.child.stop()
    celery_app.conf.task_always_eager = True


class Worker:
    """A worker of which a process is killed every second, or all of it."""

    def __init__(self, environment, folder):
        self.environment, self.folder = environment, folder
        self.kills = 0
        self.start()

    def start(self):
        log = self.folder / "worker.log"
        self.child = spawn("worker", COMMAND, env=self.environment, cwd=ROOT, log=log)

    def processes(self):
        return psutil.Process(self.child.pid).children()

    def kill(self, broker):
        self.kills += 1
        if self.kills in WHOLE:
            processes = self.processes()
            self.child.process.kill()
            for each in processes:
                each.kill()
            self.child.process.wait(30)
            broker.flushdb()
            self.start()
            wait_until(lambda: len(self.processes()) == 2)
        else:
            for each in self.processes()[:1]:
                each.kill()


def test_each_notice_and_mail_once_whatever_is_killed_and_emptied(worker, tmp_path, monkeypatch):
    hub = HubFactory(name="Agency")
    loud = FollowFactory(hub=hub, member=MemberFactory(mail_choices={"news": "at_once"})).member
    calm = FollowFactory(hub=hub).member
    wait_until(lambda: len(worker.processes()) == 2)
    is_over = threading.Event()
    broker = redis.Redis.from_url(settings.REDIS_URL)

    def kill_on():
        while not is_over.wait(1):
            worker.kill(broker)

    killer = threading.Thread(target=kill_on)
    killer.start()
    try:
        for _ in range(ACTIVITIES // TOGETHER):
            with transaction.atomic():
                for _each in range(TOGETHER):
                    record_activity("hub.changed", hub, by=None)
            time.sleep(PAUSE)
        wait_until(lambda: worker.kills > max(WHOLE))
    finally:
        is_over.set()
        killer.join()
    told_by_workers = Notification.objects.count()

    # What nobody was told of by now is what the scheduler takes up.
    monkeypatch.setattr(tasks, "SWEEP_AFTER", tasks.SWEEP_AFTER * 0)
    wait_until(lambda: tell_followers() == 0 and not FanOut.objects.exists())
    unsent = OutgoingMail.objects.filter(sent_at=None)
    wait_until(lambda: (tasks.sweep_outgoing_mail() or True) and not unsent.exists())

    told = Counter(Notification.objects.values_list("member", flat=True))
    assert told == {loud.pk: ACTIVITIES, calm.pk: ACTIVITIES}
    assert told_by_workers > ACTIVITIES // 2
    owed = OutgoingMail.objects.filter(key__startswith="notice:")
    assert Counter(owed.values_list("to", flat=True)) == {loud.email: ACTIVITIES}
    assert not OutgoingMail.objects.exclude(attempts=0).exists()
    # A process killed between the mail server's yes and its own note sends again, and says so.
    # Each mail is known by its number; workers sign it with a key of their own.
    sent = re.findall(r"^Message-ID: <(\d+)\.\S+@\S+>$", _mail(tmp_path), re.MULTILINE)
    assert len(set(sent)) == ACTIVITIES
    assert len(sent) - ACTIVITIES <= worker.kills // 3


def _mail(folder):

    files = "".join(path.read_text() for path in (folder / "mail").glob("*.log"))
    return files + "".join(f"\n{each.message()}" for each in mail.outbox)
