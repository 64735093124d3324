"""Who writes announcements, who is meant by a segment, and who of them gets mail."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, TextField, Value
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce

from accounts.querysets import is_moderator
from accounts.tasks import MAX_ATTEMPTS
from core import codes
from hubs.querysets import HEAD_ROLES, NOBODY, holds_role

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from hubs.querysets import User

KIND = "announcements"  # of mail, as members choose it
GOT = ("owed", "mailed", "gathered", "told")  # whose turn came, and who was not left out
OPEN = ("everybody", "members")  # readers of spaces that every member may know of


def is_announcing(user: User) -> bool:
    """Return whether `user` may write announcements at all; one query at most."""
    return may_write(user) and (is_moderator(user) or announcing_hubs(user).exists())


def may_write(user: User) -> bool:
    """Return whether somebody is in good standing: those under a measure send nothing to many."""
    return bool(user.is_authenticated and user.takes_part and user.status == "active")


def announcing_hubs(user: User) -> Any:
    """Return the hubs to whose people `user` may write: those they head; all, for moderators."""
    hubs: Any = apps.get_model("hubs", "Hub").objects
    return hubs.headed_by(user) if may_write(user) else hubs.none()


class AnnouncementQuerySet(QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        """All, for moderators; of their own hubs, for heads. Nobody else knows of them."""
        if not may_write(user):
            return self.none()
        return self if is_moderator(user) else self.filter(holds_role(user, HEAD_ROLES))

    def editable_by(self, user: User) -> Self:
        """Whoever may see one may write, send and stop it; its state says what is possible."""
        return self.visible_to(user)

    def received_by(self, user: User) -> Self:
        """Those that came to the user, by a mail of their own or with others."""
        if not user.is_authenticated:
            return self.none()
        recipients = apps.get_model("community", "AnnouncementRecipient").objects
        own = recipients.filter(announcement=OuterRef("pk"), member=user.pk, state__in=GOT)
        return self.filter(Exists(own))

    def sending(self) -> Self:
        return self.filter(state="sending")

    def matching(self, text: str) -> Self:
        """Those whose subject or text holds every word of `text`; accents do not matter."""
        found = Q()
        for word in text.split():
            found &= Q(subject__unaccent__icontains=word) | Q(body__unaccent__icontains=word)
        return self.filter(found)

    def for_list(self) -> Self:
        """Fetch people and hub with each: one query."""
        return self.select_related("hub", "written_by", "started_by", "stopped_by")

    def with_figures(self) -> Self:
        """Annotate how many `recipients` there are, and of how many each is true: `mailed`,
        `failed`, `gathered` (with the mail of the day or week), `skipped`, `stopped`, `waiting`.
        """
        return self.annotate(
            recipient_count=Count("recipients"),
            **{
                f"{name}_count": Count("recipients", filter=condition)
                for name, condition in _outcomes("recipients__").items()
            },
        )

    def reaching(self, members: Any, *, since: datetime.datetime) -> Self:
        """Those begun after `since` that went to any of `members`, the last first, with how many
        of them: `overlap`.
        """
        recipients = apps.get_model("community", "AnnouncementRecipient").objects
        same = recipients.filter(
            announcement__started_at__gte=since,
            announcement__in=self.values("pk"),
            state__in=GOT,
            member__in=members.values("pk"),
        )
        numbers = same.order_by().values("announcement").annotate(number=Count("pk"))
        (last,) = numbers.order_by("-announcement__started_at")[:1] or [None]
        if last is None:
            return self.none()
        return self.filter(pk=last["announcement"]).annotate(overlap=Value(last["number"]))


def _outcomes(path: str) -> dict[str, Q]:
    def is_in(*states: str) -> Q:
        return Q(**{f"{path}state__in": states})

    left = Q(**{f"{path}mail__sent_at__isnull": False})
    given_up = Q(
        **{f"{path}mail__sent_at__isnull": True, f"{path}mail__attempts__gte": MAX_ATTEMPTS}
    )
    under_way = is_in("owed") & ~left & ~given_up
    return {
        "mailed": is_in("mailed") | (is_in("owed", "failed") & left),
        "failed": (is_in("failed") & ~left) | (is_in("owed") & given_up),
        "gathered": is_in("gathered", "told"),
        "skipped": is_in("skipped"),
        "stopped": is_in("stopped"),
        "waiting": is_in("waiting") | under_way,
    }


class RecipientQuerySet(QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        """One's own; who else got something is nobody's affair, only how many did."""
        return self.filter(member=user.pk) if user.is_authenticated else self.none()

    def waiting(self) -> Self:
        return self.filter(state="waiting")

    def gathered(self) -> Self:
        """Those told with the next mail of the day or of the week."""
        return self.filter(state="gathered")


def offered_hubs(user: User) -> Any:
    """Return the hubs that a segment of `user` can name."""
    return apps.get_model("hubs", "Hub").objects.visible_to(user)


def offered_spaces(user: User) -> Any:
    """Return the spaces that a segment can name: those that every member may read, since every
    moderator reads the announcement.
    """
    spaces: Any = apps.get_model("community", "Space").objects
    return spaces.visible_to(user).filter(readers__in=OPEN)


def posting_spaces(user: User) -> Any:
    """Return the spaces in which `user` can post an announcement."""
    spaces: Any = apps.get_model("community", "Space").objects
    return spaces.moderated_by(user).filter(readers__in=OPEN).open()


def offered_events() -> Any:
    """Return the events that a segment can name: what everybody may see."""
    return apps.get_model("community", "Event").objects.public()


def meant_by(announcement: Any) -> Any:
    """Return the members taking part whom the segment of `announcement` means, whether or not
    they get mail.
    """
    members: Any = apps.get_model("accounts", "Member").objects.taking_part()
    if announcement.hub_id is not None:
        return members.filter(_tied([announcement.hub.slug], announcement.ties))
    shown = Coalesce(KT("visibility__sectors"), Value("members", output_field=TextField()))
    found = members.alias(sectors_shown_to=shown)
    for condition in _conditions(announcement):
        found = found.filter(condition)
    return found


def _conditions(segment: Any) -> Iterator[Q]:
    """Give what a member must fit, of the columns that are filled."""
    filled: tuple[tuple[Any, Callable[[], Any]], ...] = (
        (segment.hubs, lambda: _tied(segment.hubs, segment.ties)),
        (segment.roles, lambda: _holding(segment.hubs, segment.roles)),
        (segment.spaces, lambda: _following("space", segment.spaces)),
        (segment.events, lambda: _seated(segment.events)),
        (segment.countries or segment.regions, lambda: Q(country__in=_countries(segment))),
        (segment.languages, lambda: Q(language__in=segment.languages)),
        (
            segment.sectors,
            lambda: Q(sectors__overlap=segment.sectors, sectors_shown_to__in=OPEN_FIELDS),
        ),
        (segment.joined_since, lambda: Q(joined_at__date__gte=segment.joined_since)),
    )
    return (Q(condition()) for is_filled, condition in filled if is_filled)


OPEN_FIELDS = ("public", "members")  # whom a profile field is for, of those that count here


def _countries(announcement: Any) -> list[str]:
    inside = (codes.countries_in(region) for region in announcement.regions)
    return sorted({*announcement.countries}.union(*inside))


def _tied(hubs: list[str], ties: str) -> Q:
    tied = NOBODY
    if ties != "followers":
        tied |= Q(_holding(hubs, ()))
    if ties != "people":
        tied |= Q(_following("hub", hubs))
    return tied


def _holding(hubs: list[str], roles: Any) -> Exists:
    places = apps.get_model("hubs", "Membership").objects.in_force()
    if hubs:
        places = places.filter(hub__slug__in=hubs)
    if roles:
        places = places.filter(role__in=roles)
    return Exists(places.filter(member=OuterRef("pk")))


def _following(kind: str, slugs: list[str]) -> Exists:
    follows = apps.get_model("community", "Follow").objects.exclude(level="mute")
    return Exists(follows.filter(**{f"{kind}__slug__in": slugs}, member=OuterRef("pk")))


def _seated(slugs: list[str]) -> Exists:
    enrolments = apps.get_model("community", "Enrolment").objects
    return Exists(enrolments.filter(event__slug__in=slugs, state="approved", member=OuterRef("pk")))


def _verified() -> Exists:
    addresses = apps.get_model("account", "EmailAddress").objects
    same = addresses.filter(user=OuterRef("pk"), verified=True, email__iexact=OuterRef("email"))
    return Exists(same)


def _dead() -> Exists:
    dead = apps.get_model("accounts", "MailAddress").objects.dead()
    return Exists(dead.filter(address=OuterRef("email")))


def _switched_off(members: Any) -> Any:
    return members.annotate(
        pace=Coalesce(KT(f"mail_choices__{KIND}"), Value("", output_field=TextField()))
    )


def reachable(members: Any) -> Any:
    """Return those of `members` who get announcements: they take part, have a confirmed address
    that takes mail, and did not switch announcements off.
    """
    found = _switched_off(members.taking_part())
    return found.filter(Q(_verified()) & ~Q(_dead()) & ~Q(pace="off"))


def reach_of(members: Any) -> dict[str, int]:
    """Return how many of `members` get announcements (`reached`), and how many do not because
    their address is `unconfirmed` or `dead`, or they want `none`; each counts once. One query.
    """
    told = _switched_off(members).annotate(is_verified=_verified(), is_dead=_dead())
    takes_mail = Q(is_verified=True, is_dead=False)
    return dict(
        told.order_by().aggregate(
            reached=Count("pk", filter=takes_mail & ~Q(pace="off")),
            unconfirmed=Count("pk", filter=Q(is_verified=False)),
            dead=Count("pk", filter=Q(is_verified=True, is_dead=True)),
            none=Count("pk", filter=takes_mail & Q(pace="off")),
        )
    )
