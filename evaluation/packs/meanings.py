"""What the columns of the files of a report pack mean."""

from django.utils.translation import gettext_lazy as _

from evaluation.columns import FIGURE_MEANINGS

EXCHANGE_COLUMNS = {
    "slug": _("Name of the exchange in addresses; never changes."),
    "title": _("Title."),
    "language": _("Language of the text (ISO 639-1)."),
    "summary": _("Summary."),
    "modality": _("bilateral, triangular, regional or multilateral."),
    "status": _("planned, agreed, under-way, completed or cancelled."),
    "is_confirmed": _("true: confirmed by both sides; false: reported by one side only."),
    "starts_on": _("Start, as precisely as it is known; empty: not stated."),
    "ends_on": _("End, as precisely as it is known; empty: not stated."),
    "providers": _("Names of the providers."),
    "seekers": _("Names of the seekers."),
    "facilitators": _("Names of the facilitators."),
    "funders": _("Names of the funders."),
    "instruments": _("Forms of the exchange (codes)."),
    "sectors": _("Sectors (DAC categories)."),
    "sdgs": _("Sustainable Development Goals, by number."),
    "participations": _(
        "People at each step, added: who took part in two steps counts twice; empty: not stated."
    ),
    "url": _("Address of its page."),
}
CONTRIBUTION_COLUMNS = {
    "exchange": _("The exchange: its name in addresses."),
    "party": _("Who gave it."),
    "side": _("provider, seeker, facilitator or funder."),
    "kind": _("What was given."),
    "quantity": _("How much, in the unit of its kind; empty for money."),
    "amount": _("Amount of money; empty for what is in kind."),
    "currency": _("Currency (ISO 4217); amounts of two currencies are never added."),
    "stage": _("Of money: pledged, committed or spent; empty: not stated."),
    "dated_on": _("Date; empty: not stated."),
    "note": _("What exactly."),
}
FRAMEWORK_COLUMNS = {
    "slug": _("Name of the framework in addresses; never changes."),
    "title": _("Title of the framework."),
    "layer": _("Whose results it holds: a hub’s or an exchange’s."),
    "exchange": _("The exchange that it is of: its name in addresses."),
    "summary": _("What it is for."),
    "starts_on": _("First day."),
    "ends_on": _("Last day; empty: open."),
    "url": _("Address of its page."),
}
FIGURE_COLUMNS = {
    **FIGURE_MEANINGS,
    "dimension": _("By what the figure is broken down; empty: the whole."),
    "cell": _("The part of that dimension; empty: the whole."),
}
UPDATE_COLUMNS = {
    "id": _("Number of the update; never changes."),
    "framework": _("The framework: its name in addresses."),
    "indicator": _("Number of the indicator; never changes."),
    "indicator_title": _("Title of the indicator."),
    "period": _("Name of the period."),
    "starts_on": _("First day of the period."),
    "ends_on": _("Last day of the period; empty: open."),
    "hub": _("The hub that reports: its name in addresses."),
    "exchange": _("The exchange that reports: its name in addresses."),
    "value": _("The number; empty: none was given. 0 is a reported zero."),
    "numerator": _("Of a ratio: the numerator."),
    "denominator": _("Of a ratio: the denominator."),
    "score": _("Of a scale: the level, 0 is the lowest."),
    "distinct_people": _("Different people; empty: not known."),
    "not_available": _("Why there is no figure; never the same as zero."),
    "narrative": _("What is told in words."),
    "approved_at": _("When it was approved (UTC)."),
    "sources": _("Addresses of the sources."),
}
STORY_COLUMNS = {
    "slug": _("Name of the story in addresses; never changes."),
    "title": _("Title."),
    "language": _("Language of the text (ISO 639-1)."),
    "summary": _("What came of it, in short."),
    "exchange": _("The exchange: its name in addresses."),
    "rung": _("connect, share or reform; empty: none is shown."),
    "strength": _("Of the rung reached, by what everybody may see."),
    "no_change_found": _("Whether no change was found."),
    "what_did_not_work": _("What did not work."),
    "other_explanations": _("What else could explain it."),
    "published_at": _("When it was published (UTC)."),
    "url": _("Address of its page."),
}
FILES = {
    "exchanges.csv": EXCHANGE_COLUMNS,
    "contributions.csv": CONTRIBUTION_COLUMNS,
    "frameworks.csv": FRAMEWORK_COLUMNS,
    "figures.csv": FIGURE_COLUMNS,
    "updates.csv": UPDATE_COLUMNS,
    "stories.csv": STORY_COLUMNS,
}
