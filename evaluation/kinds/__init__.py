"""The kinds of things of this app that can be searched; importing a file registers its kind."""

from evaluation.kinds import exchanges, stories

__all__ = ["exchanges", "stories"]
