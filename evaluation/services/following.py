"""What those who work on an exchange's stories and plans are told by mail."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils import translation

from accounts.models import MailKind, Member
from accounts.services import notify
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
    by: Member | None = None,
    **words: Any,
) -> None:
    """Tell each of `people` but `by` in their language, in the running transaction.

    `key` names the effect. The texts are filled with `words`, in which `path` becomes the whole
    `address`, and with `by`.
    """
    path = words.pop("path", "")
    for person in {each.pk: each for each in people}.values():
        if by is not None and person.pk == by.pk:
            continue
        with translation.override(person.language):
            filled = {name: str(value) for name, value in words.items()} | {
                "by": by.name if by else settings.SITE_NAME,
                "address": f"{settings.SITE_URL}{path}",
            }
            notify(
                person,
                MailKind.EXCHANGES,
                key=f"{key}:{person.pk}",
                subject=str(subject) % filled,
                body=str(body) % filled,
            )


def deciding_people(hub: Hub) -> QuerySet[Member]:
    """Return the hub's focal points, editors and heads who take part now."""
    places = Membership.objects.in_force().filter(hub=hub, role__in=ASSESSING_ROLES)
    people: QuerySet[Member] = Member.objects.taking_part()
    return people.filter(pk__in=places.values("member")).order_by("pk")
