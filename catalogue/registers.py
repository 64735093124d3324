"""Registers that the apps above add to when they start."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from accounts.models import Member

# What an app does when an adoption was changed or confirmed, by its number and who did it, in the
# same transaction.
ADOPTION_CHANGED: list[Callable[[int, Member], None]] = []
# What an app does before an adoption is taken out, by its number and who does it, in the same
# transaction.
ADOPTION_GOES: list[Callable[[int, Member], None]] = []
# What an app does when a translation was written anew, by its number and who did it, in the same
# transaction.
TRANSLATION_CHANGED: list[Callable[[int, Member], None]] = []
# What an app does before a translation is removed, by its number and who does it, in the same
# transaction.
TRANSLATION_GOES: list[Callable[[int, Member], None]] = []
# What an app does when the rows of the search of some things were written anew or removed, by
# their kind and numbers, in the same transaction: they may be shown to others than before.
INDEXED: list[Callable[[str, Sequence[int]], None]] = []
