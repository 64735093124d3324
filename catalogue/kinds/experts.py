"""Experts, to be searched: by what everybody may see of them, and nothing else.

Lists hold an expert or they do not, for everybody alike; fields with a narrower audience are in
no row, for a row found by them would tell what they say.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    BigIntegerField,
    Case,
    DateTimeField,
    F,
    OuterRef,
    QuerySet,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from catalogue.models import Audience, Expert, ExpertLanguage
from catalogue.searchable import Lines, Searchable, Shown, register, row_columns

if TYPE_CHECKING:
    from hubs.querysets import User


def rows() -> QuerySet[Any, Any]:
    """Return every published expert as a row to index."""
    spoken = ExpertLanguage.objects.filter(expert=OuterRef("pk")).order_by("language")
    experts: Any = Expert.objects.published().with_person()
    found: QuerySet[Any, Any] = experts.values(
        **row_columns(
            pk=F("pk"),
            hub=_if_public("employer", F("hub"), BigIntegerField()),
            title=F("person"),
            language=F("language"),
            published_at=Value(None, output_field=DateTimeField()),
            text=Lines(
                F("headline"),
                _if_public("biography", F("biography"), TextField()),
                _if_public("employer", F("employer"), TextField()),
            ),
            countries=F("countries"),
            sectors=F("sectors"),
            working_languages=ArraySubquery(spoken.values("language")),
        )
    )
    return found


def _if_public(field: str, value: Any, kind: Any) -> Any:
    """Return a value where its field's audience is everybody, else nothing."""
    is_public = When(**{f"{field}_audience": Audience.PUBLIC}, then=Cast(value, kind))
    return Case(is_public, default=None, output_field=kind)


def shown(keys: Collection[int], user: User) -> dict[int, Shown]:
    """Return what results say of the experts `keys`: to members no more than to visitors, for
    they were found by that; one query.
    """
    experts: Any = Expert.objects.visible_to(user).published().filter(pk__in=keys)
    return {
        expert.pk: Shown(
            title=expert.person,
            summary=expert.headline,
            language=expert.language,
            path=expert.get_absolute_url(),
            api_path=f"/api/v1/experts/{expert.slug}/",
            published_at=expert.updated_at,
            hub=expert.shown_hub_name or "",
            text=expert.shown_biography or "",
        )
        for expert in experts.with_shown(AnonymousUser())
    }


register(Searchable("expert", _("Experts"), rows, shown))
