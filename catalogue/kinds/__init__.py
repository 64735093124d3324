"""The kinds of things that can be searched. Importing a file here registers its kind."""

from catalogue.kinds import blocks, entries, experts, resources

__all__ = ["blocks", "entries", "experts", "resources"]
