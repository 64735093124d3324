#!/usr/bin/env python
"""Django's command-line entry."""

import os
import sys

from django.core.management import execute_from_command_line

from portal.embedded import EmbeddedError, environment

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    try:
        environment.fill_in(sys.argv, os.environ)
    except EmbeddedError as error:
        sys.exit(str(error))
    execute_from_command_line(sys.argv)
