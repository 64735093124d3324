"""Parts of exchanges as programs write them, and what they read of each."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from rest_framework import serializers

from catalogue.codelists import Instrument
from catalogue.models import Entry
from core import codes
from core.dates import partial_isoformat
from evaluation.models import (
    Contribution,
    ContributionKind,
    Exchange,
    ExchangeStatus,
    MoneyStage,
    Party,
    PartySide,
    Step,
    ValuationMethod,
)
from evaluation.services.exchange_parts import (
    CONTRIBUTION_FIELDS,
    PARTY_FIELDS,
    STEP_FIELDS,
)
from evaluation.services.exchanges import entries_named
from evaluation.standing import Standing
from hubs.models import Hub, Organisation
from hubs.serializers.fields import (
    CodeField,
    OwnChoices,
    OwnChoicesMixin,
    PartialDateField,
    StrictBodyMixin,
)

MOST_DIGITS = 9  # of the number of a version


class PartyContentSerializer(OwnChoicesMixin, StrictBodyMixin, serializers.ModelSerializer[Party]):
    """A party: a hub, or an organisation, or a country whose institution is not named."""

    side = serializers.ChoiceField(PartySide.choices)
    hub = serializers.SlugRelatedField(
        slug_field="slug", queryset=Hub.objects.none(), allow_null=True, required=False
    )
    organisation = serializers.SlugRelatedField(
        slug_field="slug", queryset=Organisation.objects.none(), allow_null=True, required=False
    )
    country = CodeField(codes.COUNTRIES, allow_blank=True, required=False)
    own_choices: ClassVar[OwnChoices] = {
        "hub": Hub.objects.visible_to,
        "organisation": Organisation.objects.visible_to,
    }

    class Meta:
        model = Party
        fields = PARTY_FIELDS
        validators: ClassVar[list[Any]] = []  # the form's and the table's rules


class StepContentSerializer(StrictBodyMixin, serializers.ModelSerializer[Step]):
    """A step of the exchange."""

    instrument = serializers.ChoiceField(Instrument.choices, allow_blank=True, required=False)
    country = CodeField(codes.COUNTRIES, allow_blank=True, required=False)
    starts_on = PartialDateField()
    ends_on = PartialDateField(is_end=True)

    class Meta:
        model = Step
        fields = STEP_FIELDS


class ValuationField(serializers.SlugRelatedField):
    """A version of a method, named as programs read it: its code, "/" and its number."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(slug_field="code", **kwargs)

    def to_internal_value(self, data: Any) -> ValuationMethod:
        """Return the version that was named."""
        code, _slash, number = str(data).replace("\0", "").rpartition("/")
        is_number = number.isascii() and number.isdigit() and len(number) <= MOST_DIGITS
        found: ValuationMethod | None = None
        if is_number:
            found = ValuationMethod.objects.filter(code=code, number=int(number)).first()
        if found is None:
            self.fail("does_not_exist", slug_name=_("code/number"), value=str(data)[:80])
        return found


class ContributionContentSerializer(
    OwnChoicesMixin, StrictBodyMixin, serializers.ModelSerializer[Contribution]
):
    """What a party gave: a quantity in kind, or an amount of money."""

    party = serializers.PrimaryKeyRelatedField(queryset=Party.objects.none())
    valuation = ValuationField(
        queryset=ValuationMethod.objects.all(), allow_null=True, required=False
    )
    kind = serializers.ChoiceField(ContributionKind.choices)
    stage = serializers.ChoiceField(MoneyStage.choices, allow_blank=True, required=False)
    currency = CodeField(codes.CURRENCIES, allow_blank=True, required=False)
    # Of one that the writer may not see, not even that it is there.
    own_choices: ClassVar[OwnChoices] = {"party": Party.objects.visible_to}

    class Meta:
        model = Contribution
        fields = CONTRIBUTION_FIELDS


class PeopleRowSerializer(StrictBodyMixin, serializers.Serializer[Any]):
    """People of one party at a step."""

    party = serializers.IntegerField(min_value=1, max_value=2**62)
    total = serializers.IntegerField(min_value=0, max_value=1_000_000)
    women = serializers.IntegerField(
        min_value=0, max_value=1_000_000, allow_null=True, default=None
    )
    men = serializers.IntegerField(min_value=0, max_value=1_000_000, allow_null=True, default=None)


class PeopleSerializer(StrictBodyMixin, serializers.Serializer[Any]):
    """Everybody who took part in a step; parties left out have nothing stated."""

    people = PeopleRowSerializer(many=True)


class ExchangeReasonSerializer(StrictBodyMixin, serializers.Serializer[Any]):
    """Why."""

    reason = serializers.CharField(max_length=500)


class MoveSerializer(StrictBodyMixin, serializers.Serializer[Any]):
    """Where an exchange stands next."""

    status = serializers.ChoiceField(ExchangeStatus.choices)
    reason = serializers.CharField(max_length=500, allow_blank=True, default="")


class TiedEntriesSerializer(StrictBodyMixin, serializers.Serializer[Any]):
    """The entries that an exchange is tied to, all of them."""

    entries = serializers.ListField(child=serializers.CharField(max_length=200))

    def validate_entries(self, value: list[str]) -> list[Entry]:
        """Return the entries that were named."""
        return entries_named(value, by=self.context["request"].user)


class WordSerializer(StrictBodyMixin, serializers.Serializer[Any]):
    """What one side says: all is so (without `facts`), some is so, or one fact is not."""

    party = serializers.IntegerField(min_value=1, max_value=2**62)
    state = serializers.ChoiceField(["confirmed", "differs", "agreed-to-differ"])
    facts = serializers.ListField(
        child=serializers.CharField(max_length=60),
        required=False,
        max_length=1_000,
        help_text="Left out, with confirmed: all that is left. Otherwise exactly one.",
    )
    stated = serializers.CharField(
        max_length=300, allow_blank=True, default="", help_text="With differs: what is so instead."
    )
    text = serializers.CharField(max_length=1_000, allow_blank=True, default="")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Ask for one fact where one is spoken of."""
        if attrs["state"] != "confirmed" and len(attrs.get("facts", ())) != 1:
            raise serializers.ValidationError({"facts": [_("Name exactly one fact.")]})
        return attrs


def party_row(party: Party) -> dict[str, Any]:
    """Return a party as `PartySerializer` says."""
    return {
        "id": party.pk,
        "side": party.side,
        "name": str(party),
        "hub": party.hub.slug if party.hub else None,
        "organisation": party.organisation.slug if party.organisation else None,
        "country": party.country,
        "note": party.note,
    }


def step_row(step: Step) -> dict[str, Any]:
    """Return a step with its people as `StepSerializer` says."""
    return {
        "id": step.pk,
        "title": step.title,
        "instrument": step.instrument,
        "starts_on": partial_isoformat(step.starts_on, step.starts_on_precision),
        "ends_on": partial_isoformat(step.ends_on, step.ends_on_precision),
        "country": step.country,
        "place": step.place,
        "is_online": step.is_online,
        "is_done": step.is_done,
        "note": step.note,
        "people": [
            {"party": row.party_id, "total": row.total, "women": row.women, "men": row.men}
            for row in step.attendances.all()
        ],
    }


def contribution_row(row: Contribution) -> dict[str, Any]:
    """Return a contribution as `ContributionSerializer` says."""
    valuation = row.valuation
    return {
        "id": row.pk,
        "party": row.party_id,
        "kind": row.kind,
        "stage": row.stage,
        "quantity": row.quantity,
        "amount": row.amount,
        "currency": row.currency,
        "valuation": f"{valuation.code}/{valuation.number}" if valuation else None,
        "dated_on": row.dated_on,
        "note": row.note,
    }


def part_rows(exchange: Exchange) -> dict[str, Any]:
    """Return the parts of an exchange fetched `with_facts`."""
    return {
        "parties": [party_row(party) for party in exchange.parties.all()],
        "steps": [step_row(step) for step in exchange.steps.all()],
        "contributions": [contribution_row(row) for row in exchange.contributions.all()],
    }


def fact_rows(standing: Standing) -> Iterable[dict[str, Any]]:
    """Give what each side says of each fact as `FactSerializer` says."""
    for line in standing.lines:
        for said in line.said:
            row = said.confirmation
            yield {
                "fact": line.fact.key,
                "value": line.fact.value,
                "party": said.party.pk,
                "state": said.state,
                "stated": row.stated if row else None,
                "text": row.text if row else "",
                "at": row.at if row else None,
            }
