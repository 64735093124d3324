"""Who is told of a change of an exchange, or of what belongs to one."""

from __future__ import annotations

from accounts.models import ActivityAudience
from evaluation.models import Exchange
from evaluation.models.exchange import Confidentiality


def is_kept_back(exchange: Exchange | None) -> bool:
    """Return whether something belongs to an exchange that not everybody may see."""
    return exchange is not None and exchange.confidentiality != Confidentiality.PUBLIC


def audience_of(
    exchange: Exchange | None, *, is_public: bool, is_published: bool
) -> ActivityAudience:
    """Return who is told of a change.

    Of what is public, everybody. Of what is published and confidential, members: whoever tells
    one asks first whether that one may see it, so it is its parties. Of the rest, moderators.
    """
    if exchange is not None and is_kept_back(exchange):
        told = is_published and exchange.is_published
        return ActivityAudience.MEMBERS if told else ActivityAudience.MODERATORS
    return ActivityAudience.of(is_public=is_public)
