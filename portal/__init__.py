"""The project: settings, addresses, front page and launcher, on top of every app."""
