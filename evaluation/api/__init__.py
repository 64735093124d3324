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
from evaluation.api.stories import StoryViewSet

# (prefix, view set, basename); one line a kind.
_EXCHANGE = f"exchanges/(?P<exchange_slug>{SLUG})"
_ROUTES: tuple[tuple[str, Any, str], ...] = (
    ("exchanges", ExchangeViewSet, "exchange"),
    (f"{_EXCHANGE}/parties", ExchangePartyViewSet, "exchange-party"),
    (f"{_EXCHANGE}/steps", ExchangeStepViewSet, "exchange-step"),
    (f"{_EXCHANGE}/contributions", ExchangeContributionViewSet, "exchange-contribution"),
    ("stories", StoryViewSet, "story"),
)


def register(router: SimpleRouter) -> None:
    """Add the addresses of this app to the API's one router."""
    for prefix, view_set, name in _ROUTES:
        router.register(prefix, view_set, basename=name)


urlpatterns: list[URLPattern] = []
