"""Registers that the apps above add to when they start."""

from __future__ import annotations

from collections.abc import Callable

# What an app does when a hub was shown, hidden or renamed, by its number, in the same transaction.
HUB_CHANGED: list[Callable[[int], None]] = []
# What an app adds to a demonstration portal, given the domain of the demonstration accounts.
DEMO: list[Callable[[str], None]] = []
