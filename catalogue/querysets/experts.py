"""Which experts there are for whom, and which of their fields."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    Case,
    CharField,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Coalesce, JSONObject, NullIf

from accounts.querysets import TAKING_PART, is_moderator
from hubs.querysets import (
    ANY_ROLE,
    HEAD_ROLES,
    NOBODY,
    holding_words,
    holds_role,
)

if TYPE_CHECKING:
    from hubs.querysets import User

# Who everybody may know of: they want it, the employer agreed, and both still take part.
PUBLIC = (
    Q(is_published=True, consented_on__isnull=False)
    & (Q(hub=None) | Q(hub__is_published=True))
    & (Q(member=None) | Q(member__status__in=TAKING_PART))
)
# What a field is called when it is shown -> the column, whose audience it has, its type.
_SHOWN: dict[str, tuple[str, str, Any]] = {
    "shown_biography": ("biography", "biography", TextField()),
    "shown_years": ("years", "years", IntegerField()),
    "shown_employer": ("employer", "employer", CharField()),
    "shown_hub": ("hub__slug", "employer", CharField()),
    "shown_hub_name": ("hub__name", "employer", CharField()),
    "shown_contact": ("contact", "contact", CharField()),
}


def may_read(user: User, field: str) -> Any:
    """Return the condition "`user` may see `field` of this expert": as its audience says, and
    whoever writes the profile.
    """
    audiences = ["public"]
    if user.is_authenticated and user.takes_part:
        audiences.append("members")
    condition = Q(**{f"{field}_audience__in": audiences})
    if not user.is_authenticated:
        return condition
    of_hub = Q(**{f"{field}_audience": "hub"}) & holds_role(user, ANY_ROLE)
    return condition | of_hub | writes(user)


def writes(user: User) -> Any:
    """Return the condition "`user` writes this profile": one's own; of people outside the
    portal, the heads of their hub and moderators.
    """
    if not user.is_authenticated:
        return NOBODY
    outside: Any = Q(member=None)
    if not user.is_moderator:
        outside &= holds_role(user, HEAD_ROLES)
    return Q(member=user.pk) | outside


class ExpertQuerySet(QuerySet[Any]):
    def published(self) -> Self:
        """Experts that lists hold."""
        return self.filter(PUBLIC)

    def visible_to(self, user: User) -> Self:
        """Published experts; others for themselves, the heads of their hub and moderators."""
        if is_moderator(user):
            return self
        if not user.is_authenticated:
            return self.filter(PUBLIC)
        return self.filter(PUBLIC | Q(member=user.pk) | holds_role(user, HEAD_ROLES))

    def editable_by(self, user: User) -> Self:
        """One's own profile; of people outside the portal, those of hubs that one heads, and
        all for moderators.
        """
        return self.filter(writes(user))

    def decidable_by(self, user: User) -> Self:
        """Experts for whose employer the user speaks: heads for those of their hub, moderators
        for all; nobody for themselves or for somebody whom they added.
        """
        if not user.is_authenticated:
            return self.none()
        others = self.exclude(member=user.pk).exclude(added_by=user.pk)
        return others if user.is_moderator else others.filter(holds_role(user, HEAD_ROLES))

    def awaiting(self) -> Self:
        """Experts who want to be shown and whose employer has neither agreed nor declined."""
        return self.filter(is_published=True, consented_on=None, declined_at=None)

    def with_person(self) -> Self:
        """Annotate `person`: what they are called."""
        return self.annotate(person=Coalesce(NullIf("name", Value("")), "member__name"))

    def with_shown(self, user: User) -> Self:
        """Annotate `person`, `spoken_list` (JSON objects of language and level) and each field
        that has an audience as `shown_…`: None where `user` may not see it.
        """
        shown = {
            name: Case(When(may_read(user, field), then=F(column)), default=None, output_field=kind)
            for name, (column, field, kind) in _SHOWN.items()
        }
        return self.with_cells().annotate(**shown)

    def with_cells(self) -> Self:
        """Annotate `person` and `spoken_list` (JSON objects of language and level)."""
        levels = JSONObject(language="language", level="level")
        spoken = ArraySubquery(_spoken().order_by("language").values(json=levels))
        return self.with_person().annotate(spoken_list=spoken)

    def matching(self, text: str) -> Self:
        """Experts `with_shown` whose name, headline or shown biography hold every word."""
        return self.filter(holding_words(text, "person", "headline", "shown_biography"))

    def speaking(self, languages: list[str]) -> Self:
        """Experts who speak any of `languages`."""
        return self.filter(Exists(_spoken().filter(language__in=languages)))


def _spoken() -> QuerySet[Any]:
    spoken = apps.get_model("catalogue", "ExpertLanguage")._default_manager
    found: QuerySet[Any] = spoken.filter(expert=OuterRef("pk"))
    return found


class ExpertLanguageQuerySet(QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        """Languages of the experts that the user may see."""
        experts = apps.get_model("catalogue", "Expert").objects.visible_to(user)
        return self.filter(expert__in=experts.values("pk"))


def may_add_experts(user: User) -> bool:
    """Return whether the user may add somebody outside the portal: who heads a hub, and
    moderators.
    """
    if not user.is_authenticated:
        return False
    hubs = apps.get_model("hubs", "Hub").objects
    return user.is_moderator or bool(hubs.headed_by(user).exists())
