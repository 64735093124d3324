"""Exchanges and results in the admin."""

from evaluation.admin.valuation import ValuationMethodAdmin

__all__ = ["ValuationMethodAdmin"]
