"""/api/v1/: exchanges, frameworks and figures for programs."""

from typing import Any

from django.urls import URLPattern
from rest_framework.routers import SimpleRouter

from evaluation.api.figures import FigureViewSet
from evaluation.api.frameworks import FrameworkViewSet
from evaluation.api.library import IndicatorViewSet
from evaluation.api.packs import IatiViewSet, PackViewSet
from evaluation.api.stories import StoryViewSet

# (prefix, view set, basename); one line a kind.
_ROUTES: tuple[tuple[str, Any, str], ...] = (
    ("frameworks", FrameworkViewSet, "framework"),
    ("iati", IatiViewSet, "iati"),
    ("indicators", IndicatorViewSet, "indicator"),
    ("packs", PackViewSet, "pack"),
    ("stories", StoryViewSet, "story"),
    ("figures", FigureViewSet, "figure"),
)


def register(router: SimpleRouter) -> None:
    """Add the addresses of this app to the API's one router."""
    for prefix, view_set, name in _ROUTES:
        router.register(prefix, view_set, basename=name)


urlpatterns: list[URLPattern] = []
