"""Drafts and their review, as programs read and write them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from catalogue.codelists import SDGS, EntrySize, Instrument, ResultLevel
from catalogue.content import WRITTEN
from catalogue.models import Draft, Entry, Gate, PartnerRole, Verdict
from catalogue.rules import UNIT_MISSING, YEARS_TURNED, are_years_turned, lacks_unit, tags_problem
from catalogue.sections import SECTIONS
from catalogue.serializers.entries import EntrySourceSerializer
from core import codes
from hubs.models import Hub
from hubs.models.dimensions import ExpertiseKind
from hubs.serializers.fields import CodeField, CodeListField, StrictBodyMixin

MAX_ROWS = 100
DRAFT_COLUMNS = (
    *("id", "hub", "entry", "title", "language", "state", "state_since", "round", "updated_at"),
    *("url", "api_url"),
)


class DraftResultSerializer(serializers.Serializer[Any]):
    """One result row."""

    statement = serializers.CharField(max_length=500)
    value = serializers.DecimalField(
        max_digits=20, decimal_places=4, allow_null=True, default=None, coerce_to_string=True
    )
    unit = serializers.CharField(max_length=60, allow_blank=True, default="")
    period = serializers.CharField(max_length=40, allow_blank=True, default="")
    level = serializers.ChoiceField(ResultLevel.choices, allow_blank=True, default="")
    cited = serializers.CharField(
        max_length=1_000, allow_blank=True, default="", help_text="Address of one of `sources`."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Ask for the unit; return the value exact, as text."""
        if lacks_unit(attrs):
            raise serializers.ValidationError({"unit": [UNIT_MISSING]})
        value = attrs["value"]
        return attrs | {"value": None if value is None else f"{value.normalize():f}"}


class DraftPartnerSerializer(serializers.Serializer[Any]):
    """A body that took part: a hub by its slug, or a name."""

    role = serializers.ChoiceField(PartnerRole.choices)
    hub = serializers.SlugRelatedField(
        slug_field="slug", queryset=Hub.objects.none(), allow_null=True, default=None
    )
    name = serializers.CharField(max_length=200, allow_blank=True, default="")

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        request = self.context.get("request")
        if request is not None:
            fields["hub"].queryset = Hub.objects.visible_to(request.user)  # type: ignore[attr-defined]
        return fields

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Ask for one body; return it as a draft's content holds it."""
        hub, name = attrs["hub"], attrs["name"]
        if bool(hub) == bool(name):
            raise serializers.ValidationError(_("Choose a hub or write a name, not both."))
        return {
            "role": attrs["role"],
            "name": hub.name if hub else name,
            "hub": hub.slug if hub else "",
            "organisation": "",
        }


class DraftSourceSerializer(EntrySourceSerializer):
    """A page or document that says so."""

    title = serializers.CharField(max_length=300)
    publisher = serializers.CharField(max_length=200, allow_blank=True, default="")
    address = serializers.URLField(max_length=1_000)


class DraftContentSerializer(StrictBodyMixin, serializers.ModelSerializer[Entry]):
    """What a draft says: any of the fields of an entry, and its three lists."""

    size = serializers.ChoiceField(EntrySize.choices)
    language = CodeField(codes.LANGUAGES)
    countries = CodeListField(codes.COUNTRIES)
    provider_countries = CodeListField(codes.COUNTRIES)
    sectors = CodeListField(codes.SECTORS)
    sdgs = CodeListField(SDGS)
    instruments = CodeListField(Instrument.values)
    expertise = CodeListField(ExpertiseKind.values)
    working_languages = CodeListField(codes.LANGUAGES)
    tags = serializers.ListField(
        child=serializers.CharField(),
        help_text="Tags by slug or name; one that there is not is proposed for the vocabulary.",
    )
    results = DraftResultSerializer(many=True, max_length=MAX_ROWS)  # type: ignore[call-arg]
    partners = DraftPartnerSerializer(many=True, max_length=MAX_ROWS)  # type: ignore[call-arg]
    sources = DraftSourceSerializer(many=True, max_length=MAX_ROWS)  # type: ignore[call-arg]

    class Meta:
        model = Entry
        fields = (*WRITTEN, "results", "partners", "sources")
        extra_kwargs = {"summary": {"allow_blank": True}}

    def get_fields(self) -> dict[str, Any]:
        """Any of them; rows are whole, so this is not what `partial` means."""
        fields = super().get_fields()
        for field in fields.values():
            field.required = False
        return fields

    def validate_size(self, value: str) -> str:
        """Refuse to make a full entry a snapshot: what it says more would be lost."""
        draft: Any = self.context.get("draft")
        if draft is not None and draft.content["size"] == EntrySize.FULL and value != "full":
            raise serializers.ValidationError(_("A full entry does not become a snapshot."))
        return value

    def validate_tags(self, value: list[str]) -> list[str]:
        """Refuse too many, and what cannot be a name."""
        if problem := tags_problem(value):
            raise serializers.ValidationError(problem)
        return value

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse years in the wrong order, also with one that is there already."""
        draft: Any = self.context.get("draft")
        years = dict(draft.content) if draft is not None else {}
        if are_years_turned(years | attrs):
            raise serializers.ValidationError({"year_to": [YEARS_TURNED]})
        return attrs


class NewDraftSerializer(serializers.Serializer[Any]):
    """A new experience: of which hub, under which title, in which language."""

    hub = serializers.SlugRelatedField(slug_field="slug", queryset=Hub.objects.none())
    title = serializers.CharField(max_length=200)
    language = CodeField(codes.LANGUAGES)

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        request = self.context.get("request")
        if request is not None:
            fields["hub"].queryset = Hub.objects.open_to_author(request.user)  # type: ignore[attr-defined]
        return fields


class DraftRowSerializer(serializers.ModelSerializer[Draft]):
    """A draft in the list."""

    hub = serializers.SlugField()
    entry = serializers.SlugField(allow_null=True, help_text="The entry it is the next text of.")
    title = serializers.CharField()
    language = serializers.CharField()
    url = serializers.URLField()
    api_url = serializers.URLField()

    class Meta:
        model = Draft
        fields: tuple[str, ...] = DRAFT_COLUMNS


class VerdictSerializer(serializers.Serializer[Any]):
    """What a reviewer says at one gate; the authors read the note."""

    gate = serializers.ChoiceField(Gate.choices)
    verdict = serializers.ChoiceField(Verdict.choices)
    note = serializers.CharField(max_length=2_000)


class GivenVerdictSerializer(VerdictSerializer):
    """A verdict, and who gave it."""

    round = serializers.IntegerField()
    reviewer = serializers.CharField()


class NoteSerializer(serializers.Serializer[Any]):
    """What the authors should know."""

    note = serializers.CharField(max_length=2_000)


class ReasonSerializer(serializers.Serializer[Any]):
    """Why; readers are told."""

    reason = serializers.CharField(max_length=2_000)


class MessageSerializer(serializers.Serializer[Any]):
    """Something said to the others who work on the draft."""

    text = serializers.CharField(max_length=5_000)
    section = serializers.ChoiceField(
        [(each.slug, each.title) for each in SECTIONS], allow_blank=True, default=""
    )


class SaidSerializer(MessageSerializer):
    """A message, who wrote it and when."""

    author = serializers.CharField()
    sent_at = serializers.DateTimeField()


class DraftSerializer(DraftRowSerializer):
    """A draft in full, with its review."""

    content = DraftContentSerializer()
    missing = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()),
        help_text="What must be stated before it can be submitted: fields by section.",
    )
    gates = serializers.DictField(
        child=serializers.CharField(), help_text="pass, fail or empty, by gate."
    )
    verdicts = GivenVerdictSerializer(many=True)
    messages = SaidSerializer(many=True)

    class Meta(DraftRowSerializer.Meta):
        fields = (*DRAFT_COLUMNS, "content", "missing", "gates", "verdicts", "messages")
