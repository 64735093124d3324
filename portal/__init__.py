"""The project: settings, addresses, front page and launcher, on top of every app."""

# Imported here so that every process knows the broker that its tasks go to.
from portal.celery import app as celery_app

__all__ = ["celery_app"]
