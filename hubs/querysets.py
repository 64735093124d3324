"""Which hubs, facts and memberships there are for whom. Every such rule is here, once."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Self, TypeAlias

from django.apps import apps
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    BooleanField,
    Exists,
    F,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Value,
)
from django.db.models.functions import JSONObject, Lower

from accounts.querysets import is_moderator
from core.dates import today

if TYPE_CHECKING:
    import datetime
    from collections.abc import Collection, Mapping

    from django.contrib.auth.models import AnonymousUser

    from accounts.models import Member

    User: TypeAlias = Member | AnonymousUser

EDITING_ROLES = ("head", "editor")
ASSESSING_ROLES = ("head", "editor", "me_focal_point")
HEAD_ROLES = ("head",)
ANY_ROLE = ("head", "editor", "me_focal_point", "correspondent")


def holds_role(user: User, roles: tuple[str, ...], hub: str = "hub") -> Exists | Q:
    """Return the condition "`user` has one of `roles` in the hub named by column `hub`"."""
    # A subquery, not a join: joins multiply rows, and two joins can match two memberships.
    if not user.is_authenticated or not user.takes_part:
        return NOBODY
    return _holds_role(user.pk, roles, hub, today())


@lru_cache(maxsize=1_000)
def _holds_role(member: int, roles: tuple[str, ...], hub: str, day: datetime.date) -> Exists:
    # Kept, for a page asks it many times over; a condition is copied wherever it is put to use.
    memberships = apps.get_model("hubs", "Membership").objects.in_force(day)
    return Exists(memberships.filter(hub=OuterRef(hub), member=member, role__in=roles))


NOBODY = Q(pk__in=[])
EVERYBODY = ~NOBODY


def may_edit(user: User, hub: str = "hub") -> Exists | Q:
    """Return the condition "`user` may write the facts of the hub named by column `hub`"."""
    if is_moderator(user):
        return EVERYBODY
    return holds_role(user, EDITING_ROLES, hub)


def _as_column(condition: Exists | Q) -> Exists | Value:
    """Return a condition as a value to annotate; the database refuses "nobody" as one."""
    if isinstance(condition, Exists):
        return condition
    return Value(condition is EVERYBODY, output_field=BooleanField())


def holding_words(text: str, *columns: str) -> Q:
    """Return the condition "every word of `text` stands in one of `columns`"; accents and case
    do not matter.
    """
    found = Q()
    for word in text.split():
        anywhere = ((f"{column}__unaccent__icontains", word) for column in columns)
        found &= Q(*anywhere, _connector=Q.OR)
    return found


def by_name(name: str = "name") -> Func:
    """Return the order of names that people expect: accents and case do not matter."""
    return Func(Lower(name), function="unaccent")


def _network_memberships() -> QuerySet[Any]:
    """Return the outer hub's memberships of networks that hold today."""
    day = today()
    memberships: QuerySet[Any] = apps.get_model("hubs", "NetworkMembership").objects.filter(
        Q(joined_on=None) | Q(joined_on__lte=day),
        Q(left_on=None) | Q(left_on__gte=day),
        hub=OuterRef("pk"),
    )
    return memberships


class HubQuerySet(QuerySet[Any]):
    def published(self) -> Self:
        return self.filter(is_published=True)

    def visible_to(self, user: User) -> Self:
        """Published hubs; unpublished ones for their own people and for moderators."""
        if is_moderator(user):
            return self
        return self.filter(Q(is_published=True) | holds_role(user, ANY_ROLE, "pk"))

    def editable_by(self, user: User) -> Self:
        """Hubs whose facts the user may write: their heads and editors, and moderators."""
        return self.filter(may_edit(user, "pk"))

    def assessable_by(self, user: User) -> Self:
        """Hubs whose self-assessment the user may write: heads, editors, M&E focal points."""
        return self.filter(holds_role(user, ASSESSING_ROLES, "pk"))

    def verifiable_by(self, user: User) -> Self:
        """Hubs that the user may mark as verified: moderators, any; nobody their own."""
        if not is_moderator(user):
            return self.none()
        return self.exclude(holds_role(user, ANY_ROLE, "pk"))

    def headed_by(self, user: User) -> Self:
        """Hubs whose memberships the user confirms: their heads, and moderators."""
        if is_moderator(user):
            return self
        return self.filter(holds_role(user, HEAD_ROLES, "pk"))

    def joined_by(self, user: User) -> Self:
        """Hubs in which the user holds any role."""
        return self.filter(holds_role(user, ANY_ROLE, "pk"))

    def open_to_author(self, user: User) -> Self:
        """Hubs for which the user may begin an entry: any role will do; all, for moderators."""
        return self.filter(Q(may_edit(user, "pk")) | Q(holds_role(user, ANY_ROLE, "pk")))

    def with_can_edit(self, user: User) -> Self:
        """Annotate `can_edit`, for buttons: no query a row."""
        return self.annotate(can_edit=_as_column(may_edit(user, "pk")))

    def with_can_assess(self, user: User) -> Self:
        """Annotate `can_assess`, for buttons: no query a row."""
        return self.annotate(can_assess=_as_column(holds_role(user, ASSESSING_ROLES, "pk")))

    def matching(self, text: str) -> Self:
        """Hubs whose names or summary hold every word of `text`; accents do not matter."""
        return self.filter(holding_words(text, "name", "acronym", "native_name", "summary"))

    def with_current_values(self, user: User, facts: Mapping[str, tuple[Any, str]]) -> Self:
        """Annotate, for each name of `facts` (a kind of fact and its column), the distinct
        values that hold today and that `user` may see.
        """
        day = today()
        return self.annotate(
            **{
                name: ArraySubquery(
                    fact.objects.visible_to(user)
                    .as_of(day)
                    .filter(hub=OuterRef("pk"))
                    .order_by(column)
                    .values(column)
                    .distinct()
                )
                for name, (fact, column) in facts.items()
            }
        )

    def in_networks(self, networks: Collection[Any]) -> Self:
        """Hubs that belong to any of `networks` and have not left it."""
        return self.filter(Exists(_network_memberships().filter(network__in=networks)))

    def with_networks(self, name: str) -> Self:
        """Annotate `name`: the slugs of the networks to which a hub belongs today."""
        memberships = _network_memberships().order_by("network__slug")
        return self.annotate(
            **{name: ArraySubquery(memberships.values("network__slug").distinct())}
        )

    def by_name(self) -> Self:
        return self.order_by(by_name(), "pk")


class FactQuerySet(QuerySet[Any]):
    """Facts of any kind: what a hub's page says, dated and sourced."""

    def published(self) -> Self:
        return self.filter(is_published=True)

    def visible_to(self, user: User) -> Self:
        """Published facts of published hubs; all facts of a hub for its editors."""
        public = Q(is_published=True) & Q(hub__is_published=True)
        own = Q(is_published=True) & holds_role(user, ANY_ROLE)
        return self.filter(public | own | may_edit(user))

    def editable_by(self, user: User) -> Self:
        """Facts of the hubs that the user edits."""
        return self.filter(may_edit(user))

    def as_of(self, day: datetime.date) -> Self:
        """Facts that hold on `day`: begun by then (or, start unknown, stated by then), and
        not ended before (domain rule of dated facts).
        """
        return self.filter(Q(known_from__lte=day) & (Q(valid_to=None) | Q(valid_to__gte=day)))

    def with_sources(self) -> Self:
        """Annotate `source_list`: the fact's sources as JSON objects, at no further query."""
        sources = apps.get_model("hubs", "Source").objects.filter(
            **{str(self.model._meta.model_name): OuterRef("pk")}
        )
        return self.annotate(source_list=ArraySubquery(sources.as_json()))

    def newest_first(self) -> Self:
        return self.order_by(F("valid_from").desc(nulls_last=True), "-known_from", "pk")

    def for_list(self) -> Self:
        """Fetch what a fact's line shows: one query, sources included."""
        named = [
            field.name
            for field in self.model._meta.fields
            if field.is_relation and field.name in ("organisation", "provider", "model")
        ]
        return self.select_related(*named).with_sources()


class FundingStreamQuerySet(FactQuerySet):
    def visible_to(self, user: User) -> Self:
        """As every fact, less what the hub keeps for members or for its own people."""
        audiences = ["public"]
        if user.is_authenticated and user.takes_part:
            audiences.append("members")
        open_to_user = Q(confidentiality__in=audiences) | holds_role(user, ANY_ROLE)
        return super().visible_to(user).filter(open_to_user | may_edit(user))


class SelfAssessmentQuerySet(QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        """Those the hub agreed to show; all of a hub for its own people; moderators see none
        of the others, for consent is the hub's to give.
        """
        public = Q(consented_at__isnull=False) & Q(hub__is_published=True)
        return self.filter(public | holds_role(user, ANY_ROLE))

    def editable_by(self, user: User) -> Self:
        """The hub's heads, editors and M&E focal points."""
        return self.filter(holds_role(user, ASSESSING_ROLES))

    def publishable_by(self, user: User) -> Self:
        """The hub's heads: consent is theirs to give and to take back."""
        return self.filter(holds_role(user, HEAD_ROLES))


class MembershipQuerySet(QuerySet[Any]):
    def in_force(self, day: datetime.date | None = None) -> Self:
        """Confirmed memberships that have begun and not ended by `day`; by today, if not told."""
        day = day or today()
        return self.filter(
            Q(confirmed_at__isnull=False)
            & (Q(valid_from=None) | Q(valid_from__lte=day))
            & (Q(valid_to=None) | Q(valid_to__gte=day))
        )

    def awaiting(self) -> Self:
        """Memberships that were asked for and neither confirmed nor declined."""
        return self.filter(confirmed_at=None, declined_at=None)

    def visible_to(self, user: User) -> Self:
        """Memberships in force of published hubs, for members; those of one's own hubs and
        one's own in any state; all, for moderators.
        """
        if not user.is_authenticated:
            return self.none()
        if user.is_moderator:
            return self
        own = Q(member=user.pk) | holds_role(user, HEAD_ROLES)
        if not user.takes_part:
            return self.filter(own)
        in_force = Q(pk__in=self.model.objects.in_force().values("pk"))
        return self.filter(own | (in_force & Q(hub__is_published=True)))

    def confirmable_by(self, user: User) -> Self:
        """Requests in the hubs that the user heads, and any for moderators; never one's own."""
        if not user.is_authenticated:
            return self.none()
        others = self.exclude(member=user.pk)
        return others if user.is_moderator else others.filter(holds_role(user, HEAD_ROLES))

    def endable_by(self, user: User) -> Self:
        """One's own, those of hubs one heads, any for moderators."""
        if not user.is_authenticated:
            return self.none()
        if user.is_moderator:
            return self
        return self.filter(Q(member=user.pk) | holds_role(user, HEAD_ROLES))


class OrganisationQuerySet(QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        """Everybody sees organisations: they are public bodies, without private columns."""
        return self

    def editable_by(self, user: User) -> Self:
        """Moderators correct them; editors of hubs add them, through their facts."""
        if is_moderator(user):
            return self
        return self.none()

    def matching(self, text: str) -> Self:
        """Organisations whose name or acronym holds every word of `text`."""
        return self.filter(holding_words(text, "name", "acronym"))

    def by_name(self) -> Self:
        return self.order_by(by_name(), "pk")


class SourceQuerySet(QuerySet[Any]):
    def as_json(self) -> QuerySet[Any, Any]:
        """Each source as the JSON object that marks and lists of sources show, oldest first."""
        columns = (
            *("pk", "title", "publisher", "address"),
            *("dated_on", "dated_on_precision", "seen_on"),
        )
        return self.order_by("dated_on", "pk").values(
            json=JSONObject(**{name: name for name in columns})
        )

    def cited_by(self, hub: Any) -> Self:
        """Sources of any fact of `hub`, drafts included."""
        hubs = apps.get_app_config("hubs")
        facts = [model for model in hubs.get_models() if hasattr(model, "fact_constraints")]
        cited = Q()
        for model in facts:
            through = model.sources.through.objects  # type: ignore[attr-defined]
            column = model._meta.model_name
            rows = through.filter(**{f"{column}__hub": hub})
            cited |= Q(pk__in=rows.values("source_id"))
        return self.filter(cited)

    def visible_to(self, user: User) -> Self:
        """Everybody sees sources: a fact without them could not be checked."""
        return self

    def editable_by(self, user: User) -> Self:
        """Moderators; a shared source is changed for every fact that cites it."""
        if is_moderator(user):
            return self
        return self.none()


class NetworkQuerySet(QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        """Everybody sees networks; the hubs in them follow their own rule."""
        return self

    def matching(self, text: str) -> Self:
        """Networks whose name, acronym or description holds every word of `text`."""
        return self.filter(holding_words(text, "name", "acronym", "description"))

    def by_name(self) -> Self:
        return self.order_by(by_name(), "pk")
