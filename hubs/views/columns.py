"""What the columns of the CSV files of hubs mean."""

from django.utils.translation import gettext_lazy as _

HUB_MEANINGS = {
    "name": _("Name of the hub."),
    "acronym": _("Acronym."),
    "native_name": _("Name in the hub's own language."),
    "countries": _("Countries, ISO 3166-1 alpha-2."),
    "level": _("national, sector, sub-national, regional or global."),
    "sectors": _("Sectors, OECD DAC three-digit codes; this portal's coding."),
    "languages": _("Working languages, ISO 639-1."),
    "website": _("Website."),
    "founded_year": _("Year of foundation; empty: not stated."),
    "status": _("active, dissolved, merged or planned."),
    "model": _("Code of the institutional model that holds today."),
    "funding_types": _("Types of funding sources that hold today."),
    "coordination_levels": _("Levels of government that the hub coordinates with today."),
    "expertise_kinds": _("Kinds of sources of expertise that hold today."),
    "verified_on": _("Day on which a moderator verified the page."),
    "review_due": _("Day on which it is to be reviewed."),
}
ORGANISATION_MEANINGS = {
    "name": _("Name of the organisation."),
    "acronym": _("Acronym."),
    "kind": _("Kind of body, as a code."),
    "country": _("Country, ISO 3166-1 alpha-2; empty: none or not stated."),
    "website": _("Website."),
    "iati_identifier": _("IATI organisation identifier."),
}
NETWORK_MEANINGS = {
    "name": _("Name of the network."),
    "acronym": _("Acronym."),
    "description": _("What it is."),
    "website": _("Website."),
}
COMPARISON_MEANINGS = {
    "hub": _("Name of the hub in addresses."),
    "hub_name": _("Name of the hub."),
    "as_of": _("Day as of which the hubs are compared."),
    "dimension": _("What is compared."),
    "value": _("What the hub's fact says; empty: not stated."),
    "differs": _("true: not every hub here of which anything is stated has it."),
    "details": _("What the fact adds."),
    "when": _("From when to when it held, or when it was stated."),
    "sources": _("Addresses of its sources."),
}
