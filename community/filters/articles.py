"""Query-string filters of articles, the same for the pages, the API and the CSV export."""

from __future__ import annotations

from typing import Any

import django_filters as df
from django.utils.translation import gettext_lazy as _

from community.models import Article, ArticleKind
from core import codes
from core.filters import ChoicesFilter
from hubs.filters import MAX_TEXT, AskingOnceFilterSet, published_hubs


def article_years() -> list[tuple[str, str]]:
    """Return the years in which public articles appeared, the latest first."""
    found: Any = Article.objects.public().with_year()
    years = found.order_by("-year").values_list("year", flat=True).distinct()
    return [(str(year), str(year)) for year in years]


class AboutHubFilter(ChoicesFilter):
    """Articles about any of the hubs chosen, or about a thing of theirs."""

    def filter(self, qs: Any, value: list[str]) -> Any:
        found = qs.with_about_hub() if value else qs
        return found.filter(hub_slug__in=value) if value else qs


class ArticleFilter(AskingOnceFilterSet):
    """What a list of articles can be asked for. Each may be given several times: any of them."""

    asked_once = ("hub", "year")

    q = df.CharFilter(method="filter_text", label=_("Search"), max_length=MAX_TEXT)
    kind = ChoicesFilter(choices=ArticleKind.choices, label=_("Kind"))
    language = ChoicesFilter(choices=codes.language_choices, label=_("Language"))
    hub = AboutHubFilter(choices=published_hubs, label=_("About the hub"))
    year = ChoicesFilter(
        field_name="appears_on__year", choices=article_years, label=_("Year in which it appeared")
    )

    class Meta:
        model = Article
        fields: list[str] = []

    def filter_text(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.matching(value)
