"""The kinds of things that can be searched. Importing a file here registers its kind."""

from catalogue.kinds import blocks, entries, resources

__all__ = ["blocks", "entries", "resources"]
