"""The embedded PostgreSQL and Valkey of one-command mode; knows nothing of Django.

`Services` starts and stops both; `environment` gives the settings that point at them.
Everything lies under one folder (`var/`), reachable by its owner only, without TCP.
"""

from portal.embedded.errors import EmbeddedError
from portal.embedded.services import Services

__all__ = ["EmbeddedError", "Services"]
