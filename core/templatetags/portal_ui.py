"""Tags that several pages of the design system need (docs/design-system.md)."""

import datetime
from collections.abc import Iterable
from functools import cache

from django import template
from django.conf import settings
from django.core.paginator import Page
from django.http import HttpRequest
from django.urls import NoReverseMatch, get_urlconf, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import get_language, get_language_info, gettext, gettext_noop

from core import facets
from core.dates import Precision, format_partial_date
from core.display import chosen
from core.footnotes import Source, SourceNumbers

register = template.Library()

Link = dict[str, str]

# (name of the route, label); a route that does not exist is left out.
NAVIGATION = (
    ("hubs:hub_list", gettext_noop("Hubs")),
    ("hubs:hub_compare", gettext_noop("Compare")),
    ("catalogue:entry_list", gettext_noop("Catalogue")),
    ("evaluation:exchange_list", gettext_noop("Exchanges")),
    ("evaluation:dashboard", gettext_noop("Results")),
    ("community:community_home", gettext_noop("Community")),
)
FOOTER = (
    ("accounts:terms", gettext_noop("Terms of service")),
    ("accounts:privacy", gettext_noop("Privacy notice")),
    ("accounts:report_issue", gettext_noop("Report an issue")),
    ("accounts:contact_moderators", gettext_noop("Contact the moderators")),
    ("api_docs", gettext_noop("Programming interface (API)")),
)


@register.simple_tag
def site_name() -> str:
    """Return the portal's name, also where no context processor runs."""
    return str(getattr(settings, "SITE_NAME", ""))


@register.simple_tag(takes_context=True)
def navigation(context: template.Context) -> list[Link]:
    """Return the main links; the one that the page belongs to has `current` set."""
    links = _links(NAVIGATION)
    path = _path(context)
    owners = [link for link in links if path.startswith(link["url"])]
    if owners:
        owner = max(owners, key=lambda link: len(link["url"]))
        owner["current"] = "page" if owner["url"] == path else "true"
    return links


@register.simple_tag
def footer_links() -> list[Link]:
    """Return the links at the foot of every page."""
    return _links(FOOTER)


@register.simple_tag
def languages() -> list[Link]:
    """Return the portal's languages, each by its own name."""
    return _languages()


@register.simple_tag(takes_context=True)
def display(context: template.Context, name: str) -> str:
    """Return the reader's choice of "theme" (auto, light, dark) or "low_data" (off, on)."""
    request = context.get("request")
    return chosen(request if isinstance(request, HttpRequest) else None, name)


@register.simple_tag(takes_context=True)
def without(context: template.Context, name: str, value: str) -> str:
    """Return this page's query string without one value of `name`."""
    return facets.without(context["request"].GET, name, value)


@register.simple_tag
def page_range(page: Page) -> Iterable[int | str]:
    """Return the numbers of the pages around `page`, gaps as "…"."""
    return page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)


@register.filter
def partial_date(value: datetime.date | str | None, precision: str = Precision.DAY) -> str:
    """Return a date as precisely as it is known, in the reader's language.

    Takes a date, or the ISO 8601 text that a source from JSON carries.
    """
    if isinstance(value, str):
        value = datetime.date.fromisoformat(value) if value else None
    return format_partial_date(value, precision or Precision.DAY)


@register.simple_tag
def source_marks(numbers: SourceNumbers, sources: Iterable[Source]) -> SafeString:
    """Return links, as small numbers, to the sources at the foot of the page."""
    marks = format_html_join(
        " ",
        '<a href="#source-{}" aria-label="{}">{}</a>',
        (
            (number, gettext("Source %(number)s") % {"number": number}, number)
            for number in numbers.of(sources)
        ),
    )
    return format_html('<span class="marks">{}</span>', marks) if marks else SafeString("")


def _links(routes: tuple[tuple[str, str], ...]) -> list[Link]:
    """Return fresh links, which the caller may mark."""
    known = _known_routes(routes, get_language(), get_urlconf())
    return [{"url": url, "label": label, "current": ""} for url, label in known]


# Every page asks for the same few addresses; they change with the process only.
@cache
def _known_routes(
    routes: tuple[tuple[str, str], ...], language: str | None, urlconf: str | None
) -> list[tuple[str, str]]:
    links = []
    for name, label in routes:
        try:
            links.append((reverse(name, urlconf=urlconf), gettext(label)))
        except NoReverseMatch:
            continue
    return links


@cache
def _languages() -> list[Link]:
    infos = [get_language_info(code) for code, _name in settings.LANGUAGES]
    return [
        {
            "code": info["code"],
            "name": capfirst(info["name_local"]),
            "dir": "rtl" if info["bidi"] else "ltr",
        }
        for info in infos
    ]


def _path(context: template.Context) -> str:
    request = context.get("request")
    return request.path if isinstance(request, HttpRequest) else ""
