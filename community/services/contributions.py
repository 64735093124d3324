"""What somebody contributed, by kind, as far as the reader may see each thing.

Nobody is ranked: no points, no totals, nothing that compares people. Each kind is asked of its
own `visible_to`, so what a reader may not see is neither listed nor counted.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from accounts.models import Activity, Member
from catalogue.models import Draft, Entry, Expert, GateVerdict, Resource
from community.models import Enrolment, Event, Post, Thread
from evaluation.models import Confirmation, Exchange, ImpactStory

if TYPE_CHECKING:
    from hubs.querysets import User

SHOWN = 5  # of each kind, the newest


@dataclass(frozen=True)
class Contribution:
    """One thing: `language` is that of the title, `on` the moment by which it is in its place."""

    title: str
    language: str
    address: str
    on: datetime.datetime | None


@dataclass(frozen=True)
class Kind:
    """A kind of contribution; `found` gives rows with `on`, and what `told` reads of one."""

    name: str
    label: Any
    found: Callable[[Member, User], QuerySet[Any]]
    told: Callable[[Any], tuple[str, str, str]]


@dataclass(frozen=True)
class Contributions:
    """The newest contributions of one kind."""

    kind: str
    label: Any
    things: list[Contribution]


def contributions_of(member: Member, reader: User, *, shares_hub: bool) -> list[Contributions]:
    """Return what `member` contributed and `reader` may see, kinds without anything left out.

    Nothing if the member does not show it to the reader; `shares_hub` says whether both hold a
    role in one hub. One query a kind, whatever there is.
    """
    if not member.shows("contributions", reader, shares_hub=shares_hub):
        return []
    groups = (_newest(kind, member, reader) for kind in KINDS)
    return [group for group in groups if group.things]


def _newest(kind: Kind, member: Member, reader: User) -> Contributions:
    rows = kind.found(member, reader).order_by("-on", "-pk")[:SHOWN]
    return Contributions(kind.name, kind.label, [_line(kind, row) for row in rows])


def _line(kind: Kind, row: Any) -> Contribution:
    return Contribution(*kind.told(row), on=row.on)


def _dated(rows: QuerySet[Any], column: str) -> QuerySet[Any]:
    dated: QuerySet[Any] = rows.annotate(on=F(column))
    return dated


def _written(member: Member, reader: User) -> QuerySet[Any]:
    drafts = Draft.objects.filter(entry=OuterRef("pk"), state="published", authors=member)
    seen = Entry.objects.visible_to(reader).published().filter(Exists(drafts))
    return _dated(seen, "published_at")


def _reviewed(member: Member, reader: User) -> QuerySet[Any]:
    """Return the texts that they judged: for those who see the names of reviewers anyway."""
    given = GateVerdict.objects.filter(reviewer=member)
    seen = Draft.objects.visible_to(reader).filter(pk__in=given.values("round__draft"))
    last = given.filter(round__draft=OuterRef("pk")).order_by("-given_at")
    return seen.annotate(on=Subquery(last.values("given_at")[:1]))


def _resources(member: Member, reader: User) -> QuerySet[Any]:
    added = Activity.objects.filter(actor=member, object_model="resource", verb="resource.added")
    seen = Resource.objects.visible_to(reader).filter(pk__in=added.values("object_pk"))
    return _dated(seen.filter(is_published=True), "created_at")


def _expert(member: Member, reader: User) -> QuerySet[Any]:
    return _dated(Expert.objects.visible_to(reader).filter(member=member), "updated_at")


def _exchanges(member: Member, reader: User) -> QuerySet[Any]:
    """Return the exchanges that they began, or of which they confirmed facts for a party."""
    confirmed = Confirmation.objects.filter(by=member)
    took_part = Q(created_by=member) | Q(pk__in=confirmed.values("exchange"))
    seen = Exchange.objects.visible_to(reader).published().filter(took_part)
    return _dated(seen, "created_at")


def _stories(member: Member, reader: User) -> QuerySet[Any]:
    worked = ImpactStory.writers.through.objects.filter(member=member)
    wrote = Q(author=member) | Q(pk__in=worked.values("impactstory"))
    seen = ImpactStory.objects.visible_to(reader).published().filter(wrote)
    return _dated(seen, "published_at")


def _threads(member: Member, reader: User) -> QuerySet[Any]:
    begun = _open_threads(reader).filter(author=member, space__isnull=False)
    return _dated(begun, "created_at")


def _answers(member: Member, reader: User) -> QuerySet[Any]:
    """Return the questions that they answered, as those say who asked."""
    answered = _open_threads(reader).filter(accepted__author=member, accepted__state="shown")
    return _dated(answered, "accepted__written_at")


def _open_threads(reader: User) -> Any:
    seen = Thread.objects.visible_to(reader).listed().open_to_readers()
    return seen.select_related("space")


def _posts(member: Member, reader: User) -> QuerySet[Any]:
    seen = Post.objects.shown().visible_to(reader).filter(author=member)
    return _dated(seen.select_related("thread"), "written_at")


def _organised(member: Member, reader: User) -> QuerySet[Any]:
    return _dated(Event.objects.visible_to(reader).listed().filter(author=member), "starts_at")


def _attended(member: Member, reader: User) -> QuerySet[Any]:
    """Return the events at which they were: for those who see who was there anyway."""
    seen = Enrolment.objects.visible_to(reader).filter(member=member)
    there = seen.filter(attendances__isnull=False)
    events = Event.objects.visible_to(reader).listed().filter(pk__in=there.values("event"))
    return _dated(events, "starts_at")


def _titled(row: Any) -> tuple[str, str, str]:
    return row.title, row.language, row.get_absolute_url()


def _draft(row: Any) -> tuple[str, str, str]:
    return str(row), row.content.get("language", ""), row.get_absolute_url()


def _headed(row: Any) -> tuple[str, str, str]:
    return row.headline, row.language, row.get_absolute_url()


def _post(row: Any) -> tuple[str, str, str]:
    return row.thread.title, row.thread.language, row.get_absolute_url()


KINDS = (
    Kind("entries", _("Experiences"), _written, _titled),
    Kind("reviews", _("Reviews of experiences"), _reviewed, _draft),
    Kind("resources", _("Resources"), _resources, _titled),
    Kind("expert", _("As an expert"), _expert, _headed),
    Kind("exchanges", _("Exchanges"), _exchanges, _titled),
    Kind("stories", _("Impact stories"), _stories, _titled),
    Kind("threads", _("Threads begun"), _threads, _titled),
    Kind("answers", _("Questions answered"), _answers, _titled),
    Kind("posts", _("Written last"), _posts, _post),
    Kind("events", _("Events organised"), _organised, _titled),
    Kind("attended", _("Events taken part in"), _attended, _titled),
)
