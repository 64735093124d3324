"""The processes of a running portal: started in order, watched, stopped in reverse."""

import contextlib
import json
import os
import signal
import time
from pathlib import Path

from portal.embedded.processes import (
    Child,
    command_line,
    group,
    is_alive,
    kill_group,
    started_at,
)

SAME_START = 1.0  # seconds between two readings of one process's start
LEFTOVER_WAIT = 10.0  # seconds a process of a killed portal gets to end by itself


class Supervisor:
    """Holds the children and a note of them on disk, for the start after a crash."""

    def __init__(self, var: Path) -> None:
        self.note = var / "processes.json"
        self.children: list[Child] = []

    def adopt(self, *children: Child) -> None:
        """Watch these too, and stop them before those adopted earlier."""
        self.children.extend(children)
        self._write_down()

    def first_ended(self) -> Child | None:
        """Return a child that is gone, or None while all of them run."""
        return next((child for child in self.children if child.has_ended()), None)

    def stop(self) -> None:
        """Stop every child, the last one first, and wait until each is gone."""
        while self.children:
            self.children[-1].stop()
            self.children.pop()
            self._write_down()

    def end_leftovers(self) -> list[str]:
        """End what a killed portal left running; return the names of what was found."""
        found = []
        for entry in reversed(self._written_down()):
            pid, began = int(entry["pid"]), float(entry["began"])
            is_leader = is_alive(pid) and abs(started_at(pid) - began) < SAME_START
            # A leader that is gone may have left its own children, in the group of its number.
            if not is_leader and not any("portal" in command_line(one) for one in group(pid)):
                continue
            found.append(entry["name"])
            with contextlib.suppress(ProcessLookupError):
                os.killpg(pid, int(entry["signal"]))
            deadline = time.monotonic() + LEFTOVER_WAIT
            while group(pid) and time.monotonic() < deadline:
                time.sleep(0.05)
            kill_group(pid)
        self.note.unlink(missing_ok=True)
        return found

    def _write_down(self) -> None:
        entries = [
            {
                "name": child.name,
                "pid": child.pid,
                "began": started_at(child.pid),
                "signal": int(child.stop_signal),
            }
            for child in self.children
        ]
        self.note.write_text(json.dumps(entries))

    def _written_down(self) -> list[dict[str, str]]:
        try:
            return list(json.loads(self.note.read_text()))
        except (OSError, ValueError):
            return []


def describe_end(child: Child) -> str:
    """Return how a child ended, in words."""
    code = child.process.returncode
    if code < 0:
        with contextlib.suppress(ValueError):
            return f"was ended by {signal.Signals(-code).name}"
    return f"ended with code {code}"
