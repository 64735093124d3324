"""Announcements as plain rows, as the API's document describes them, and as they are written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, ClassVar

from django.conf import settings
from django.db.models import QuerySet
from rest_framework import serializers

from community.models import Announcement, Space
from community.models.announcement import MOST_NAMED
from community.querysets.announcements import announcing_hubs, posting_spaces
from core import codes
from core.api.views import RowShape
from hubs.models import Hub, Membership
from hubs.serializers import Addresses
from hubs.serializers.fields import CodeField, CodeListField, OwnChoices, StrictBodyMixin
from hubs.serializers.fields import OwnChoicesMixin as Own

FIGURES = ("recipients", "waiting", "mailed", "gathered", "failed", "skipped", "stopped")
ANNOUNCEMENT_COLUMNS = (
    *("id", "subject", "language", "hub", "state", *Announcement.SEGMENT, "space", "thread"),
    *("written_by", "started_by", "stopped_by", "created_at", "started_at", "ended_at"),
    *(*FIGURES, "version", "updated_at", "url", "api_url"),
)
_STORED = {
    "id": "pk",
    "hub": "hub__slug",
    "space": "space__slug",
    "written_by": "written_by__slug",
    "started_by": "started_by__slug",
    "stopped_by": "stopped_by__slug",
    "recipients": "recipient_count",
    **{name: f"{name}_count" for name in FIGURES if name != "recipients"},
}


def announcement_values(announcements: Any, columns: Sequence[str]) -> QuerySet[Any]:
    """Return `announcements` as dictionaries of what `columns` need: one query."""
    names = [_STORED.get(name, name) for name in columns if name not in ("url", "api_url")]
    found = announcements.with_figures() if {*FIGURES} & {*columns} else announcements
    rows: QuerySet[Any] = found.values(*dict.fromkeys(["pk", *names]))
    return rows


def completed_announcements(
    rows: Iterable[dict[str, Any]], *, root: str, columns: Sequence[str]
) -> Iterator[dict[str, Any]]:
    """Give rows of `announcement_values` with `columns` only and the addresses."""
    named = (
        row | {name: row[column] for name, column in _STORED.items() if column in row}
        for row in rows
    )
    return Addresses(root, "announcement", "community", key="pk").complete(named, columns)


ANNOUNCEMENTS = RowShape(
    "announcements", ANNOUNCEMENT_COLUMNS, announcement_values, completed_announcements
)


def _slugs(text: str) -> serializers.ListField:
    return serializers.ListField(
        child=serializers.SlugField(max_length=80),
        max_length=MOST_NAMED,
        required=False,
        help_text=text,
    )


class SegmentMixin(serializers.Serializer[Any]):
    """Whom it goes to: members who fit all that are given, and for each any of its values."""

    ties = serializers.ChoiceField(
        Announcement.Tie.choices,
        required=False,
        help_text="people, followers or both, of the hub or of `hubs`.",
    )
    hubs = _slugs("Hubs, by slug.")
    roles = CodeListField(
        Membership.Role.values, required=False, help_text="Of a role in one of `hubs`, or any."
    )
    spaces = _slugs("Followers of these spaces.")
    events = _slugs("Who has a seat at these events.")
    countries = CodeListField(codes.COUNTRIES, required=False, help_text="ISO 3166-1 alpha-2.")
    regions = CodeListField(codes.REGIONS, required=False, help_text="UN M49.")
    languages = CodeListField(
        [code for code, _name in settings.LANGUAGES],
        required=False,
        help_text="In which they read the portal.",
    )
    sectors = CodeListField(codes.SECTORS, required=False, help_text="OECD sector codes.")
    joined_since = serializers.DateField(required=False, allow_null=True)


class AnnouncementRowSerializer(SegmentMixin):
    """An announcement; its figures are of the recipients that were fixed when it was sent."""

    id = serializers.IntegerField()
    subject = serializers.CharField()
    language = serializers.CharField()
    hub = serializers.SlugField(allow_null=True, help_text="null: of the portal's moderators.")
    state = serializers.CharField(help_text="draft, sending, sent or stopped.")
    space = serializers.SlugField(allow_null=True, help_text="Where it is posted as a thread.")
    thread = serializers.IntegerField(allow_null=True)
    written_by = serializers.SlugField()
    started_by = serializers.SlugField(allow_null=True)
    stopped_by = serializers.SlugField(allow_null=True)
    created_at = serializers.DateTimeField()
    started_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)
    recipients = serializers.IntegerField()
    waiting = serializers.IntegerField(help_text="Not mailed yet.")
    mailed = serializers.IntegerField()
    gathered = serializers.IntegerField(help_text="With the mail of their day or week.")
    failed = serializers.IntegerField(help_text="Mail could not be delivered.")
    skipped = serializers.IntegerField(help_text="Wanted none any more, left, or take no mail.")
    stopped = serializers.IntegerField(help_text="Not mailed, since it was stopped.")
    version = serializers.IntegerField()
    updated_at = serializers.DateTimeField()
    url = serializers.URLField()
    api_url = serializers.URLField()


class ReachSerializer(serializers.Serializer[Any]):
    """Who would get a draft now; why others would not is for moderators."""

    reached = serializers.IntegerField()
    none = serializers.IntegerField(help_text="Want no announcements.", required=False)
    dead = serializers.IntegerField(help_text="Mail to them comes back.", required=False)
    unconfirmed = serializers.IntegerField(required=False)


class AnnouncementSerializer(AnnouncementRowSerializer):
    """An announcement with its text."""

    body = serializers.CharField(help_text="Markdown.")
    segment = serializers.CharField(help_text="Whom it goes to, in words.")
    reach = ReachSerializer(allow_null=True, help_text="null: it is no draft any more.")


class AnnouncementContentSerializer(
    StrictBodyMixin, Own, SegmentMixin, serializers.ModelSerializer[Any]
):
    """What an announcement says, and to whom."""

    language = CodeField(codes.LANGUAGES, required=False)
    space = serializers.SlugRelatedField(
        slug_field="slug", queryset=Space.objects.none(), required=False, allow_null=True
    )
    own_choices: ClassVar[OwnChoices] = {"space": posting_spaces}

    class Meta:
        model = Announcement
        fields = ("subject", "body", "language", *Announcement.SEGMENT, "space")


class NewAnnouncementSerializer(AnnouncementContentSerializer):
    """A draft; without a hub it is the portal's, and for moderators only."""

    hub = serializers.SlugRelatedField(
        slug_field="slug", queryset=Hub.objects.none(), required=False, allow_null=True
    )
    own_choices: ClassVar[OwnChoices] = {"space": posting_spaces, "hub": announcing_hubs}

    class Meta:
        model = Announcement
        fields = ("hub", "subject", "body", "language", *Announcement.SEGMENT, "space")
