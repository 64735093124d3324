"""The kinds of things that can be searched. Importing a file here registers its kind."""

from catalogue.kinds import entries

__all__ = ["entries"]
