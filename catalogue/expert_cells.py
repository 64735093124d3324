"""Experts as cells of a table that can be edited and read again.

`languages` is each language with its level, as "en: fluent; fr: basic". There is no column of
the employer's consent: it is given on its page alone. A table to be edited holds only profiles
that its reader writes, whose every field they see; so no cell is empty because it was hidden.
"""

from __future__ import annotations

from typing import Any

from catalogue.cells import value_cell

# What can be empty, and is shown to whom its audience says.
PRIVATE = ("biography", "years", "contact")
# column -> what the model calls it
EXPERT_TEXTS = {
    "name": "name",
    "agreed_on": "agreed_on",
    "headline": "headline",
    "text_language": "language",
    "biography": "biography",
    "biography_audience": "biography_audience",
    "sectors": "sectors",
    "countries": "countries",
    "years": "years",
    "years_audience": "years_audience",
    "availability": "availability",
    "employer_audience": "employer_audience",
    "contact": "contact",
    "contact_audience": "contact_audience",
}
EXPERT_EDITING = (
    *("slug", "hub", *EXPERT_TEXTS, "languages", "is_published"),
    *("version", "updated_at", "url", "api_url"),
)


def expert_cells(expert: Any) -> dict[str, str]:
    """Return the cells of what can be changed in an expert of `with_cells`, by column."""
    cells = {name: value_cell(getattr(expert, field)) for name, field in EXPERT_TEXTS.items()}
    spoken = [f"{each['language']}: {each['level']}" for each in expert.spoken_list]
    return cells | {
        "name": expert.person,
        "languages": value_cell(spoken),
        "is_published": "true" if expert.is_published else "false",
    }
