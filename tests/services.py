"""The PostgreSQL and the Valkey of a test run: one pair, shared by all its processes.

The first process announces their addresses before the settings are read and starts them
when it is configured; workers of pytest-xdist inherit the addresses, have a database of
their own each and their own number of Valkey's databases. `DATABASE_URL` and `REDIS_URL`
in the environment replace the embedded ones. Their databases are copied from one that is
migrated first (`tests/migrated.py`).
"""

import os
import shutil
import tempfile
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

from portal.embedded import Services
from portal.embedded.places import DATABASE
from tests import migrated

_started: Services | None = None
_migrating: Future[None] | None = None


def announce() -> None:
    """Put the addresses of this run's services into the environment."""
    global _started
    wants_postgres = "DATABASE_URL" not in os.environ
    wants_valkey = "REDIS_URL" not in os.environ
    if wants_postgres or wants_valkey:
        _started = Services(
            Path(tempfile.mkdtemp(prefix="portal-tests-")),
            wants_postgres=wants_postgres,
            wants_valkey=wants_valkey,
            is_durable=False,
        )
        os.environ.update(_started.environment())
        os.environ["TEST_TEMPLATE"] = DATABASE if wants_postgres else ""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    if worker:
        os.environ["REDIS_URL"] = _numbered(os.environ["REDIS_URL"], int(worker[2:]) + 1)


def start() -> None:
    """Start what was announced, and begin to migrate while the tests are collected; nothing in a
    worker, which uses its parent's.
    """
    global _migrating
    if _started is None:
        return
    _started.start()
    if os.environ.get("TEST_TEMPLATE"):
        _migrating = ThreadPoolExecutor(1).submit(migrated.migrate, _started.places)


def wait() -> None:
    """Return once the database is migrated that the tests' databases are copied from."""
    if _migrating is not None:
        _migrating.result()


def stop() -> None:
    """Stop what was started and remove its files."""
    if _started is not None:
        _started.stop()
        shutil.rmtree(_started.places.var, ignore_errors=True)


def _numbered(redis_url: str, database: int) -> str:
    if redis_url.startswith("unix:"):
        return f"{redis_url.partition('?')[0]}?db={database}"
    return urlsplit(redis_url)._replace(path=f"/{database}").geturl()
