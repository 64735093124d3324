"""Where the services keep their files, and as which account they run.

An ordinary user runs the servers as herself, with everything under `var/`. PostgreSQL
refuses to run as root, so root runs both servers as the account that owns existing data,
else as `nobody`, else as the owner of the project. When that account cannot enter `var/`
(a project below `/root`, say), data, sockets and copies of the programs lie in a private
folder below `/var/lib` and `var/postgres` is a link to it.
"""

import contextlib
import hashlib
import os
import pwd
import shutil
import stat
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from portal.embedded.binaries import postgres_bin, valkey_server
from portal.embedded.errors import EmbeddedError
from portal.embedded.processes import Account, run_as

# Linux takes 107 bytes for the path of a socket, macOS 103.
LONGEST_SOCKET = 103
ROLE = DATABASE = "portal"
SOCKET_NAME = ".s.PGSQL.5432"
FAR_FOLDERS = (Path("/var/lib"), Path("/var/tmp"))  # noqa: S108 -- the folder made there is 0700
SHORT_FOLDER = Path("/tmp")  # noqa: S108 -- the folder made there is 0700


@dataclass(frozen=True)
class Places:
    """The folders, programs and account of one portal's services."""

    var: Path
    data: Path
    sockets: Path
    account: Account | None
    pg_bin: Path
    valkey: Path

    @property
    def postgres(self) -> Path:
        """PostgreSQL's data."""
        return self.data / "postgres"

    @property
    def valkey_data(self) -> Path:
        """Valkey's data."""
        return self.data / "valkey"

    @property
    def valkey_socket(self) -> Path:
        """The socket Valkey listens on."""
        return self.sockets / "valkey.sock"

    @property
    def database_url(self) -> str:
        """The address of the database as `DATABASE_URL` spells it."""
        return f"postgres://{ROLE}@/{quote(str(self.sockets))}/{DATABASE}"

    @property
    def redis_url(self) -> str:
        """The address of Valkey as `REDIS_URL` spells it."""
        return f"unix://{quote(str(self.valkey_socket))}?db=0"

    @property
    def logs(self) -> Path:
        """The servers' logs."""
        return self.var / "log"


def prepare(var: Path) -> Places:
    """Make the folders below `var` and choose the account; safe to repeat."""
    var = var.resolve()
    is_root = os.geteuid() == 0
    # As root the servers' account has to pass through; the folders inside stay private.
    make_folder(var, 0o711 if is_root else 0o700)
    make_folder(var / "log", 0o700)
    pg_bin, valkey = postgres_bin(), valkey_server()
    if is_root:
        account, data = _account_and_data(var)
        pg_bin, valkey = _runnable(account, data, pg_bin, valkey)
    else:
        account, data = None, var
    sockets = data / "run"
    # PostgreSQL's clients read a comma as the end of a host name.
    if len(os.fsencode(sockets / SOCKET_NAME)) > LONGEST_SOCKET or "," in str(sockets):
        owner = account.uid if account else os.geteuid()
        sockets = SHORT_FOLDER / f"portal-{owner}-{_mark(data)}"
    own_folder(sockets, account)
    return Places(var, data, sockets, account, pg_bin, valkey)


def make_folder(path: Path, mode: int) -> None:
    """Make a folder of this process's own account, or say that it is somebody else's."""
    try:
        path.mkdir(mode=mode, parents=True, exist_ok=True)
        if stat.S_IMODE(path.stat().st_mode) != mode:
            path.chmod(mode)
    except PermissionError as error:
        raise EmbeddedError(_not_yours(path)) from error


def own_folder(path: Path, account: Account | None) -> None:
    """Make a folder of mode 0700 that belongs to `account`; refuse one of somebody else."""
    owner = account.uid if account else os.geteuid()
    with contextlib.suppress(FileExistsError):
        path.mkdir(mode=0o700)
        if account:
            os.chown(path, account.uid, account.gid)
    found = path.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner:
        if account is None or path.parent == SHORT_FOLDER:
            raise EmbeddedError(_not_yours(path))
        _hand_over(path, account)
    path.chmod(0o700)


def _hand_over(path: Path, account: Account) -> None:
    for folder, names, files in os.walk(path):
        for name in (".", *names, *files):
            os.chown(Path(folder) / name, account.uid, account.gid, follow_symlinks=False)


def _not_yours(path: Path) -> str:
    return (
        f"{path} belongs to another account. Start the portal as that account, or hand it over:"
        f'\n  sudo chown -R "$(id -un)" "{path}"'
    )


def _account_and_data(var: Path) -> tuple[Account, Path]:
    postgres = var / "postgres"
    if postgres.is_dir() and not postgres.is_symlink() and postgres.stat().st_uid != 0:
        return _account(postgres.stat().st_uid), var
    nobody = _nobody()
    if _can_enter(nobody, var):
        return nobody, var
    owner = var.parent.stat().st_uid
    if owner != 0 and _can_enter(_account(owner), var):
        return _account(owner), var
    return nobody, _far_folder(var)


def _nobody() -> Account:
    try:
        return _account(pwd.getpwnam("nobody").pw_uid)
    except KeyError:
        raise EmbeddedError(
            "PostgreSQL does not run as root and there is no account `nobody` to run it as: "
            "start the portal as an ordinary user."
        ) from None


def _account(uid: int) -> Account:
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:
        raise EmbeddedError(
            f"The data belong to user id {uid}, which has no account here, and PostgreSQL does "
            "not run as root: hand the folder `var` over to an account that exists."
        ) from None
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid, entry.pw_dir)


def _can_enter(account: Account, folder: Path) -> bool:
    tried = run_as(
        account, ["/bin/sh", "-c", 'cd -- "$1"', "sh", str(folder)], env={}, cwd=Path("/")
    )
    return tried.returncode == 0


def _can_run(account: Account, program: Path) -> bool:
    with contextlib.suppress(OSError):
        return run_as(account, [str(program), "--version"], env={}, cwd=Path("/")).returncode == 0
    return False


def _far_folder(var: Path) -> Path:
    """Return this portal's folder outside the project, found again after the project moved."""
    link = var / "postgres"
    if link.is_symlink():
        folder = link.readlink().parent
        note = folder / "belongs-to"
        former = note.read_text() if note.is_file() else ""
        if folder.is_dir() and (former == str(var) or not Path(former).exists()):
            note.write_text(str(var))
            return folder
        link.unlink()
    for parent in FAR_FOLDERS:
        folder = parent / f"knowledge-hubs-portal-{_mark(var)}"
        with contextlib.suppress(OSError):
            folder.mkdir(mode=0o711, exist_ok=True)
            folder.chmod(0o711)
            (folder / "belongs-to").write_text(str(var))
            link.symlink_to(folder / "postgres")
            return folder
    raise EmbeddedError(
        f"The account that runs PostgreSQL cannot enter {var}, and nothing can be written in "
        "/var/lib: move the project to a folder that every account may enter, such as /srv."
    )


def _runnable(account: Account, data: Path, pg_bin: Path, valkey: Path) -> tuple[Path, Path]:
    """Return the programs, as copies in `data` where `account` cannot reach the originals."""
    if not _can_run(account, pg_bin / "postgres"):
        # The programs find their libraries relative to themselves, two folders up.
        package = pg_bin.parent.parent
        copies = data / f"programs-{_mark(pg_bin)}"
        for folder in (package, package.with_name(f"{package.name}.libs")):
            _copy_once(folder, copies / folder.name)
        pg_bin = copies / pg_bin.relative_to(package.parent)
    if not _can_run(account, valkey):
        copies = data / f"programs-{_mark(valkey.parent)}"
        _copy_once(valkey.parent, copies / valkey.parent.name)
        valkey = copies / valkey.parent.name / valkey.name
    return pg_bin, valkey


def _copy_once(source: Path, target: Path) -> None:
    if target.is_dir() or not source.is_dir():
        return
    unfinished = target.with_name(f"{target.name}.new")
    shutil.rmtree(unfinished, ignore_errors=True)
    target.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    target.parent.chmod(0o755)
    shutil.copytree(source, unfinished, symlinks=True)
    unfinished.rename(target)


def _mark(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:10]
