"""`manage.py up` as a newcomer meets it: the whole portal, started and ended for real."""

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import psutil
import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parent.parent.parent
STARTS_WITHIN = 300  # seconds: a machine may be busy
STOPS_WITHIN = 60
SET_BY_THE_RUN = {"DATABASE_URL", "REDIS_URL", "DEBUG", "DJANGO_SETTINGS_MODULE", "HOST", "PORT"}


class Portal:
    """One running `manage.py up` and what it says."""

    def __init__(self, var, port):
        self.var, self.port = var, port
        self.log = var.with_name(f"{var.name}.log")
        with self.log.open("w") as log:
            self.process = run(var, port, log)

    def said(self):
        return self.log.read_text()

    def wait_for(self, words, within=STARTS_WITHIN):
        deadline = time.monotonic() + within
        while words not in self.said():
            assert self.process.poll() is None, self.said()
            assert time.monotonic() < deadline, self.said()
            time.sleep(0.05)
        return self

    def page(self, path="/"):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as page:
                return page.status, page.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, ""

    def sign_up(self, email):
        """Join as a newcomer does, with a browser's cookies; return the last page's status."""
        jar = urllib.request.HTTPCookieProcessor()
        browser = urllib.request.build_opener(jar)
        address = f"http://127.0.0.1:{self.port}/accounts/signup/"
        browser.open(address, timeout=10).close()
        token = next(cookie.value for cookie in jar.cookiejar if cookie.name == "csrftoken")
        form = {
            "csrfmiddlewaretoken": token,
            "name": "A newcomer",
            "email": email,
            "password1": "a-long-enough-password",
            "accept": "on",
        }
        with browser.open(address, urllib.parse.urlencode(form).encode(), timeout=10) as page:
            return page.status

    def ended(self):
        return self.process.wait(STOPS_WITHIN)


def run(var, port, output, *arguments):
    environment = {name: value for name, value in os.environ.items() if name not in SET_BY_THE_RUN}
    environment |= {"PORTAL_VAR_DIR": str(var), "PORT": str(port), "PYTHONUNBUFFERED": "1"}
    return subprocess.Popen(
        [sys.executable, "manage.py", *(arguments or ["up"])],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        text=True,
    )


def answer_of(var, port, *arguments):
    """Run one command beside the portal; return its exit code and all it said."""
    process = run(var, port, subprocess.PIPE, *arguments)
    said, _ = process.communicate(timeout=STARTS_WITHIN)
    return process.returncode, said


def processes_of(var):
    """Return the names of the living processes that belong to the portal below `var`."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if process.pid == os.getpid() or process.status() == psutil.STATUS_ZOMBIE:
                continue
            marks = [*process.cmdline(), process.environ().get("PORTAL_VAR_DIR", "")]
            if any(str(var) in mark for mark in marks):
                found.append(" ".join(process.cmdline()))
    return found


def wait_until_gone(var):
    deadline = time.monotonic() + STOPS_WITHIN
    while (left := processes_of(var)) and time.monotonic() < deadline:
        time.sleep(0.1)
    return left


def child_of(portal, word):
    return next(
        child
        for child in psutil.Process(portal.process.pid).children()
        if word in " ".join(child.cmdline())
    )


def free_port():
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        return tried.getsockname()[1]


@pytest.fixture(scope="module")
def folder():
    """Give a folder with spaces and accents that every account may enter."""
    made = Path(tempfile.mkdtemp(prefix="portal açaí and spaces "))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture
def start(folder):
    """Return a function that starts a portal on the module's data; all of it ends with the test."""
    started = []

    def start_one():
        portal = Portal(folder / "var", free_port())
        started.append(portal)
        return portal

    yield start_one
    for portal in started:
        if portal.process.poll() is None:
            portal.process.terminate()
            portal.ended()


def test_one_command_serves_the_portal_until_it_is_asked_to_stop(start, folder):
    portal = start().wait_for("Ctrl-C stops everything")
    var = folder / "var"

    assert portal.page("/healthz") == (200, "ok\n")
    assert portal.page("/")[0] == 200
    assert f"http://127.0.0.1:{portal.port}/" in portal.said()
    assert "member@demo.example" in portal.said()

    # A real task of the real worker, seen where the newcomer looks.
    assert portal.sign_up("newcomer@example.org") == 200
    portal.wait_for("Mail to newcomer@example.org: ")
    link = re.search(r"http://127\.0\.0\.1:\d+(/accounts/confirm-email/\S+)", portal.said())
    assert portal.page(link[1])[0] == 200

    # Another terminal.
    assert answer_of(var, free_port()) == (
        1,
        f"CommandError: The portal already runs from this folder, at http://127.0.0.1:"
        f"{portal.port} (process {portal.process.pid}). Stop it with Ctrl-C in its terminal or "
        f"with: kill {portal.process.pid}\n",
    )
    assert answer_of(folder / "other", portal.port) == (
        1,
        f"CommandError: Port {portal.port} is taken by another program. Choose another one: "
        f"PORT={portal.port + 1} make run\n",
    )
    code, said = answer_of(var, portal.port, "showmigrations", "accounts")
    assert (code, "[X] 0001_initial" in said, "[ ]" in said) == (0, True, False)

    portal.process.send_signal(signal.SIGINT)

    assert portal.ended() == 0
    assert processes_of(var) == []


@pytest.mark.parametrize(
    ("word", "name"), [("celery", "worker"), ("gunicorn", "web"), ("postgres", "PostgreSQL")]
)
def test_killed_child_ends_all_the_others(start, folder, word, name):
    portal = start().wait_for("Ctrl-C stops everything")

    child_of(portal, word).kill()

    assert portal.ended() == 1
    assert f"{name} was ended by SIGKILL" in portal.said()
    assert processes_of(folder / "var") == []


def test_killed_portal_leaves_nothing_and_starts_again(start, folder):
    if sys.platform != "linux":
        pytest.skip("only Linux tells a child that its parent was killed")
    portal = start().wait_for("Ctrl-C stops everything")

    portal.process.kill()
    portal.process.wait()
    left = wait_until_gone(folder / "var")
    again = start().wait_for("Ctrl-C stops everything")
    status, _ = again.page("/")
    again.process.terminate()

    assert (left, status, again.ended()) == ([], 200, 0)
    assert processes_of(folder / "var") == []
