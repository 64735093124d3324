"""Report packs and the state of IATI files for programs."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from core.api.responses import iso
from evaluation.iati.reading import Ready
from evaluation.packs.content import Pack
from evaluation.packs.files import pack_rows
from evaluation.packs.meanings import FILES


class PackSerializer(serializers.Serializer[Any]):
    """A hub's report of one year as known at one moment; tables as in its files."""

    hub = serializers.SlugField()
    year = serializers.IntegerField()
    as_of = serializers.DateTimeField(help_text="The same moment gives the same figures.")
    is_internal = serializers.BooleanField(help_text="Whether it names what is confidential.")
    unnamed_exchanges = serializers.IntegerField(help_text="Confidential or withdrawn: counted.")
    undated_exchanges = serializers.IntegerField(help_text="Without any date, in no year's pack.")
    unnamed_frameworks = serializers.IntegerField()
    unnamed_updates = serializers.IntegerField()
    unnamed_stories = serializers.IntegerField()
    tables = serializers.DictField(
        child=serializers.ListField(child=serializers.DictField()),
        help_text="exchanges, contributions, frameworks, figures, updates, stories.",
    )


def pack_shape(pack: Pack, *, root: str) -> dict[str, Any]:
    """Return a pack as `PackSerializer` describes it. No queries."""
    scope = pack.scope
    return {
        "hub": scope.hub.slug,
        "year": scope.year,
        "as_of": iso(scope.moment),
        "is_internal": scope.is_internal,
        "unnamed_exchanges": pack.unnamed_exchanges,
        "undated_exchanges": pack.undated_exchanges,
        "unnamed_frameworks": pack.unnamed_frameworks,
        "unnamed_updates": pack.unnamed_updates,
        "unnamed_stories": pack.unnamed_stories,
        "tables": {
            name.removesuffix(".csv"): list(pack_rows(pack, name, root=root)) for name in FILES
        },
    }


class LeftOutSerializer(serializers.Serializer[Any]):
    """An exchange that cannot be told, and why."""

    exchange = serializers.SlugField()
    reason = serializers.CharField()


class IatiSerializer(serializers.Serializer[Any]):
    """What is in a hub's IATI file, what is left out, what is missing for it."""

    hub = serializers.SlugField()
    identifier = serializers.CharField(help_text="Of the hub as an organisation; may be empty.")
    is_ready = serializers.BooleanField()
    missing = serializers.ListField(child=serializers.CharField())
    exchanges = serializers.ListField(child=serializers.SlugField())
    left_out = LeftOutSerializer(many=True)


def iati_shape(ready: Ready) -> dict[str, Any]:
    """Return the state of a hub's file as `IatiSerializer` describes it."""
    return {
        "hub": ready.hub.slug,
        "identifier": ready.hub.iati_identifier,
        "is_ready": ready.is_ready,
        "missing": ready.missing,
        "exchanges": [exchange.slug for exchange in ready.exchanges],
        "left_out": [
            {"exchange": exchange.slug, "reason": reason} for exchange, reason in ready.left_out
        ],
    }
