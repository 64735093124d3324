"""The words by which the codes of things are found: their names in all languages of the portal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.utils import translation

from catalogue.codelists import SDGS, expertise_choices, instrument_choices
from core import codes

_LISTS: dict[str, Callable[[], list[tuple[str, Any]]]] = {
    "country": codes.country_choices,
    "region": codes.region_choices,
    "sector": codes.sector_choices,
    "sdg": lambda: list(SDGS.items()),
    "instrument": instrument_choices,
    "expertise": expertise_choices,
}


def code_names() -> list[list[str]]:
    """Return columns of the same length: codes as "facet:code", languages, names."""
    named = []
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            for facet, choices in _LISTS.items():
                named += [(f"{facet}:{code}", language, str(name)) for code, name in choices()]
    return [list(column) for column in zip(*named, strict=True)]


def wider_codes() -> list[list[str]]:
    """Return columns of the same length: countries, and the regions that hold them."""
    within = [
        (f"country:{country}", f"region:{region}")
        for country in codes.COUNTRIES
        for region in sorted(codes.regions_of([country]))
    ]
    return [list(column) for column in zip(*within, strict=True)]
