"""Run the whole portal from one terminal: services, web, worker and scheduler."""

import errno
import fcntl
import os
import signal
import socket
import sys
import time
import urllib.error
import urllib.request
from argparse import ArgumentParser
from pathlib import Path
from typing import IO

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor

from accounts.models import Member
from hubs import demo as demonstration
from portal.embedded import EmbeddedError, Services, environment
from portal.embedded.mail import MailWatch
from portal.embedded.places import prepare
from portal.embedded.processes import Child, spawn
from portal.embedded.supervisor import Supervisor, describe_end

POLL = 0.2  # seconds between two looks at the children
ANSWERS_WITHIN = 120.0  # seconds


class _Stopped(BaseException):
    """Somebody asked the portal to stop."""


class Command(BaseCommand):
    """Start everything, watch it, and leave nothing running."""

    help = (
        "Start PostgreSQL and Valkey (unless DATABASE_URL and REDIS_URL name others), bring the "
        "database up to date, and serve the portal with its worker and scheduler."
    )
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the address to listen on, HOST and PORT by default."""
        parser.add_argument("--host", default=os.environ.get("HOST") or "127.0.0.1")
        parser.add_argument("--port", type=int, default=os.environ.get("PORT") or "8000")

    def handle(self, *args: object, host: str, port: int, **options: object) -> None:
        """Run until asked to stop, or until one of the processes ends."""
        self.var = environment.var_folder()
        self.served = environment.serve_at(host, port, os.environ)
        with self._only_one() as lock:
            _refuse_taken_port(host, port)
            lock.write(f"{os.getpid()} {self.served['SITE_URL']}")
            lock.flush()
            self.supervisor = Supervisor(self.var)
            self.services = _services(self.var)
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(number, _stop)
            try:
                self._start(host, port)
                self._watch()
            except _Stopped:
                self._say("Stopping …")
            except EmbeddedError as error:
                raise CommandError(str(error)) from error
            finally:
                self._stop_everything()
        self._say(f"Stopped. The data stay in {self.var}.")

    def _only_one(self) -> IO[str]:
        path = environment.lock_file(self.var)
        lock = path.open("a+")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            pid, _, address = path.read_text().partition(" ")
            lock.close()
            raise CommandError(
                f"The portal already runs from this folder, at {address} (process {pid}). "
                f"Stop it with Ctrl-C in its terminal or with: kill {pid}"
            ) from None
        lock.truncate(0)
        return lock

    def _start(self, host: str, port: int) -> None:
        if left := self.supervisor.end_leftovers():
            self._say(f"Ended what an earlier start had left running: {', '.join(left)}.")
        self.supervisor.adopt(*self.services.start())
        self._prepare_database()
        environment.remember(self.var, self.served)
        self.mail = _mail_watch()
        self.supervisor.adopt(self._web(host, port))
        self.supervisor.adopt(self._worker())
        self._wait_until_it_answers(host, port)
        self._introduce()

    def _prepare_database(self) -> None:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self._say("Preparing the database …")
            call_command("migrate", interactive=False, verbosity=0)
        call_command("load_starter", verbosity=0)
        if settings.DEMO:
            call_command("load_demo", verbosity=0)

    def _web(self, host: str, port: int) -> Child:
        bind = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        # One import of the code for all workers: they start sooner and share its memory.
        return self._python(
            "web", "-m", "gunicorn", "portal.wsgi", "--bind", bind, "--worker-class", "gthread",
            "--workers", "2", "--threads", "4", "--preload", "--no-control-socket",
            "--graceful-timeout", "5", "--log-level", "warning",
        )  # fmt: skip

    def _worker(self) -> Child:
        schedule = self.var / "celerybeat-schedule"
        # Celery warns root on each start; here root is a choice that was made.
        quiet = ("-W", "ignore:You're running the worker")
        return self._python(
            "worker", *quiet, "-m", "celery", "-A", "portal", "--quiet", "worker",
            "-P", "threads", "-c", "4", "-B", "-s", str(schedule),
            "--without-gossip", "--without-mingle", "--loglevel", "WARNING",
        )  # fmt: skip

    def _python(self, name: str, *arguments: str) -> Child:
        return spawn(
            name,
            [sys.executable, *arguments],
            env=self.served,
            cwd=settings.BASE_DIR,
            grace=10.0,
        )

    def _wait_until_it_answers(self, host: str, port: int) -> None:
        address = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 -- compared
        address = f"[{address}]" if ":" in address else address
        request = urllib.request.Request(
            f"http://{address}:{port}/healthz", headers={"Host": "localhost"}
        )
        deadline = time.monotonic() + ANSWERS_WITHIN
        while True:
            self._fail_if_ended()
            try:
                urllib.request.urlopen(request, timeout=5).close()  # noqa: S310 -- as above
            except urllib.error.HTTPError as error:
                raise EmbeddedError(f"The web server answers with {error.code}.") from error
            except OSError as error:
                if time.monotonic() > deadline:
                    raise EmbeddedError("The web server does not answer.") from error
                time.sleep(0.05)
            else:
                return

    def _introduce(self) -> None:
        lines = ["", f"{settings.SITE_NAME} is ready:  {self.served['SITE_URL']}/", ""]
        if settings.DEMO:
            demo = Member.objects.filter(email__endswith=f"@{demonstration.DOMAIN}").order_by("pk")
            lines.append(f"Demo accounts, password {demonstration.PASSWORD}:")
            lines += [f"  {email:<34}{name}" for email, name in demo.values_list("email", "name")]
            lines.append("")
        if self.mail:
            lines.append(f"Mail is written to {self.mail.folder} and shown here.")
        lines += [f"Ctrl-C stops everything; the data stay in {self.var}.", ""]
        self._say("\n".join(lines))
        connections.close_all()

    def _watch(self) -> None:
        while True:
            time.sleep(POLL)
            for text in self.mail.new() if self.mail else ():
                self._say(text)
            self._fail_if_ended()

    def _fail_if_ended(self) -> None:
        if child := self.supervisor.first_ended():
            raise EmbeddedError(
                f"{child.name} {describe_end(child)}; everything else was stopped too."
            )

    def _stop_everything(self) -> None:
        # Each stop is bounded, so nobody has to insist, and half a stop would leave processes.
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        connections.close_all()
        self.supervisor.stop()
        self.services.stop()

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()


def _stop(number: int, frame: object) -> None:
    raise _Stopped


def _services(var: Path) -> Services:
    """Return the embedded services, without those that the environment names others for."""
    places = prepare(var)
    return Services(
        var,
        wants_postgres=os.environ["DATABASE_URL"] == places.database_url,
        wants_valkey=os.environ["REDIS_URL"] == places.redis_url,
    )


def _mail_watch() -> MailWatch | None:
    if settings.EMAIL_BACKEND != "django.core.mail.backends.filebased.EmailBackend":
        return None
    return MailWatch(Path(str(settings.EMAIL_FILE_PATH)))


def _refuse_taken_port(host: str, port: int) -> None:
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, socket.SOCK_STREAM) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind(address)
    except socket.gaierror as error:
        raise CommandError(f"HOST={host} is not an address of this machine.") from error
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise CommandError(
                f"Port {port} is taken by another program. Choose another one: "
                f"PORT={port + 1} make run"
            ) from error
        raise CommandError(f"The portal cannot listen on {host}:{port}: {error}") from error
    except OverflowError as error:
        raise CommandError(f"PORT={port} is not a port: 1 to 65535.") from error
