"""Who may see which members, texts, messages and activity. Every such rule is here, once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import apps
from django.conf import settings
from django.contrib.auth.base_user import BaseUserManager
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from accounts.registers import MAY_ADMIT

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import (  # noqa: F401 -- the base classes' parameters
        Acceptance,
        Activity,
        ContactMessage,
        LegalText,
        MailAddress,
        Member,
    )


ELEVATED_ROLES = ("moderator", "administrator")
TAKING_PART = ("active", "limited")  # states in which a member's rights count


def is_moderator(user: Member | AnonymousUser) -> bool:
    """Return whether `user` moderates the portal."""
    return bool(user.is_authenticated and user.is_moderator)


class MemberQuerySet(QuerySet["Member"]):
    def taking_part(self) -> MemberQuerySet:
        """Members whose rights count: approved, and neither suspended nor closed."""
        return self.filter(status__in=TAKING_PART)

    def pending(self) -> MemberQuerySet:
        """Members who wait for approval, with an address they have proved to be theirs."""
        addresses = apps.get_model("account", "EmailAddress").objects
        verified = Exists(addresses.filter(user=OuterRef("pk"), verified=True))
        return self.filter(verified, status="pending")

    def may_join(self) -> MemberQuerySet:
        """Members who may ask for a place, in a hub for example: those taking part and, where
        people are approved (JOIN_POLICY), those who wait for it.
        """
        if settings.JOIN_POLICY != "approval":
            return self.taking_part()
        waiting = Q(pk__in=self.model.objects.pending().values("pk"))
        return self.filter(Q(status__in=TAKING_PART) | waiting)

    def moderators(self) -> MemberQuerySet:
        """Those who moderate: active moderators and administrators."""
        return self.taking_part().filter(role__in=ELEVATED_ROLES)

    def visible_to(self, user: Member | AnonymousUser) -> MemberQuerySet:
        """Members with a profile page: those taking part; all, for moderators; oneself, always."""
        if not user.is_authenticated:
            return self.taking_part()
        if user.is_moderator:
            return self
        return self.filter(Q(status__in=TAKING_PART) | Q(pk=user.pk))

    def approvable_by(self, user: Member | AnonymousUser) -> MemberQuerySet:
        """Members that a moderator may approve, suspend or limit: never themselves, and
        nobody of a higher rank.
        """
        if not user.is_authenticated or not user.is_moderator:
            return self.none()
        others = self.exclude(pk=user.pk).exclude(status="closed")
        return others if user.is_administrator else others.filter(role="member")

    def admissible_by(self, user: Member | AnonymousUser) -> MemberQuerySet:
        """Waiting members whom the user may let in: moderators whom they decide over; others,
        where people are approved (JOIN_POLICY), whom an app above says, the heads of hubs.
        """
        waiting = self.pending()
        if not user.is_authenticated or not user.takes_part or user.is_moderator:
            return waiting.approvable_by(user)
        if settings.JOIN_POLICY != "approval":
            return self.none()
        admits = Q(pk__in=[])
        for condition in MAY_ADMIT:
            admits |= condition(user)
        return waiting.filter(admits, role="member").exclude(pk=user.pk)


class MemberManager(BaseUserManager.from_queryset(MemberQuerySet)):  # type: ignore[misc]
    """Creates members; its queryset is `MemberQuerySet`."""

    def create_user(self, email: str, password: str | None = None, **fields: object) -> Member:
        """Save a member with `email` and a usable password, if one is given."""
        member: Member = self.model(email=self.normalize_email(email).lower(), **fields)
        member.set_password(password)
        member.save(using=self._db)
        return member

    def create_superuser(self, email: str, password: str | None = None, **fields: object) -> Member:
        """Save an active administrator: what `manage.py createsuperuser` makes here."""
        fields |= {"role": "administrator", "status": "active"}
        return self.create_user(email, password, **fields)


class ActivityQuerySet(QuerySet["Activity"]):
    def visible_to(self, user: Member | AnonymousUser) -> ActivityQuerySet:
        """What was public; for moderators everything."""
        if is_moderator(user):
            return self
        return self.filter(audience="public")

    def about(self, *, app: str, model: str, pk: int) -> ActivityQuerySet:
        """What was done to one object."""
        return self.filter(object_app=app, object_model=model, object_pk=pk)

    def for_list(self) -> ActivityQuerySet:
        """Newest first, with the people: one query."""
        return self.select_related("actor", "subject").order_by("-at", "-pk")

    def naming(self, text: str) -> ActivityQuerySet:
        """What was done to something, or to somebody, whose name holds `text`."""
        return self.filter(Q(object_label__icontains=text) | Q(subject__name__icontains=text))

    def older_than(self, pk: int) -> ActivityQuerySet:
        """What comes after activity `pk` in the list, newest first; nothing if there is none."""
        at = Subquery(self.model._default_manager.filter(pk=pk).values("at")[:1])
        return self.filter(Q(at__lt=at) | Q(at=at, pk__lt=pk), at__lte=at)


class LegalTextQuerySet(QuerySet["LegalText"]):
    def in_force(self) -> LegalTextQuerySet:
        """The newest published version of each kind of text: at most one row a kind."""
        return self.filter(is_published=True).order_by("kind", "-version").distinct("kind")

    def published(self) -> LegalTextQuerySet:
        return self.filter(is_published=True)

    def awaiting(self, member: Member) -> LegalTextQuerySet:
        """Texts in force that `member` has not accepted yet."""
        accepted = self._accepted_by(member)
        return self.filter(Q(pk__in=self.in_force().values("pk")) & ~accepted)

    def _accepted_by(self, member: Member) -> Exists:
        acceptances = apps.get_model("accounts", "Acceptance").objects
        return Exists(acceptances.filter(text=OuterRef("pk"), member=member))


class AcceptanceQuerySet(QuerySet["Acceptance"]):
    def visible_to(self, user: Member | AnonymousUser) -> AcceptanceQuerySet:
        """One's own."""
        return self.filter(member=user.pk) if user.is_authenticated else self.none()


class ContactMessageQuerySet(QuerySet["ContactMessage"]):
    def visible_to(self, user: Member | AnonymousUser) -> ContactMessageQuerySet:
        """All, for moderators; nobody else reads them."""
        return self if is_moderator(user) else self.none()


class MailAddressQuerySet(QuerySet["MailAddress"]):
    def dead(self) -> MailAddressQuerySet:
        """Those to which only mail about the account itself goes."""
        return self.filter(state="dead")

    def visible_to(self, user: Member | AnonymousUser) -> MailAddressQuerySet:
        """One's own; all, for administrators."""
        if not user.is_authenticated:
            return self.none()
        return self if user.is_administrator else self.filter(address=user.email)
