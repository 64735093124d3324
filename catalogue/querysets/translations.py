"""Which translations there are for whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db.models import BooleanField, ExpressionWrapper, F, Q, QuerySet
from django.db.models.functions import JSONObject

from catalogue.querysets.entries import PUBLISHED_STATES
from hubs.querysets import ANY_ROLE, holds_role, may_edit

if TYPE_CHECKING:
    from hubs.querysets import User

OF_PUBLISHED = Q(entry__state__in=PUBLISHED_STATES)


class TranslationQuerySet(QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        """Translations of the entries that the user may see."""
        entries = apps.get_model("catalogue", "Entry").objects.visible_to(user)
        return self.filter(entry__in=entries.values("pk"))

    def by_people(self) -> Self:
        """Those that no machine made alone."""
        return self.exclude(state="machine")

    def editable_by(self, user: User) -> Self:
        """Translations that `user` may write: whoever has a role in the hub; moderators."""
        right = Q(may_edit(user, "entry__hub")) | Q(holds_role(user, ANY_ROLE, "entry__hub"))
        return self.filter(OF_PUBLISHED, right)

    def reviewable_by(self, user: User) -> Self:
        """Translations that `user` may call right: the hub's editors and heads, moderators;
        never who wrote them.
        """
        if not user.is_authenticated:
            return self.none()
        open_ones = self.filter(OF_PUBLISHED, may_edit(user, "entry__hub"))
        return open_ones.exclude(translated_by=user.pk).exclude(state="reviewed")

    def with_is_stale(self) -> Self:
        """Annotate `is_stale`: the original has moved on since."""
        return self.annotate(
            is_stale=ExpressionWrapper(
                Q(from_version__lt=F("entry__latest_version")), output_field=BooleanField()
            )
        )

    def as_json(self) -> Any:
        """Return what lists say of the entry, as one object a row; after `with_is_stale`."""
        return self.order_by().values(
            json=JSONObject(
                title=F("texts__title"),
                summary=F("texts__summary"),
                language=F("language"),
                state=F("state"),
                is_stale=F("is_stale"),
            )
        )
