"""What somebody typed while their session ran out, kept until they have signed in again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import TypeVar

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.urls import reverse

MAX_KEPT = 150_000  # characters of one form, in whatever script: the longest is of 100,000
View = Callable[..., HttpResponse]
Answer = TypeVar("Answer", bound=HttpResponseBase)
_KEY = "typed_form"  # of the session; it keeps one form, the last
_SECRETS = ("password", "secret", "token")


def is_secret(name: str) -> bool:
    """Return whether a field of this name holds what opens an account, or proves a page."""
    return name == "code" or any(word in name.lower() for word in _SECRETS)


def packed(form: QueryDict) -> dict[str, list[str]] | None:
    """Return a form as the session keeps it; None for one of more than `MAX_KEPT` characters."""
    typed = dict(form.lists())
    number = sum(len(text) for name, texts in typed.items() for text in (name, *texts))
    return typed if number <= MAX_KEPT else None


def unpacked(typed: Mapping[str, list[str]]) -> QueryDict:
    """Return the form that `packed` made ready to be kept."""
    form = QueryDict(mutable=True)
    for name, texts in typed.items():
        form.setlist(name, texts)
    return form


def sign_in_first(view: Callable[..., Answer]) -> Callable[..., Answer | HttpResponse]:
    """Send visitors to the sign-in page and back; a form they sent waits in the session."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: object, **kwargs: object) -> Answer | HttpResponse:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        if request.method == "POST":
            keep_typed(request)
        return redirect_to_login(request.get_full_path())

    return wrapped


def sign_in_then(route: str, key: str = "slug") -> Callable[[View], View]:
    """Send visitors who press a button to the sign-in page and then to `route`, a page with
    the same slug, or other `key`: the button's own address answers no reader.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def wrapped(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            if request.user.is_authenticated:
                return view(request, *args, **kwargs)
            return redirect_to_login(reverse(route, args=[kwargs[key]]))

        return wrapped

    return decorate


def keep_typed(request: HttpRequest) -> None:
    """Keep the form that was sent for `recall_typed` at the same address."""
    typed = packed(request.POST)
    if typed is not None:
        request.session[_KEY] = {"path": request.path, "form": typed}


def recall_typed(request: HttpRequest) -> QueryDict | None:
    """Return, once, the form that was sent to this address before signing in."""
    kept = request.session.get(_KEY)
    if kept is None or kept["path"] != request.path:
        return None
    del request.session[_KEY]
    return unpacked(kept["form"])
