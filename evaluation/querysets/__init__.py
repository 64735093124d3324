"""Reads and rights of exchanges, frameworks and figures."""

from evaluation.querysets.exchanges import ExchangeQuerySet, PartyQuerySet, StepQuerySet
from evaluation.querysets.figures import FigureLineQuerySet, FigureQuerySet
from evaluation.querysets.results import (
    EvidenceQuerySet,
    FrameworkQuerySet,
    IndicatorDefinitionQuerySet,
    IndicatorQuerySet,
    UpdateQuerySet,
)

__all__ = [
    "EvidenceQuerySet",
    "ExchangeQuerySet",
    "FigureLineQuerySet",
    "FigureQuerySet",
    "FrameworkQuerySet",
    "IndicatorDefinitionQuerySet",
    "IndicatorQuerySet",
    "PartyQuerySet",
    "StepQuerySet",
    "UpdateQuerySet",
]
