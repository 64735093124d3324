"""Minimal pages over the portal's own rows: a list of 25 hubs, and one hub with its facts."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path

from hubs.models import FACT_MODELS, Hub

PAGE_SIZE = 25  # rows, as on the portal's own list


def hub_list(request: HttpRequest) -> HttpResponse:
    hubs = Hub.objects.filter(is_published=True).order_by("name")[:PAGE_SIZE]
    return render(request, "list.html", {"hubs": hubs})


def hub_detail(request: HttpRequest, slug: str) -> HttpResponse:
    hub = get_object_or_404(Hub, slug=slug, is_published=True)
    dimensions = [
        model.objects.filter(hub=hub).prefetch_related("sources") for model in FACT_MODELS
    ]
    return render(request, "detail.html", {"hub": hub, "dimensions": dimensions})


urlpatterns = [
    path("hubs/", hub_list),
    path("hubs/<slug:slug>/", hub_detail),
]
