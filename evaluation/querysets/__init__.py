"""Reads and rights of exchanges, frameworks and figures."""

from evaluation.querysets.exchanges import ExchangeQuerySet, PartyQuerySet, StepQuerySet
from evaluation.querysets.figures import (
    DriftQuerySet,
    FigureLineQuerySet,
    FigureQuerySet,
    RecalculationQuerySet,
)
from evaluation.querysets.results import (
    EvidenceQuerySet,
    FrameworkQuerySet,
    IndicatorDefinitionQuerySet,
    IndicatorQuerySet,
    UpdateQuerySet,
)

__all__ = [
    "DriftQuerySet",
    "EvidenceQuerySet",
    "ExchangeQuerySet",
    "FigureLineQuerySet",
    "FigureQuerySet",
    "FrameworkQuerySet",
    "IndicatorDefinitionQuerySet",
    "IndicatorQuerySet",
    "PartyQuerySet",
    "RecalculationQuerySet",
    "StepQuerySet",
    "UpdateQuerySet",
]
