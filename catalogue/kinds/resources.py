"""Resources of the library, to be searched."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from django.db.models import CharField, F, Func, QuerySet, Value
from django.db.models.functions import Concat
from django.utils.translation import gettext_lazy as _

from catalogue.models import Resource
from catalogue.searchable import Lines, Searchable, Shown, register, row_columns

if TYPE_CHECKING:
    from hubs.querysets import User

TEXTS = ("authors", "publisher", "note")


def rows() -> QuerySet[Any, Any]:
    """Return every published resource as a row to index; the search knows which hubs are."""
    return Resource.objects.filter(is_published=True).values(
        **row_columns(
            pk=F("pk"),
            hub=F("hub"),
            title=F("title"),
            language=F("language"),
            published_at=F("created_at"),
            text=Lines(*(F(name) for name in TEXTS)),
            working_languages=F("languages"),
            year=F("year"),
            codes=Func(
                Concat(Value("document:"), F("kind"), output_field=CharField()),
                template="ARRAY[%(expressions)s]",
            ),
        )
    )


def shown(keys: Collection[int], user: User) -> dict[int, Shown]:
    """Return what results say of the resources `keys` that `user` may read; one query."""
    found: Any = Resource.objects.visible_to(user).published().filter(pk__in=keys)
    return {
        resource.pk: Shown(
            title=resource.title,
            summary=_summary(resource),
            language=resource.language,
            path=resource.get_absolute_url(),
            api_path=f"/api/v1/resources/{resource.slug}/",
            published_at=resource.created_at,
            hub=resource.hub.short_name if resource.hub else "",
            text=resource.note,
        )
        for resource in found.select_related("hub")
    }


def _summary(resource: Resource) -> str:
    """Return what it is, who made it and when, as far as that is stated."""
    parts = (resource.get_kind_display(), *resource.author_list, resource.publisher, resource.year)
    return ", ".join(str(part) for part in parts if part)


register(Searchable("resource", _("Library"), rows, shown))
