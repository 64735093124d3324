"""What comes in: bodies, conditions, limits."""

import io
import json
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client, override_settings
from redis.exceptions import ConnectionError as CacheAway
from rest_framework.exceptions import ParseError
from rest_framework.test import APIRequestFactory

from core.api.errors import IfMatchMissing, Stale, TooLarge
from core.api.filters import day_of, moment_of
from core.api.parsers import MAX_BODY, StrictJsonParser
from core.api.responses import expected_version, json_response
from core.api.throttling import ClientThrottle, parse_rate


def parsed(body):
    return StrictJsonParser().parse(io.BytesIO(body))


def test_a_json_object_is_read():
    assert parsed('{"name": "Indonésia \\u00e9"}'.encode()) == {"name": "Indonésia é"}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"nonsense",
        b"[1]",
        b'"text"',
        b"null",
        b"\xff\xfe{}",
        b'{"a": NaN}',
        b'{"a": Infinity}',
        b'{"a": "\x00"}',
        b'{"a": "\\u0000"}',
        b'{"\\u0000": 1}',
        b'{"a": [{"b": "\\ud800"}]}',
        b'{"a": ' + b"9" * 5_000 + b"}",
        b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    ],
)
def test_anything_else_is_refused(body):
    with pytest.raises(ParseError):
        parsed(body)


def test_large_bodies_are_not_read_to_their_end():
    stream = io.BytesIO(b'{"a": "' + b"x" * 10_000_000 + b'"}')

    with pytest.raises(TooLarge):
        StrictJsonParser().parse(stream)

    assert stream.tell() == MAX_BODY + 1


def asking(**headers):
    return APIRequestFactory().get("/api/v1/", **headers)


def test_what_the_client_has_already_is_not_sent_again():
    first = json_response(asking(), {"name": "ABC"}, version=3)
    etag = first["ETag"]

    for known in (etag, f"W/{etag}", f'"other", {etag}', "*"):
        again = json_response(asking(HTTP_IF_NONE_MATCH=known), {"name": "ABC"}, version=3)
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", etag)


def test_what_changed_is_sent_again():
    etag = json_response(asking(), {"name": "ABC"})["ETag"]

    changed = json_response(asking(HTTP_IF_NONE_MATCH=etag), {"name": "ABCD"})

    assert (changed.status_code, json.loads(changed.content)) == (200, {"name": "ABCD"})


@pytest.mark.parametrize("tag", ['"3.abc"', 'W/"3.abc"', '"2.x", "3.abc"', "*"])
def test_a_change_based_on_the_present_version_goes_on(tag):
    assert expected_version(asking(HTTP_IF_MATCH=tag), 3) == 3


@pytest.mark.parametrize("tag", ['"2.abc"', '"33.abc"', '"abc"', '".3"'])
def test_a_change_based_on_another_version_is_stale(tag):
    with pytest.raises(Stale):
        expected_version(asking(HTTP_IF_MATCH=tag), 3)


@pytest.mark.parametrize("headers", [{}, {"HTTP_IF_MATCH": ""}, {"HTTP_IF_MATCH": "nonsense"}])
def test_a_change_must_name_a_version(headers):
    with pytest.raises(IfMatchMissing):
        expected_version(asking(**headers), 3)


@pytest.mark.parametrize(
    "text", ["2026-03-01", "2026-03-01T12:00:00Z", "2026-03-01T12:00:00 02:00"]
)
def test_moments_may_be_dates_or_times(text):
    assert moment_of("updated_since", text).isoformat().startswith("2026-03-01T")


@pytest.mark.parametrize(
    "text", ["", "soon", "2026-13-01", "2026-02-30", "99999-01-01", "0001-01-01T00:00:00+23:00"]
)
def test_other_moments_are_refused(text):
    with pytest.raises(Exception, match="as in 2026"):
        moment_of("updated_since", text)


def test_a_year_stands_for_its_last_day():
    assert day_of("as_of", "2012").isoformat() == "2012-12-31"
    with pytest.raises(Exception, match="as in 2012"):
        day_of("as_of", "2012-02-30")


LIMITED = override_settings(
    REST_FRAMEWORK=settings.REST_FRAMEWORK | {"DEFAULT_THROTTLE_RATES": {"client": "3/hour"}}
)


def test_rates_are_read():
    assert parse_rate("600/minute") == (600, 60)


class View:
    def __init__(self):
        self.headers = {}


class Nobody:
    is_authenticated = False


def request_from(address):
    request = APIRequestFactory().get("/api/v1/", REMOTE_ADDR=address)
    request.user = Nobody()
    return request


@LIMITED
def test_more_than_the_limit_is_refused_until_the_window_ends():
    view, throttle = View(), ClientThrottle()

    allowed = [throttle.allow_request(request_from("10.0.0.1"), view) for _ in range(5)]

    assert allowed == [True, True, True, False, False]
    assert 0 < throttle.wait() <= 3600
    assert view.headers["RateLimit-Policy"] == '"client";q=3;w=3600'
    assert view.headers["RateLimit"].startswith('"client";r=0;t=')
    assert throttle.allow_request(request_from("10.0.0.2"), view)


@LIMITED
def test_requests_at_the_same_time_do_not_slip_through():
    barrier = threading.Barrier(8)

    def ask(_number):
        barrier.wait()
        return ClientThrottle().allow_request(request_from("10.0.0.3"), View())

    with ThreadPoolExecutor(8) as pool:
        allowed = list(pool.map(ask, range(8)))

    assert sum(allowed) == 3


@LIMITED
def test_while_the_cache_is_away_everybody_is_let_in(monkeypatch):
    def away(*args, **kwargs):
        raise CacheAway

    monkeypatch.setattr(cache, "incr", away)

    assert all(ClientThrottle().allow_request(request_from("10.0.0.4"), View()) for _ in range(5))


@LIMITED
def test_who_asks_too_much_is_told_to_wait(client: Client):
    answers = [client.get("/api/v1/") for _ in range(4)]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert answers[0]["RateLimit"].startswith('"client";r=2;t=')
    assert answers[3].json()["status"] == 429
    assert int(answers[3]["Retry-After"]) > 0
