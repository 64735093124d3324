"""What the columns of the files of exchanges mean."""

from django.utils.translation import gettext_lazy as _

EXCHANGE_MEANINGS = {
    "title": _("Title."),
    "hub": _("The hub that tells it: its name in addresses."),
    "modality": _("bilateral, triangular, regional or multilateral."),
    "status": _("planned, agreed, under-way, completed or cancelled."),
    "is_confirmed": _("true: confirmed by both sides; false: reported by one side only."),
    "starts_on": _("Start, as precisely as it is known; empty: not stated."),
    "ends_on": _("End, as precisely as it is known; empty: not stated."),
    "providers": _("Names of the providers; of a country alone its code (ISO 3166-1 alpha-2)."),
    "seekers": _("Names of the seekers; of a country alone its code."),
    "facilitators": _("Names of the facilitators; of a country alone its code."),
    "funders": _("Names of the funders; of a country alone its code."),
    "countries": _("Countries of all parties (ISO 3166-1 alpha-2)."),
    "instruments": _("Forms of the exchange (codes)."),
    "sectors": _("Sectors (DAC categories)."),
    "sdgs": _("Sustainable Development Goals, by number."),
    "participations": _(
        "People at each step, added: who took part in two steps counts twice; empty: not stated."
    ),
    "women": _("Of these, those stated to be women; empty: not stated."),
    "expert_days": _("Days that experts gave; empty: not stated."),
    "language": _("Language of the text (ISO 639-1)."),
    "summary": _("Summary."),
    "is_published": _("Whether it is shown to others than the hub that tells it."),
    "is_starter": _("true: starter content that nobody of the portal has changed."),
}
