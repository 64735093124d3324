"""Entries as schema.org articles, for harvesters (JSON-LD 1.1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from catalogue.codelists import SDGS
from core.codes import country_name, sector_name

CONTEXT = "https://schema.org"


def entry_json_ld(
    entry: Mapping[str, Any], *, hub: Mapping[str, str], keywords: Sequence[str] = ()
) -> dict[str, Any]:
    """Return an entry in full, as the API gives it, as a schema.org Article without what is not
    stated. `hub`: name, url; `keywords`: its tags in words. The portal states no licence, so
    there is none here.
    """
    data = {
        "@type": "Article",
        "@id": entry["url"],
        "url": entry["url"],
        "name": entry["title"],
        "headline": entry["title"],
        "abstract": entry["summary"],
        "inLanguage": entry["language"],
        "version": entry["latest_version"],
        "datePublished": entry["published_at"],
        "creativeWorkStatus": entry["state"],
        "comment": [{"@type": "Comment", "name": "Contested", "text": entry["contested_statement"]}]
        if entry["is_contested"]
        else [],
        "publisher": {"@type": "Organization", "@id": hub["url"], "name": hub["name"]},
        "spatialCoverage": [
            {"@type": "Country", "name": country_name(code), "identifier": code}
            for code in entry["countries"]
        ],
        "temporalCoverage": _years(entry["year_from"], entry["year_to"]),
        "about": [
            {"@type": "DefinedTerm", "termCode": code, "name": sector_name(code)}
            for code in entry["sectors"]
        ]
        + [
            {"@type": "DefinedTerm", "termCode": f"SDG {code}", "name": str(SDGS[code])}
            for code in entry["sdgs"]
        ],
        "keywords": list(keywords),
        "citation": [
            {"@type": "CreativeWork", "name": each["title"], "url": each["address"]}
            for each in entry["sources"]
        ],
        "workExample": [{"@type": "Article", "url": url} for url in entry["versions"]],
    }
    return {key: value for key, value in data.items() if value}


def _years(first: int | None, last: int | None) -> str:
    """Return an interval of ISO 8601; an end that is not stated stays open. "" without any."""
    if first is None and last is None:
        return ""
    return str(first) if first == last else f"{first or '..'}/{last or '..'}"
