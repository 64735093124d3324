"""Reads and rights of exchanges, frameworks and figures."""

from evaluation.querysets.exchanges import ExchangeQuerySet, PartyQuerySet, StepQuerySet
from evaluation.querysets.results import (
    EvidenceQuerySet,
    FigureQuerySet,
    FrameworkQuerySet,
    IndicatorDefinitionQuerySet,
    IndicatorQuerySet,
    ReportingLinkQuerySet,
    UpdateQuerySet,
)

__all__ = [
    "EvidenceQuerySet",
    "ExchangeQuerySet",
    "FigureQuerySet",
    "FrameworkQuerySet",
    "IndicatorDefinitionQuerySet",
    "IndicatorQuerySet",
    "PartyQuerySet",
    "ReportingLinkQuerySet",
    "StepQuerySet",
    "UpdateQuerySet",
]
