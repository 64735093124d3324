"""The experiences that the portal brings: the project's own words, each with its sources."""
