"""Hubs as schema.org organisations, for harvesters (JSON-LD 1.1)."""

from collections.abc import Mapping
from typing import Any

from core.codes import country_name, sector_name

# What `hub_json_ld` reads.
JSON_LD_COLUMNS = (
    "slug", "name", "acronym", "native_name", "countries", "sectors", "languages", "website",
    "founded_year", "summary", "iati_identifier", "url",
)  # fmt: skip


def hub_json_ld(hub: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row of `JSON_LD_COLUMNS` as a schema.org Organization, without what is unknown."""
    names = [name for name in (hub["acronym"], hub["native_name"]) if name]
    data = {
        "@type": "Organization",
        "@id": hub["url"],
        "url": hub["url"],
        "name": hub["name"],
        "alternateName": names,
        "description": hub["summary"],
        "sameAs": [hub["website"]] if hub["website"] else [],
        "foundingDate": str(hub["founded_year"]) if hub["founded_year"] else "",
        "identifier": [_property("IATI", hub["iati_identifier"])] if hub["iati_identifier"] else [],
        "areaServed": [
            {"@type": "Country", "name": country_name(code), "identifier": code}
            for code in hub["countries"]
        ],
        "knowsLanguage": list(hub["languages"]),
        "knowsAbout": [
            {"@type": "DefinedTerm", "termCode": code, "name": sector_name(code)}
            for code in hub["sectors"]
        ],
    }
    return {key: value for key, value in data.items() if value}


def _property(name: str, value: str) -> dict[str, str]:
    return {"@type": "PropertyValue", "propertyID": name, "value": value}
