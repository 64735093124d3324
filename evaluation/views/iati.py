"""A hub's exchanges as IATI: what can be told and what is missing, and the file."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from core.http import root_of
from evaluation.iati.reading import Ready, ready_of
from evaluation.iati.writing import file_portions
from hubs.models import Hub

XML = "application/xml; charset=utf-8"


@require_safe
def iati_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """/evaluation/iati/<hub>/: what is in the file, what is left out, what is missing for it."""
    hub = get_object_or_404(Hub.objects.visible_to(request.user), slug=slug)
    return _page(request, ready_of(hub), HTTPStatus.OK)


@require_safe
def iati_file(request: HttpRequest, slug: str) -> HttpResponseBase:
    """/evaluation/iati/<hub>.xml: the activity file; 409 with a page that says what is missing."""
    hub = get_object_or_404(Hub.objects.visible_to(request.user), slug=slug)
    ready = ready_of(hub)
    if not ready.is_ready:
        return _page(request, ready, HTTPStatus.CONFLICT)
    return StreamingHttpResponse(file_portions(ready, root=root_of(request)), content_type=XML)


def _page(request: HttpRequest, ready: Ready, status: HTTPStatus) -> HttpResponse:
    context = {
        "hub": ready.hub,
        "ready": ready,
        "can_edit": Hub.objects.editable_by(request.user).contains(ready.hub),
    }
    return render(request, "evaluation/iati/iati.html", context, status=status)
