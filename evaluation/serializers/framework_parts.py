"""Frameworks and their parts as programs write them, and what they read of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from rest_framework import serializers

from core import codes
from evaluation.models import (
    DefinitionVersion,
    Exchange,
    Framework,
    Frequency,
    Indicator,
    IndicatorDefinition,
    Layer,
    LockException,
    Period,
    Result,
    ResultKind,
    Target,
)
from evaluation.services.frameworks import (
    FRAMEWORK_TEXTS,
    INDICATOR_TEXTS,
    RESULT_TEXTS,
    TARGET_TEXTS,
    networks_spoken_for,
)
from evaluation.services.locks import is_locked, locks_on
from hubs.models import Hub, Network
from hubs.serializers.fields import (
    CodeField,
    OwnChoices,
    OwnChoicesMixin,
    SourceSerializer,
    StrictBodyMixin,
)

if TYPE_CHECKING:
    from hubs.querysets import User

MOST_SOURCES = 50  # of one framework


class FrameworkContentSerializer(StrictBodyMixin, serializers.ModelSerializer[Framework]):
    """What a framework says of itself."""

    language = CodeField(codes.LANGUAGES, required=False)

    class Meta:
        model = Framework
        fields = [*FRAMEWORK_TEXTS]


def _templates(user: User) -> QuerySet[Any]:
    found: QuerySet[Any] = Framework.objects.visible_to(user).templates().published()
    return found


class NewFrameworkSerializer(OwnChoicesMixin, FrameworkContentSerializer):
    """A new framework: of a hub, of an exchange, of a country or of the community."""

    hub = serializers.SlugRelatedField(
        slug_field="slug", queryset=Hub.objects.none(), required=False
    )
    template = serializers.SlugRelatedField(
        slug_field="slug",
        queryset=Framework.objects.none(),
        required=False,
        help_text="Slug of the template that it is copied from, with its results and periods.",
    )
    layer = serializers.ChoiceField(Layer.choices, required=False, help_text="Left out: hub.")
    country = CodeField(codes.COUNTRIES, required=False)
    network = serializers.SlugRelatedField(
        slug_field="slug", queryset=Network.objects.none(), required=False
    )
    exchange = serializers.SlugRelatedField(
        slug_field="slug", queryset=Exchange.objects.none(), required=False
    )
    own_choices: ClassVar[OwnChoices] = {
        "hub": Hub.objects.visible_to,
        "template": _templates,
        "network": networks_spoken_for,
        "exchange": Exchange.objects.visible_to,
    }

    class Meta(FrameworkContentSerializer.Meta):
        fields = ["hub", "template", "layer", "country", "network", "exchange", *FRAMEWORK_TEXTS]

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Ask for what a template needs, and bar what is the template's to say."""
        if attrs.get("template") is None:
            return attrs
        needed = {"template", "hub", "title", "starts_on", "ends_on"}
        lacking = [name for name in sorted(needed) if not attrs.get(name)]
        barred = sorted(attrs.keys() - needed)
        problems = {name: [_("A template needs this.")] for name in lacking}
        problems |= {name: [_("A template says this itself.")] for name in barred}
        if attrs.get("ends_on") and attrs["ends_on"] < attrs["starts_on"]:
            problems["ends_on"] = [_("The end must not be before the start.")]
        if problems:
            raise serializers.ValidationError(problems)
        return attrs


class FrameworkSourcesSerializer(StrictBodyMixin, serializers.Serializer[Any]):
    """What a framework rests on, all of it."""

    sources = serializers.ListField(child=SourceSerializer(), max_length=MOST_SOURCES)


# Results


def _results(user: User) -> QuerySet[Result]:
    return Result.objects.filter(framework__in=Framework.objects.visible_to(user))


class ResultContentSerializer(
    OwnChoicesMixin, StrictBodyMixin, serializers.ModelSerializer[Result]
):
    """What is hoped for, and to what it contributes."""

    kind = serializers.ChoiceField(ResultKind.choices)
    contributes_to = serializers.PrimaryKeyRelatedField(
        queryset=Result.objects.none(),
        allow_null=True,
        required=False,
        help_text="A result of this framework.",
    )
    rolls_up_to = serializers.PrimaryKeyRelatedField(
        queryset=Result.objects.none(),
        allow_null=True,
        required=False,
        help_text="A result of a framework of a higher layer.",
    )
    # Of one that the writer may not see, not even that it is there.
    own_choices: ClassVar[OwnChoices] = {"contributes_to": _results, "rolls_up_to": _results}

    class Meta:
        model = Result
        fields = [*RESULT_TEXTS]


class ResultSerializer(serializers.Serializer[Any]):
    """A result of a framework."""

    id = serializers.IntegerField()
    kind = serializers.CharField(help_text="output, outcome or impact.")
    title = serializers.CharField()
    description = serializers.CharField()
    contributes_to = serializers.IntegerField(allow_null=True)
    rolls_up_to = serializers.IntegerField(
        allow_null=True, help_text="Null, too, where it is not for you to see."
    )
    position = serializers.IntegerField()


def result_rows(framework: Framework, *, user: User) -> list[dict[str, Any]]:
    """Return the results of a framework as `ResultSerializer` says: two queries."""
    rows = list(Result.objects.filter(framework=framework).order_by("position", "pk"))
    above = _results(user).filter(rolled_up_from__framework=framework)
    seen = set(above.values_list("pk", flat=True))
    return [
        {
            "id": row.pk,
            "kind": row.kind,
            "title": row.title,
            "description": row.description,
            "contributes_to": row.contributes_to_id,
            "rolls_up_to": row.rolls_up_to_id if row.rolls_up_to_id in seen else None,
            "position": row.position,
        }
        for row in rows
    ]


# Indicators


class NewestVersionField(serializers.SlugRelatedField):
    """An indicator of the library by its code: its newest version is meant."""

    def __init__(self, **kwargs: Any) -> None:
        library = IndicatorDefinition.objects.described().select_related("current")
        super().__init__(slug_field="code", queryset=library, **kwargs)

    def to_internal_value(self, data: Any) -> DefinitionVersion:
        found: Any = super().to_internal_value(data)
        version: DefinitionVersion = found.current
        return version


class IndicatorContentSerializer(
    OwnChoicesMixin, StrictBodyMixin, serializers.ModelSerializer[Indicator]
):
    """What measures a result: an indicator of the library, with its baseline."""

    definition = NewestVersionField(
        help_text="Code in the library; named again, its newest version is taken over."
    )
    frequency = serializers.ChoiceField(Frequency.choices, required=False)
    rolls_up_to = serializers.PrimaryKeyRelatedField(
        queryset=Indicator.objects.none(),
        allow_null=True,
        required=False,
        help_text="An indicator of a framework of a higher layer that means the same.",
    )
    own_choices: ClassVar[OwnChoices] = {"rolls_up_to": Indicator.objects.visible_to}

    class Meta:
        model = Indicator
        fields = [*INDICATOR_TEXTS]


class NewIndicatorContentSerializer(IndicatorContentSerializer):
    """A new indicator of a result."""

    result = serializers.PrimaryKeyRelatedField(queryset=Result.objects.none())
    own_choices: ClassVar[OwnChoices] = {
        "rolls_up_to": Indicator.objects.visible_to,
        "result": _results,
    }

    class Meta(IndicatorContentSerializer.Meta):
        fields = ["result", *INDICATOR_TEXTS]


class FrameworkIndicatorSerializer(serializers.Serializer[Any]):
    """An indicator of a framework; its number is that of the figures."""

    id = serializers.IntegerField()
    result = serializers.IntegerField()
    definition = serializers.SlugField(help_text="Code in the library.")
    definition_version = serializers.IntegerField()
    frequency = serializers.CharField()
    rolls_up_to = serializers.IntegerField(
        allow_null=True, help_text="Null, too, where it is not for you to see."
    )
    is_excluded = serializers.BooleanField(help_text="Left out of the total above.")
    exclusion_reason = serializers.CharField()
    baseline_value = serializers.DecimalField(24, 6, allow_null=True)
    baseline_numerator = serializers.DecimalField(24, 6, allow_null=True)
    baseline_denominator = serializers.DecimalField(24, 6, allow_null=True)
    baseline_year = serializers.IntegerField(allow_null=True)
    baseline_note = serializers.CharField()
    position = serializers.IntegerField()


def indicator_rows_of(framework: Framework, *, user: User) -> list[dict[str, Any]]:
    """Return the indicators of a framework as `FrameworkIndicatorSerializer` says: two queries."""
    rows = Indicator.objects.filter(result__framework=framework)
    above = Indicator.objects.visible_to(user).filter(children__result__framework=framework)
    seen = set(above.values_list("pk", flat=True))
    plain = [name for name in INDICATOR_TEXTS if name not in ("definition", "rolls_up_to")]
    return [
        {
            "id": row.pk,
            "result": row.result_id,
            "definition": row.definition.definition.code,
            "definition_version": row.definition.number,
            "rolls_up_to": row.rolls_up_to_id if row.rolls_up_to_id in seen else None,
            **{name: getattr(row, name) for name in plain},
        }
        for row in rows.select_related("definition__definition").order_by(
            "result__position", "result", "position", "pk"
        )
    ]


# Targets


class TargetContentSerializer(StrictBodyMixin, serializers.ModelSerializer[Target]):
    """What is to be reached."""

    class Meta:
        model = Target
        fields = [*TARGET_TEXTS]


class NewTargetSerializer(TargetContentSerializer):
    """What is to be reached with an indicator in a period; without a period, in the whole life."""

    indicator = serializers.IntegerField(min_value=1, max_value=2**62)
    period = serializers.IntegerField(min_value=1, max_value=2**62, allow_null=True, required=False)

    class Meta(TargetContentSerializer.Meta):
        fields = ["indicator", "period", *TARGET_TEXTS]
        validators: ClassVar[list[Any]] = []  # the service's and the table's rules


class TargetSerializer(serializers.Serializer[Any]):
    """A target of an indicator."""

    id = serializers.IntegerField()
    indicator = serializers.IntegerField()
    period = serializers.IntegerField(allow_null=True, help_text="Null: the whole life.")
    value = serializers.DecimalField(24, 6, allow_null=True)
    numerator = serializers.DecimalField(24, 6, allow_null=True)
    denominator = serializers.DecimalField(24, 6, allow_null=True)
    text = serializers.CharField()


def target_row(row: Target) -> dict[str, Any]:
    """Return a target as `TargetSerializer` says."""
    place = {"id": row.pk, "indicator": row.indicator_id, "period": row.period_id}
    return place | {name: getattr(row, name) for name in TARGET_TEXTS}


# Periods


class NewPeriodsSerializer(StrictBodyMixin, serializers.Serializer[Any]):
    """The periods of a frequency until a day, or until the framework ends."""

    frequency = serializers.ChoiceField(Frequency.choices)
    until = serializers.DateField(allow_null=True, default=None)


class PeriodSerializer(serializers.Serializer[Any]):
    """A span of time for which is reported."""

    id = serializers.IntegerField()
    frequency = serializers.CharField()
    name = serializers.CharField()
    starts_on = serializers.DateField()
    ends_on = serializers.DateField(allow_null=True, help_text="Null: open.")
    is_locked = serializers.BooleanField(help_text="By age or by hand; exceptions aside.")
    locks_on = serializers.DateField(allow_null=True, help_text="First day of the lock by age.")
    locked_at = serializers.DateTimeField(allow_null=True, help_text="When somebody locked it.")


def period_row(row: Period) -> dict[str, Any]:
    """Return a period, fetched with its framework, as `PeriodSerializer` says."""
    return {
        "id": row.pk,
        "frequency": row.frequency,
        "name": row.plain_name,
        "starts_on": row.starts_on,
        "ends_on": row.ends_on,
        "is_locked": is_locked(row),
        "locks_on": locks_on(row),
        "locked_at": row.locked_at,
    }


class NewLockExceptionSerializer(StrictBodyMixin, serializers.Serializer[Any]):
    """Leave to report on a locked period until a moment, on one indicator or on all."""

    period = serializers.IntegerField(min_value=1, max_value=2**62)
    indicator = serializers.IntegerField(
        min_value=1, max_value=2**62, allow_null=True, default=None
    )
    until = serializers.DateTimeField()
    reason = serializers.CharField(max_length=500)


class LockExceptionSerializer(serializers.Serializer[Any]):
    """Leave to report on a locked period."""

    id = serializers.IntegerField()
    period = serializers.IntegerField()
    indicator = serializers.IntegerField(allow_null=True, help_text="Null: all.")
    until = serializers.DateTimeField()
    reason = serializers.CharField()
    at = serializers.DateTimeField(help_text="When it was given.")


def exception_row(row: LockException) -> dict[str, Any]:
    """Return an exception as `LockExceptionSerializer` says."""
    return {
        "id": row.pk,
        "period": row.period_id,
        "indicator": row.indicator_id,
        "until": row.until,
        "reason": row.reason,
        "at": row.at,
    }
