"""Bodies and answers that the API's document shows; a test sends and compares each."""

from __future__ import annotations

from typing import Any

NEW_BLOCK: dict[str, Any] = {
    "hub": "seed-agency",
    "title": "Seed vouchers",
    "language": "en",
    "description": "Households choose their seed at a fair; traders are paid for vouchers.",
}
BLOCK: dict[str, Any] = {
    "slug": "seed-vouchers",
    **NEW_BLOCK,
    "is_published": False,
    "entries": [],
    "updated_at": "2026-03-01T12:00:00.000000Z",
    "url": "https://portal.example/catalogue/building-blocks/seed-vouchers/",
    "api_url": "https://portal.example/api/v1/building-blocks/seed-vouchers/",
}
NEW_RESOURCE: dict[str, Any] = {
    "type": "guide",
    "title": "How seed banks are run",
    "language": "en",
    "year": 2024,
    "languages": ["en", "fr"],
    "hub": "seed-agency",
    "entries": ["seed-banks"],
}
RESOURCE: dict[str, Any] = {
    "slug": "how-seed-banks-are-run",
    **NEW_RESOURCE,
    "authors": "",
    "publisher": "",
    "licence": "",
    "copy": "none",
    "copies": [],
    "note": "",
    "updated_at": "2026-03-01T12:00:00.000000Z",
    "url": "https://portal.example/catalogue/resources/how-seed-banks-are-run/",
    "api_url": "https://portal.example/api/v1/resources/how-seed-banks-are-run/",
    "is_published": False,
    "links": [],
    "sources": [],
}
CLAIM: dict[str, Any] = {
    "entry": "seed-banks",
    "hub": "seed-agency",
    "outcome": "partly",
    "kept": "The banks.",
    "changed": "Women's groups run them.",
    "why": "They were there before.",
}
ADOPTION: dict[str, Any] = {
    "id": 12,
    **CLAIM,
    "block": None,
    "organisation": None,
    "resulting_entry": None,
    "state": "claimed",
    "dropped": "",
    "confirmed_at": None,
    "created_at": "2026-03-01T12:00:00.000000Z",
    "updated_at": "2026-03-01T12:00:00.000000Z",
    "url": "https://portal.example/catalogue/adoptions/12/",
    "api_url": "https://portal.example/api/v1/adoptions/12/",
}
REASON: dict[str, Any] = {"reason": "The hub has never used this entry."}
OWN_PROFILE: dict[str, Any] = {
    "headline": "Seed registries, from design to payment",
    "text_language": "en",
    "languages": {"en": "fluent", "fr": "working"},
    "hub": "seed-agency",
    "contact_audience": "members",
}
OUTSIDE: dict[str, Any] = {"name": "Ada Example", "agreed_on": "2026-03-01", **OWN_PROFILE}
EXPERT: dict[str, Any] = {
    "slug": "0c4b7e21d9a5",
    "name": "Ada Example",
    **{name: value for name, value in OWN_PROFILE.items() if name != "contact_audience"},
    "sectors": [],
    "countries": [],
    "years": None,
    "availability": "available",
    "employer": "",
    "updated_at": "2026-03-01T12:00:00.000000Z",
    "url": "https://portal.example/catalogue/experts/0c4b7e21d9a5/",
    "api_url": "https://portal.example/api/v1/experts/0c4b7e21d9a5/",
    "biography": "",
    "contact": "",
    "editing": {
        "agreed_on": "2026-03-01",
        "biography_audience": "public",
        "years_audience": "public",
        "employer_audience": "public",
        "contact_audience": "members",
    },
    "consent": {
        "is_published": True,
        "consented_on": None,
        "declined_at": None,
        "decline_reason": "",
        "note": "",
    },
}
NEW_TRANSLATION: dict[str, Any] = {
    "language": "fr",
    "state": "machine",
    "from_version": 1,
    "texts": {"title": "Banques de semences", "results": ["Banques ouvertes"]},
}
TRANSLATION: dict[str, Any] = {
    **NEW_TRANSLATION,
    "is_stale": False,
    "updated_at": "2026-03-01T12:00:00.000000Z",
    "url": "https://portal.example/catalogue/seed-banks/?lang=fr",
    "api_url": "https://portal.example/api/v1/entries/seed-banks/translations/fr/",
}
