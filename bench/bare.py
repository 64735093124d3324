"""Minimal pages over the portal's own rows: 25 hubs, one hub with its facts, 25 entries, one
entry with its parts.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path

from catalogue.models import Entry
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


def entry_list(request: HttpRequest) -> HttpResponse:
    entries = Entry.objects.filter(state="published").select_related("hub")
    newest = entries.order_by("-published_at", "pk")[:PAGE_SIZE]
    return render(request, "entries.html", {"entries": newest})


def entry_detail(request: HttpRequest, slug: str) -> HttpResponse:
    entries = Entry.objects.filter(state="published").select_related("hub")
    entry = get_object_or_404(entries.prefetch_related("results", "partners"), slug=slug)
    return render(request, "entry.html", {"entry": entry})


urlpatterns = [
    path("catalogue/", entry_list),
    path("catalogue/<slug:slug>/", entry_detail),
    path("hubs/", hub_list),
    path("hubs/<slug:slug>/", hub_detail),
]
