"""Reads and rights of exchanges, frameworks and figures."""

from evaluation.querysets.exchanges import ExchangeQuerySet, PartyQuerySet, StepQuerySet
from evaluation.querysets.figures import FigureLineQuerySet, FigureQuerySet
from evaluation.querysets.followups import (
    ActionItemQuerySet,
    ActionPlanQuerySet,
    SurveyPartQuerySet,
    SurveyQuerySet,
)
from evaluation.querysets.results import (
    DimensionQuerySet,
    EvidenceQuerySet,
    FrameworkQuerySet,
    IndicatorDefinitionQuerySet,
    IndicatorQuerySet,
    ReportingLinkQuerySet,
    UpdateQuerySet,
    UploadQuerySet,
    may_keep_dimensions,
)
from evaluation.querysets.stories import RungPartQuerySet, StoryQuerySet

__all__ = [
    "ActionItemQuerySet",
    "ActionPlanQuerySet",
    "DimensionQuerySet",
    "EvidenceQuerySet",
    "ExchangeQuerySet",
    "FigureLineQuerySet",
    "FigureQuerySet",
    "FrameworkQuerySet",
    "IndicatorDefinitionQuerySet",
    "IndicatorQuerySet",
    "PartyQuerySet",
    "ReportingLinkQuerySet",
    "RungPartQuerySet",
    "StepQuerySet",
    "StoryQuerySet",
    "SurveyPartQuerySet",
    "SurveyQuerySet",
    "UpdateQuerySet",
    "UploadQuerySet",
    "may_keep_dimensions",
]
