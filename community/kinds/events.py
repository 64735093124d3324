"""Events, to be searched: those that everybody may see."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    Case,
    F,
    Func,
    IntegerField,
    OuterRef,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from catalogue.searchable import Lines, Searchable, Shown, register, row_columns
from community.models import Event
from community.querysets.events import month_of_start

if TYPE_CHECKING:
    from hubs.querysets import User

TEXTS = ("summary", "description", "place", "organisers", "outcome")
_CODES: ArrayField[Any, Any] = ArrayField(TextField())


def rows() -> QuerySet[Any, Any]:
    """Return every public event as a row to index: found by all that it says, and under its
    country, languages and year.
    """
    ties = Event.hubs.through._default_manager.filter(event=OuterRef("pk")).order_by("pk")
    country = Func(F("country"), template="ARRAY[%(expressions)s]::text[]", output_field=_CODES)
    none = Cast(Value([], output_field=_CODES), _CODES)
    found: QuerySet[Any, Any] = (
        Event.objects.public()
        .listed()
        .values(
            **row_columns(
                pk=F("pk"),
                hub=Subquery(ties.values("hub")[:1]),
                title=F("title"),
                language=F("language"),
                published_at=F("published_at"),
                text=Lines(*(F(name) for name in TEXTS)),
                countries=Case(When(country="", then=none), default=country, output_field=_CODES),
                working_languages=Cast(F("languages"), _CODES),
                year=Cast(Func(month_of_start(), Value(4), function="left"), IntegerField()),
            )
        )
    )
    return found


def shown(keys: Collection[int], user: User) -> dict[int, Shown]:
    """Return what results say of the events `keys` that everybody may read; one query."""
    found: Any = Event.objects.public().listed().filter(pk__in=keys).prefetch_related("hubs")
    return {
        event.pk: Shown(
            title=event.title,
            summary=event.summary,
            language=event.language,
            path=event.get_absolute_url(),
            api_path=f"/api/v1/events/{event.slug}/",
            published_at=event.published_at,
            hub=", ".join(hub.short_name for hub in event.hubs.all()),
            text=event.summary,
        )
        for event in found
    }


register(Searchable("event", _("Events"), rows, shown))
