"""Errors of API views as problem details, each with the status that says what to do."""

import math
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

import structlog
from django.core.exceptions import (
    NON_FIELD_ERRORS,
    ObjectDoesNotExist,
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    ValidationError,
)
from django.db import DataError, IntegrityError, InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions
from rest_framework.request import Request

from core.api.problems import problem_response
from core.errors import DomainError, StaleEdit

logger = structlog.get_logger(__name__)
RETRY_AFTER = 5  # seconds a client should wait while the database is away
WHOLE_REQUEST = "request"  # the key of errors that belong to no single field


class TooLarge(exceptions.APIException):
    """A body over the limit; the rest of it was not read."""

    status_code = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    default_detail = _("The request is too large.")


class Gone(exceptions.APIException):
    """Something that was withdrawn; the detail says when and why."""

    status_code = HTTPStatus.GONE


class IfMatchMissing(exceptions.APIException):
    """A change that does not say which version it is based on."""

    status_code = HTTPStatus.PRECONDITION_REQUIRED


class Stale(exceptions.APIException):
    """A change based on a version that is not the present one."""

    status_code = HTTPStatus.PRECONDITION_FAILED


class KeyReused(exceptions.APIException):
    """An Idempotency-Key that came with another request before."""

    status_code = HTTPStatus.UNPROCESSABLE_ENTITY


_KINDS: dict[type[Exception], str] = {
    IfMatchMissing: "if-match-missing",
    Stale: "stale",
    KeyReused: "key-reused",
}
# What is raised below the API, and the status it means there.
_STATUSES: tuple[tuple[type[Exception], HTTPStatus, str], ...] = (
    (Http404, HTTPStatus.NOT_FOUND, ""),
    (ObjectDoesNotExist, HTTPStatus.NOT_FOUND, ""),
    (StaleEdit, HTTPStatus.PRECONDITION_FAILED, "stale"),
    (DomainError, HTTPStatus.CONFLICT, "refused"),
    (PermissionDenied, HTTPStatus.FORBIDDEN, ""),
    (RequestDataTooBig, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, ""),
    (SuspiciousOperation, HTTPStatus.BAD_REQUEST, ""),
    (UnreadablePostError, HTTPStatus.BAD_REQUEST, ""),
    (MultiPartParserError, HTTPStatus.BAD_REQUEST, ""),
    (IntegrityError, HTTPStatus.CONFLICT, ""),
    (DataError, HTTPStatus.BAD_REQUEST, ""),
)


def problem_handler(error: Exception, context: Mapping[str, Any]) -> HttpResponse | None:
    """Return the problem details that `error` means, or None for what nobody foresaw."""
    request = context["request"]
    django_request = request._request if isinstance(request, Request) else request
    if isinstance(error, ValidationError):
        return _invalid(django_request, errors_of(error))
    if isinstance(error, exceptions.ValidationError):
        return _invalid(django_request, dict(_flat(error.detail)))
    if isinstance(error, exceptions.APIException):
        return _of_framework(django_request, error)
    if isinstance(error, OperationalError | InterfaceError):
        logger.warning("database_away", error=str(error))
        return problem_response(
            django_request,
            HTTPStatus.SERVICE_UNAVAILABLE,
            headers={"Retry-After": str(RETRY_AFTER)},
        )
    for raised, status, kind in _STATUSES:
        if isinstance(error, raised):
            detail = str(error) if isinstance(error, DomainError) else ""
            return problem_response(django_request, status, kind=kind, detail=detail)
    return None


def errors_of(error: ValidationError) -> dict[str, list[str]]:
    """Return the messages of a model's or form's validation, by field."""
    by_field = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
    return {
        WHOLE_REQUEST if field in ("", NON_FIELD_ERRORS) else field: [str(text) for text in texts]
        for field, texts in by_field.items()
    }


def _invalid(request: HttpRequest, errors: Mapping[str, list[str]]) -> HttpResponse:
    return problem_response(request, HTTPStatus.BAD_REQUEST, kind="invalid", errors=errors)


def _of_framework(request: HttpRequest, error: exceptions.APIException) -> HttpResponse:
    headers = {}
    if challenge := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    if (wait := getattr(error, "wait", None)) is not None:
        headers["Retry-After"] = str(math.ceil(wait))
    kind = _KINDS.get(type(error), "")
    # The text of a known kind says more than the framework's default.
    detail = "" if kind and error.detail == error.default_detail else error.detail
    return problem_response(request, error.status_code, kind=kind, detail=detail, headers=headers)


def _flat(detail: object, path: str = "") -> Iterator[tuple[str, list[str]]]:
    """Give (field, messages); a field within a list or an object as "sources.0.address"."""
    if isinstance(detail, Mapping):
        for key, value in detail.items():
            name = "" if key == "non_field_errors" else str(key)
            yield from _flat(value, ".".join(part for part in (path, name) if part))
    elif isinstance(detail, list) and any(isinstance(item, Mapping | list) for item in detail):
        for position, item in enumerate(detail):
            yield from _flat(item, f"{path}.{position}" if path else str(position))
    else:
        items = detail if isinstance(detail, list) else [detail]
        if items:
            yield path or WHOLE_REQUEST, [str(item) for item in items]
