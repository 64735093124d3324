"""Bring the embedded database over to a newer PostgreSQL.

`python -m portal.embedded.upgrade FOLDER_OF_THE_OLD_PROGRAMS`, with the portal stopped and by
the account that runs it. The old data stay beside the new ones as `postgres-<version>`.
"""

import os
import shutil
import sys
import tempfile
from pathlib import Path

from portal.embedded import postgres
from portal.embedded.environment import var_folder
from portal.embedded.errors import EmbeddedError
from portal.embedded.places import ROLE, prepare
from portal.embedded.processes import run_as


def upgrade(var: Path, old_bin: Path) -> Path:
    """Replace the data below `var` by a copy for the newer server; return where the old lie.

    All or nothing: a failure leaves the old data in place and raises with what was said.
    """
    places = prepare(var)
    old_bin = old_bin.resolve()
    if not (old_bin / "postgres").is_file():
        raise EmbeddedError(f"{old_bin} holds no program named postgres.")
    old = places.postgres
    kept = places.data / f"postgres-{postgres.written_by(old)}"
    if kept.exists():
        raise EmbeddedError(f"{kept} is in the way; move it first.")
    new = postgres.initialise(places)
    for data in (old, new):
        postgres.configure(places, data)
    # The program mistakes a quote in the path of its sockets, so they get a plain one.
    with tempfile.TemporaryDirectory(prefix="portal-") as sockets:
        if places.account:
            os.chown(sockets, places.account.uid, places.account.gid)
        done = run_as(
            places.account,
            [
                str(places.pg_bin / "pg_upgrade"),
                f"--old-bindir={old_bin}",
                f"--new-bindir={places.pg_bin}",
                f"--old-datadir={old}",
                f"--new-datadir={new}",
                f"--username={ROLE}",
                f"--socketdir={sockets}",
            ],
            env=postgres.server_environment(places),
            cwd=Path(sockets),
        )
    if done.returncode:
        shutil.rmtree(new, ignore_errors=True)
        raise EmbeddedError(f"The data could not be brought over:\n{done.stdout}{done.stderr}")
    old.rename(kept)
    new.rename(old)
    return kept


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(str(__doc__))
    try:
        former = upgrade(var_folder(), Path(sys.argv[1]))
    except EmbeddedError as error:
        sys.exit(str(error))
    sys.stdout.write(f"Done. The old data are in {former}; remove them when all is well.\n")
