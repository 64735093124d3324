"""Start and stop the two servers together, or only the one that is wanted."""

from pathlib import Path
from typing import Self

from portal.embedded import postgres, valkey
from portal.embedded.places import prepare
from portal.embedded.processes import Child


class Services:
    """PostgreSQL and Valkey under one folder; a context manager that leaves nothing running."""

    def __init__(
        self,
        var: Path,
        *,
        wants_postgres: bool = True,
        wants_valkey: bool = True,
        is_durable: bool = True,
    ) -> None:
        self.places = prepare(var)
        self.wants_postgres = wants_postgres
        self.wants_valkey = wants_valkey
        self.is_durable = is_durable
        self.children: list[Child] = []

    def environment(self) -> dict[str, str]:
        """Return the variables that point the portal at these servers."""
        urls = {}
        if self.wants_postgres:
            urls["DATABASE_URL"] = self.places.database_url
        if self.wants_valkey:
            urls["REDIS_URL"] = self.places.redis_url
        return urls

    def start(self) -> list[Child]:
        """Start what is wanted and return the processes; all or nothing. Main thread only."""
        try:
            if self.wants_postgres:
                self.children.append(postgres.start(self.places, is_durable=self.is_durable))
            if self.wants_valkey:
                self.children.append(valkey.start(self.places, is_durable=self.is_durable))
        except BaseException:
            self.stop()
            raise
        return self.children

    def stop(self) -> None:
        """Stop in reverse order and wait until every process is gone."""
        while self.children:
            self.children.pop().stop()
        if self.wants_postgres:
            postgres.sweep(self.places)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.stop()
