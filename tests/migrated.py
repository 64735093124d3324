"""The migrated database that a test run's databases are copied from.

Migrating takes a minute, copying a second. What was migrated is kept under `var/tests`, by
what decides it: the migrations and the locked packages that bring their own.
"""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

from portal.embedded.places import DATABASE, ROLE, Places

ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / "var" / "tests"


def migrate(places: Places) -> None:
    """Bring the run's own database, which has nothing but its name, to the newest state."""
    if restore(places):
        return
    _run(sys.executable, "manage.py", "migrate", "--verbosity", "0")
    KEPT.mkdir(parents=True, exist_ok=True)
    for older in KEPT.glob("migrated-*.dump"):
        older.unlink(missing_ok=True)
    kept = _kept()
    new = kept.with_suffix(f".{os.getpid()}")
    _run(places.pg_bin / "pg_dump", *_at(places), "--format=custom", f"--file={new}", DATABASE)
    new.replace(kept)


def restore(places: Places) -> bool:
    """Bring a database that has nothing but its name to the newest state by what was kept of an
    earlier migration; return whether there was any.
    """
    kept = _kept()
    if kept.exists():
        _run(places.pg_bin / "pg_restore", *_at(places), "--dbname", DATABASE, str(kept))
    return kept.exists()


def _at(places: Places) -> list[str]:
    return ["--host", str(places.sockets), "--username", ROLE]


def _kept() -> Path:
    return KEPT / f"migrated-{_state()}.dump"


def _state() -> str:
    made = hashlib.sha256(sys.version.encode())
    for path in sorted(ROOT.glob("*/migrations/*.py")):
        made.update(path.read_bytes())
    made.update((ROOT / "requirements" / "dev.txt").read_bytes())
    return made.hexdigest()[:20]


def _run(program: str | Path, *arguments: str) -> None:
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "portal.settings_test",
        "PGCLIENTENCODING": "UTF8",
        "PYTHONWARNINGS": "ignore",
    }
    subprocess.run([str(program), *arguments], cwd=ROOT, env=environment, check=True)
