"""Notices and what is followed as plain rows: the same for the API and the CSV files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from community.followed import FOLLOWED, KINDS
from community.models import FollowLevel, Reason
from community.news import address_of, sentence_of
from core.api.views import RowShape

NOTICE_COLUMNS = ("id", "at", "verb", "text", "reason", "is_quiet", "read_at", "url")
NOTICE_MEANINGS = {
    "id": _("Number of the notice."),
    "at": _("When it happened (UTC)."),
    "verb": _("What was done, by its stable name."),
    "text": _("What happened, in your language."),
    "reason": _("Why you are told."),
    "is_quiet": _("Whether it comes by mail only."),
    "read_at": _("When you read it (UTC)."),
    "url": _("Address of the page."),
}
FOLLOW_COLUMNS = ("kind", "key", "title", "level", "since", "url")


def notice_values(notices: QuerySet[Any], columns: Sequence[str]) -> QuerySet[Any]:
    """Return notices with what their rows need: one query."""
    return notices.select_related("activity__subject").order_by("-pk")


def completed_notices(
    rows: Iterable[Any], *, root: str, columns: Sequence[str]
) -> Iterator[dict[str, Any]]:
    """Give notices as rows of `columns`."""
    for row in rows:
        activity = row.activity
        told = {
            "id": row.pk,
            "at": activity.at,
            "verb": activity.verb,
            "text": sentence_of(activity),
            "reason": row.reason,
            "is_quiet": row.is_quiet,
            "read_at": row.read_at,
            "url": f"{root}{address_of(activity)}" if address_of(activity) else None,
        }
        yield {name: told[name] for name in columns}


def notice_rows(notices: QuerySet[Any], *, root: str) -> Iterator[dict[str, Any]]:
    """Give every notice as a row, fetched in portions: what a CSV needs."""
    rows = notice_values(notices, NOTICE_COLUMNS).iterator(chunk_size=500)
    return completed_notices(rows, root=root, columns=NOTICE_COLUMNS)


def follow_values(follows: QuerySet[Any], columns: Sequence[str]) -> QuerySet[Any]:
    """Return follows with what they are about: one query."""
    found: Any = follows
    rows: QuerySet[Any] = found.with_things()
    return rows


def completed_follows(
    rows: Iterable[Any], *, root: str, columns: Sequence[str]
) -> Iterator[dict[str, Any]]:
    """Give follows as rows of `columns`."""
    for row in rows:
        thing = row.thing
        told = {
            "kind": row.kind,
            "key": str(getattr(thing, KINDS[row.kind].key)),
            "title": str(thing),
            "level": row.level,
            "since": row.created_at,
            "url": f"{root}{thing.get_absolute_url()}",
        }
        yield {name: told[name] for name in columns}


NOTICES = RowShape("notices", NOTICE_COLUMNS, notice_values, completed_notices)
FOLLOWS = RowShape("follows", FOLLOW_COLUMNS, follow_values, completed_follows)


class NoticeSerializer(serializers.Serializer[Any]):
    """One thing that you were told."""

    id = serializers.IntegerField()
    at = serializers.DateTimeField(help_text="When it happened.")
    verb = serializers.CharField(help_text="What was done; stable.")
    text = serializers.CharField(help_text="What happened, in your language.")
    reason = serializers.ChoiceField(choices=Reason.choices)
    is_quiet = serializers.BooleanField(help_text="Whether it comes by mail only.")
    read_at = serializers.DateTimeField(allow_null=True)
    url = serializers.URLField(allow_null=True)


class ReadSerializer(serializers.Serializer[Any]):
    """Up to which notice all are read."""

    up_to = serializers.IntegerField(min_value=1, max_value=2**63 - 1)


class ReadCountSerializer(serializers.Serializer[Any]):
    """How many notices were not read before."""

    number = serializers.IntegerField()


class FollowLevelSerializer(serializers.Serializer[Any]):
    """How closely to follow it."""

    level = serializers.ChoiceField(choices=FollowLevel.choices)


class FollowSerializer(FollowLevelSerializer):
    """One thing that you follow."""

    kind = serializers.ChoiceField(choices=[(each.name, each.label) for each in FOLLOWED])
    key = serializers.CharField(help_text="Its name in addresses.")
    title = serializers.CharField()
    since = serializers.DateTimeField()
    url = serializers.URLField()
