"""A form that was sent twice from one page has one effect."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

KEPT = 60  # seconds that the answer to a form is remembered
PATIENCE = 3.0  # seconds that the second waits for the first
STEP = 0.05  # seconds between looks
UNDER_WAY = ""
View = Callable[..., HttpResponse]


def once(view: View) -> View:
    """Send who sent the same form of the same page again to where the first led them.

    Two presses of a button, or the way back and the button again, send the very same body: its
    token differs each time a page is made. A form that was refused is answered each time; one
    without a token, and one that a script saves meanwhile, is left alone.
    """
    return _once(view, is_for_all=False)


def once_by_link(view: View) -> View:
    """Do so, too, for visitors without an account: of a page whose address is a secret."""
    return _once(view, is_for_all=True)


def _once(view: View, *, is_for_all: bool) -> View:
    @wraps(view)
    def wrapped(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        is_known = is_for_all or request.user.is_authenticated
        if not (is_known and _is_from_a_page(request)):
            return view(request, *args, **kwargs)
        key = _key(request)
        if not cache.add(key, UNDER_WAY, KEPT) and (place := _place_of(key)):
            return HttpResponseRedirect(place)
        place = None
        try:
            response = view(request, *args, **kwargs)
            place = response.headers.get("Location")
        finally:
            if place is None:
                cache.delete(key)
            else:
                cache.set(key, place, KEPT)
        return response

    return wrapped


def _is_from_a_page(request: HttpRequest) -> bool:
    return (
        request.method == "POST"
        and "csrfmiddlewaretoken" in request.POST
        and "X-Autosave" not in request.headers
    )


def _key(request: HttpRequest) -> str:
    uploads: Any = request.FILES
    files = [(name, file.name, file.size) for name, file in uploads.items()]
    sent = [request.user.pk, request.get_full_path(), *request.POST.lists(), files]
    return f"once:{hashlib.sha256(json.dumps(sent).encode()).hexdigest()}"


def _place_of(key: str) -> str | None:
    """Return where the first led; None if it was refused, or is not done yet."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        place: str | None = cache.get(key)
        if place != UNDER_WAY:
            return place
        time.sleep(STEP)
    return None
