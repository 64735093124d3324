"""Gaps as rows: the same for the API and the CSV file."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from evaluation.gaps import Gap


class GapSerializer(serializers.Serializer[Any]):
    """One category with what the portal holds of it."""

    hub = serializers.CharField(help_text="The hub that states it; empty but for of=hub.")
    code = serializers.CharField(help_text="DAC sector, instrument, M49 region or country.")
    name = serializers.CharField(help_text="In the language asked for.")
    stated_by = serializers.IntegerField(
        allow_null=True, help_text="Hubs that name it; empty: hubs state no such thing."
    )
    experiences = serializers.IntegerField(help_text="Published ones in this portal.")
    exchanges_confirmed = serializers.IntegerField(help_text="Confirmed by both sides.")
    exchanges_reported_by_one_side = serializers.IntegerField(
        help_text="Never added to the others."
    )
    exchanges_confirmed_hidden = serializers.IntegerField(
        help_text="Of those confirmed by both sides, how many no list shows you: they are "
        "confidential, or a hub in them is not public."
    )
    exchanges_reported_by_one_side_hidden = serializers.IntegerField(
        help_text="The same of those reported by one side."
    )
    reports = serializers.IntegerField(help_text="Approved reports of these exchanges.")
    missing = serializers.CharField(
        help_text="Of which this portal has none, with commas: experiences, exchanges, reports."
    )


GAP_COLUMNS = tuple(GapSerializer().fields)


def gap_row(gap: Gap) -> dict[str, object]:
    """Return one category as a row."""
    return {
        "hub": gap.hub.slug if gap.hub else "",
        "code": gap.code,
        "name": gap.name,
        "stated_by": gap.stated_by,
        "experiences": gap.held.experiences,
        "exchanges_confirmed": gap.held.confirmed,
        "exchanges_reported_by_one_side": gap.held.one_side,
        "exchanges_confirmed_hidden": gap.held.confirmed_hidden,
        "exchanges_reported_by_one_side_hidden": gap.held.one_side_hidden,
        "reports": gap.held.reports,
        "missing": ",".join(gap.missing),
    }
