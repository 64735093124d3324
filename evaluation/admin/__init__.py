"""Exchanges and results in the admin."""

from evaluation.admin.figures import DriftAdmin, FigureAdmin, RecalculationAdmin

__all__ = ["DriftAdmin", "FigureAdmin", "RecalculationAdmin"]
