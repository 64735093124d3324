"""Decisions of moderators and the queue as plain rows, reports as bodies that are sent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from rest_framework import serializers

from community.models import FlagReason
from community.querysets.moderation import TARGETS
from community.services.moderation_mail import title_of
from community.services.queue import WHYS, Item
from hubs.serializers.fields import StrictBodyMixin

DECISION_COLUMNS = (
    *("at", "moderator", "act", "measure", "kind", "title", "member", "reason", "version"),
    *("undone_at", "undone_by", "url"),
)
MOST_KEY = 2**63 - 1


def decision_rows(decisions: Iterable[Any], *, root: str) -> Iterator[dict[str, object]]:
    """Give each decision as a row of `DECISION_COLUMNS`."""
    for each in decisions:
        yield {
            "at": each.at.isoformat(),
            "moderator": each.moderator.slug,
            "act": each.act,
            "measure": each.measure,
            "kind": each.kind,
            "title": title_of(each.kind, each.thing),
            "member": each.member.slug if each.member else "",
            "reason": each.reason,
            "version": each.version,
            "undone_at": each.undone_at.isoformat() if each.undone_at else "",
            "undone_by": each.undone_by.slug if each.undone_by else "",
            "url": f"{root}{each.get_absolute_url()}",
        }


def waiting_row(item: Item, *, root: str) -> dict[str, Any]:
    """Return a thing of the queue as programs read it."""
    return {
        "kind": item.kind,
        "id": item.pk,
        "why": item.why,
        "since": item.since,
        "title": item.title,
        "reports": [
            {"reason": each.reason, "text": each.text, "made_at": each.made_at}
            for each in item.flags
        ],
        "claimed_by": item.claim.moderator.slug if item.claim else None,
        "claimed_until": item.claim.until if item.claim else None,
        "url": f"{root}{item.url}",
    }


class NewFlagSerializer(StrictBodyMixin, serializers.Serializer[Any]):
    """A report of something that is wrong."""

    kind = serializers.ChoiceField(sorted(TARGETS), help_text="What kind of thing it is.")
    id = serializers.IntegerField(min_value=1, max_value=MOST_KEY, help_text="Its number.")
    reason = serializers.ChoiceField(
        [each for each in FlagReason.choices if each[0] != FlagReason.WATCHED]
    )
    text = serializers.CharField(
        max_length=2_000, default="", allow_blank=True, help_text="What a moderator should know."
    )


class FlagSerializer(serializers.Serializer[Any]):
    """A report that was made."""

    id = serializers.IntegerField()
    kind = serializers.CharField()
    reason = serializers.CharField()
    text = serializers.CharField()
    state = serializers.CharField(help_text="open, upheld or dismissed.")
    made_at = serializers.DateTimeField()


class WaitingFlagSerializer(serializers.Serializer[Any]):
    """Why somebody reported it."""

    reason = serializers.CharField()
    text = serializers.CharField()
    made_at = serializers.DateTimeField()


class WaitingSerializer(serializers.Serializer[Any]):
    """A thing that waits for a decision of yours."""

    kind = serializers.CharField()
    id = serializers.IntegerField()
    why = serializers.ChoiceField(sorted(WHYS))
    since = serializers.DateTimeField()
    title = serializers.CharField()
    reports = WaitingFlagSerializer(many=True)
    claimed_by = serializers.CharField(allow_null=True)
    claimed_until = serializers.DateTimeField(allow_null=True)
    url = serializers.URLField()


class QueueSerializer(serializers.Serializer[Any]):
    """The oldest of what waits."""

    count = serializers.IntegerField(help_text="Of all that waits for you.")
    results = WaitingSerializer(many=True)
