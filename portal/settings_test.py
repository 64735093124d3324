"""What a test run changes, and nothing else."""

import os
import sys

if "pytest" in sys.modules:
    from tests import services

    services.announce()

os.environ.setdefault("DEBUG", "1")

from portal.settings import *  # noqa: F403

DEBUG = False
# Dropping a test database takes longer than a page may.
DATABASES["default"]["OPTIONS"]["options"] = "-c jit=off"  # noqa: F405
DATABASES["default"]["OPTIONS"].pop("pool")  # noqa: F405 -- a pool outlives the test database
if os.environ.get("TEST_TEMPLATE"):
    DATABASES["default"]["TEST"] = {"TEMPLATE": os.environ["TEST_TEMPLATE"]}  # noqa: F405
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES["staticfiles"] = {  # noqa: F405
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
}
ACCOUNT_RATE_LIMITS = False
REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"] = {"client": None}  # noqa: F405
LOG_LEVEL = "WARNING"
LOGGING["root"]["level"] = "WARNING"  # noqa: F405
# A refusal is what many tests ask for, thousands of times; nothing else is left unsaid.
LOGGING["loggers"]["django.request"] = {"level": "ERROR"}  # noqa: F405
PERIOD_LOCK_DAYS = 36_500  # so that old periods of tests are open
