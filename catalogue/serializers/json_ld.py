"""The catalogue in the words of schema.org, for harvesters (JSON-LD 1.1)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from catalogue.codelists import SDGS
from catalogue.serializers.entries import ENTRY_COLUMNS
from core.codes import country_name, sector_name

ENTRY_LINKED = (*ENTRY_COLUMNS, "contested_statement")  # what a list reads of each entry
HubPage = Callable[[str], str]  # gives the address of a hub by its name in addresses


def entry_json_ld(
    entry: Mapping[str, Any], *, hub: Mapping[str, str], keywords: Sequence[str] = ()
) -> dict[str, Any]:
    """Return an entry in full, as the API gives it, as a schema.org Article without what is not
    stated. `hub`: url, and name where it is known; `keywords`: its tags in words. The portal
    states no licence, so there is none here.
    """
    data = {
        **_thing("Article", entry["url"], entry["title"]),
        "headline": entry["title"],
        "abstract": entry["summary"],
        "inLanguage": entry["language"],
        "version": entry["latest_version"],
        "datePublished": entry["published_at"],
        "creativeWorkStatus": entry["state"],
        "comment": [{"@type": "Comment", "name": "Contested", "text": entry["contested_statement"]}]
        if entry["is_contested"]
        else [],
        "publisher": _stated({**_organisation(hub["url"]), "name": hub.get("name")}),
        "spatialCoverage": [
            {"@type": "Country", "name": country_name(code), "identifier": code}
            for code in entry["countries"]
        ],
        "temporalCoverage": _years(entry["year_from"], entry["year_to"]),
        "about": _sectors(entry["sectors"])
        + [
            {"@type": "DefinedTerm", "termCode": f"SDG {code}", "name": str(SDGS[code])}
            for code in entry["sdgs"]
        ],
        "keywords": list(keywords),
        "citation": [
            {"@type": "CreativeWork", "name": each["title"], "url": each["address"]}
            for each in entry.get("sources", ())
        ],
        "workExample": [{"@type": "Article", "url": url} for url in entry.get("versions", ())],
    }
    return _stated(data)


def entry_row_json_ld(entry: Mapping[str, Any], *, hub_page: HubPage) -> dict[str, Any]:
    """Return a row of `ENTRY_LINKED` as an Article; its hub by its address alone."""
    return entry_json_ld(entry, hub={"url": hub_page(entry["hub"])})


def block_json_ld(block: Mapping[str, Any], *, hub_page: HubPage) -> dict[str, Any]:
    """Return a building block, as a list gives it, as a CreativeWork."""
    data = {
        **_thing("CreativeWork", block["url"], block["title"]),
        "text": block["description"],
        "inLanguage": block["language"],
        "creativeWorkStatus": "published" if block["is_published"] else "draft",
        "dateModified": block["updated_at"],
        "publisher": _organisation(hub_page(block["hub"])),
    }
    return _stated(data)


def resource_json_ld(resource: Mapping[str, Any], *, hub_page: HubPage) -> dict[str, Any]:
    """Return a resource, as a list gives it, as a CreativeWork; who holds it provides it.

    The names of authors are a credit: whether persons or bodies is not stated.
    """
    publisher, year = resource["publisher"], resource["year"]
    data = {
        **_thing("CreativeWork", resource["url"], resource["title"]),
        "genre": resource["type"],
        "creditText": resource["authors"],
        "publisher": {"@type": "Organization", "name": publisher} if publisher else None,
        "provider": _organisation(hub_page(resource["hub"])) if resource["hub"] else None,
        "datePublished": str(year) if year else "",
        "dateModified": resource["updated_at"],
        "inLanguage": resource["languages"],
        "usageInfo": {"@type": "CreativeWork", "name": resource["licence"]}
        if resource["licence"]
        else None,
        "abstract": resource["note"],
        "encoding": [
            {"@type": "MediaObject", "contentUrl": address} for address in resource["copies"]
        ],
    }
    return _stated(data)


def expert_json_ld(expert: Mapping[str, Any], *, hub_page: HubPage) -> dict[str, Any]:
    """Return an expert, as the reader may see them, as a Person."""
    employer: Any = {"@type": "Organization", "name": expert["employer"]}
    if expert["hub"]:
        employer = _organisation(hub_page(expert["hub"]))
    data = {
        **_thing("Person", expert["url"], expert["name"]),
        "description": expert["headline"],
        "knowsLanguage": list(expert["languages"]),
        "knowsAbout": _sectors(expert["sectors"]),
        "worksFor": employer if expert["hub"] or expert["employer"] else None,
    }
    return _stated(data)


def _thing(kind: str, url: str, name: str) -> dict[str, str]:
    return {"@type": kind, "@id": url, "url": url, "name": name}


def _sectors(codes: Iterable[str]) -> list[dict[str, str]]:
    return [{"@type": "DefinedTerm", "termCode": code, "name": sector_name(code)} for code in codes]


def _organisation(page: str) -> dict[str, str]:
    return {"@type": "Organization", "@id": page}


def _stated(data: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in data.items() if value}


def _years(first: int | None, last: int | None) -> str:
    """Return an interval of ISO 8601; an end that is not stated stays open. "" without any."""
    if first is None and last is None:
        return ""
    return str(first) if first == last else f"{first or '..'}/{last or '..'}"
