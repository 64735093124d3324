"""The bare reference: Django with nothing on top, on the same database and server."""

from portal.settings import *  # noqa: F403

INSTALLED_APPS = [
    "hubs",
    "accounts",
    "core",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.postgres",
    "simple_history",
]
MIDDLEWARE = []
ROOT_URLCONF = "bench.bare"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "bench" / "templates"],  # noqa: F405
    }
]
