"""What those who work on an exchange's stories and plans are told by mail."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from accounts.models import MailKind, Member
from accounts.services import notify_each
from hubs.models import Membership
from hubs.querysets import ASSESSING_ROLES

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.utils.functional import Promise

    from hubs.models import Hub


def tell(
    people: Iterable[Member],
    *,
    key: str,
    subject: Promise,
    body: Promise,
    path: str,
    by: Member | None = None,
    **words: object,
) -> None:
    """Tell each of `people` but `by` in their language, in the running transaction.

    `key` names the effect. The texts are filled with `words`, with `by`, and with the whole
    `address` of `path`.
    """
    kind = MailKind.EXCHANGES
    notify_each(people, kind, key=key, subject=subject, body=body, words=words, path=path, by=by)


def deciding_people(hub: Hub) -> QuerySet[Member]:
    """Return the hub's focal points, editors and heads who take part now."""
    places = Membership.objects.in_force().filter(hub=hub, role__in=ASSESSING_ROLES)
    people: QuerySet[Member] = Member.objects.taking_part()
    return people.filter(pk__in=places.values("member")).order_by("pk")
