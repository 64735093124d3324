"""Exchanges, to be searched: those that everybody may see, confidential ones never."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, Func, OuterRef, QuerySet, TextField, Value
from django.db.models.functions import Coalesce, ExtractYear
from django.utils.translation import gettext_lazy as _

from catalogue.searchable import Lines, Searchable, Shown, register, row_columns
from evaluation.models import Exchange, Party
from evaluation.querysets.exchanges import party_countries

if TYPE_CHECKING:
    from hubs.querysets import User


def rows() -> QuerySet[Any, Any]:
    """Return every public exchange as a row to index; found by its parties' names and
    countries too."""
    parties = Party.objects.filter(exchange=OuterRef("pk")).order_by("pk")
    names = ArraySubquery(
        parties.values(
            name=Coalesce("hub__name", "organisation__name", Value(""), output_field=TextField())
        )
    )
    found: QuerySet[Any, Any] = Exchange.objects.public().values(
        **row_columns(
            pk=F("pk"),
            hub=F("hub"),
            title=F("title"),
            language=F("language"),
            published_at=F("created_at"),
            text=Lines(F("summary"), Func(names, Value(", "), function="array_to_string")),
            countries=party_countries(),
            sectors=F("sectors"),
            sdgs=F("sdgs"),
            instruments=F("instruments"),
            year=ExtractYear("starts_on"),
        )
    )
    return found


def shown(keys: Collection[int], user: User) -> dict[int, Shown]:
    """Return what results say of the exchanges `keys` that everybody may read; one query."""
    found: Any = Exchange.objects.public().filter(pk__in=keys).select_related("hub")
    return {
        exchange.pk: Shown(
            title=exchange.title,
            summary=exchange.summary,
            language=exchange.language,
            path=exchange.get_absolute_url(),
            api_path=f"/api/v1/exchanges/{exchange.slug}/",
            published_at=exchange.created_at,
            hub=exchange.hub.short_name,
            text=exchange.summary,
        )
        for exchange in found
    }


register(Searchable("exchange", _("Exchanges"), rows, shown))
