"""Which events there are for whom, who runs them, who may enrol and who decides on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    Case,
    CharField,
    Count,
    DateTimeField,
    Exists,
    F,
    FloatField,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Now

from accounts.querysets import is_moderator
from evaluation.querysets.exchanges import exchange_seen_by
from hubs.querysets import ANY_ROLE, EDITING_ROLES, NOBODY, holding_words, holds_role

if TYPE_CHECKING:
    import datetime
    from collections.abc import Collection

    from hubs.querysets import User

TOLD = ("published", "cancelled")
_FAR = 10.0**11  # seconds; beyond every moment, so that what is past comes last


class AtZone(Func):
    """A moment as the clock at a place shows it: `AtZone("starts_at", "time_zone")`."""

    template = "(%(expressions)s)"
    arg_joiner = " AT TIME ZONE "
    output_field = DateTimeField()


def month_of_start() -> Func:
    """Return the expression of the month in which an event begins, at the place: "2026-07"."""
    local = AtZone(F("starts_at"), F("time_zone"))
    return Func(local, Value("YYYY-MM"), function="to_char", output_field=CharField())


def when_it_is() -> Case:
    """Return the expression "upcoming" or "past"; what is under way is not past yet."""
    return Case(
        When(ends_at__gt=Now(), then=Value("upcoming")),
        default=Value("past"),
        output_field=CharField(),
    )


def nearest_first() -> Case:
    """Return the order that people expect: what comes next, then what was last."""
    start = Func(
        F("starts_at"), template="EXTRACT(EPOCH FROM %(expressions)s)", output_field=FloatField()
    )
    return Case(
        When(ends_at__gt=Now(), then=start),
        default=Value(_FAR) - start,
        output_field=FloatField(),
    )


def _ties() -> QuerySet[Any]:
    """Return the ties of the outer event to its organising hubs."""
    event: Any = apps.get_model("community", "Event")
    ties: QuerySet[Any] = event.hubs.through.objects.filter(event=OuterRef("pk"))
    return ties


def _organises(user: User, roles: tuple[str, ...]) -> Exists | Q:
    if not user.is_authenticated or not user.takes_part:
        return NOBODY
    return Exists(_ties().filter(holds_role(user, roles)))


def _exchange_seen(user: User) -> Q:
    """Return the condition "it belongs to no exchange, or to one that `user` may see"."""
    return Q(exchange=None) | exchange_seen_by(user, "exchange__")


def _told() -> Q:
    hidden = Exists(_ties().filter(hub__is_published=False))
    return Q(~hidden, state__in=TOLD)


class EventQuerySet(QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        """Published and cancelled ones, once all organising hubs are public; everything, for
        people of these hubs and for moderators. Of an exchange: to those alone who see that.
        """
        seen = _exchange_seen(user)
        if is_moderator(user):
            return self.filter(seen)
        return self.filter(seen, _told() | Q(_organises(user, ANY_ROLE)))

    def public(self) -> Self:
        """What everybody may see."""
        return self.visible_to(AnonymousUser())

    def listed(self) -> Self:
        """What lists hold: no drafts."""
        return self.filter(state__in=TOLD)

    def editable_by(self, user: User) -> Self:
        """Those that the user runs: heads and editors of an organising hub, and moderators; never
        what they may not read.
        """
        if not user.is_authenticated or not user.takes_part:
            return self.none()
        seen = self.filter(_exchange_seen(user))
        return seen if is_moderator(user) else seen.filter(_organises(user, EDITING_ROLES))

    def enrollable_by(self, user: User) -> Self:
        """Those for which the user may ask for a seat, whether there is one or not."""
        if not user.is_authenticated or not user.takes_part:
            return self.none()
        return self.visible_to(user).filter(state="published").exclude(policy="none")

    def joinable_by(self, user: User) -> Self:
        """Those whose online address the user may read: who has a seat, and who runs it."""
        if not user.is_authenticated or not user.takes_part:
            return self.none()
        seats = _enrolments().filter(event=OuterRef("pk"), member=user.pk, state="approved")
        runs = Q(pk__in=self.model.objects.editable_by(user).values("pk"))
        return self.visible_to(user).filter(Q(Exists(seats)) | runs)

    def attended_by(self, user: User) -> Self:
        """Those in which the user has a seat or waits for one: what their calendar holds."""
        if not user.is_authenticated:
            return self.none()
        own = _enrolments().filter(
            event=OuterRef("pk"), member=user.pk, state__in=("approved", "requested", "waiting")
        )
        return self.visible_to(user).filter(Exists(own))

    def answerable_by(self, user: User) -> Self:
        """Those on which the user may give feedback: who had a seat, once it is over."""
        if not user.is_authenticated or not user.takes_part:
            return self.none()
        seats = _enrolments().filter(event=OuterRef("pk"), member=user.pk, state="approved")
        return self.visible_to(user).past().filter(Exists(seats), state="published")

    def upcoming(self) -> Self:
        """What is not over yet."""
        return self.filter(ends_at__gt=Now())

    def past(self) -> Self:
        return self.filter(ends_at__lte=Now())

    def timed(self) -> Self:
        """What a calendar can hold: known to the day at least."""
        return self.filter(precision__in=("time", "day"))

    def starting(self, after: datetime.datetime, before: datetime.datetime) -> Self:
        """Published ones that begin between two moments."""
        return self.filter(state="published", starts_at__gt=after, starts_at__lte=before)

    def of_hubs(self, slugs: Collection[str]) -> Self:
        """Those that one of the hubs organises."""
        return self.filter(Exists(_ties().filter(hub__slug__in=slugs)))

    def matching(self, text: str) -> Self:
        """Events whose texts hold every word of `text`; accents do not matter."""
        return self.filter(
            holding_words(text, "title", "summary", "description", "place", "organisers")
        )

    def with_hub_slugs(self) -> Self:
        """Annotate `hub_slugs`: the public organising hubs, for facets and rows."""
        public = _ties().filter(hub__is_published=True).order_by("hub__slug")
        return self.annotate(hub_slugs=ArraySubquery(public.values("hub__slug")))

    def with_seats(self) -> Self:
        """Annotate `seats_taken` and `people_waiting`, for lists."""
        return self.annotate(
            seats_taken=_counted("approved"),
            people_waiting=_counted("waiting"),
        )


def _enrolments() -> Any:
    return apps.get_model("community", "Enrolment").objects.all()


def _counted(state: str) -> Coalesce:
    rows = _enrolments().filter(event=OuterRef("pk"), state=state).order_by()
    return Coalesce(Subquery(rows.values("event").annotate(n=Count("pk")).values("n")), 0)


class EnrolmentQuerySet(QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        """One's own; all of events that the user runs."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(Q(member=user.pk) | Q(event__in=_run_by(user)))

    def decidable_by(self, user: User) -> Self:
        """Those of events that the user runs; nobody decides on their own wish."""
        return self.filter(event__in=_run_by(user)).exclude(member=user.pk)

    def withdrawable_by(self, user: User) -> Self:
        """One's own, as long as it stands."""
        if not user.is_authenticated:
            return self.none()
        return self.standing().filter(member=user.pk)

    def standing(self) -> Self:
        """Those with a seat, those who wait and those on whom nobody decided yet."""
        return self.filter(state__in=("approved", "requested", "waiting"))

    def seated(self) -> Self:
        return self.filter(state="approved")

    def with_presence(self, session: int | None) -> Self:
        """Annotate `is_present`: marked as there at a session, or (None) at an event without."""
        marks = apps.get_model("community", "EventAttendance").objects.all()
        return self.annotate(
            is_present=Exists(marks.filter(enrolment=OuterRef("pk"), session=session))
        )

    def waiting(self) -> Self:
        """Who waits for a free seat, the first first."""
        return self.filter(state="waiting").order_by("number")


def _run_by(user: User) -> QuerySet[Any]:
    events: QuerySet[Any] = apps.get_model("community", "Event").objects.editable_by(user)
    return events.values("pk")
