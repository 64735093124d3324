"""Fields that hubs and facts share: dates as sources state them, codes, sources."""

from collections.abc import Callable, Collection, Mapping
from typing import Any, ClassVar

from django.core.validators import URLValidator
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core.dates import Precision, parse_partial_date, partial_isoformat
from hubs.models import Source

_PARTIAL_DATE = {
    "type": ["string", "null"],
    "pattern": r"^\d{4}(-\d{2}(-\d{2})?)?$",
    "examples": ["1987", "2012-07", "2012-07-10"],
}


@extend_schema_field(_PARTIAL_DATE)
class PartialDateField(serializers.Field):
    """A date as precisely as it is known, over the two columns that keep it.

    With `is_end`, a date of reduced precision stands for its last day.
    """

    default_error_messages = {
        "invalid": _("Give a date as in 1987, 2012-07 or 2012-07-10."),
    }

    def __init__(self, *, is_end: bool = False, **kwargs: Any) -> None:
        self.is_end = is_end
        super().__init__(source="*", required=False, allow_null=True, **kwargs)

    def to_representation(self, value: Any) -> str | None:
        name = str(self.field_name)
        return partial_isoformat(getattr(value, name), getattr(value, f"{name}_precision"))

    def run_validation(self, data: Any = serializers.empty) -> Any:
        if data is None:
            return self._columns(None, Precision.DAY)
        return super().run_validation(data)

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        try:
            return self._columns(*parse_partial_date(data, end=self.is_end))
        except (ValueError, TypeError, AttributeError):
            self.fail("invalid")

    def _columns(self, day: Any, precision: str) -> dict[str, Any]:
        return {str(self.field_name): day, f"{self.field_name}_precision": str(precision)}


class CodeField(serializers.CharField):
    """One code of a list too long to be repeated in the schema."""

    default_error_messages = {"unknown": _("Unknown code: %(code)s.")}

    def __init__(self, codes: Collection[str], **kwargs: Any) -> None:
        self.codes = codes
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> str:
        code = str(super().to_internal_value(data))
        if code not in self.codes:
            message = self.error_messages["unknown"] % {"code": code[:40]}
            raise serializers.ValidationError(message, code="unknown")
        return code


class CodeListField(serializers.ListField):
    """A list of codes, each once, in the order of the code."""

    def __init__(self, codes: Collection[str], **kwargs: Any) -> None:
        self.codes = codes
        super().__init__(child=CodeField(codes), **kwargs)

    def to_internal_value(self, data: Any) -> list[str]:
        if isinstance(data, list) and len(data) > len(self.codes):
            self.fail("max_length", max_length=len(self.codes))
        return sorted(set(super().to_internal_value(data)))


class StrictBodyMixin:
    """Refuses fields that nobody knows, which are mistakes, and ignores those only read."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            unknown = [name for name in data if name not in self.fields]  # type: ignore[attr-defined]
            if unknown:
                raise serializers.ValidationError(
                    {name[:80]: [_("There is no such field.")] for name in unknown[:20]}
                )
        return super().to_internal_value(data)  # type: ignore[misc]


OwnChoices = Mapping[str, Callable[[Any], QuerySet[Any]]]


class OwnChoicesMixin:
    """Lets fields name only what the writer may: `own_choices` gives, by field, the function
    that returns it for a user. `context["request"]` says who writes.
    """

    own_choices: ClassVar[OwnChoices] = {}

    def get_fields(self) -> dict[str, Any]:
        fields: dict[str, Any] = super().get_fields()  # type: ignore[misc]
        request = self.context.get("request")  # type: ignore[attr-defined]
        for name, of in self.own_choices.items():
            if request is not None and name in fields:
                fields[name].queryset = of(request.user)
        return fields


class SourceListSerializer(serializers.ListSerializer[Any]):
    """The sources of a fact, read from what `FactQuerySet.with_sources` fetched with it."""

    def get_attribute(self, instance: Any) -> Any:
        return instance.source_list

    def to_representation(self, data: Any) -> list[dict[str, Any]]:
        return source_rows(data)


class SourceSerializer(StrictBodyMixin, serializers.ModelSerializer[Source]):
    """A page or document in which a fact is stated; found again by its address."""

    dated_on = PartialDateField(help_text=_("The date of the source."))

    class Meta:
        model = Source
        list_serializer_class = SourceListSerializer
        fields = ["title", "publisher", "address", "dated_on", "seen_on"]
        # One source may be cited by many facts, so an address that is there is no error.
        extra_kwargs: ClassVar[dict[str, Any]] = {
            "address": {"validators": [URLValidator(["http", "https"])]}
        }


def source_rows(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the sources of `FactQuerySet.with_sources` as `SourceSerializer` would."""
    return [
        {
            "title": row["title"],
            "publisher": row["publisher"],
            "address": row["address"],
            "dated_on": _partial(row["dated_on"], row["dated_on_precision"]),
            "seen_on": row["seen_on"],
        }
        for row in rows
    ]


def _partial(text: str | None, precision: str) -> str | None:
    """Return the ISO date `text`, as it comes out of PostgreSQL's JSON, as far as it is known."""
    if text is None:
        return None
    return text[: {Precision.YEAR: 4, Precision.MONTH: 7}.get(Precision(precision), 10)]
