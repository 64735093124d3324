"""/api/v1/: exchanges, frameworks and figures for programs."""

from typing import Any

from django.urls import URLPattern
from rest_framework.routers import SimpleRouter

from catalogue.api.writing import SLUG
from evaluation.api.exchange_parts import (
    ExchangeContributionViewSet,
    ExchangePartyViewSet,
    ExchangeStepViewSet,
)
from evaluation.api.exchanges import ExchangeViewSet
from evaluation.api.figures import FigureViewSet
from evaluation.api.frameworks import FrameworkViewSet
from evaluation.api.gaps import GapViewSet
from evaluation.api.library import IndicatorViewSet
from evaluation.api.packs import IatiViewSet, PackViewSet
from evaluation.api.stories import StoryViewSet
from evaluation.api.updates import UpdateViewSet

_EXCHANGE = f"exchanges/(?P<exchange_slug>{SLUG})"
# (prefix, view set, basename); one line a kind.
_ROUTES: tuple[tuple[str, Any, str], ...] = (
    ("exchanges", ExchangeViewSet, "exchange"),
    (f"{_EXCHANGE}/parties", ExchangePartyViewSet, "exchange-party"),
    (f"{_EXCHANGE}/steps", ExchangeStepViewSet, "exchange-step"),
    (f"{_EXCHANGE}/contributions", ExchangeContributionViewSet, "exchange-contribution"),
    ("frameworks", FrameworkViewSet, "framework"),
    ("gaps", GapViewSet, "gap"),
    ("iati", IatiViewSet, "iati"),
    ("indicators", IndicatorViewSet, "indicator"),
    ("packs", PackViewSet, "pack"),
    ("stories", StoryViewSet, "story"),
    ("figures", FigureViewSet, "figure"),
    ("updates", UpdateViewSet, "update"),
)


def register(router: SimpleRouter) -> None:
    """Add the addresses of this app to the API's one router."""
    for prefix, view_set, name in _ROUTES:
        router.register(prefix, view_set, basename=name)


urlpatterns: list[URLPattern] = []
