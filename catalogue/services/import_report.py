"""What a file would do, or did: counts, what is wrong, what is there already."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from catalogue.models import KnownRows
from catalogue.services.import_kinds import Plan

MOST_PROBLEMS = 5  # told of one row
MOST_KNOWN = 200  # rows that are there already and are told one by one


def empty_report() -> dict[str, Any]:
    """Return the report of a file of which nothing is known."""
    counts = dict.fromkeys(("new", "known", "changed", "same", "rejected"), 0)
    return counts | {"problems": [], "known_rows": [], "failure": ""}


def count(report: dict[str, Any], plans: Iterable[Plan]) -> None:
    """Add to a report what `plans`, a portion of the file, would do."""
    for plan in sorted(plans, key=lambda plan: plan.row):
        report["rejected" if plan.problems else plan.action] += 1
        report["problems"] += [
            [plan.row, column, text] for column, text in plan.problems[:MOST_PROBLEMS]
        ]
        if plan.action == "known" and len(report["known_rows"]) < MOST_KNOWN:
            report["known_rows"].append([plan.row, *plan.like])


def decide(plans: Iterable[Plan], known: str) -> None:
    """Let rows that are there already be new ones, where the member decided so."""
    for plan in plans:
        if plan.action == "known" and known == KnownRows.ADD:
            plan.action = "new"
