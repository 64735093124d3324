"""What the columns of the catalogue's files mean."""

from django.utils.translation import gettext_lazy as _

SEARCH_MEANINGS = {
    "type": _("What kind of thing it is."),
    "title": _("Its title."),
    "hub": _("Short name of the hub that shares it, or empty."),
    "language": _("Language of the text (ISO 639-1)."),
    "summary": _("What it is, in a few sentences."),
    "published_at": _("When it was published (UTC)."),
}
ENTRY_MEANINGS = {
    "title": _("Title of the experience."),
    "hub": _("The hub that shares it: its name in addresses."),
    "language": _("Language of the text (ISO 639-1)."),
    "summary": _("The experience in a few sentences."),
    "countries": _("Partner countries (ISO 3166-1 alpha-2)."),
    "provider_countries": _("Countries that shared the experience (ISO 3166-1 alpha-2)."),
    "sectors": _("Sectors (DAC categories)."),
    "sdgs": _("Sustainable Development Goals, by number."),
    "instruments": _("Forms of the exchange."),
    "expertise": _("Where the expertise comes from."),
    "working_languages": _("Languages of the exchange (ISO 639-1)."),
    "year_from": _("Year it began; empty where not stated."),
    "year_to": _("Year it ended; empty where not stated or not ended."),
    "size": _("How much is told: snapshot or full."),
    "cost_band": _("What it cost, in US dollars of its time; empty where not stated."),
    "state": _("published, or archived: no longer kept up."),
    "is_contested": _("Whether somebody contests it; the page says who and what."),
    "adoption_count": _("Adoptions that the originator confirmed, those that failed too."),
    "latest_version": _("Number of the version published last."),
    "published_at": _("When that version was published (UTC)."),
}
RESOURCE_MEANINGS = {
    "title": _("Title."),
    "type": _("What it is, as a code."),
    "authors": _("Authors, separated by semicolons."),
    "publisher": _("Publisher."),
    "year": _("Year; empty where not stated."),
    "languages": _("Languages (ISO 639-1)."),
    "licence": _("Licence; empty where not stated."),
    "hub": _("The hub that holds it: its name in addresses; empty: the portal's own library."),
    "copies": _("Where it can be had; empty: no copy found."),
    "note": _("Note."),
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
