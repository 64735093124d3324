"""Impact stories, to be searched: published ones of exchanges that everybody may see."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, Func, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import ExtractYear
from django.utils.translation import gettext_lazy as _

from catalogue.searchable import Lines, Searchable, Shown, register, row_columns
from evaluation.models import Exchange, ImpactStory, RungClaim
from evaluation.querysets.exchanges import party_countries

if TYPE_CHECKING:
    from hubs.querysets import User

TEXTS = ("summary", "what_did_not_work", "other_explanations", "exchange__title")


def rows() -> QuerySet[Any, Any]:
    """Return every public story as a row to index: found by all that it tells, and under the
    places and subjects of its exchange.
    """
    told = RungClaim.objects.filter(story=OuterRef("pk")).order_by("pk").values("statement")
    exchange = Exchange.objects.filter(pk=OuterRef("exchange")).order_by()
    countries = exchange.annotate(of_parties=party_countries()).values("of_parties")
    found: QuerySet[Any, Any] = ImpactStory.objects.public().values(
        **row_columns(
            pk=F("pk"),
            hub=F("exchange__hub"),
            title=F("title"),
            language=F("language"),
            published_at=F("published_at"),
            text=Lines(
                *(F(name) for name in TEXTS),
                Func(ArraySubquery(told), Value("\n"), function="array_to_string"),
            ),
            countries=Subquery(countries),
            sectors=F("exchange__sectors"),
            sdgs=F("exchange__sdgs"),
            instruments=F("exchange__instruments"),
            year=ExtractYear("exchange__starts_on"),
        )
    )
    return found


def shown(keys: Collection[int], user: User) -> dict[int, Shown]:
    """Return what results say of the stories `keys` that everybody may read; one query."""
    found: Any = ImpactStory.objects.public().filter(pk__in=keys)
    return {
        story.pk: Shown(
            title=story.title,
            summary=story.summary,
            language=story.language,
            path=story.get_absolute_url(),
            api_path=f"/api/v1/stories/{story.slug}/",
            published_at=story.published_at,
            hub=story.hub.short_name,
            text=story.summary,
        )
        for story in found.select_related("exchange__hub")
    }


register(Searchable("story", _("Impact stories"), rows, shown))
