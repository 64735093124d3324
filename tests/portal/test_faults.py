"""Every process is killed in turn while members write: what was acknowledged is there after."""

import http.client
import itertools
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

import psutil
import psycopg
import pytest

from portal.embedded import Services, postgres, valkey
from portal.embedded.processes import spawn
from tests import migrated
from tests.portal.test_compose import command_of
from tests.portal.test_up import STARTS_WITHIN, free_port

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parent.parent.parent
WRITERS = 3
PAUSE = 0.1  # seconds between two facts of one writer
BACK_WITHIN = 20.0  # seconds until the next write is acknowledged; 1 on idle cores
MAIL_WITHIN = 300.0  # seconds until the sweeper has sent what a killed worker or broker lost
CSRF = "c" * 32
EDITOR = """
from tests.api_clients import client_of
from tests.factories.hubs import HubFactory, MembershipFactory
membership = MembershipFactory(hub=HubFactory(slug="kept"))
print("session", client_of(membership.member).cookies["sessionid"].value)
"""
# Owes one mail after another as the pages do, each until it is committed.
MAILER = """
import time
from django.db import DatabaseError, connection
from accounts.services import queue_mail
number = 0
while True:
    try:
        queue_mail(key=f"kept:{number}", to="reader@example.org", subject=f"No. {number}.", body="")
    except DatabaseError:
        connection.close()
    else:
        print(number, flush=True)
        number += 1
    time.sleep(0.2)
"""


class Stack:
    """The portal's processes as separate services, each of which can be killed and come back."""

    def __init__(self, folder):
        self.folder = folder
        self.services = Services(folder / "var")
        self.places = self.services.places
        self.port = free_port()
        self.environment = {
            **os.environ,
            **self.services.environment(),
            "DJANGO_SETTINGS_MODULE": "portal.settings",
            "SECRET_KEY": "a-key-of-the-portal-that-is-killed-0123456789",
            "ALLOWED_HOSTS": "127.0.0.1",
            "DEBUG": "0",
            "DEMO": "1",
            "STATIC_FROM_SOURCE": "1",
            "LOG_LEVEL": "ERROR",
            "API_RATE": "1000000/minute",
            "EMAIL_URL": f"filemail:///{folder}/mail",
        }
        self.mailer = self.worker = self.web = self.valkey = self.postgres = None

    def start(self):
        self.postgres, self.valkey = self.services.start()
        if not migrated.restore(self.places):
            self.manage("migrate", "--noinput", STATEMENT_TIMEOUT_MS="0")
        self.session = self.manage("shell", "-c", EDITOR).rpartition("session ")[2].strip()
        self.start_web()
        self.start_worker()
        self.start_mailer()

    def manage(self, *arguments, **environment):
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment | environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def start_web(self):
        command = command_of("web", self.port)
        self.web = self._spawn("web", command)

    def start_worker(self):
        command = [*command_of("worker", 0), "--beat", f"--schedule={self.folder}/schedule"]
        self.worker = self._spawn("worker", command)

    def start_postgres(self):
        self.postgres = postgres.start(self.places)

    def start_valkey(self):
        self.valkey = valkey.start(self.places)

    def start_mailer(self):
        command = [sys.executable, "manage.py", "shell", "-c", MAILER]
        self.mailer = self._spawn("mailer", command)

    def owed_mail(self):
        """Return the numbers of the mails whose transaction was acknowledged."""
        lines = (self.folder / "mailer.log").read_text().splitlines()
        return [line for line in lines if line.isdigit()]

    def kill(self, name, pause):
        """Kill a service, leave it dead for `pause` seconds, and start it again."""
        child = getattr(self, name)
        child.process.kill()
        # The container, or the machine, of a killed process takes its children with it.
        child.stop()
        time.sleep(pause)
        getattr(self, f"start_{name}")()

    def start_what_ended(self):
        """Start a worker again that ended because its broker went away, as Docker does."""
        if self.worker.has_ended():
            self.start_worker()

    def kill_one_web_worker(self):
        psutil.Process(self.web.pid).children()[0].send_signal(signal.SIGKILL)

    def rows(self, sql):
        with psycopg.connect(
            host=str(self.places.sockets), user="portal", dbname="portal"
        ) as connection:
            return connection.execute(sql).fetchall()

    def stop(self):
        for child in (self.mailer, self.worker, self.web, self.valkey, self.postgres):
            if child is not None:
                child.stop()
        postgres.sweep(self.places)

    def _spawn(self, name, command):
        return spawn(
            name, command, env=self.environment, cwd=ROOT, log=self.folder / f"{name}.log", grace=5
        )


class Writer(threading.Thread):
    """A member's program that states facts one after another, each until it is acknowledged."""

    def __init__(self, stack, name):
        super().__init__(name=name)
        self.stack = stack
        self.acknowledged = []  # (when, text)
        self.statuses = Counter()
        self.is_done = threading.Event()

    def run(self):
        for number in itertools.count():
            text = f"{self.name} states fact {number}."
            while not self._is_acknowledged(text):
                if self.is_done.wait(0.1):
                    return
            self.acknowledged.append((time.monotonic(), text))
            if self.is_done.wait(PAUSE):
                return

    def _is_acknowledged(self, text):
        source = {"title": "A report", "publisher": "", "address": "https://source.example/1"}
        fact = {"topic": "other", "text": text, "sources": [source]}
        connection = http.client.HTTPConnection("127.0.0.1", self.stack.port, timeout=10)
        try:
            connection.request(
                "POST",
                "/api/v1/hubs/kept/statements/",
                json.dumps(fact),
                {
                    "Content-Type": "application/json",
                    "Idempotency-Key": text,
                    "Cookie": f"sessionid={self.stack.session}; csrftoken={CSRF}",
                    "X-CSRFToken": CSRF,
                },
            )
            answer = connection.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException):
            self.statuses["no answer"] += 1
            return False
        finally:
            connection.close()
        self.statuses[answer.status] += 1
        return answer.status == http.HTTPStatus.CREATED


@pytest.fixture
def stack():
    folder = Path(tempfile.mkdtemp(prefix="portal-faults-"))
    folder.chmod(0o755)
    running = Stack(folder)
    try:
        running.start()
        yield running
    finally:
        running.stop()
        shutil.rmtree(folder, ignore_errors=True)


def wait_until(condition, stack, within):
    deadline = time.monotonic() + within
    while not condition():
        assert time.monotonic() < deadline, (stack.folder / "worker.log").read_text()[-2000:]
        stack.start_what_ended()
        time.sleep(0.1)


def wait_for_a_write(writers, since, within):
    """Wait until each writer had a write acknowledged that `since`; fail if too late."""
    while not all(w.acknowledged and w.acknowledged[-1][0] > since for w in writers):
        assert time.monotonic() < since + within, [w.statuses for w in writers]
        time.sleep(0.02)


def test_what_was_acknowledged_outlives_every_killed_process(stack):
    writers = [Writer(stack, f"Writer {number}") for number in range(WRITERS)]
    for writer in writers:
        writer.start()
    try:
        wait_for_a_write(writers, time.monotonic(), within=STARTS_WITHIN)
        faults = [
            stack.kill_one_web_worker,
            lambda: stack.kill("web", pause=0.2),
            lambda: stack.kill("worker", pause=0.5),
            lambda: stack.kill("postgres", pause=2),
            lambda: stack.kill("valkey", pause=2),
        ]
        for fault in faults:
            owed = len(stack.owed_mail())
            fault()
            wait_for_a_write(writers, time.monotonic(), within=BACK_WITHIN)
            wait_until(lambda owed=owed: len(stack.owed_mail()) > owed, stack, STARTS_WITHIN)
    finally:
        for writer in writers:
            writer.is_done.set()
        for writer in writers:
            writer.join(15)

    stack.mailer.stop()

    kept = Counter(dict(stack.rows("SELECT text, count(*) FROM hubs_statement GROUP BY text")))
    acknowledged = [text for writer in writers for _, text in writer.acknowledged]
    assert len(acknowledged) > 10 * WRITERS
    assert [text for text in acknowledged if kept[text] != 1] == []
    assert set(kept.values()) == {1}
    # Each kept fact has its line in the audit trail, and no line is without its fact.
    stated = stack.rows("SELECT count(*) FROM accounts_activity WHERE verb = 'fact.added'")
    assert stated == [(len(kept),)]
    answers = set().union(*(writer.statuses for writer in writers))
    assert answers <= {201, 503, "no answer"}, [writer.statuses for writer in writers]

    unsent = "SELECT key FROM accounts_outgoingmail WHERE sent_at IS NULL"
    wait_until(lambda: not stack.rows(unsent), stack, MAIL_WITHIN)
    mail = "".join(path.read_text() for path in (stack.folder / "mail").glob("*.log"))
    owed = stack.owed_mail()
    assert len(owed) > len(faults)
    assert [number for number in owed if f"Subject: No. {number}.\n" not in mail] == []
