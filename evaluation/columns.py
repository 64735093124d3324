"""What the columns of this app's files mean."""

from django.utils.translation import gettext_lazy as _

FRAMEWORK_MEANINGS = {
    "title": _("Title of the framework."),
    "language": _("Language of the text (ISO 639-1)."),
    "layer": _("Whose results it holds: the community’s, a country’s, a hub’s or an exchange’s."),
    "country": _("Of a country’s framework: the country (ISO 3166-1 alpha-2)."),
    "hub": _("The hub that keeps it: its name in addresses; empty: the community."),
    "network": _("The network that keeps it: its name in addresses."),
    "exchange": _("The exchange that it is of: its name in addresses."),
    "summary": _("What it is for."),
    "starts_on": _("First day."),
    "ends_on": _("Last day; empty: open."),
    "is_template": _("Whether it is there to be copied, and never reported on."),
    "is_published": _("Whether everybody sees it."),
    "is_starter": _("Whether the portal brought it and nobody has changed it."),
}
FIGURE_MEANINGS = {
    "framework": _("The framework: its name in addresses."),
    "result": _("The result that the indicator measures."),
    "result_kind": _("Output, outcome or impact."),
    "indicator": _("Number of the indicator; never changes."),
    "indicator_title": _("Title of the indicator."),
    "unit": _("Unit of the figure."),
    "period": _("Name of the period; empty: the whole life of the framework."),
    "starts_on": _("First day of the period."),
    "ends_on": _("Last day of the period; empty: open."),
    "baseline": _("The figure before; empty: not stated."),
    "target": _("What is to be reached; empty: none was set."),
    "status": _("Whether there is a figure, or why there is none."),
    "actual": _("The figure, exactly; empty: not reported. 0 is a reported zero."),
    "numerator": _("Of a ratio: the sum of the numerators."),
    "denominator": _("Of a ratio: the sum of the denominators."),
    "distinct_low": _("Different people, at least."),
    "distinct_high": _("Different people, at most."),
    "reported": _("How many of those who should report did."),
    "expected": _("How many should report."),
    "progress_percent": _("Share of the way from the baseline to the target; may be over 100."),
    "computed_at": _("When the figure was computed (UTC)."),
    "explain_url": _("Address of what the figure was made of."),
}
