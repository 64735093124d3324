"""Front page and error pages."""

import sys
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.views.generic import TemplateView

from accounts.models import Activity
from catalogue.models import Entry
from community.models import Thread
from core.api.problems import problem_for_api
from core.codes import country_name
from core.codes_geo import place_markers
from core.shared_pages import shared_page
from core.typed import is_secret
from hubs.models import Hub, Source
from portal.front_page import QUESTIONS, front_articles, next_events

WORTH_COPYING = 20  # characters that nobody types again gladly
NEWEST = 4  # entries, and threads, shown on the front page
NEWS = 5  # changes shown on the front page
RETRY_AFTER = 5  # seconds a client should wait while the database is away


@method_decorator(shared_page, name="get")
class FrontPageView(TemplateView):
    """What this is, one search box, the hubs on a map, the five questions, what is new."""

    template_name = "portal/front_page.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        entries = Entry.objects.visible_to(user).published().for_list()
        hubs = list(Hub.objects.visible_to(user).by_name())
        return super().get_context_data(
            hubs=hubs,
            markers=place_markers(
                (country, f"{hub.short_name}, {country_name(country)}", hub.get_absolute_url(), 1)
                for hub in hubs
                for country in hub.countries[:1]
            ),
            country_count=len({country for hub in hubs for country in hub.countries}),
            source_count=Source.objects.visible_to(user).count(),
            entries=entries.order_by("-published_at", "-pk")[:NEWEST],
            threads=Thread.objects.visible_to(user)
            .listed()
            .with_read(user)
            .for_list()
            .order_by("-last_post_at", "-pk")[:NEWEST],
            articles=front_articles(user),
            next_events=next_events(user),
            questions=[(question, question.answers(user)) for question in QUESTIONS],
            news=Activity.objects.visible_to(user)
            # What was public once is no news of a hub that is shown no more.
            .filter(audience="public", object_app="hubs", object_model="hub")
            .filter(object_pk__in=[hub.pk for hub in hubs])
            .for_list()[:NEWS],
            **kwargs,
        )


@problem_for_api
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: the request itself is odd."""
    return render(request, "400.html", status=HTTPStatus.BAD_REQUEST)


@problem_for_api
def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: visible, but not for this member to do."""
    return render(request, "403.html", status=HTTPStatus.FORBIDDEN)


@problem_for_api
def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: not there, or not for this reader."""
    return render(request, "404.html", status=HTTPStatus.NOT_FOUND)


@problem_for_api
def server_error(request: HttpRequest) -> HttpResponse:
    """500: ours; or 503 with Retry-After while the database is away or gave up on a statement.

    Django calls this while it handles the exception, wherever that was raised, middleware
    included. Drawn without session or database, which may be what failed.
    """
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        response = render(None, "503.html", status=HTTPStatus.SERVICE_UNAVAILABLE)
        response["Retry-After"] = str(RETRY_AFTER)
        return response
    return render(None, "500.html", status=HTTPStatus.INTERNAL_SERVER_ERROR)


@problem_for_api
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form whose page was open too long, or that came from another site. What was
    typed on a page of the portal is given back.
    """
    context = {"typed": list(_typed_here(request))}
    return render(request, "403_csrf.html", context, status=HTTPStatus.FORBIDDEN)


def _typed_here(request: HttpRequest) -> Iterator[str]:
    """Give the texts worth copying; nothing that another site sent, and no secrets."""
    if request.headers.get("Origin") != f"{request.scheme}://{request.get_host()}":
        return
    for name, texts in request.POST.lists():
        if not is_secret(name):
            yield from (text for text in texts if len(text) >= WORTH_COPYING)
