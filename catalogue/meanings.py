"""What the columns of files mean that are exported, and read again."""

from django.utils.translation import gettext_lazy as _

from core.views import ADDRESS_MEANINGS

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
    "tags": _("Tags, by their names in addresses; the vocabulary is at /api/v1/tags/."),
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
    "copy": _("reachable, unreachable (when they were last looked for), or none."),
    "copies": _("Where it can be had; empty: no copy found."),
    "note": _("Note."),
}

EDITING_MEANINGS = {
    **ADDRESS_MEANINGS,
    **ENTRY_MEANINGS,
    "slug": _("Name in addresses; never changes. Leave it empty for a new experience."),
    "hub": _("The hub that shares it. May be left empty: it is the hub that you import into."),
    "latest_version": _(
        "Number of the version published last; leave it as it is: what was published meanwhile "
        "is not overwritten."
    ),
    "tags": _(
        "Tags, by name or by their names in addresses, separated by semicolons. One that there is "
        "not is proposed: it joins the vocabulary when the entry is published."
    ),
    "challenge": _("What was wrong before."),
    "what_was_done": _("The steps that were taken."),
    "enabling": _("What helped."),
    "hindering": _("What hindered."),
    "what_did_not_work": _("What others should not try again."),
    "lessons": _("What others can learn."),
    "how_to_adapt": _("How to do it elsewhere."),
    "cost_text": _("What the money went to."),
    "contacts": _("Whom to ask; everybody will see this."),
    "note": _("What one must know when reading."),
    "results": _(
        "One result a line, its parts separated by |: statement, value, unit, period, level, "
        "address of its source. Write \\| for a | inside a part and \\n for a line break."
    ),
    "partners": _(
        "One partner a line, its parts separated by |: role, hub, organisation, name. Hub and "
        "organisation by their names in addresses; a name alone where it is neither."
    ),
    "sources": _("One source a line, its parts separated by |: address, title, publisher."),
}
RESOURCE_EDITING_MEANINGS = {
    **ADDRESS_MEANINGS,
    **RESOURCE_MEANINGS,
    "slug": _("Name in addresses; never changes. Leave it empty for a new resource."),
    "hub": EDITING_MEANINGS["hub"],
    "language": _("Language of the title (ISO 639-1)."),
    "copies": _(
        "Where it can be had: one address a line, the language of that copy behind a |. Files that "
        "the portal keeps are not in it and stay."
    ),
    "entries": _("Experiences that it documents, by their names in addresses."),
    "is_published": _("true: everybody sees it; false or empty: a draft."),
    "version": _("Leave it as it is: what somebody changed after the export is not overwritten."),
}
EXPERT_EDITING_MEANINGS = {
    **ADDRESS_MEANINGS,
    "slug": _("Name in addresses; never changes. Leave it empty for somebody new."),
    "hub": _("The hub that employs them. May be left empty: it is the hub that you import into."),
    "name": _("Name of somebody who is no member; members change theirs in their account."),
    "agreed_on": _("Day on which they agreed to stand here, as 2026-03-31."),
    "headline": _("What they can be asked about."),
    "text_language": _("Language of the text (ISO 639-1)."),
    "biography": _("Biography. An empty cell empties it only in a row with its version."),
    "biography_audience": _("Who sees it: public, members, hub or nobody."),
    "sectors": _("Sectors (DAC categories)."),
    "countries": _("Countries served (ISO 3166-1 alpha-2)."),
    "years": _("Years of experience. An empty cell empties it only in a row with its version."),
    "years_audience": _("Who sees it: public, members, hub or nobody."),
    "availability": _("available, limited or unavailable."),
    "employer_audience": _("Who sees the hub: public, members, hub or nobody."),
    "contact": _("How to reach them. An empty cell empties it only in a row with its version."),
    "contact_audience": _("Who sees it: public, members, hub or nobody."),
    "languages": _("Each language with its level, as “en: fluent; fr: working; es: basic”."),
    "is_published": _("true: shown as soon as the employer has agreed; false: not shown."),
    "version": _("Leave it as it is: what somebody changed after the export is not overwritten."),
}
