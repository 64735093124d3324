"""Numbers in templates with the decimals that they have."""

from __future__ import annotations

from decimal import Decimal

from django import template

from evaluation.wording import exact_text

register = template.Library()


@register.filter
def exact(value: Decimal | int) -> str:
    """Return a number as the reader's language writes it, without zeros that nobody stated."""
    return exact_text(value)
