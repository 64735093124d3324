"""The kinds of things that can be searched. Importing a file here registers its kind."""

from catalogue.kinds import entries, resources

__all__ = ["entries", "resources"]
