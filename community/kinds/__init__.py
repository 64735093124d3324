"""The kinds of things of this app that can be searched; importing a file registers its kind."""

from community.kinds import events, threads

__all__ = ["events", "threads"]
