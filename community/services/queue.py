"""The queue as moderators read it: what waits, why, who has reported it, who has taken it on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from community.models import Claim, Flag
from community.querysets.moderation import ELSEWHERE, TARGETS, rows_of
from community.services.claims import claims_in_force
from community.services.deciding import text_of
from community.services.moderation_mail import title_of

WHYS: Mapping[str, Promise] = {
    "flag": _("Reported"),
    "held": _("Held back"),
    "entry": _("Text sent for review"),
    "article": _("Proposed article"),
    "registration": _("Asks to join"),
    "role": _("Asks for a role in a hub"),
    "appeal": _("Appeal"),
}
_ALONG: Mapping[str, tuple[str, ...]] = {
    "post": ("thread__space", "author"),
    "thread": ("space", "author"),
    "entry": ("hub",),
    "resource": ("hub",),
    "draft": ("hub",),
    "article": ("hub", "author"),
    "membership": ("hub", "member"),
    "appeal": ("member", "decision__post__thread", "measure"),
}


@dataclass
class Item:
    """One thing that waits."""

    kind: str
    why: str
    since: Any
    thing: Any
    claim: Claim | None = None
    flags: list[Flag] = field(default_factory=list)

    @property
    def pk(self) -> int:
        return int(self.thing.pk)

    @property
    def why_text(self) -> str:
        return str(WHYS[self.why])

    @property
    def title(self) -> str:
        """What it is called; of an appeal and a role, whose it is."""
        if self.kind in ("appeal", "membership"):
            return str(self.thing.member)
        return title_of(self.kind, self.thing)

    @property
    def text(self) -> str:
        """What it says."""
        if self.kind == "appeal":
            return str(self.thing.text)
        return text_of(self.kind, self.thing) if self.kind in TARGETS else ""

    @property
    def url(self) -> str:
        """Where it is decided."""
        if self.kind == "draft":
            return reverse("catalogue:draft_review", args=[self.pk])
        if self.kind == "article":
            return str(self.thing.get_absolute_url())
        if self.kind == "membership":
            return reverse("hubs:membership_list", args=[self.thing.hub.slug])
        return reverse("community:moderation_item", args=[self.kind, self.pk])

    @property
    def is_elsewhere(self) -> bool:
        """Whether it is decided on pages of its own."""
        return self.kind in ELSEWHERE


def items_of(rows: Iterable[Any]) -> list[Item]:
    """Return rows of `queue_for` with what a line shows: one query a kind, and two."""
    found = list(rows)
    keys: dict[str, list[int]] = defaultdict(list)
    for row in found:
        keys[row.what].append(row.pk)
    things = {
        kind: rows_of(kind).select_related(*_ALONG.get(kind, ())).in_bulk(pks)
        for kind, pks in keys.items()
    }
    flags, claims = _flags(keys), _claims(keys)
    return [
        Item(
            row.what,
            row.why,
            row.since,
            things[row.what][row.pk],
            claims.get((row.what, row.pk)),
            flags.get((row.what, row.pk), []),
        )
        for row in found
        if row.pk in things[row.what]
    ]


def _flags(keys: Mapping[str, list[int]]) -> dict[tuple[str, int], list[Flag]]:
    about = Q(pk__in=[])
    for kind in TARGETS:
        if keys.get(kind):
            about |= Q(**{f"{kind}__in": keys[kind]})
    found: dict[tuple[str, int], list[Flag]] = defaultdict(list)
    for flag in Flag.objects.open().filter(about).select_related("member").order_by("pk"):
        found[flag.kind, getattr(flag, f"{flag.kind}_id")].append(flag)
    return found


def _claims(keys: Mapping[str, list[int]]) -> dict[tuple[str, int], Claim]:
    taken = Q(pk__in=[])
    for kind, pks in keys.items():
        taken |= Q(kind=kind, object_pk__in=pks)
    found = claims_in_force().filter(taken).select_related("moderator")
    return {(each.kind, each.object_pk): each for each in found}
