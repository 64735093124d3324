"""The variables of one-command mode: what `manage.py up` runs with when nothing is set.

Production sets its own variables and never comes here. The values lie in the folder of the
services, so that any other command of the same project works on the running portal.
"""

import fcntl
import json
import os
import secrets
import socket
from collections.abc import MutableMapping, Sequence
from pathlib import Path
from urllib.parse import quote

from portal.embedded.places import make_folder, prepare

COMMAND = "up"
SECRET_BYTES = 50


def var_folder() -> Path:
    """Return the folder that holds all that a running portal writes."""
    project = Path(__file__).resolve().parent.parent.parent
    return Path(os.environ.get("PORTAL_VAR_DIR") or project / "var").absolute()


def fill_in(arguments: Sequence[str], environ: MutableMapping[str, str]) -> None:
    """Add to `environ` what the command in `arguments` (as in `sys.argv`) needs.

    `up` gets the addresses of services that it will start; another command those of the
    portal that runs from this folder, if one does. Variables that are set are kept.
    """
    if list(arguments[1:2]) == [COMMAND]:
        # Migrations and the first load may take longer than a page may.
        added = _one_command(environ) | {"STATEMENT_TIMEOUT_MS": "0"}
    else:
        added = _of_running_portal()
    for name, value in added.items():
        environ.setdefault(name, value)


def serve_at(host: str, port: int, environ: MutableMapping[str, str]) -> dict[str, str]:
    """Return the variables of web and worker of a portal that listens at this address."""
    shown = "127.0.0.1" if host in ("0.0.0.0", "::", "") else host  # noqa: S104 -- only compared
    shown = f"[{shown}]" if ":" in shown else shown
    hosts = ["localhost", "127.0.0.1", "[::1]", socket.gethostname().lower(), shown]
    values = {
        "SITE_URL": f"http://{shown}:{port}",
        "ALLOWED_HOSTS": ",".join(dict.fromkeys(hosts)),
    }
    served = {**environ, **{name: environ.get(name) or value for name, value in values.items()}}
    served.pop("STATEMENT_TIMEOUT_MS", None)
    return served


def remember(var: Path, environ: MutableMapping[str, str]) -> None:
    """Keep the running portal's variables for other commands of this project."""
    names = (*_one_command(environ), "SITE_URL", "ALLOWED_HOSTS")
    note = _note(var)
    note.unlink(missing_ok=True)
    note.touch(mode=0o600)
    note.write_text(json.dumps({name: environ[name] for name in names if name in environ}))


def lock_file(var: Path) -> Path:
    """Return the file that the running portal holds locked."""
    return var / "up.lock"


def _note(var: Path) -> Path:
    return var / "environment.json"


def _one_command(environ: MutableMapping[str, str]) -> dict[str, str]:
    var = var_folder()
    places = prepare(var)
    mail = var / "mail"
    make_folder(mail, 0o700)
    return {
        "DATABASE_URL": places.database_url,
        "REDIS_URL": places.redis_url,
        "SECRET_KEY": _secret_key(var),
        # Accounts with a known password belong in a database that was made for them.
        "DEMO": "0" if environ.get("DATABASE_URL", places.database_url) != places.database_url
        else "1",
        "EMAIL_URL": f"filemail:///{quote(str(mail))}",
        "MEDIA_ROOT": str(var / "media"),
        "STATIC_FROM_SOURCE": "1",
        "LOG_LEVEL": "WARNING",
        "LOG_FORMAT": "console",
    }  # fmt: skip


def _secret_key(var: Path) -> str:
    path = var / "secret_key"
    if not path.is_file() or not path.read_text().strip():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(SECRET_BYTES))
    return path.read_text().strip()


def _of_running_portal() -> dict[str, str]:
    var = var_folder()
    try:
        with lock_file(var).open() as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        try:
            return dict(json.loads(_note(var).read_text()))
        except (OSError, ValueError):
            return {}
    except OSError:
        pass
    return {}
