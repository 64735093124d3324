"""What views need to know of a request: where it reached the portal, what it may touch."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import get_script_prefix, reverse
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

_NUMBER = 1_234_567_890  # that stands in no other place of an address
MAX_VERSION_DIGITS = 9  # of a version that a button sends; more is no version
_MACHINE = re.compile(
    r"bot|crawl|spider|slurp|preview|curl|wget|python|http|java/|scan|monitor", re.IGNORECASE
)


def numbered(name: str, number: int) -> str:
    """Return the address of the route `name` that takes one number: as `reverse` does, without
    looking each up where there are thousands.
    """
    before, after = _around(name, get_script_prefix())
    return f"{before}{number}{after}"


@cache
def _around(name: str, prefix: str) -> tuple[str, str]:
    before, after = reverse(name, args=[_NUMBER]).split(str(_NUMBER))
    return before, after


def root_of(request: HttpRequest | Request) -> str:
    """Return the portal's address without its last slash, as the client reached it."""
    return str(request.build_absolute_uri("/")).rstrip("/")


def get_allowed(visible: QuerySet[Any], allowed: QuerySet[Any], **lookup: Any) -> Any:
    """Return the one of `visible` that `lookup` finds: 404 if there is none, 403 if it is not
    among `allowed`, for whoever may see a thing may know that they may not do this with it.
    """
    thing = get_object_or_404(visible, **lookup)
    if not allowed.contains(thing):
        raise PermissionDenied
    return thing


def sent_version(request: HttpRequest) -> int:
    """Return the version that a button sends with it, as which the thing was read; 0 if none."""
    text = request.POST.get("version", "")
    is_number = text.isascii() and text.isdigit() and len(text) <= MAX_VERSION_DIGITS
    return int(text) if is_number else 0


def visitor_of(request: HttpRequest) -> str:
    """Return what tells one visitor of a day from another; "" for a machine that says so, or
    that does not say what it is. To be hashed, never kept.
    """
    program = request.headers.get("User-Agent", "")
    if not program or _MACHINE.search(program):
        return ""
    if request.user.is_authenticated:
        return f"member {request.user.pk}"
    address: str = BaseThrottle().get_ident(request)  # type: ignore[arg-type]  # has META
    return f"{address} {program}"
