"""What search engines and harvesters may know of: the addresses of what visitors may read.

People are left out, experts too: they want to be found by who looks for them here, and did not ask
to be copied elsewhere.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from functools import cached_property
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps import views as sitemap_views
from django.core.paginator import EmptyPage, PageNotAnInteger
from django.db.models import QuerySet
from django.db.models.functions import Greatest
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_safe

from catalogue.models import BuildingBlock, Entry, Resource
from community.models import Article, Event, Space, Thread
from core.shared_pages import shared_page
from evaluation.models import Exchange, ImpactStory
from hubs.models import Hub

SECTION = 2_500  # addresses of one file at most, which the cache of visitors' pages then takes
LISTS = (
    *("front_page", "hubs:hub_list", "catalogue:entry_list", "catalogue:resource_list"),
    *("catalogue:block_list", "evaluation:exchange_list", "evaluation:story_list"),
    *("community:community_home", "community:thread_list", "community:article_list"),
    "community:event_list",
)
Rows = Callable[[], QuerySet[Any, Any]]


def _of(rows: QuerySet[Any, Any], *columns: str) -> QuerySet[Any, Any]:
    """Return the rows with what an address is made of; texts may be long."""
    return rows.only("slug", "updated_at", *columns)


def _threads() -> QuerySet[Any, Any]:
    found = Thread.objects.visible_to(AnonymousUser()).listed().select_related("space")
    # Somebody who answers does not change the thread.
    told = found.annotate(told_at=Greatest("updated_at", "last_post_at"))
    rows: QuerySet[Any, Any] = told.only("slug", "space__slug")
    return rows


# kind -> every one that a visitor may read
KINDS: dict[str, Rows] = {
    "hubs": lambda: _of(Hub.objects.visible_to(AnonymousUser())),
    "entries": lambda: _of(Entry.objects.visible_to(AnonymousUser()).published()),
    "blocks": lambda: _of(BuildingBlock.objects.visible_to(AnonymousUser())),
    "resources": lambda: _of(Resource.objects.visible_to(AnonymousUser()).published()),
    "exchanges": lambda: _of(Exchange.objects.visible_to(AnonymousUser())),
    "stories": lambda: _of(ImpactStory.objects.visible_to(AnonymousUser()).published()),
    "spaces": lambda: _of(Space.objects.visible_to(AnonymousUser())),
    "threads": _threads,
    "articles": lambda: _of(Article.objects.visible_to(AnonymousUser()).listed()),
    "events": lambda: _of(Event.objects.visible_to(AnonymousUser()).listed()),
}


class Sections:
    """Rows in parts by ranges of their keys: the last part costs no more than the first, and a row
    stays in its part. A part can be empty where keys were left out.
    """

    def __init__(self, rows: QuerySet[Any, Any]) -> None:
        self.rows = rows

    @cached_property
    def num_pages(self) -> int:
        newest = self.rows.order_by("-pk").values_list("pk", flat=True).first() or 0
        return 1 + int(newest) // SECTION

    def page(self, number: int | str) -> Sections:
        """Return a part, from 1. Raises as `Paginator.page`."""
        try:
            index = int(number) - 1
        except ValueError as error:
            raise PageNotAnInteger(number) from error
        if not 0 <= index < self.num_pages:
            raise EmptyPage(number)
        return Sections(self.rows.filter(pk__gte=index * SECTION, pk__lt=(index + 1) * SECTION))

    @property
    def object_list(self) -> QuerySet[Any, Any]:
        return self.rows.order_by("pk")


class KindSitemap(Sitemap):
    """The addresses of one kind of thing."""

    def __init__(self, rows: Rows) -> None:
        self.sections = Sections(rows())

    @property
    def paginator(self) -> Any:
        """The parts, without OFFSET."""
        return self.sections

    def lastmod(self, thing: Any) -> datetime.datetime:
        changed: datetime.datetime = getattr(thing, "told_at", None) or thing.updated_at
        return changed

    def get_latest_lastmod(self) -> None:
        """Leave out of the index when something of the kind was changed last: asking would read
        all of it.
        """


class ListSitemap(Sitemap):
    """The front page, and the lists that lead to all the rest."""

    def items(self) -> list[str]:
        return list(LISTS)

    def location(self, name: str) -> str:
        return reverse(name)


def _sections() -> dict[str, Any]:
    return {"lists": ListSitemap()} | {kind: KindSitemap(rows) for kind, rows in KINDS.items()}


@require_safe
@shared_page
def index(request: HttpRequest) -> HttpResponseBase:
    """/sitemap.xml: where the parts are; one question a kind."""
    return sitemap_views.index(request, _sections(), sitemap_url_name="sitemap_section")


@require_safe
@shared_page
def section(request: HttpRequest, section: str) -> HttpResponseBase:
    """/sitemaps/<kind>.xml?p=2: some addresses of a kind, and when each was changed; 404 after the
    last part.
    """
    return sitemap_views.sitemap(request, _sections(), section=section)
