"""Impact stories as plain rows and in full: the same for the API and the CSV files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, ClassVar

from django.db.models import QuerySet
from rest_framework import serializers

from core import codes
from core.api.views import RowShape
from evaluation.models import Exchange, ImpactStory, Rung
from evaluation.story_rules import MOST_SOURCES
from hubs.serializers import Addresses
from hubs.serializers.fields import (
    CodeField,
    OwnChoices,
    OwnChoicesMixin,
    SourceSerializer,
    StrictBodyMixin,
)

STORY_COLUMNS = (
    *("slug", "title", "language", "summary", "exchange", "hub", "rung", "strength"),
    *("no_change_found", "what_did_not_work", "other_explanations", "published_at"),
    *("updated_at", "url", "api_url"),
)
_ADDRESSES = ("url", "api_url")
_STORED_AS = {
    "exchange": "exchange__slug",
    "hub": "exchange__hub__slug",
    "rung": "reached",
}


def story_values(stories: QuerySet[Any], columns: Sequence[str]) -> QuerySet[Any]:
    """Return `stories` as dictionaries of what `columns` need: one query."""
    stored = [_STORED_AS.get(name, name) for name in columns if name not in _ADDRESSES]
    rows: QuerySet[Any] = stories.values(*dict.fromkeys(["pk", "slug", *stored]))
    return rows


def completed_stories(
    rows: Iterable[dict[str, Any]], *, root: str, columns: Sequence[str]
) -> Iterator[dict[str, Any]]:
    """Give rows of `story_values` with `columns` only."""
    found = (row | {name: row.get(stored) for name, stored in _STORED_AS.items()} for row in rows)
    return Addresses(root, "story", "evaluation").complete(found, columns)


def story_rows(
    stories: QuerySet[Any], *, root: str, columns: Sequence[str] = STORY_COLUMNS
) -> Iterator[dict[str, Any]]:
    """Give every story as a row, fetched in portions: what a CSV needs."""
    rows = story_values(stories, columns).iterator(chunk_size=500)
    return completed_stories(rows, root=root, columns=columns)


STORIES = RowShape("stories", STORY_COLUMNS, story_values, completed_stories)


class StoryRowSerializer(serializers.Serializer[Any]):
    """A story in the list."""

    slug = serializers.SlugField()
    title = serializers.CharField()
    language = serializers.CharField()
    summary = serializers.CharField()
    exchange = serializers.SlugField()
    hub = serializers.SlugField(help_text="The hub that tells it.")
    rung = serializers.CharField(help_text="connect, share, reform; empty: none is shown.")
    strength = serializers.CharField(
        help_text="Of the rung reached, by what everybody may see; empty: none of it is public."
    )
    no_change_found = serializers.BooleanField()
    what_did_not_work = serializers.CharField()
    other_explanations = serializers.CharField(help_text="What else could explain this.")
    published_at = serializers.DateTimeField(allow_null=True)
    updated_at = serializers.DateTimeField()
    url = serializers.URLField()
    api_url = serializers.URLField()


class StoryEvidenceSerializer(serializers.Serializer[Any]):
    """A piece of evidence that the reader may see."""

    id = serializers.IntegerField(help_text="By which a statement names it.")
    title = serializers.CharField()
    kind = serializers.CharField()
    proves = serializers.CharField()
    address = serializers.CharField()
    dated_on = serializers.DateField(allow_null=True)
    withdrawn_at = serializers.DateTimeField(allow_null=True)


class StoryAdoptionSerializer(serializers.Serializer[Any]):
    """An adoption in the catalogue that the reader may see."""

    id = serializers.IntegerField(help_text="By which a statement names it.")
    state = serializers.CharField(help_text="claimed, or confirmed by the originator.")
    url = serializers.URLField()


class StoryVersionSerializer(serializers.Serializer[Any]):
    """A version of an entry that shows what moved."""

    id = serializers.IntegerField(help_text="By which a statement names it.")
    entry = serializers.SlugField()
    number = serializers.IntegerField()
    url = serializers.URLField()


class StoryTranslationSerializer(serializers.Serializer[Any]):
    """A translation of an entry that shows what moved."""

    id = serializers.IntegerField(help_text="By which a statement names it.")
    entry = serializers.SlugField()
    language = serializers.CharField()
    url = serializers.URLField()


class StoryClaimSerializer(serializers.Serializer[Any]):
    """What is said of one rung, and what shows it."""

    rung = serializers.CharField()
    statement = serializers.CharField()
    dated_on = serializers.DateField(allow_null=True)
    is_shown = serializers.BooleanField(help_text="Whether its evidence holds now.")
    strength = serializers.CharField(
        help_text="By what everybody may see; empty: none of it is public."
    )
    evidence = StoryEvidenceSerializer(many=True)
    adoptions = StoryAdoptionSerializer(many=True)
    versions = StoryVersionSerializer(many=True)
    translations = StoryTranslationSerializer(many=True)


class RungChangeSerializer(serializers.Serializer[Any]):
    """That the story reached another rung."""

    before = serializers.CharField()
    after = serializers.CharField()
    reason = serializers.CharField()
    at = serializers.DateTimeField()


class StorySerializer(StoryRowSerializer):
    """A story in full."""

    state = serializers.CharField()
    claims = StoryClaimSerializer(many=True)
    sources = SourceSerializer(many=True)
    rung_changes = RungChangeSerializer(many=True)


class NewStorySerializer(OwnChoicesMixin, StrictBodyMixin, serializers.ModelSerializer[Any]):
    """The beginning of a story."""

    exchange = serializers.SlugRelatedField(slug_field="slug", queryset=Exchange.objects.none())
    language = CodeField(codes.LANGUAGES)
    own_choices: ClassVar[OwnChoices] = {"exchange": Exchange.objects.visible_to}

    class Meta:
        model = ImpactStory
        fields = ("exchange", "title", "language")


class StoryTextsSerializer(StrictBodyMixin, serializers.ModelSerializer[Any]):
    """The texts of a story."""

    language = CodeField(codes.LANGUAGES)

    class Meta:
        model = ImpactStory
        fields = (
            *("title", "language", "summary", "other_explanations", "what_did_not_work"),
            "no_change_found",
        )


class StorySourcesSerializer(StrictBodyMixin, serializers.Serializer[Any]):
    """Where what a story says can be read, all of it; a source is found again by its address."""

    sources = serializers.ListField(child=SourceSerializer(), max_length=MOST_SOURCES)


def _keys(meaning: str) -> serializers.ListField:
    return serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**63 - 1),
        max_length=20,
        default=list,
        help_text=meaning,
    )


class NewClaimSerializer(StrictBodyMixin, serializers.Serializer[Any]):
    """What is said of one rung; it replaces what was said before."""

    rung = serializers.ChoiceField(Rung.choices)
    statement = serializers.CharField(max_length=4_000)
    dated_on = serializers.DateField(allow_null=True, default=None)
    evidence = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**63 - 1),
        max_length=100,
        default=list,
        help_text="Keys of evidence of the exchange.",
    )
    adoptions = _keys("Numbers of adoptions of the exchange's experiences.")
    versions = _keys("Numbers of versions of the exchange's experiences.")
    translations = _keys("Numbers of translations of them, none by a machine alone.")


class RungSerializer(StrictBodyMixin, serializers.Serializer[Any]):
    """One rung."""

    rung = serializers.ChoiceField(Rung.choices)


class StoryNoteSerializer(StrictBodyMixin, serializers.Serializer[Any]):
    """What has to change."""

    note = serializers.CharField(max_length=2_000)


class StoryReasonSerializer(StrictBodyMixin, serializers.Serializer[Any]):
    """Why it is withdrawn; readers are told."""

    reason = serializers.CharField(max_length=500)
