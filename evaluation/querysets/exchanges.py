"""Which exchanges there are for whom, who writes them and who confirms them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    Case,
    CharField,
    Count,
    DecimalField,
    Exists,
    F,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from accounts.querysets import is_moderator
from hubs.querysets import ANY_ROLE, ASSESSING_ROLES, holding_words, holds_role

if TYPE_CHECKING:
    import datetime
    from collections.abc import Collection

    from hubs.querysets import User

CONFIRMING_SIDES = ("provider", "seeker")
RUNNING = ("planned", "agreed", "under-way")


def _series(*, is_confirmed: bool) -> str:
    return "confirmed" if is_confirmed else "reported"


def _parties() -> Any:
    return apps.get_model("evaluation", "Party").objects.filter(exchange=OuterRef("pk"))


def _name() -> Case:
    """Return the name of a party: that of its hub or organisation, or its country's code."""
    return Case(
        When(hub__isnull=False, then=F("hub__name")),
        When(organisation__isnull=False, then=F("organisation__name")),
        default=F("country"),
        output_field=CharField(),
    )


def party_in(countries: Collection[str]) -> Q:
    """Return the condition "the party is of any of `countries`": its own, its organisation's or
    its hub's.
    """
    found = Q(country__in=countries) | Q(organisation__country__in=countries)
    return found | Q(hub__countries__overlap=list(countries))


def party_countries() -> ArraySubquery:
    """Return the countries of the outer exchange's parties, each once, as an array."""
    codes: ArrayField[Any, Any] = ArrayField(CharField())
    # A party without organisation has none of its countries: NULL, which is no country either.
    own = Func(
        Coalesce("organisation__country", Value("")),
        F("country"),
        template="ARRAY[%(expressions)s]::varchar[]",
        output_field=codes,
    )
    # Nothing joined to a list is that list: a party without hub needs no more.
    each = Func(F("hub__countries"), own, function="array_cat", output_field=codes)
    known = Func(each, Value(""), function="array_remove", output_field=codes)
    one = Func(known, function="unnest", set_returning=True, output_field=CharField())
    parties = _parties().order_by().annotate(one=one)
    return ArraySubquery(parties.values("one").distinct().order_by("one"))


def _summed(rows: Any, of: str, column: str) -> Subquery:
    return Subquery(rows.order_by().values(of).annotate(sum=Sum(column)).values("sum"))


def of_a_party(user: User, roles: tuple[str, ...], exchange: str = "pk") -> Exists:
    """Return the condition "`user` has one of `roles` in a hub that is party to the exchange
    named by column `exchange`".
    """
    parties = apps.get_model("evaluation", "Party").objects.filter(exchange=OuterRef(exchange))
    return Exists(parties.filter(holds_role(user, roles)))


def _of_public_hubs(prefix: str = "") -> Q:
    """Return the condition "the telling hub and all hubs that are party are public"."""
    parties = apps.get_model("evaluation", "Party").objects
    hidden = parties.filter(
        exchange=OuterRef(prefix.removesuffix("__") or "pk"), hub__is_published=False
    )
    return Q(~Exists(hidden), **{f"{prefix}hub__is_published": True})


def exchange_counted(prefix: str = "") -> Q:
    """Return the condition "totals count the exchange, on every page", for columns behind
    `prefix`: published ones of hubs that are public, unless they were cancelled.
    """
    is_told = Q(**{f"{prefix}is_published": True, f"{prefix}hub__is_published": True})
    return is_told & ~Q(**{f"{prefix}status": "cancelled"})


def exchange_seen_by(user: User, prefix: str = "") -> Q:
    """Return the condition "`user` may see the exchange", for columns behind `prefix`.

    Published public ones are everybody's, once every hub in them is public. Drafts are seen in
    the hub that writes them, confidential ones in the parties' hubs too; a moderator reads what
    is not confidential.
    """
    is_open = Q(**{f"{prefix}confidentiality": "public"})
    exchange = prefix.removesuffix("__") or "pk"
    seen = is_open & Q(**{f"{prefix}is_published": True}) & _of_public_hubs(prefix)
    if is_moderator(user):
        seen |= is_open
    own = Q(holds_role(user, ANY_ROLE, f"{prefix}hub"))
    party = Q(of_a_party(user, ANY_ROLE, exchange)) & Q(**{f"{prefix}is_published": True})
    return seen | own | party


class ExchangeQuerySet(QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        return self.filter(exchange_seen_by(user))

    def published(self) -> Self:
        return self.filter(is_published=True)

    def counted(self) -> Self:
        """What totals are made of: see `exchange_counted`."""
        return self.filter(exchange_counted())

    def public(self) -> Self:
        """What everybody may see."""
        return self.filter(_of_public_hubs(), is_published=True, confidentiality="public")

    def reportable_by(self, user: User) -> Self:
        """Exchanges for which the user may report figures: any role in the hub that tells it."""
        return self.filter(holds_role(user, ANY_ROLE))

    def tellable_by(self, user: User) -> Self:
        """Those of which the user may tell stories, and whose people they may have asked: heads,
        editors and M&E focal points of the hub that tells it.
        """
        return self.filter(holds_role(user, ASSESSING_ROLES))

    def followable_by(self, user: User) -> Self:
        """Those whose follow-up the user may read: any role in the hub that tells it, or in one
        that is party.
        """
        own = Q(holds_role(user, ANY_ROLE)) | Q(of_a_party(user, ANY_ROLE))
        return self.visible_to(user).filter(own)

    def editable_by(self, user: User) -> Self:
        """What the telling hub's heads, editors and M&E focal points may write; moderators, too,
        unless it is confidential.
        """
        if not user.is_authenticated or not user.takes_part:
            return self.none()
        own = Q(holds_role(user, ASSESSING_ROLES))
        return self.filter(own | Q(confidentiality="public") if is_moderator(user) else own)

    def running(self) -> Self:
        """Planned, agreed or under way."""
        return self.filter(status__in=RUNNING)

    def late(self, day: datetime.date) -> Self:
        """Running ones that should have ended before `day`, or with a step that should have."""
        steps = apps.get_model("evaluation", "Step").objects.overdue(day)
        is_over = Q(ends_on__lt=day) | Exists(steps.filter(exchange=OuterRef("pk")))
        return self.running().filter(is_over)

    def of_hub(self, hub: Any) -> Self:
        """Exchanges that the hub tells, or to which it is party."""
        return self.filter(Q(hub=hub) | Exists(_parties().filter(hub=hub)))

    def with_party(self, condition: Q) -> Self:
        """Exchanges with one party at least of which `condition` holds."""
        return self.filter(Exists(_parties().filter(condition)))

    def matching(self, text: str) -> Self:
        """Exchanges with every word of `text` in title or summary; accents do not matter."""
        return self.filter(holding_words(text, "title", "summary"))

    def with_names(self) -> Self:
        """Annotate `providers`, `seekers`, `facilitators`, `funders`: lists of names;
        `countries`: codes.
        """
        names = {
            f"{side}s": ArraySubquery(
                _parties().filter(side=side).order_by("pk").values(name=_name())
            )
            for side in ("provider", "seeker", "facilitator", "funder")
        }
        return self.annotate(**names, countries=party_countries())

    def with_figures(self) -> Self:
        """Annotate `participations` and `expert_days`, None where nothing is stated; and
        `women` among those of whom it is stated.
        """
        people = apps.get_model("evaluation", "Attendance").objects.filter(
            step__exchange=OuterRef("pk")
        )
        days = apps.get_model("evaluation", "Contribution").objects.filter(
            exchange=OuterRef("pk"), kind="expert-days"
        )
        return self.annotate(
            participations=_summed(people, "step__exchange", "total"),
            women=_summed(people, "step__exchange", "women"),
            expert_days=Subquery(
                days.order_by().values("exchange").annotate(sum=Sum("quantity")).values("sum"),
                output_field=DecimalField(max_digits=18, decimal_places=2),
            ),
        )

    def totals(self) -> dict[str, dict[str, Any]]:
        """Return what those of these exchanges that are counted come to, in two series that are
        never added: `confirmed` by both sides, and `reported` by one side. Three queries.

        Each has `exchanges`; `participations` and `expert_days`, None where none states any;
        `people_stated` and `days_stated`, how many exchanges state them; `money`: sums by
        currency and stage, never of two currencies or stages together (rule 10).
        """
        series: dict[str, dict[str, Any]] = {
            name: {"exchanges": 0, "participations": None, "people_stated": 0,
                   "expert_days": None, "days_stated": 0, "money": []}
            for name in ("confirmed", "reported")
        }  # fmt: skip
        these = self.counted().order_by()
        mine = these.values("pk")
        counts = these.values_list("is_confirmed").annotate(Count("pk"))
        for is_confirmed, number in counts:
            series[_series(is_confirmed=is_confirmed)]["exchanges"] = number
        people = (
            apps.get_model("evaluation", "Attendance")
            .objects.filter(step__exchange__in=mine)
            .order_by()
            .values_list("step__exchange__is_confirmed")
            .annotate(Sum("total"), Count("step__exchange", distinct=True))
        )
        for is_confirmed, total, stated in people:
            series[_series(is_confirmed=is_confirmed)] |= {
                "participations": total,
                "people_stated": stated,
            }
        given = (
            apps.get_model("evaluation", "Contribution")
            .objects.filter(exchange__in=mine, kind__in=["expert-days", "money"])
            .order_by("currency", "stage")
            .values_list("exchange__is_confirmed", "kind", "currency", "stage")
            .annotate(Sum("quantity"), Sum("amount"), Count("exchange", distinct=True))
        )
        for is_confirmed, kind, currency, stage, days, amount, stated in given:
            one = series[_series(is_confirmed=is_confirmed)]
            if kind == "money":
                one["money"].append({"currency": currency, "stage": stage, "amount": amount})
            else:
                one |= {"expert_days": days, "days_stated": stated}
        return series


class PartyQuerySet(QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        return self.filter(exchange_seen_by(user, "exchange__"))

    def confirmable_by(self, user: User) -> Self:
        """Providers and seekers for which the user may speak: hubs in which they are head,
        editor or M&E focal point.
        """
        return self.filter(holds_role(user, ASSESSING_ROLES), side__in=CONFIRMING_SIDES)

    def plannable_by(self, user: User) -> Self:
        """Those whose action plan the user may begin and write: heads, editors and M&E focal
        points of the hub that tells the exchange and of the party.
        """
        own = Q(holds_role(user, ASSESSING_ROLES, "exchange__hub"))
        return self.filter(own | Q(holds_role(user, ASSESSING_ROLES)))


class StepQuerySet(QuerySet[Any]):
    def overdue(self, day: datetime.date) -> Self:
        """Steps that should have ended before `day` and are not done."""
        is_over = Q(ends_on__lt=day) | Q(ends_on=None, starts_on__lt=day)
        return self.filter(is_over, is_done=False)
