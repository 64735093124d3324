"""Registers that the apps above add to when they start."""

from __future__ import annotations

from collections.abc import Callable, Collection

# What an app does when exchanges were shown, hidden or changed, by their numbers, in the same
# transaction.
EXCHANGES_CHANGED: list[Callable[[Collection[int]], None]] = []
