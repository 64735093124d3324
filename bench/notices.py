"""Notices and the mail of the day, for many members."""

from typing import Any

from bench.serving import Row, ask

MEMBERS = 5_000
GOAL_S = 60.0


def measured(environment: dict[str, str]) -> list[Row]:
    """Return what telling many members costs."""
    work: Any = ask(environment, "telling", str(MEMBERS))
    return [
        _row(f"{work['notices']} notices to {MEMBERS} members, by the worker", work["told"]),
        _row(f"mail of the day for {work['mails']} members", work["mailed"]),
    ]


def _row(name: str, took: dict[str, float]) -> Row:
    return {
        "measure": name,
        "value": f"{took['s']:.1f} s, processor of Python {took['cpu_s']:.1f} s",
        "goal": f"<= {GOAL_S:.0f} s",
        "met": took["s"] <= GOAL_S,
    }
