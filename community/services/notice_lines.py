"""Notices as people read them: one line for what happened often within an hour."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser

from accounts.models import Activity, Member
from community.followed import KINDS
from community.gathering import address_of_many, sentence_of_many, thing_of
from community.models import Notification
from community.news import address_of, sentence_of

_Key = tuple[int, str]  # a member's number, and the name of a line


@dataclass(frozen=True)
class Line:
    """One notice, or several gathered ones, newest first; `thing` is what these belong to."""

    member: Member
    notices: list[Notification]
    thing: Any = None

    @property
    def newest(self) -> Notification:
        return self.notices[0]

    @property
    def activity(self) -> Activity:
        return self.newest.activity

    @property
    def is_unread(self) -> bool:
        return any(each.read_at is None and not each.is_quiet for each in self.notices)

    @property
    def text(self) -> str:
        """What happened, in the language of now."""
        if self.thing is None:
            return sentence_of(self.activity)
        return sentence_of_many(self.activity.verb, len(self.notices), self.thing)

    @property
    def address(self) -> str:
        """Where it can be seen, "" where there is no page."""
        if self.thing is None:
            return address_of(self.activity)
        kind, _pk = thing_of(self.newest.line)
        return address_of_many(self.activity.verb, kind, self.thing)


def lines_of(notices: Iterable[Notification], members: Mapping[int, Member]) -> list[Line]:
    """Return notices, which their members may read, newest first, as lines.

    Those whose thing the member may not see any more stand each for itself. One query a kind of
    thing finds what everybody may see; only of the rest each member is asked about.
    """
    found: dict[_Key, list[Notification]] = {}
    for each in notices:
        found.setdefault((each.member_id, each.line or str(each.pk)), []).append(each)
    things = _things_of([key for key, rows in found.items() if len(rows) > 1], members)
    lines = []
    for key, rows in found.items():
        member, thing = members[key[0]], things.get(key)
        if thing is None:
            lines += [Line(member, [row]) for row in rows]
        else:
            lines.append(Line(member, rows, thing))
    return lines


def _things_of(keys: Iterable[_Key], members: Mapping[int, Member]) -> dict[_Key, Any]:
    wanted: dict[str, dict[_Key, int]] = {}
    for key in keys:
        kind, pk = thing_of(key[1])
        wanted.setdefault(kind, {})[key] = pk
    found: dict[_Key, Any] = {}
    for kind, pks in wanted.items():
        public = _seen_by(AnonymousUser(), kind, pks.values())
        found |= {key: public[pk] for key, pk in pks.items() if pk in public}
        rest: dict[int, dict[_Key, int]] = {}
        for key, pk in pks.items():
            if key not in found:
                rest.setdefault(key[0], {})[key] = pk
        for member, own in rest.items():
            seen = _seen_by(members[member], kind, own.values())
            found |= {key: seen[pk] for key, pk in own.items() if pk in seen}
    return found


def _seen_by(user: Any, kind: str, pks: Iterable[int]) -> Mapping[int, Any]:
    things: Mapping[int, Any] = KINDS[kind].things.visible_to(user).in_bulk(set(pks))
    return things
