"""What can be reported and moderated, by whom; what waits for whom. Every such rule is here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db.models import (
    Case,
    CharField,
    Exists,
    F,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from accounts.querysets import is_moderator
from accounts.reached import Reached
from community.querysets.spaces import own
from hubs.querysets import ANY_ROLE, EDITING_ROLES, holds_role

if TYPE_CHECKING:
    from hubs.querysets import User

# What members report and moderators decide on: the column, and the model.
TARGETS = {
    "post": ("community", "Post"),
    "thread": ("community", "Thread"),
    "entry": ("catalogue", "Entry"),
    "resource": ("catalogue", "Resource"),
    "hub": ("hubs", "Hub"),
    "person": ("accounts", "Member"),
}
# What else waits: it is decided on its own pages, or is an appeal.
ELSEWHERE = {
    "draft": ("catalogue", "Draft"),
    "article": ("community", "Article"),
    "membership": ("hubs", "Membership"),
}
APPEAL = ("community", "Appeal")
WAITING = TARGETS | ELSEWHERE | {"appeal": APPEAL}
_HUB_COLUMN = {"entry": "hub", "resource": "hub", "hub": "pk"}


def rows_of(kind: str) -> Any:
    """Return all things of a kind that can wait."""
    return apps.get_model(*WAITING[kind])._default_manager.all()


def moderates(user: User) -> bool:
    """Return whether `user` moderates the portal or a space; one query at most."""
    if not user.is_authenticated or not user.takes_part:
        return False
    people = apps.get_model("community", "SpacePerson").objects
    return is_moderator(user) or people.filter(member=user.pk, role="moderator").exists()


def _kept_threads(user: User) -> Reached:
    return Reached("thread", apps.get_model("community", "Thread"), user, "moderated_by")


def kept_by(kind: str, user: User) -> Any:
    """Return the things of a kind whose flags and decisions `user` reads: posts and threads
    that they moderate; all else that they see, for moderators of the portal.
    """
    found = rows_of(kind)
    if kind == "post":
        return found.filter(_kept_threads(user))
    if kind == "thread":
        return found.moderated_by(user)
    return found.visible_to(user) if is_moderator(user) else found.none()


def judgeable_by(kind: str, user: User) -> Any:
    """Return those of `kept_by` on which `user` decides: none of their own, or of their hub."""
    found = kept_by(kind, user)
    if kind in ("post", "thread"):
        return found.exclude(own(user, "author"))
    if kind == "person":
        return found.filter(pk__in=rows_of(kind).approvable_by(user).values("pk"))
    return found.exclude(holds_role(user, ANY_ROLE, _HUB_COLUMN[kind]))


def flaggable_by(kind: str, user: User) -> Any:
    """Return the things of a kind that `user` may report: what they see and is not theirs."""
    found = rows_of(kind)
    if not user.is_authenticated or not user.takes_part:
        return found.none()
    found = found.visible_to(user)
    if kind == "post":
        return found.shown().exclude(author=user.pk)
    if kind == "thread":
        told = found.filter(space__isnull=False, state__in=("open", "closed"))
        return told.exclude(author=user.pk)
    if kind == "person":
        return found.taking_part().exclude(pk=user.pk)
    return found.exclude(holds_role(user, EDITING_ROLES, _HUB_COLUMN[kind]))


def _open_flags(kind: str) -> Any:
    flags = apps.get_model("community", "Flag").objects
    return flags.filter(state="open", **{kind: OuterRef("pk")}).order_by()


def waiting_for(kind: str, user: User) -> Any:
    """Return the things of a kind that wait for a decision of `user`, with `why` and `since`."""
    if kind == "appeal":
        return _told(rows_of(kind).decidable_by(user), kind, why="appeal", since="made_at")
    if kind == "draft":
        return _told(rows_of(kind).decidable_by(user), kind, why="entry", since="state_since")
    if kind == "article":
        return _told(rows_of(kind).returnable_by(user), kind, why="article", since="submitted_at")
    if kind == "membership":
        asked = rows_of(kind).awaiting().confirmable_by(user)
        asked = asked if is_moderator(user) else asked.none()
        return _told(asked, kind, why="role", since="requested_at")
    found = judgeable_by(kind, user)
    # Asked once for all, not for each row.
    flags = apps.get_model("community", "Flag").objects.filter(state="open")
    flagged = Q(pk__in=flags.filter(**{f"{kind}__isnull": False}).values(kind))
    first = Subquery(_open_flags(kind).values(kind).annotate(first=Min("made_at")).values("first"))
    if kind == "post":
        held = When(state="held", then=Value("held"))
        found = found.filter(Q(state="held") | flagged)
        return _told(found, kind, why=held, since=Coalesce(first, "written_at"))
    if kind == "person":
        pending = rows_of(kind).pending().values("pk")
        found = found.filter(Q(pk__in=pending) | flagged)
        joins = When(status="pending", then=Value("registration"))
        return _told(found, kind, why=joins, since=Coalesce(first, "joined_at"))
    return _told(found.filter(flagged), kind, why="flag", since=first)


def _told(found: Any, kind: str, *, why: Any, since: Any) -> Any:
    if isinstance(why, When):
        told: Any = Case(why, default=Value("flag"), output_field=CharField())
    else:
        told = Value(why, output_field=CharField())
    since = F(since) if isinstance(since, str) else since
    what = Value(kind, output_field=CharField())
    return found.annotate(what=what, why=told, since=since)


def queue_for(user: User, *, why: str = "") -> Any:
    """Return all that waits for `user` as rows (what, why, pk, since), the oldest first; of one
    reason alone if `why` says so. One query.
    """
    columns = ("what", "why", "pk", "since")
    parts = [
        (found.filter(why=why) if why else found).order_by().values_list(*columns, named=True)
        for found in (waiting_for(kind, user) for kind in WAITING)
    ]
    return parts[0].union(*parts[1:], all=True).order_by("since", "what", "pk")


def about_those(right: Any, user: User) -> Q:
    """Return the condition "what the row is about is among those of `right` of `user`"."""
    told = Q()
    for kind in TARGETS:
        things = right(kind, user).filter(pk=OuterRef(kind))
        told &= Q((kind, None)) | Q(Exists(things))
    return told


class FlagQuerySet(QuerySet[Any]):
    def open(self) -> Self:
        return self.filter(state="open")

    def about(self, kind: str, thing: Any) -> Self:
        """Those of one thing."""
        return self.filter(**{kind: thing.pk})

    def visible_to(self, user: User) -> Self:
        """One's own; those of what one moderates."""
        if not user.is_authenticated or not user.takes_part:
            return self.none()
        return self.filter(own(user) | about_those(kept_by, user))


class DecisionQuerySet(QuerySet[Any]):
    def about(self, kind: str, thing: Any) -> Self:
        """Those on one thing."""
        return self.filter(**{kind: thing.pk})

    def standing(self) -> Self:
        """Those that nobody has undone."""
        return self.filter(undone_at=None)

    def visible_to(self, user: User) -> Self:
        """Those on what one moderates, and may read now."""
        if not user.is_authenticated or not user.takes_part:
            return self.none()
        return self.filter(about_those(kept_by, user))

    def undoable_by(self, user: User) -> Self:
        """Those on what one decides on; that it is not too late is the service's to say."""
        if not user.is_authenticated or not user.takes_part:
            return self.none()
        return self.filter(about_those(judgeable_by, user))

    def told_to(self, user: User) -> Self:
        """Those about what the user wrote or did, of which they were told."""
        return self.filter(own(user)).exclude(act__in=("granted", "refused"))

    def for_list(self) -> Self:
        """With the people and the things, the newest first: one query."""
        things = (kind if kind != "post" else "post__thread" for kind in TARGETS)
        people = ("moderator", "member", "undone_by")
        return self.select_related(*people, *things).order_by("-at", "-pk")


class AppealQuerySet(QuerySet[Any]):
    def open(self) -> Self:
        return self.filter(state="open")

    def visible_to(self, user: User) -> Self:
        """One's own; those that one decides."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(own(user) | Q(pk__in=self.model.objects.judged_by(user).values("pk")))

    def decidable_by(self, user: User) -> Self:
        """Open ones of `judged_by`."""
        return self.open().judged_by(user)

    def judged_by(self, user: User) -> Self:
        """Those of others against decisions of others, on what one judges oneself."""
        if not user.is_authenticated or not user.takes_part:
            return self.none()
        decisions = apps.get_model("community", "Decision").objects.undoable_by(user)
        of_queue = Exists(decisions.filter(pk=OuterRef("decision")).exclude(moderator=user.pk))
        people = rows_of("person").approvable_by(user).filter(pk=OuterRef("member"))
        measure = Q(measure__isnull=False) & ~Q(measure__actor=user.pk) & Q(Exists(people))
        return self.exclude(member=user.pk).filter(Q(of_queue) | measure)
