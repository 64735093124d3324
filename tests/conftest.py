"""Fixtures that every test may use; the services of the run are in `tests/services.py`."""

import gc
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core.cache import cache
from django.db import connection

from portal.celery import app as celery_app
from portal.embedded.processes import Child, spawn
from tests import services
from tests.emptying import empty_after_each_test

ROOT = Path(__file__).resolve().parent.parent


def pytest_configure(config: pytest.Config) -> None:
    """Start the embedded services once, in the process that runs the others."""
    services.start()
    empty_after_each_test()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop them when every worker is done."""
    services.stop()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_node_collection_finished() -> None:
    """Let no worker begin before there is a database."""
    services.wait()


def pytest_collection_finish(session: pytest.Session) -> None:
    """Let nothing begin before there is a database. Leave what was collected out of every later
    look for garbage: it stays to the end.
    """
    services.wait()
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000)  # objects made between two looks; Python's 700 suits small programs


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    cache.clear()


@pytest.fixture
def process_environment(transactional_db: None) -> dict[str, str]:
    """Return the environment in which a process of the portal works on this test's database."""
    database = connection.settings_dict["NAME"]
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "DATABASE_URL": f"{os.environ['DATABASE_URL'].rpartition('/')[0]}/{database}",
        "DEBUG": "0",
        "DEMO": "1",
        "SECRET_KEY": "a-key-for-processes-started-by-a-test-0123456789",
        "ALLOWED_HOSTS": "localhost,127.0.0.1",
        "STATIC_FROM_SOURCE": "1",
        "LOG_LEVEL": "WARNING",
        "EMAIL_URL": "consolemail://",
    }


@pytest.fixture
def start_worker(
    process_environment: dict[str, str], tmp_path: Path
) -> Iterator[Callable[[], Child]]:
    """Return a function that starts a real worker on this test's database and broker; tasks
    are really sent to it.
    """
    celery_app.conf.task_always_eager = False
    workers = []

    def start() -> Child:
        worker = spawn(
            "worker",
            [sys.executable, "-m", "celery", "-A", "portal", "worker", "-P", "threads", "-c", "2",
             "--without-gossip", "--without-mingle", "--loglevel", "WARNING"],
            env=process_environment,
            cwd=ROOT,
            log=tmp_path / "worker.log",
        )  # fmt: skip
        workers.append(worker)
        return worker

    yield start
    for worker in workers:
        worker.stop()
    celery_app.conf.task_always_eager = True


@pytest.fixture
def celery_worker(start_worker: Callable[[], Child]) -> Child:
    """Run a real worker."""
    return start_worker()


@pytest.fixture
def manage(process_environment: dict[str, str]):
    """Return a function that runs a management command in a process of its own."""

    def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=process_environment | environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    return run
