"""Rows of the community in the admin, for moderators; each only what they may read."""

from community.admin import moderation as moderation
