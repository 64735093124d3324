"""What the views that write have in common."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse
from drf_spectacular.utils import OpenApiExample

from accounts.api import MemberMixin
from accounts.idempotency import answer_once
from core.api.forms import body_of
from core.api.responses import expected_version
from core.http import get_allowed

SLUG = "[-a-zA-Z0-9_]+"


class WriteMixin(MemberMixin):
    """Rights first, then the body; one effect for one Idempotency-Key."""

    def once(self, act: Callable[[], HttpResponse]) -> HttpResponse:
        """Return what `act` answers; repeat the answer where the request is repeated."""
        return answer_once(self.request._request, body_of(self.request), by=self.member, act=act)

    def once_as_read(self, version: int, act: Callable[[int], HttpResponse]) -> HttpResponse:
        """Return what `act` answers, given the version that If-Match names: it must be `version`,
        that of the row now, unless the request only repeats one that was answered.
        """
        return self.once(lambda: act(expected_version(self.request, version)))

    def allowed(self, model: Any, right: str, **lookup: Any) -> Any:
        """Return the row that `lookup` finds: 404 if the reader may not see it, 403 if it is
        not in the queryset `right` ("editable_by") of theirs.
        """
        user = self.request.user
        seen: QuerySet[Any] = model.objects.visible_to(user)
        return get_allowed(seen, getattr(model.objects, right)(user), **lookup)

    def created(self, response: HttpResponse, route: str, *arguments: object) -> HttpResponse:
        """Name the address of what was made in the answer."""
        path = reverse(route, args=arguments)
        response["Location"] = self.request.build_absolute_uri(path)
        return response


def example(name: str, value: dict[str, Any]) -> OpenApiExample:
    """Return a body that can be sent, for the document of the API."""
    return OpenApiExample(name, value=value, request_only=True)


def exchange(name: str, sent: dict[str, Any], answer: dict[str, Any]) -> Sequence[OpenApiExample]:
    """Return a body that makes something, and what is answered, for the document of the API."""
    made = OpenApiExample(f"{name}: made", value=answer, response_only=True, status_codes=["201"])
    return [example(name, sent), made]
