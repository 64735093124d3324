"""What somebody typed while their session ran out, kept until they have signed in again."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, QueryDict

MAX_KEPT = 100_000  # characters of one form


def sign_in_first(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Send visitors to the sign-in page and back; a form they sent waits in the session."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        if request.method == "POST":
            typed = request.POST.urlencode()
            if len(typed) <= MAX_KEPT:
                request.session[_key(request)] = typed
        return redirect_to_login(request.get_full_path())

    return wrapped


def recall_typed(request: HttpRequest) -> QueryDict | None:
    """Return, once, the form that was sent to this address before signing in."""
    typed = request.session.pop(_key(request), None)
    return None if typed is None else QueryDict(typed)


def _key(request: HttpRequest) -> str:
    return f"typed:{request.path}"
