"""Start, watch and stop child processes so that none outlives the portal."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TypedDict

import psutil

from portal.embedded.errors import EmbeddedError

_PR_SET_PDEATHSIG = 1
# Loaded before any fork: a child between fork and exec may not load libraries.
_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None
KILL_WAIT = 5.0  # seconds a killed process may take to vanish
MAX_LOG = 5_000_000  # bytes of a log file before a start begins a new one


@dataclass(frozen=True)
class Account:
    """A system account that a server runs as."""

    name: str
    uid: int
    gid: int
    home: str


@dataclass
class Child:
    """A running child process, the leader of its own process group."""

    name: str
    process: subprocess.Popen[bytes]
    stop_signal: signal.Signals
    grace: float
    insist_signal: signal.Signals = signal.SIGKILL

    @property
    def pid(self) -> int:
        """The process id, which is also the id of its group."""
        return self.process.pid

    def has_ended(self) -> bool:
        """Tell whether the process itself is gone."""
        return self.process.poll() is not None

    def stop(self) -> None:
        """Ask the process to end, insist after `grace` seconds, and sweep up its group."""
        if not self.has_ended():
            with contextlib.suppress(ProcessLookupError):
                self.process.send_signal(self.stop_signal)
            try:
                self.process.wait(self.grace)
            except subprocess.TimeoutExpired:
                self._insist()
        kill_group(self.pid)

    def _insist(self) -> None:
        self.process.send_signal(self.insist_signal)
        try:
            self.process.wait(KILL_WAIT)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(KILL_WAIT)


def spawn(
    name: str,
    argv: Sequence[str],
    *,
    env: dict[str, str],
    cwd: Path,
    account: Account | None = None,
    log: Path | None = None,
    stop_signal: signal.Signals = signal.SIGTERM,
    insist_signal: signal.Signals = signal.SIGKILL,
    grace: float = 10.0,
) -> Child:
    """Start `argv` in a process group of its own, as `account` when given.

    On Linux the kernel sends the child `stop_signal` when this process dies, however it
    dies. That signal is tied to the calling *thread*: call this from the main thread.
    """
    output: IO[bytes] | None = None
    if log is not None:
        if log.exists() and log.stat().st_size > MAX_LOG:
            log.replace(log.with_suffix(".1.log"))
        output = log.open("ab")
    try:
        process = subprocess.Popen(  # noqa: S603 -- programs of ours
            list(argv),
            cwd=cwd,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT if output else None,
            process_group=0,
            preexec_fn=_dies_with_parent(stop_signal),
            **_as_account(account),
        )
    except OSError as error:
        raise EmbeddedError(f"{name} does not start: {error}") from error
    finally:
        if output is not None:
            output.close()
    return Child(name, process, stop_signal, grace, insist_signal)


def run_as(
    account: Account | None, argv: Sequence[str], *, env: dict[str, str], cwd: Path
) -> subprocess.CompletedProcess[str]:
    """Run `argv` to its end as `account`, its output captured."""
    return subprocess.run(  # noqa: S603 -- programs of ours
        list(argv),
        cwd=cwd,
        env=env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
        **_as_account(account),
    )


class _AsAccount(TypedDict, total=False):
    user: int
    group: int
    extra_groups: list[int]


def _as_account(account: Account | None) -> _AsAccount:
    if account is None:
        return {}
    return {"user": account.uid, "group": account.gid, "extra_groups": []}


def _dies_with_parent(stop_signal: signal.Signals) -> Callable[[], None] | None:
    if _LIBC is None:
        return None
    libc, parent = _LIBC, os.getpid()

    def ask_kernel() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, int(stop_signal), 0, 0, 0)
        # The parent may have died before the call, in which case no signal will come.
        if os.getppid() != parent:
            os._exit(1)

    return ask_kernel


def kill_group(pgid: int) -> None:
    """Kill what is left of a process group and wait until it is gone."""
    deadline = time.monotonic() + KILL_WAIT
    while time.monotonic() < deadline:
        try:
            os.killpg(pgid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            return
        # What nobody has waited for still counts as a member, and is past killing.
        if not group(pgid):
            return
        time.sleep(0.02)


def working_in(folder: Path) -> list[int]:
    """Return the processes whose current folder is `folder`."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            if Path(process.cwd()) == folder.resolve() and is_alive(process.pid):
                found.append(process.pid)
    return found


def group(pgid: int) -> list[int]:
    """Return the living processes of a process group."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            if os.getpgid(process.pid) == pgid and is_alive(process.pid):
                found.append(process.pid)
    return found


def is_alive(pid: int) -> bool:
    """Tell whether a process with this id exists, zombies not counted."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def started_at(pid: int) -> float:
    """Return when a process began, which tells it from a later one with the same id, or 0."""
    try:
        return psutil.Process(pid).create_time()
    except psutil.NoSuchProcess:
        return 0.0


def command_line(pid: int) -> str:
    """Return the command line of a process, or "" when it is gone."""
    try:
        return " ".join(psutil.Process(pid).cmdline())
    except psutil.NoSuchProcess:
        return ""
