"""Who follows what, and which notices there are for whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db.models import CharField, Count, Max, Q, QuerySet, Value, Window
from django.db.models.functions import Cast, Coalesce, NullIf, RowNumber

from accounts.querysets import is_moderator
from accounts.reached import Reached
from community.followed import FOLLOWED, Followed

if TYPE_CHECKING:
    from collections.abc import Collection

    from hubs.querysets import User

# What activities that make news are about: models whose managers have `visible_to`. What is
# visible to everybody is visible to every member.
TOLD_OF = tuple(
    dict.fromkeys([*(each.model for each in FOLLOWED), "catalogue.Adoption", "community.Post"])
)

MOST_COUNTED = 100  # notices of a line that are looked at; of more it is said "99+"


def audiences_of(user: User) -> list[str]:
    """Return the audiences of activities to which a member belongs who takes part."""
    return ["public", "members", "moderators"] if is_moderator(user) else ["public", "members"]


def _of_visible(user: User, kind: Followed) -> Q:
    return Q((f"{kind.name}__isnull", False)) & Q(Reached(kind.name, kind.things.model, user))


class FollowQuerySet(QuerySet[Any]):
    def visible_to(self, user: User, kinds: Collection[Followed] = FOLLOWED) -> Self:
        """One's own, of what one may see now; of `kinds` only, where it is known that one follows
        no others: to ask of each kind takes its time.
        """
        if not user.is_authenticated or not user.takes_part:
            return self.none()
        seen = Q(pk__in=[])
        for kind in kinds:
            seen |= _of_visible(user, kind)
        return self.filter(seen, member=user.pk)

    def kinds_of(self, user: User) -> list[Followed]:
        """Return the kinds of what one follows; one query."""
        numbers = self.filter(member=user.pk).aggregate(
            **{f"of_{each.name}": Count(each.name) for each in FOLLOWED}
        )
        return [each for each in FOLLOWED if numbers[f"of_{each.name}"]]

    def of(self, kind: Followed, pks: Any) -> Self:
        """Those of things of a kind."""
        return self.filter(**{f"{kind.name}__in": pks})

    def with_things(self) -> Self:
        """Fetch what each is about: no query a row."""
        return self.select_related(*(each.name for each in FOLLOWED), "thread__space")


class NotificationQuerySet(QuerySet[Any]):
    def visible_to(self, user: User, models: Collection[str] = TOLD_OF) -> Self:
        """One's own, of what one may read now; of `models` only, where it is known that one was
        told of no others: to ask of each takes its time.
        """
        if not user.is_authenticated or not user.takes_part:
            return self.none()
        seen = Q(pk__in=[])
        for label in models:
            app, _dot, name = label.lower().partition(".")
            told_of = Q(activity__object_app=app, activity__object_model=name)
            seen |= told_of & Q(Reached("activity__object_pk", apps.get_model(label), user))
        told = Q(activity__audience__in=audiences_of(user))
        return self.filter(told & seen, member=user.pk)

    def models_of(self, user: User) -> list[str]:
        """Return the models of what one was told of; one query."""
        own = self.filter(member=user.pk).order_by()
        named = own.values_list("activity__object_app", "activity__object_model").distinct()
        told = {f"{app}.{model}" for app, model in named}
        return [label for label in TOLD_OF if label.lower() in told]

    def unread(self) -> Self:
        """What its member did not read yet; not what comes by mail only."""
        return self.filter(read_at=None, is_quiet=False)

    def for_list(self) -> Self:
        """Newest first, with what happened: one query."""
        return self.select_related("activity__actor", "activity__subject").order_by("-pk")

    def older_than(self, pk: int) -> Self:
        return self.filter(pk__lt=pk)

    def of_newest_lines(self, number: int, *, before: int = 0, each: int = MOST_COUNTED) -> Self:
        """The notices of so many lines, the line with the newest one first, `each` of a line at
        most: annotated with `folded`, the name of the line. Lines whose newest notice is not
        older than `before` are left out. One query.
        """
        alone = Cast("pk", CharField())
        folded = self.annotate(folded=Coalesce(NullIf("line", Value("")), alone))
        lines = folded.order_by().values("folded").annotate(newest=Max("pk"))
        if before:
            lines = lines.filter(newest__lt=before)
        shown = lines.order_by("-newest").values("folded")[:number]
        place = Window(RowNumber(), partition_by="folded", order_by="-pk")
        return folded.filter(folded__in=shown).annotate(place=place).filter(place__lte=each)
