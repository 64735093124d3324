"""Problem details for machines (RFC 9457), for views and for what fails before a view."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import wraps
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

API_PREFIX = "/api/"
CONTENT_TYPE = "application/problem+json"
Errors = Mapping[str, Sequence[object]]


@dataclass(frozen=True, slots=True)
class ProblemKind:
    """A problem that a client can tell apart by more than its status."""

    status: HTTPStatus
    title: Promise
    advice: Promise


# Each stands at /api/problems/<name>/, which is its `type`; all others are "about:blank".
KINDS = {
    "invalid": ProblemKind(
        HTTPStatus.BAD_REQUEST,
        _("Some values are not valid"),
        _("“errors” names each field or parameter and says what to correct."),
    ),
    "refused": ProblemKind(
        HTTPStatus.CONFLICT,
        _("A rule of the portal refuses this"),
        _("“detail” says which. Nothing was changed."),
    ),
    "stale": ProblemKind(
        HTTPStatus.PRECONDITION_FAILED,
        _("Somebody saved this in between"),
        _("Read it again, put your changes on top of it, and send them with the new ETag."),
    ),
    "if-match-missing": ProblemKind(
        HTTPStatus.PRECONDITION_REQUIRED,
        _("A change needs If-Match"),
        _("Send the ETag of what you read as If-Match, so that nobody's change is lost."),
    ),
    "key-reused": ProblemKind(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        _("This Idempotency-Key belongs to another request"),
        _("Use a new key for each new request; repeat a key only with the same request."),
    ),
}
# What to do about a status that says nothing of its own.
ADVICE: dict[int, Promise] = {
    HTTPStatus.BAD_REQUEST: _("The request cannot be understood."),
    HTTPStatus.UNAUTHORIZED: _("Sign in first."),
    HTTPStatus.FORBIDDEN: _("You may see this, but not change it."),
    HTTPStatus.NOT_FOUND: _("There is nothing at this address, or nothing that you may see."),
    HTTPStatus.CONFLICT: _("This contradicts what is stored. Nothing was changed."),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: _("The request is too large."),
    HTTPStatus.TOO_MANY_REQUESTS: _("Too many requests. Wait as long as Retry-After says."),
    HTTPStatus.INTERNAL_SERVER_ERROR: _("Something failed here. It has been logged."),
    HTTPStatus.SERVICE_UNAVAILABLE: _("The portal is busy. Try again in a moment."),
}


def is_api_request(request: HttpRequest | None) -> bool:
    """Return whether the one who asks is a program that reads problem details."""
    return request is not None and request.path.startswith(API_PREFIX)


def problem_response(
    request: HttpRequest,
    status: int,
    *,
    kind: str = "",
    detail: object = "",
    errors: Errors | None = None,
    headers: Mapping[str, str] | None = None,
) -> HttpResponse:
    """Return problem details: type, title, status, detail and, by field, errors."""
    body: dict[str, object] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": int(status),
        "detail": str(detail or ADVICE.get(status, "")),
    }
    if kind:
        body["type"] = request.build_absolute_uri(reverse("api_problem", args=[kind]))
        body["title"] = str(KINDS[kind].title)
        body["detail"] = str(detail or KINDS[kind].advice)
    if errors:
        body["errors"] = {
            field: [str(message) for message in messages] for field, messages in errors.items()
        }
    response = HttpResponse(
        json.dumps(body, ensure_ascii=False), status=status, content_type=CONTENT_TYPE
    )
    response["Cache-Control"] = "no-store"
    for name, value in (headers or {}).items():
        response[name] = value
    return response


def problem_for_api(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let an error view answer programs with problem details of the same status."""

    @wraps(view)
    def answer(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if not is_api_request(request):
            return response
        kept = {"Retry-After": response["Retry-After"]} if "Retry-After" in response else {}
        return problem_response(request, response.status_code, headers=kept)

    return answer
