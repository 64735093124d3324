"""Members, their standing, and the record of what they did; knows core only."""
