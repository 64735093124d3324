"""Requests to addresses that people typed: asked as promised, and never inside."""

import socket
import time

import pytest

from core import outgoing
from core.outgoing import ask, is_public
from tests.web_server import WebServer


@pytest.fixture
def server(settings):
    settings.OUTGOING_MAY_ASK_LOOPBACK = True
    with WebServer() as running:
        yield running


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "0.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254",
        "100.64.0.1", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fe80::1%eth0",
        "fc00::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "2002:7f00:1::",
        "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe",
    ],
)  # fmt: skip
def test_an_inner_address_is_not_public_however_it_is_wrapped(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1"])
def test_an_outer_address_is(address):
    assert is_public(address)


def test_a_name_that_leads_inside_is_refused_after_it_was_looked_up(monkeypatch):
    inside = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("10.0.0.1", 80))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_kwargs: inside)

    assert ask("http://looks-harmless.example/") == (None, "refused")


def test_a_name_with_one_inner_address_among_others_is_refused(monkeypatch):
    both = [
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", (host, 80))
        for host in ("93.184.216.34", "127.0.0.1")
    ]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_kwargs: both)

    assert ask("http://two-faced.example/") == (None, "refused")


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1/", "http://localhost:5432/", "http://[::1]/", "http://2130706433/",
        "http://0x7f.1/", "ftp://example.org/", "file:///etc/passwd", "http:///x",
        "http://user:word@93.184.216.34/", "http://[::ffff:127.0.0.1]/",
    ],
)  # fmt: skip
def test_what_is_inside_or_no_web_address_is_not_asked(address):
    answer = ask(address)

    assert answer.status is None
    assert answer.reason in ("refused", "gaierror")


def test_a_page_is_asked_for_by_head_only(server):
    assert ask(f"{server.address}/ok?a=b&c=%20").status == 200
    assert server.asked == [("HEAD", "/ok?a=b&c=%20")]
    assert server.headers[0]["User-Agent"] == outgoing.AGENT
    assert not {"Cookie", "Authorization", "Referer"} & set(server.headers[0])


@pytest.mark.parametrize("status", [403, 405, 501])
def test_a_server_that_refuses_head_is_asked_by_get(server, status):
    server.head_status = status

    assert ask(f"{server.address}/ok").status == 200
    assert [method for method, _path in server.asked] == ["HEAD", "GET"]


def test_a_page_that_is_gone_is_gone_both_ways(server):
    assert ask(f"{server.address}/gone").status == 410


def test_redirects_are_followed_to_their_end(server):
    assert ask(f"{server.address}/moved").status == 200
    assert server.asked[-1] == ("HEAD", "/ok")


def test_a_circle_of_redirects_ends(server):
    assert ask(f"{server.address}/circle") == (None, "too many redirects")
    assert len(server.asked) == outgoing.MAX_REDIRECTS + 1


@pytest.mark.parametrize(
    "target", ["http://10.0.0.1/", "http://169.254.169.254/latest/", "file:///etc/passwd"]
)
def test_a_redirect_inside_is_refused(server, target):
    server.target = target

    assert ask(f"{server.address}/elsewhere") == (None, "refused")


@pytest.mark.parametrize("path", ["/silent", "/drip"])
def test_a_slow_server_is_given_up_in_time(server, path, monkeypatch):
    monkeypatch.setattr(outgoing, "SECONDS", 0.5)
    start = time.monotonic()

    answer = ask(f"{server.address}{path}")

    assert time.monotonic() - start < 3
    assert answer.status is None


def test_a_large_body_is_not_read(server):
    server.head_status = 405

    assert ask(f"{server.address}/large").status == 200
    assert server.sent < 20_000_000


def test_nobody_there_is_no_answer(settings):
    settings.OUTGOING_MAY_ASK_LOOPBACK = True
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]

    assert ask(f"http://127.0.0.1:{port}/").status is None


def test_a_server_that_does_not_speak_http_is_no_answer(server):
    assert ask(f"{server.address}/nonsense").status is None
