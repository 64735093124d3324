"""The embedded Valkey: broker and cache, on a socket only, its log of writes on disk."""

import os
import signal
import socket
import time
from pathlib import Path

from portal.embedded.errors import EmbeddedError
from portal.embedded.places import Places, own_folder
from portal.embedded.processes import Child, spawn

READY_WITHIN = 30.0  # seconds


def start(places: Places, *, is_durable: bool = True) -> Child:
    """Start the server; return when it answers and has read its log."""
    own_folder(places.valkey_data, places.account)
    conf = places.valkey_data / "valkey.conf"
    conf.unlink(missing_ok=True)
    conf.write_text(_settings(places, is_durable=is_durable), encoding="utf-8")
    conf.chmod(0o644)
    child = spawn(
        "Valkey",
        [str(places.valkey), str(conf)],
        env={"PATH": os.defpath, "LC_ALL": "C"},
        cwd=places.valkey_data,
        account=places.account,
        log=places.logs / "valkey.log",
        stop_signal=signal.SIGTERM,
    )
    try:
        _wait_until_ready(places, child)
    except BaseException:
        child.stop()
        raise
    return child


def _wait_until_ready(places: Places, child: Child) -> None:
    deadline = time.monotonic() + READY_WITHIN
    while not _answers(places.valkey_socket):
        if child.has_ended() or time.monotonic() > deadline:
            raise EmbeddedError(f"Valkey does not start; see {places.logs / 'valkey.log'}")
        time.sleep(0.02)


def _settings(places: Places, *, is_durable: bool) -> str:
    return "\n".join(
        [
            "# Written at each start of the portal.",
            "port 0",
            f"unixsocket {_quoted(places.valkey_socket)}",
            "unixsocketperm 700",
            f"dir {_quoted(places.valkey_data)}",
            f"appendonly {'yes' if is_durable else 'no'}",
            "appendfsync everysec",
            'save ""',
            # Messages wait here: refusing a write is seen, dropping a message is not.
            "maxmemory-policy noeviction",
            "databases 32",
            "",
        ]
    )


def _quoted(path: Path) -> str:
    text = str(path).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'


def _answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
        client.settimeout(1)
        try:
            client.connect(str(path))
            client.sendall(b"PING\r\n")
            return client.recv(16).startswith(b"+PONG")
        except OSError:
            return False
