"""The kinds of things of this app that can be searched; importing a file registers its kind."""

from community.kinds import articles, events, threads

__all__ = ["articles", "events", "threads"]
