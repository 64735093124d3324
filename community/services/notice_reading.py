"""Who may read what, asked for many members and many things at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.db import connection

from accounts.models import Activity, Member
from community.news import model_of
from community.querysets.follows import audiences_of

COUNTED = 100  # lines of notices that are counted; more are "99+"
LOOKED_AT = 1_000  # newest unread notices of which the lines are counted
# Of the newest lines of notices, what they are about; the number of a notice names its own line.
_UNREAD = """
WITH newest AS (
    SELECT activity_id, id, coalesce(nullif(line, ''), id::text) AS line
    FROM community_notification
    WHERE member_id = %s AND read_at IS NULL AND NOT is_quiet ORDER BY id DESC LIMIT %s
), lines AS (SELECT line FROM newest GROUP BY line ORDER BY max(id) DESC LIMIT %s)
SELECT object_app, object_model, object_pk, audience, array_agg(DISTINCT line)
FROM newest JOIN lines USING (line)
JOIN accounts_activity ON accounts_activity.id = newest.activity_id
GROUP BY object_app, object_model, object_pk, audience
"""


class Telling(NamedTuple):
    """One member to be told of one activity."""

    member: Member
    activity: Activity


def readable(tellings: Iterable[Telling]) -> set[tuple[int, int]]:
    """Return the pairs of member and activity, by their keys, that the member may read now.

    One query for each model finds what everybody may see; only of the rest each member is asked
    about.
    """
    asked: dict[str, list[Telling]] = {}
    for each in tellings:
        model = model_of(each.activity)
        if model is not None and each.activity.audience in audiences_of(each.member):
            asked.setdefault(model, []).append(each)
    return {pair for model, some in asked.items() for pair in _readable(model, some)}


def _readable(model: str, tellings: Iterable[Telling]) -> Iterable[tuple[int, int]]:
    things: Any = apps.get_model(model)._default_manager
    by_member: dict[int, list[Telling]] = {}
    public = _seen(things.visible_to(AnonymousUser()), tellings)
    for each in tellings:
        if each.activity.object_pk in public:
            yield each.member.pk, each.activity.pk
        else:
            by_member.setdefault(each.member.pk, []).append(each)
    for some in by_member.values():
        seen = _seen(things.visible_to(some[0].member), some)
        for each in some:
            if each.activity.object_pk in seen:
                yield each.member.pk, each.activity.pk


def _seen(visible: Any, tellings: Iterable[Telling]) -> set[int]:
    pks = {each.activity.object_pk for each in tellings}
    return set(visible.filter(pk__in=pks).values_list("pk", flat=True))


def members_by_key(keys: Iterable[int]) -> Mapping[int, Member]:
    """Return those of these members who take part."""
    members: Mapping[int, Member] = Member.objects.taking_part().in_bulk(set(keys))
    return members


def read_by(member: Member, notices: Iterable[Any]) -> list[Any]:
    """Return those of a member's notices, fetched with their activities, that they may read now:
    a query or two for each model that they are about.
    """
    rows = list(notices)
    seen = readable(Telling(member, row.activity) for row in rows)
    return [row for row in rows if (member.pk, row.activity_id) in seen]


def unread_count(member: Member) -> int:
    """Return how many lines of notices the member may read and did not, `COUNTED` at most; one
    query if there is none. It stands on every page, so what there is of each thing is fetched at
    once.
    """
    with connection.cursor() as cursor:
        cursor.execute(_UNREAD, [member.pk, LOOKED_AT, COUNTED])
        rows = cursor.fetchall()
    lines = {key: row[-1] for key, row in enumerate(rows)}
    tellings = (
        Telling(
            member,
            Activity(pk=key, object_app=app, object_model=model, object_pk=pk, audience=audience),
        )
        for key, (app, model, pk, audience, _lines) in enumerate(rows)
    )
    return len({line for _member, key in readable(tellings) for line in lines[key]})
