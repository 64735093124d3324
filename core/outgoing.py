"""Requests that the portal makes to addresses which people typed: never into its own network.

The address is checked when the connection is made, after names were looked up, so a name that
changes between looking and connecting gains nothing. No proxy, no cookies, no credentials; of an
answer the head is read and nothing of its body.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import threading
from typing import NamedTuple
from urllib.parse import quote, urljoin, urlsplit

from django.conf import settings

SECONDS = 5.0  # for one request, its redirects included
MAX_REDIRECTS = 5
AGENT = "KnowledgeHubsLinkCheck/1.0"
REFUSES_HEAD = {400, 403, 404, 405, 406, 410, 429, 500, 501, 502, 503}
_REDIRECTS = {301, 302, 303, 307, 308}
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class Refused(Exception):
    """The address leads where the portal does not go."""


class Answer(NamedTuple):
    """What a server said: the status of HTTP, None without any; `reason` says why none."""

    status: int | None
    reason: str = ""


def ask(address: str) -> Answer:
    """Return how the server at `address` answers to HEAD or, where it refuses that, to GET.

    Never raises; takes `SECONDS` a method at most, beside the time to look up a name.
    """
    answer = _follow("HEAD", address)
    if answer.status in REFUSES_HEAD:
        answer = _follow("GET", address)
    return answer


def is_public(text: str) -> bool:
    """Return whether an IP address belongs to the public Internet, whatever it is wrapped in."""
    address: Address = ipaddress.ip_address(text.partition("%")[0])
    if settings.OUTGOING_MAY_ASK_LOOPBACK and address.is_loopback:
        return True
    return all(
        each.is_global and not each.is_multicast and not each.is_reserved
        for each in (address, *_wrapped(address))
    )


def _wrapped(address: Address) -> list[Address]:
    """Return the IPv4 addresses that an IPv6 address leads to."""
    if isinstance(address, ipaddress.IPv4Address):
        return []
    inner: list[Address | None] = [address.ipv4_mapped, address.sixtofour]
    inner += address.teredo or ()
    return [each for each in inner if each is not None]


def _follow(method: str, address: str) -> Answer:
    watch = _Watch()
    try:
        for _step in range(MAX_REDIRECTS + 1):
            status, location = _once(method, address, watch)
            if status not in _REDIRECTS or not location:
                return Answer(status)
            address = urljoin(address, location)
    except Refused:
        return Answer(None, "refused")
    except (OSError, http.client.HTTPException, ValueError, UnicodeError) as error:
        return Answer(None, "too slow" if watch.is_over else type(error).__name__)
    finally:
        watch.stop()
    return Answer(None, "too many redirects")


class _Watch:
    """Shuts the connection in use once the time is over, however slowly bytes still drip."""

    def __init__(self) -> None:
        self.is_over = False
        self._socket: socket.socket | None = None
        self._timer = threading.Timer(SECONDS, self._end)
        self._timer.daemon = True
        self._timer.start()

    def follow(self, connected: socket.socket) -> None:
        self._socket = connected
        if self.is_over:
            self._end()

    def stop(self) -> None:
        self._timer.cancel()

    def _end(self) -> None:
        self.is_over = True
        if self._socket is not None:
            try:
                self._socket.shutdown(socket.SHUT_RDWR)
            except OSError:  # shut already
                return


def _once(method: str, address: str, watch: _Watch) -> tuple[int, str]:
    """Return the status and the Location of one answer."""
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
        raise Refused(address)
    host = parts.hostname if parts.hostname.isascii() else parts.hostname.encode("idna").decode()
    port = parts.port or (443 if parts.scheme == "https" else 80)
    connection = http.client.HTTPConnection(host, port, timeout=SECONDS)
    connection.sock = _connected(host, port, watch, is_secure=parts.scheme == "https")
    try:
        path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
        query = quote(parts.query, safe="/%:@!$&'()*+,;=~-._?")
        name = f"[{host}]" if ":" in host else host
        connection.request(
            method,
            f"{path}?{query}" if query else path,
            headers={
                "Host": f"{name}:{port}" if parts.port else name,
                "User-Agent": AGENT,
                "Accept": "*/*",
                "Connection": "close",
            },
        )
        response = connection.getresponse()
        if watch.is_over:  # what was cut off looks like an end
            raise TimeoutError
        return response.status, response.headers.get("Location", "")
    finally:
        connection.close()


def _connected(host: str, port: int, watch: _Watch, *, is_secure: bool) -> socket.socket:
    """Return a connection to the first public address of `host`; raise `Refused` if it has
    any other.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    if not found or not all(is_public(str(each[4][0])) for each in found):
        raise Refused(host)
    family, kind, protocol, _name, target = found[0]
    connected = socket.socket(family, kind, protocol)
    try:
        connected.settimeout(SECONDS)
        watch.follow(connected)
        connected.connect(target)
        watch.follow(connected)
        if is_secure:
            connected = ssl.create_default_context().wrap_socket(connected, server_hostname=host)
            watch.follow(connected)
    except BaseException:
        connected.close()
        raise
    return connected
