"""Exchanges as plain rows and in full: the same for the API, its CSV and the page's CSV."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, ClassVar

from django.db.models import QuerySet
from rest_framework import serializers

from catalogue.codelists import SDGS, Instrument
from core import codes
from core.api.views import RowShape
from core.dates import partial_isoformat
from evaluation.models import Confidentiality, Exchange, Modality
from hubs.models import Hub
from hubs.serializers import Addresses
from hubs.serializers.fields import (
    CodeField,
    CodeListField,
    OwnChoices,
    OwnChoicesMixin,
    PartialDateField,
    StrictBodyMixin,
)

EXCHANGE_COLUMNS = (
    *("slug", "title", "hub", "modality", "status", "is_confirmed", "starts_on", "ends_on"),
    *("providers", "seekers", "facilitators", "funders", "countries", "instruments", "sectors"),
    *("sdgs", "participations", "women", "expert_days", "language", "summary", "is_published"),
    *("is_starter", "updated_at", "url", "api_url"),
)
_NAMES = {"providers", "seekers", "facilitators", "funders", "countries"}
_FIGURES = {"participations", "women", "expert_days"}
_STORED_AS = {"hub": "hub__slug"}
_DATES = ("starts_on", "ends_on")


def exchange_values(exchanges: Any, columns: Sequence[str]) -> QuerySet[Any]:
    """Return `exchanges` as dictionaries of what `columns` need: one query."""
    stored = [_STORED_AS.get(name, name) for name in columns if name not in ("url", "api_url")]
    stored += [f"{name}_precision" for name in _DATES if name in columns]
    if not _NAMES.isdisjoint(columns):
        exchanges = exchanges.with_names()
    if not _FIGURES.isdisjoint(columns):
        exchanges = exchanges.with_figures()
    rows: QuerySet[Any] = exchanges.values(*dict.fromkeys(["pk", "slug", *stored]))
    return rows


def completed_exchanges(
    rows: Iterable[dict[str, Any]], *, root: str, columns: Sequence[str]
) -> Iterator[dict[str, Any]]:
    """Give rows of `exchange_values` with `columns` only: dates as precise as they are known."""

    def named(row: dict[str, Any]) -> dict[str, Any]:
        row = row | {name: row.get(stored) for name, stored in _STORED_AS.items()}
        for name in _DATES:
            if name in row:
                row[name] = partial_isoformat(row[name], row[f"{name}_precision"])
        return row

    found = (named(row) for row in rows)
    return Addresses(root, "exchange", "evaluation").complete(found, columns)


def exchange_rows(
    exchanges: QuerySet[Any], *, root: str, columns: Sequence[str] = EXCHANGE_COLUMNS
) -> Iterator[dict[str, Any]]:
    """Give every exchange as a row, fetched in portions: what a CSV needs."""
    rows = exchange_values(exchanges, columns).iterator(chunk_size=500)
    return completed_exchanges(rows, root=root, columns=columns)


EXCHANGES = RowShape("exchanges", EXCHANGE_COLUMNS, exchange_values, completed_exchanges)


def _codes() -> serializers.ListField:
    return serializers.ListField(child=serializers.CharField())


class ExchangeRowSerializer(serializers.Serializer[Any]):
    """An exchange in the list."""

    slug = serializers.SlugField()
    title = serializers.CharField()
    hub = serializers.SlugField(help_text="The hub that tells it.")
    modality = serializers.CharField()
    status = serializers.CharField()
    is_confirmed = serializers.BooleanField(
        help_text="True: by both sides; false: reported by one side only."
    )
    starts_on = serializers.CharField(allow_null=True, help_text="As 2012, 2012-07 or 2012-07-10.")
    ends_on = serializers.CharField(allow_null=True)
    providers = _codes()
    seekers = _codes()
    facilitators = _codes()
    funders = _codes()
    countries = _codes()
    instruments = _codes()
    sectors = _codes()
    sdgs = _codes()
    participations = serializers.IntegerField(
        allow_null=True, help_text="People at each step, added; null: not stated."
    )
    women = serializers.IntegerField(allow_null=True, help_text="Of these; null: not stated.")
    expert_days = serializers.DecimalField(
        max_digits=18, decimal_places=2, allow_null=True, help_text="null: not stated."
    )
    language = serializers.CharField()
    summary = serializers.CharField()
    is_published = serializers.BooleanField()
    is_starter = serializers.BooleanField()
    updated_at = serializers.DateTimeField()
    url = serializers.URLField()
    api_url = serializers.URLField()


class PartySerializer(serializers.Serializer[Any]):
    """A hub's, an organisation's or a country's part in the exchange."""

    id = serializers.IntegerField()
    side = serializers.CharField()
    name = serializers.CharField()
    hub = serializers.SlugField(allow_null=True)
    organisation = serializers.SlugField(allow_null=True)
    country = serializers.CharField()
    note = serializers.CharField()


class AttendanceSerializer(serializers.Serializer[Any]):
    """People of one party at a step."""

    party = serializers.IntegerField(help_text="The number of the party.")
    total = serializers.IntegerField()
    women = serializers.IntegerField(allow_null=True, help_text="null: not stated.")
    men = serializers.IntegerField(allow_null=True, help_text="null: not stated.")


class StepSerializer(serializers.Serializer[Any]):
    """One activity of the exchange."""

    id = serializers.IntegerField()
    title = serializers.CharField()
    instrument = serializers.CharField()
    starts_on = serializers.CharField(allow_null=True)
    ends_on = serializers.CharField(allow_null=True)
    country = serializers.CharField()
    place = serializers.CharField()
    is_online = serializers.BooleanField()
    is_done = serializers.BooleanField()
    note = serializers.CharField()
    people = AttendanceSerializer(many=True)


class ContributionSerializer(serializers.Serializer[Any]):
    """What one party gave: a quantity, or an amount of money."""

    id = serializers.IntegerField()
    party = serializers.IntegerField(help_text="The number of the party.")
    kind = serializers.CharField()
    stage = serializers.CharField(help_text="Of money: pledged, committed or spent.")
    quantity = serializers.DecimalField(max_digits=14, decimal_places=2, allow_null=True)
    amount = serializers.DecimalField(max_digits=18, decimal_places=2, allow_null=True)
    currency = serializers.CharField()
    valuation = serializers.CharField(
        allow_null=True, help_text="Code and version of the method by which it is valued."
    )
    dated_on = serializers.DateField(allow_null=True)
    note = serializers.CharField()


class ExchangeSerializer(ExchangeRowSerializer):
    """An exchange in full."""

    version = serializers.IntegerField()
    confidentiality = serializers.CharField()
    cancel_reason = serializers.CharField()
    copied_from = serializers.SlugField(allow_null=True)
    entries = serializers.ListField(child=serializers.SlugField())
    parties = PartySerializer(many=True)
    steps = StepSerializer(many=True)
    contributions = ContributionSerializer(many=True)


class FactSerializer(serializers.Serializer[Any]):
    """What one side says of one shared fact."""

    fact = serializers.CharField()
    value = serializers.JSONField(help_text="What the exchange says now.")
    party = serializers.IntegerField()
    state = serializers.CharField(
        help_text="awaited, confirmed, voided (changed since), differs, agreed-to-differ."
    )
    stated = serializers.JSONField(allow_null=True, help_text="What this side states instead.")
    text = serializers.CharField()
    at = serializers.DateTimeField(allow_null=True)


class ExchangeContentSerializer(
    OwnChoicesMixin, StrictBodyMixin, serializers.ModelSerializer[Exchange]
):
    """The facts of an exchange that a program may write."""

    language = CodeField(codes.LANGUAGES, required=False)
    modality = serializers.ChoiceField(Modality.choices)
    instruments = CodeListField(Instrument.values, required=False)
    sectors = CodeListField(codes.SECTORS, required=False)
    sdgs = CodeListField(SDGS, required=False)
    confidentiality = serializers.ChoiceField(Confidentiality.choices, required=False)
    starts_on = PartialDateField()
    ends_on = PartialDateField(is_end=True)
    own_choices: ClassVar[OwnChoices] = {}

    class Meta:
        model = Exchange
        fields: tuple[str, ...] = (
            *("title", "language", "summary", "modality", "instruments", "sectors", "sdgs"),
            *("starts_on", "ends_on", "confidentiality"),
        )


class NewExchangeSerializer(ExchangeContentSerializer):
    """A new exchange, of a hub in which you are head, editor or M&E focal point."""

    hub = serializers.SlugRelatedField(slug_field="slug", queryset=Hub.objects.none())
    own_choices: ClassVar[OwnChoices] = {"hub": Hub.objects.assessable_by}

    class Meta(ExchangeContentSerializer.Meta):
        fields = ("hub", *ExchangeContentSerializer.Meta.fields)
