"""Programs that write the catalogue: how tests send, and what every write must withstand."""

from http import HTTPStatus

from tests.api_clients import client_of
from tests.hubs.people import PEOPLE, person

VISITORS = {"anonymous", "suspended", "suspended_editor"}
JUNK = (
    "x" * 10_000,
    "half \ud800",
    "NUL \x00",
    10**400,
    -1,
    1e308,
    True,
    None,
    [],
    {},
    [[[[[[[[]]]]]]]],
    {"a": {"b": {"c": [1, {"d": None}]}}},
    ["x"] * 1_000,
    "\u202e<script>",
)


def as_client(user):
    """Return a client signed in as `user`, or as nobody if that is a visitor."""
    return client_of(user if user.is_authenticated else None)


def send(client, method, url, data=None, **headers):
    """Return the answer to JSON; `if_match` and `idempotency_key` are headers."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return getattr(client, method)(
        url, {} if data is None else data, content_type="application/json", headers=named
    )


def patch(client, url, changes, etag=None):
    """Change what `url` names, as it is now or as it was at `etag`."""
    etag = client.get(url).headers["ETag"] if etag is None else etag
    return send(client, "patch", url, changes, if_match=etag)


def who_may(hub, act, people=PEOPLE):
    """Return the status that each of `people` of `hub` gets from `act(user)`."""
    return {who: act(person(who, hub)).status_code for who in people}


def statuses(allowed, status, others=403, people=PEOPLE):
    """Return the table that `who_may` is to equal: visitors 401, `allowed` `status`."""
    return {who: 401 if who in VISITORS else status if who in allowed else others for who in people}


def assert_no_junk_breaks(client, method, url, fields, **headers):
    """Send every field everything that is not meant for it; nothing may fail."""
    bodies = [{field: junk} for field in fields for junk in JUNK]
    for body in [*bodies, {"no_such_field": 1}, {field: {"deep": [{}]} for field in fields}]:
        answer = send(client, method, url, body, **headers)
        assert answer.status_code < HTTPStatus.INTERNAL_SERVER_ERROR, (body, answer.content)
        if answer.status_code == HTTPStatus.BAD_REQUEST:
            assert answer.json()["title"], body
    for raw in (b"", b"[]", b"nothing", b"[" * 100_000, b"\xff", b'{"a": NaN}', b"null"):
        answer = getattr(client, method)(
            url, raw, content_type="application/json", headers={**headers}
        )
        assert answer.status_code < HTTPStatus.INTERNAL_SERVER_ERROR, raw
