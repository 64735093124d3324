"""Exchanges and results in the admin."""

from evaluation.admin.figures import DriftAdmin, FigureAdmin, RecalculationAdmin
from evaluation.admin.frameworks import FrameworkAdmin, LockExceptionAdmin, PeriodAdmin
from evaluation.admin.uploads import UpdateUploadAdmin
from evaluation.admin.valuation import ValuationMethodAdmin

__all__ = [
    "DriftAdmin",
    "FigureAdmin",
    "FrameworkAdmin",
    "LockExceptionAdmin",
    "PeriodAdmin",
    "RecalculationAdmin",
    "UpdateUploadAdmin",
    "ValuationMethodAdmin",
]
