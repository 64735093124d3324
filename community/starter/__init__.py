"""The spaces that every portal begins with."""
