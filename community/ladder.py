"""The ladder of measures: which step comes next, for moderators to follow or not."""

from __future__ import annotations

from collections.abc import Collection

from django.utils.translation import gettext as _


def next_step(warnings: int, measures: Collection[str], status: str) -> str:
    """Return in words what comes after the warnings and measures (verbs) of the last year, for a
    member who is in `status` now.
    """
    if status == "suspended":
        return _("They are suspended. An administrator can close the account for good.")
    if "member.suspended" in measures:
        return _("They were suspended within a year: suspend them without an end.")
    if "member.limited" in measures:
        return _("They were limited within a year: suspend them for 30 days.")
    if warnings:
        return _("They were warned within a year: limit them for 14 days.")
    return _("Nothing in the last year: a warning is the first step.")
