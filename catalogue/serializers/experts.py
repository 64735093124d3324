"""Experts as plain rows and in full: the same for the API, its CSV and the page's CSV."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from rest_framework import serializers

from catalogue.models import Expert, LanguageLevel
from catalogue.serializers.entries import ADDRESSES
from catalogue.services.experts import OUTSIDE_FIELDS
from core import codes
from hubs.models import Hub
from hubs.serializers import Addresses
from hubs.serializers.fields import (
    CodeField,
    CodeListField,
    OwnChoices,
    OwnChoicesMixin,
    StrictBodyMixin,
)

EXPERT_COLUMNS = (
    "slug", "name", "headline", "sectors", "languages", "countries", "years", "availability",
    "hub", "employer", "updated_at", "url", "api_url",
)  # fmt: skip
_STORED_AS = {
    "name": "person",
    "languages": "spoken_list",
    "years": "shown_years",
    "hub": "shown_hub",
    "employer": "shown_employer",
    "biography": "shown_biography",
    "contact": "shown_contact",
    "text_language": "language",
}


def expert_values(experts: QuerySet[Any], columns: Sequence[str]) -> QuerySet[Any]:
    """Return experts `with_shown` as dictionaries of what `columns` need: one query."""
    stored = [_STORED_AS.get(name, name) for name in columns if name not in ADDRESSES]
    rows: QuerySet[Any] = experts.values(*dict.fromkeys(["pk", "slug", *stored]))
    return rows


def completed_experts(
    rows: Iterable[dict[str, Any]], *, root: str, columns: Sequence[str]
) -> Iterator[dict[str, Any]]:
    """Give rows of `expert_values` with `columns` only; languages as code and level."""

    def named(row: dict[str, Any]) -> dict[str, Any]:
        row = row | {name: row[stored] for name, stored in _STORED_AS.items() if stored in row}
        if "languages" in row:
            row["languages"] = {each["language"]: each["level"] for each in row["languages"]}
        for name in ("employer", "biography", "contact"):
            if name in row:
                row[name] = row[name] or ""
        return row

    found = (named(row) for row in rows)
    return Addresses(root, "expert", "catalogue").complete(found, columns)


def expert_rows(
    experts: QuerySet[Any], *, root: str, columns: Sequence[str] = EXPERT_COLUMNS
) -> Iterator[dict[str, Any]]:
    """Give every expert as a row, fetched in portions: what a CSV needs."""
    rows = expert_values(experts, columns).iterator(chunk_size=500)
    return completed_experts(rows, root=root, columns=columns)


class ExpertRowSerializer(serializers.Serializer[Any]):
    """An expert in the list, as far as you may see them."""

    slug = serializers.SlugField()
    name = serializers.CharField()
    headline = serializers.CharField()
    sectors = serializers.ListField(child=serializers.CharField())
    languages = serializers.DictField(
        child=serializers.CharField(), help_text="Level (fluent, working, basic) by language."
    )
    countries = serializers.ListField(child=serializers.CharField(), help_text="Served.")
    years = serializers.IntegerField(
        allow_null=True, help_text="Of experience; null: not stated, or not for you."
    )
    availability = serializers.CharField()
    hub = serializers.SlugField(allow_null=True, help_text="The hub that employs them.")
    employer = serializers.CharField(help_text="If that is no hub.")
    updated_at = serializers.DateTimeField(help_text="When what everybody sees last changed.")
    url = serializers.URLField()
    api_url = serializers.URLField()


class ExpertConsentSerializer(serializers.Serializer[Any]):
    """Whether the profile is shown, and what the employer said."""

    is_published = serializers.BooleanField(help_text="The person wants to be shown.")
    consented_on = serializers.DateField(allow_null=True)
    declined_at = serializers.DateTimeField(allow_null=True)
    decline_reason = serializers.CharField()
    note = serializers.CharField(help_text="For those who speak for the employer, else empty.")


class ExpertAudiencesSerializer(serializers.Serializer[Any]):
    """Who sees what: public, members, hub or nobody; of somebody outside, when they agreed."""

    agreed_on = serializers.DateField(allow_null=True)
    biography_audience = serializers.CharField()
    years_audience = serializers.CharField()
    employer_audience = serializers.CharField()
    contact_audience = serializers.CharField()


class ExpertSerializer(ExpertRowSerializer):
    """An expert in full, as far as you may see them."""

    text_language = serializers.CharField()
    biography = serializers.CharField()
    contact = serializers.CharField()
    editing = ExpertAudiencesSerializer(
        allow_null=True, help_text="For those who write the profile, else null."
    )
    consent = ExpertConsentSerializer(
        allow_null=True,
        help_text="For those who write it or speak for the employer, else null.",
    )


class SpokenField(serializers.DictField):
    """The level by language; each language has one."""

    child = serializers.ChoiceField(LanguageLevel.choices)

    def to_internal_value(self, data: Any) -> dict[str, str]:
        names = data if isinstance(data, Mapping) else ()
        unknown = [name for name in names if name not in codes.LANGUAGES]
        if unknown:
            message = _("Unknown code: %(code)s.") % {"code": str(unknown[0])[:40]}
            raise serializers.ValidationError(message)
        spoken: dict[str, str] = super().to_internal_value(data)
        return spoken


class ExpertContentSerializer(OwnChoicesMixin, StrictBodyMixin, serializers.ModelSerializer[Any]):
    """A member's own profile."""

    text_language = CodeField(codes.LANGUAGES, source="language", required=False)
    sectors = CodeListField(codes.SECTORS, required=False)
    countries = CodeListField(codes.COUNTRIES, required=False)
    languages = SpokenField(required=False, help_text="Level (fluent, working, basic) by language.")
    hub = serializers.SlugRelatedField(
        slug_field="slug",
        queryset=Hub.objects.none(),
        allow_null=True,
        required=False,
        help_text="The hub that employs them; or `employer`. Another employer must agree anew.",
    )
    own_choices: ClassVar[OwnChoices] = {"hub": Hub.objects.visible_to}

    class Meta:
        model = Expert
        fields: tuple[str, ...] = (
            *("headline", "text_language", "biography", "biography_audience", "sectors"),
            *("languages", "countries", "years", "years_audience", "availability", "hub"),
            *("employer", "employer_audience", "contact", "contact_audience", "is_published"),
        )


class OutsideExpertSerializer(ExpertContentSerializer):
    """Somebody outside the portal who agreed to stand here."""

    name = serializers.CharField(max_length=150)
    agreed_on = serializers.DateField()

    class Meta(ExpertContentSerializer.Meta):
        fields = (*OUTSIDE_FIELDS, *ExpertContentSerializer.Meta.fields)


class ConsentSerializer(StrictBodyMixin, serializers.Serializer[Any]):
    """That the employer agreed; without a day, today."""

    on = serializers.DateField(required=False)
    note = serializers.CharField(
        max_length=300,
        allow_blank=True,
        default="",
        help_text="For example where the letter is kept. Shown to those who decide.",
    )


class DeclineSerializer(StrictBodyMixin, serializers.Serializer[Any]):
    """Why the employer does not agree; the person reads it."""

    reason = serializers.CharField(max_length=500)
