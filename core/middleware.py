"""Guards at the door: odd bytes, pages that must not be stored, headers."""

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers

from core.api.problems import problem_for_api

GetResponse = Callable[[HttpRequest], HttpResponse]


class NulByteMiddleware:
    """Answer 400 to an address that carries a NUL byte, which PostgreSQL cannot store.

    Forms refuse NUL bytes in their fields, at the field, and keep what was typed.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        query = request.META.get("QUERY_STRING", "")
        if "\x00" in request.path or "%00" in query or "\x00" in query:
            return self._refuse(request)
        return self.get_response(request)

    @staticmethod
    @problem_for_api
    def _refuse(request: HttpRequest) -> HttpResponse:
        return render(request, "400.html", status=HTTPStatus.BAD_REQUEST)


class PrivatePagesMiddleware:
    """Keep pages of signed-in members out of every cache."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        user = getattr(request, "user", None)
        if user is not None and user.is_authenticated:
            add_never_cache_headers(response)
            response["Cache-Control"] = "no-store, private"
        return response


class SecurityHeadersMiddleware:
    """Headers that Django has no setting for."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
        )
        return response
