"""Shapes of exchanges and results for programs."""
