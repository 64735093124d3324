"""Pages that are the same for every visitor: drawn once, given until anything changes.

What a visitor without an account reads depends on the rows of the database, the address, the
language and two display choices. `pg_current_snapshot()` names exactly which transactions a
statement sees: while it is the same, so is every row, and the page need not be drawn again.
So nothing has to be told to forget a page, and no page is older than the last commit.
"""

import gzip
import hashlib
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.response import SimpleTemplateResponse
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.text import compress_string
from django.utils.translation import get_language

from core.cache import count_up
from core.dates import today
from core.display import CHOICES, chosen
from core.htmx import is_htmx

View = Callable[..., HttpResponseBase]
Kept = tuple[bytes, str, str, str]  # body in gzip, content type, Vary, ETag

SECONDS = 60  # that a page is kept at most: some speak of the time of day
MAX_KEPT = 500  # pages with a query in that time, so that odd addresses cannot fill the cache
MAX_BYTES = 1_000_000  # of a page
_COUNTER = "shared-pages"
_PRIVATE_COOKIES = (settings.SESSION_COOKIE_NAME, "messages")


def shared_page(view: View) -> View:
    """Let `view`, a function of the request or a method, give visitors a page drawn before.

    Visitors also get an ETag, so that a page which they have already costs 304 and no body.
    Members are not concerned: what they see is theirs.
    """

    @wraps(view)
    def shared(*args: object, **kwargs: object) -> HttpResponseBase:
        request = next(each for each in args if isinstance(each, HttpRequest))
        stamp = _stamp() if _is_visitor(request) else ""
        if not stamp:
            return view(*args, **kwargs)
        key = _key(request, stamp)
        kept: Kept | None = cache.get(key)
        if kept is not None:
            return _given(request, *kept)
        response = view(*args, **kwargs)
        if isinstance(response, SimpleTemplateResponse):
            response.render()
        if isinstance(response, HttpResponse) and _is_same_for_all(request, response):
            _keep(key, response, has_query=bool(request.GET))
            return _conditional(request, response)
        return response

    return shared


def _is_visitor(request: HttpRequest) -> bool:
    return request.method == "GET" and request.COOKIES.keys().isdisjoint(_PRIVATE_COOKIES)


def _stamp() -> str:
    """Return what names the state of the database; "" inside a transaction that writes,
    whose own rows the snapshot does not tell of.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_database() || ' ' || pg_current_snapshot()"
            " WHERE pg_current_xact_id_if_assigned() IS NULL"
        )
        row = cursor.fetchone()
    return row[0] if row else ""


def _key(request: HttpRequest, stamp: str) -> str:
    parts = (
        stamp,
        request.build_absolute_uri(),
        get_language() or "",
        *(chosen(request, name) for name in CHOICES),
        is_htmx(request),
        today().isoformat(),
    )
    return f"page:{hashlib.sha256(repr(parts).encode()).hexdigest()}"


def _is_same_for_all(request: HttpRequest, response: HttpResponse) -> bool:
    return (
        response.status_code == HTTPStatus.OK
        and not response.cookies
        and not request.META.get("CSRF_COOKIE_NEEDS_UPDATE")  # a form with a visitor's token
        and len(response.content) <= MAX_BYTES
    )


def _keep(key: str, response: HttpResponse, *, has_query: bool) -> None:
    """Keep a page, unless it has a query and very many such were kept in the last minute: there
    are only so many pages without one. Add its headers.
    """
    response["ETag"] = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
    response["Cache-Control"] = "no-cache"  # ask each time whether it is still the same
    patch_vary_headers(response, ["Cookie", "Accept-Language", "Accept-Encoding"])
    if not has_query or count_up(_COUNTER, SECONDS) <= MAX_KEPT:
        kept: Kept = (
            compress_string(response.content),
            response["Content-Type"],
            response["Vary"],
            response["ETag"],
        )
        cache.set(key, kept, SECONDS)


def _given(request: HttpRequest, body: bytes, kind: str, vary: str, etag: str) -> HttpResponse:
    response = HttpResponse(content_type=kind)
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        response.content = body
        response["Content-Encoding"] = "gzip"
        etag = f"W/{etag}"
    else:
        response.content = gzip.decompress(body)
    response["Vary"] = vary
    response["ETag"] = etag
    response["Cache-Control"] = "no-cache"
    return _conditional(request, response)


def _conditional(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    answer = get_conditional_response(request, etag=response["ETag"], response=response)
    return answer if isinstance(answer, HttpResponse) else response
