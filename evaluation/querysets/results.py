"""Which frameworks, indicators, updates, figures and evidence there are for whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.querysets import is_moderator
from core.owed import OwedQuerySet
from evaluation.querysets.exchanges import exchange_seen_by
from hubs.querysets import ANY_ROLE, ASSESSING_ROLES, EVERYBODY, HEAD_ROLES, NOBODY, holds_role

if TYPE_CHECKING:
    from hubs.querysets import User


def _takes_part(user: User) -> bool:
    return bool(user.is_authenticated and user.takes_part)


def framework_seen_by(user: User, prefix: str = "") -> Q:
    """Return the condition "`user` may see the framework", for columns behind `prefix`.

    One of an exchange follows the exchange too; unpublished ones, and those of an unpublished
    hub, are seen by who is in the hub.
    """
    published = Q(**{f"{prefix}is_published": True}) & _of_public_hub(prefix)
    if is_moderator(user):
        published = Q(EVERYBODY)
    own = Q(holds_role(user, ANY_ROLE, f"{prefix}hub"))
    own |= Q(holds_role(user, ANY_ROLE, f"{prefix}exchange__hub"))
    no_exchange = Q(**{f"{prefix}exchange": None})
    return (published & (no_exchange | exchange_seen_by(user, f"{prefix}exchange__"))) | own


def update_told_to(user: User, prefix: str = "") -> Q:
    """Return the condition "`user` is told of the update", for columns behind `prefix`: approved
    and superseded ones of frameworks, hubs and exchanges that they may see; for moderators what
    waits for a decision or was returned, too.
    """
    states = ["approved", "superseded"]
    if is_moderator(user):
        told = Q(**{f"{prefix}state__in": [*states, "submitted", "returned"]})
    else:
        told = Q(**{f"{prefix}state__in": states}) & _of_public_hub(prefix)
    told &= framework_seen_by(user, f"{prefix}indicator__result__framework__")
    no_exchange = Q(**{f"{prefix}exchange": None})
    return told & (no_exchange | exchange_seen_by(user, f"{prefix}exchange__"))


def _of_public_hub(prefix: str) -> Q:
    """Return the condition "it is of no hub, or of a published one"."""
    return Q(**{f"{prefix}hub": None}) | Q(**{f"{prefix}hub__is_published": True})


def framework_written_by(user: User, prefix: str = "") -> Q:
    """Return the condition "`user` may write the framework": focal points, editors and heads of
    its hub or of its exchange's hub; moderators, those that belong to no hub.
    """
    if not _takes_part(user):
        return Q(NOBODY)
    own = Q(holds_role(user, ASSESSING_ROLES, f"{prefix}hub"))
    own |= Q(holds_role(user, ASSESSING_ROLES, f"{prefix}exchange__hub"))
    if is_moderator(user):
        own |= Q(**{f"{prefix}hub": None, f"{prefix}exchange": None})
    return own


class FrameworkQuerySet(QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        return self.filter(framework_seen_by(user))

    def editable_by(self, user: User) -> Self:
        return self.filter(framework_written_by(user))

    def lockable_by(self, user: User) -> Self:
        """Those whose periods the user may lock and open: the hub's heads, and moderators."""
        if is_moderator(user):
            return self
        own = Q(holds_role(user, HEAD_ROLES, "hub"))
        return self.filter(own | Q(holds_role(user, HEAD_ROLES, "exchange__hub")))

    def published(self) -> Self:
        return self.filter(is_published=True)

    def templates(self) -> Self:
        return self.filter(is_template=True)


def may_keep_dimensions(user: User) -> bool:
    """Return whether the user may add and change dimensions: moderators, as all hubs share them."""
    return is_moderator(user)


class DimensionQuerySet(QuerySet[Any]):
    """Dimensions are everybody's to read, as the library is."""

    def visible_to(self, user: User) -> Self:
        return self.all()

    def editable_by(self, user: User) -> Self:
        """All, for who keeps them."""
        return self if may_keep_dimensions(user) else self.none()


class IndicatorDefinitionQuerySet(QuerySet[Any]):
    def editable_by(self, user: User) -> Self:
        """What its hub's focal points, editors and heads may make a new version of; of those
        without a hub, moderators.
        """
        if not _takes_part(user):
            return self.none()
        own = Q(holds_role(user, ASSESSING_ROLES))
        return self.filter(own | Q(hub=None) if is_moderator(user) else own)

    def visible_to(self, user: User) -> Self:
        """The library is everybody's; what has no version yet is nobody's."""
        return self.described()

    def described(self) -> Self:
        """Those with a version to read; the library is everybody's."""
        return self.filter(current__isnull=False)

    def in_use(self) -> Self:
        return self.filter(is_retired=False)


class IndicatorQuerySet(QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        return self.filter(framework_seen_by(user, "result__framework__"))

    def reportable_by(self, user: User) -> Self:
        """On which somebody reports: who has a role in the framework's hub or its exchange's;
        of one of the community or a country, who has a role in any hub. Never of a template.
        """
        if not _takes_part(user):
            return self.none()
        framework = "result__framework__"
        own = Q(holds_role(user, ANY_ROLE, f"{framework}hub"))
        own |= Q(holds_role(user, ANY_ROLE, f"{framework}exchange__hub"))
        memberships = apps.get_model("hubs", "Membership").objects.in_force()
        in_a_hub = Q(Exists(memberships.filter(member=user.pk, role__in=ANY_ROLE)))
        own |= in_a_hub & Q(**{f"{framework}hub": None, f"{framework}exchange": None})
        return self.visible_to(user).filter(own, **{f"{framework}is_template": False})

    def editable_by(self, user: User) -> Self:
        return self.filter(framework_written_by(user, "result__framework__"))


class UpdateQuerySet(QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        """What is told to the user; all, for the people of the reporting hub or of the
        exchange's hub.
        """
        return self.filter(update_told_to(user) | self._own(user, ANY_ROLE))

    def approved(self) -> Self:
        return self.filter(state="approved")

    def waiting(self) -> Self:
        return self.filter(state="submitted")

    def open(self) -> Self:
        """What is being worked on: there is one at a time of a series."""
        return self.filter(state__in=["draft", "returned", "submitted"])

    def editable_by(self, user: User) -> Self:
        """Drafts and returned ones, for anybody with a role in the reporting unit's hub."""
        if not _takes_part(user):
            return self.none()
        return self.filter(self._own(user, ANY_ROLE), state__in=["draft", "returned"])

    def recallable_by(self, user: User) -> Self:
        """What waits, for anybody with a role in the reporting unit's hub."""
        if not _takes_part(user):
            return self.none()
        return self.waiting().filter(self._own(user, ANY_ROLE))

    def revisable_by(self, user: User) -> Self:
        """Approved ones, for anybody with a role in the reporting unit's hub."""
        if not _takes_part(user):
            return self.none()
        return self.approved().filter(self._own(user, ANY_ROLE))

    def approvable_by(self, user: User) -> Self:
        """What waits, for focal points, editors and heads of the unit's hub, and for moderators
        who may see it: never what they wrote themselves, or any part of it.
        """
        if not _takes_part(user):
            return self.none()
        writers = self.model.writers.through.objects
        wrote = Exists(writers.filter(update=OuterRef("pk"), member=user.pk))
        decidable = self.visible_to(user).waiting().filter(self._deciding(user))
        return decidable.exclude(author=user.pk).filter(~wrote)

    def withdrawable_by(self, user: User) -> Self:
        """Drafts and returned ones, for who may write them; approved ones, for focal points,
        editors and heads of the unit's hub, and for moderators who may see them.
        """
        if not _takes_part(user):
            return self.none()
        drafts = Q(self._own(user, ANY_ROLE), state__in=["draft", "returned"])
        return self.visible_to(user).filter(drafts | (Q(state="approved") & self._deciding(user)))

    def of_series(self, indicator_pk: int, hub_pk: int | None, exchange_pk: int | None) -> Self:
        """What one unit reported on one indicator, in all periods and from all sources."""
        return self.filter(indicator=indicator_pk, hub=hub_pk, exchange=exchange_pk)

    def for_list(self) -> Self:
        """Fetch what a line shows, in one query."""
        return self.select_related(
            "indicator__definition__definition",
            "indicator__result__framework",
            "period",
            "hub",
            "exchange",
        )

    @staticmethod
    def _own(user: User, roles: tuple[str, ...]) -> Q:
        return Q(holds_role(user, roles, "hub")) | Q(holds_role(user, roles, "exchange__hub"))

    def _deciding(self, user: User) -> Q:
        deciding = self._own(user, ASSESSING_ROLES)
        if is_moderator(user):
            deciding |= Q(exchange=None) | Q(exchange__confidentiality="public")
        return deciding


class UploadQuerySet(OwedQuerySet):
    def visible_to(self, user: User) -> Self:
        """One's own: what a table says is nobody else's before it is taken."""
        return self.filter(member=user.pk) if _takes_part(user) else self.none()

    def retryable_by(self, user: User) -> Self:
        """One's own; for moderators also those of others, where they see the framework. What a
        table says they are not shown.
        """
        if not _takes_part(user):
            return self.none()
        frameworks = apps.get_model("evaluation", "Framework").objects.visible_to(user)
        of_others = Q(framework__in=frameworks.values("pk")) if is_moderator(user) else Q()
        return self.filter(Q(member=user.pk) | of_others)


def _maker_is_there() -> Exists:
    """Return the condition "who made the link still has a role in the hub, and takes part"."""
    places = apps.get_model("hubs", "Membership").objects.in_force()
    of_hub = Q(hub=OuterRef("hub")) | Q(hub=OuterRef("exchange__hub"))
    here = places.filter(of_hub, member=OuterRef("made_by"), role__in=ANY_ROLE)
    return Exists(
        here.filter(member__in=apps.get_model("accounts", "Member").objects.taking_part())
    )


class ReportingLinkQuerySet(QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        """Those of the hubs in which the user has a role."""
        if not _takes_part(user):
            return self.none()
        own = Q(holds_role(user, ANY_ROLE, "hub")) | Q(holds_role(user, ANY_ROLE, "exchange__hub"))
        return self.filter(own)

    def revocable_by(self, user: User) -> Self:
        return self.visible_to(user).filter(used_at=None, revoked_at=None)

    def in_force(self) -> Self:
        """Those whose maker has a role in the hub that they report for, and takes part."""
        return self.filter(_maker_is_there())

    def with_maker(self) -> Self:
        """Annotate `has_maker`: whether it is in force as far as its maker goes."""
        return self.annotate(has_maker=_maker_is_there())


class EvidenceQuerySet(QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        """What is not confidential, of exchanges and updates that are told to the user: so the
        parties' hubs see that of a confidential exchange. All of it, for the people of the hub
        that tells the exchange or reports; what is confidential is theirs alone.
        """
        from_exchange = Q(exchange__isnull=False) & exchange_seen_by(user, "exchange__")
        is_told = from_exchange | update_told_to(user, "update__")
        return self.filter(Q(is_confidential=False) & is_told | self._own(user, ANY_ROLE))

    def downloadable_by(self, user: User) -> Self:
        """What the user may see, as long as it is in force; all of it, for the people of the hub
        that tells the exchange or reports.
        """
        return self.visible_to(user).filter(Q(withdrawn_at=None) | self._own(user, ANY_ROLE))

    def editable_by(self, user: User) -> Self:
        """What focal points, editors and heads of the hub that added it may change."""
        if not _takes_part(user):
            return self.none()
        return self.filter(self._own(user, ASSESSING_ROLES))

    def in_force(self) -> Self:
        return self.filter(withdrawn_at=None)

    @staticmethod
    def _own(user: User, roles: tuple[str, ...]) -> Q:
        hubs = ("exchange__hub", "update__hub", "update__exchange__hub")
        own = Q(NOBODY)
        for hub in hubs:
            own |= Q(holds_role(user, roles, hub))
        return own
