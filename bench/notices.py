"""Notices, the mail of the day and announcements, for many members."""

from typing import Any

from bench.serving import Row, ask

MEMBERS = 5_000
GOAL_S = 60.0
START_S = 5.0  # within which whoever starts an announcement has an answer


def measured(environment: dict[str, str]) -> list[Row]:
    """Return what telling and mailing many members costs."""
    work: Any = ask(environment, "telling", str(MEMBERS))
    sent: Any = ask(environment, "announcing", str(MEMBERS))
    return [
        _row(f"{work['notices']} notices to {MEMBERS} members, by the worker", work["told"]),
        _row(f"mail of the day for {work['mails']} members", work["mailed"]),
        _row(f"announcement to {sent['recipients']} members, start", sent["started"], START_S),
        _row(f"announcement, {sent['mailed']} mails written by the worker", sent["turned"]),
    ]


def _row(name: str, took: dict[str, float], goal: float = GOAL_S) -> Row:
    return {
        "measure": name,
        "value": f"{took['s']:.1f} s, processor of Python {took['cpu_s']:.1f} s",
        "goal": f"<= {goal:.0f} s",
        "met": took["s"] <= goal,
    }
