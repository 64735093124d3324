"""Members as lists show them: each field to those whom its owner lets see it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    Case,
    CharField,
    Exists,
    F,
    JSONField,
    OuterRef,
    Q,
    TextField,
    Value,
    When,
)
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce, JSONObject

from accounts.models import Member
from accounts.models.member import Visibility
from hubs.models import Hub, Membership
from hubs.querysets import by_name

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from hubs.querysets import User

# Profile fields that lists show, search and count, with their types and what they hold else.
_CODES: ArrayField[Any, Any] = ArrayField(CharField(max_length=10))
_FIELDS: dict[str, tuple[Any, Any]] = {
    "organisation": (CharField(), ""),
    "country": (CharField(), ""),
    "languages": (_CODES, []),
    "sectors": (_CODES, []),
    "biography": (TextField(), ""),
    "photo": (CharField(), ""),
}


def listed_members(user: User) -> QuerySet[Any]:
    """Return the members who take part, with what `user` may see of them.

    `shown_…` is each profile field, empty where it is not for `user`, as the member's own page
    has it; `shown_hubs` are JSON objects of slug, name and role, `shown_hub_slugs` their slugs.
    """
    members: Any = Member.objects.taking_part()
    audiences = {f"audience_{name}": _audience(name) for name in _FIELDS}
    shown = {f"shown_{name}": _shown(user, name) for name in _FIELDS}
    found: QuerySet[Any] = members.alias(**audiences).annotate(**shown, **_hubs(user))
    return found


def _audience(name: str) -> Coalesce:
    """Return who may see a field, as its owner chose or as it is before any choice."""
    usual = Value(Member.VISIBILITY_DEFAULTS[name].value, output_field=TextField())
    return Coalesce(KT(f"visibility__{name}"), usual)


def _shown(user: User, name: str) -> Case:
    kind, nothing = _FIELDS[name]
    return Case(
        When(_may_read(user, f"audience_{name}"), then=F(name)),
        default=Value(nothing, output_field=kind),
        output_field=kind,
    )


def _may_read(user: User, audience: str) -> Q:
    if not user.is_authenticated:
        return Q(**{audience: Visibility.PUBLIC.value})
    if not user.takes_part:
        return Q(**{audience: Visibility.PUBLIC.value}) | Q(pk=user.pk)
    told = Q(**{f"{audience}__in": [Visibility.PUBLIC.value, Visibility.MEMBERS.value]})
    in_force = Membership.objects.in_force()
    mine = in_force.filter(member=user.pk).values("hub")
    colleague = Exists(in_force.filter(member=OuterRef("pk"), hub__in=mine))
    of_hubs = Q(**{audience: Visibility.HUBS.value}) & Q(colleague)
    return told | of_hubs | Q(pk=user.pk)


def _hubs(user: User) -> dict[str, Any]:
    """Return the hubs in which somebody holds a role, of those that `user` may know of."""
    if not user.is_authenticated:
        return {
            "shown_hubs": Value([], output_field=JSONField()),
            "shown_hub_slugs": Value([], output_field=_CODES),
        }
    seen = Membership.objects.visible_to(user).in_force()
    own = seen.filter(member=OuterRef("pk"), hub__in=Hub.objects.visible_to(user))
    rows = own.order_by(by_name("hub__name"), "pk")
    told = JSONObject(slug="hub__slug", name="hub__name", role="role")
    return {
        "shown_hubs": ArraySubquery(rows.values(json=told)),
        "shown_hub_slugs": ArraySubquery(rows.values("hub__slug")),
    }
