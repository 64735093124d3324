"""The WSGI application that gunicorn and waitress serve."""

import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.utils import translation

from core import codes

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

application = get_wsgi_application()

# Loaded here, before the server makes its workers, so that they share it: the pages' code,
# and the names of countries, languages and sectors in every language.
import_module(settings.ROOT_URLCONF)
for code, _name in settings.LANGUAGES:
    with translation.override(code):
        codes.load_names()
