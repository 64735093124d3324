"""What the columns of the catalogue's files mean."""

from django.utils.translation import gettext_lazy as _

from catalogue.meanings import ENTRY_MEANINGS as ENTRY_MEANINGS
from catalogue.meanings import RESOURCE_MEANINGS as RESOURCE_MEANINGS

SEARCH_MEANINGS = {
    "type": _("What kind of thing it is."),
    "title": _("Its title."),
    "hub": _("Short name of the hub that shares it, or empty."),
    "language": _("Language of the text (ISO 639-1)."),
    "summary": _("What it is, in a few sentences."),
    "published_at": _("When it was published (UTC)."),
}

BLOCK_MEANINGS = {
    "title": _("Title of the building block."),
    "hub": _("The hub that describes it: its name in addresses."),
    "language": _("Language of the text (ISO 639-1)."),
    "description": _("What it is, how it works, what it needs (Markdown)."),
    "is_published": _("Whether everybody sees it, or its hub's editors only."),
    "entries": _("The published entries that have it, by their names in addresses."),
}

ADOPTION_MEANINGS = {
    "id": _("Number of the adoption; never changes."),
    "entry": _("The entry that was taken up: its name in addresses."),
    "block": _("The building block that was taken up: its name in addresses."),
    "hub": _("The hub that took it up: its name in addresses."),
    "organisation": _("The organisation that took it up: its name in addresses."),
    "resulting_entry": _("The adopter’s own account of it: its name in addresses."),
    "outcome": _("What became of it; what failed is listed too."),
    "state": _("Stated by the adopter (claimed), or confirmed by the originator too."),
    "kept": _("What was kept."),
    "changed": _("What was changed."),
    "dropped": _("What was dropped."),
    "why": _("Why."),
    "confirmed_at": _("When the originator confirmed it (UTC)."),
    "created_at": _("When it was stated (UTC)."),
}
EXPERT_MEANINGS = {
    "name": _("Name."),
    "headline": _("What they can be asked about."),
    "sectors": _("Sectors (DAC categories)."),
    "languages": _("Languages (ISO 639-1), each with its level: fluent, working or basic."),
    "countries": _("Countries served (ISO 3166-1 alpha-2)."),
    "years": _("Years of experience; empty: not stated, or not shown to you."),
    "availability": _("available, limited or unavailable."),
    "hub": _("The hub that employs them: its name in addresses; empty: none, or not shown to you."),
    "employer": _("The employer, if that is no hub; empty: not stated, or not shown to you."),
}
COMPARISON_MEANINGS = {
    "entry": _("Name of the entry in addresses."),
    "title": _("Title of the entry."),
    "version": _("Number of the version that is compared: the newest."),
    "field": _("What is compared."),
    "value": _("What the entry says; empty: not stated."),
    "differs": _("true: not every entry here that states anything has it; never for prose."),
    "is_editorial": _("true: this portal's own coding and no claim of the sources."),
}
