"""/api/v1/: exchanges, frameworks and figures for programs."""

from typing import Any

from django.urls import URLPattern
from rest_framework.routers import SimpleRouter

from catalogue.api.writing import SLUG
from evaluation.api.documents import ExchangeDocumentViewSet
from evaluation.api.exchange_parts import (
    ExchangeContributionViewSet,
    ExchangePartyViewSet,
    ExchangeStepViewSet,
)
from evaluation.api.exchanges import ExchangeViewSet
from evaluation.api.figures import FigureViewSet
from evaluation.api.followup import ActionPlanViewSet, ActionPointViewSet, SurveyViewSet
from evaluation.api.framework_parts import (
    FrameworkIndicatorViewSet,
    FrameworkResultViewSet,
    FrameworkTargetViewSet,
)
from evaluation.api.framework_periods import FrameworkPeriodViewSet, LockExceptionViewSet
from evaluation.api.frameworks import FrameworkViewSet
from evaluation.api.gaps import GapViewSet
from evaluation.api.library import DimensionViewSet, IndicatorViewSet
from evaluation.api.mapping import FrameworkMappingViewSet
from evaluation.api.packs import IatiViewSet, PackViewSet
from evaluation.api.stories import StoryViewSet
from evaluation.api.updates import UpdateViewSet

_EXCHANGE = f"exchanges/(?P<exchange_slug>{SLUG})"
_FRAMEWORK = f"frameworks/(?P<framework_slug>{SLUG})"
# (prefix, view set, basename); one line a kind.
_ROUTES: tuple[tuple[str, Any, str], ...] = (
    ("exchanges", ExchangeViewSet, "exchange"),
    (f"{_EXCHANGE}/parties", ExchangePartyViewSet, "exchange-party"),
    (f"{_EXCHANGE}/steps", ExchangeStepViewSet, "exchange-step"),
    (f"{_EXCHANGE}/contributions", ExchangeContributionViewSet, "exchange-contribution"),
    (f"{_EXCHANGE}/documents", ExchangeDocumentViewSet, "exchange-document"),
    ("action-plans", ActionPlanViewSet, "action-plan"),
    (r"action-plans/(?P<plan_id>[0-9]{1,18})/points", ActionPointViewSet, "action-point"),
    ("surveys", SurveyViewSet, "survey"),
    ("frameworks", FrameworkViewSet, "framework"),
    ("gaps", GapViewSet, "gap"),
    (f"{_FRAMEWORK}/results", FrameworkResultViewSet, "framework-result"),
    (f"{_FRAMEWORK}/indicators", FrameworkIndicatorViewSet, "framework-indicator"),
    (f"{_FRAMEWORK}/targets", FrameworkTargetViewSet, "framework-target"),
    (f"{_FRAMEWORK}/periods", FrameworkPeriodViewSet, "framework-period"),
    (f"{_FRAMEWORK}/exceptions", LockExceptionViewSet, "framework-exception"),
    (f"{_FRAMEWORK}/mappings", FrameworkMappingViewSet, "framework-mapping"),
    ("iati", IatiViewSet, "iati"),
    ("dimensions", DimensionViewSet, "dimension"),
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
