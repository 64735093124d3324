"""The hub list as plain rows: the same for the API, its CSV and the page's CSV."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import reverse

from core.dates import today
from hubs.models import (
    CoordinationLink,
    ExpertiseSource,
    FundingStream,
    InstitutionalArrangement,
)

if TYPE_CHECKING:
    import datetime

    from django.db.models.expressions import Combinable

    from hubs.querysets import User

HUB_COLUMNS = (
    "slug", "name", "acronym", "native_name", "countries", "level", "sectors", "languages",
    "website", "founded_year", "status", "model", "funding_types", "coordination_levels",
    "expertise_kinds", "verified_on", "review_due", "updated_at", "url", "api_url",
)  # fmt: skip
_ADDRESSES = ("url", "api_url")
_MARK = "7201206"  # where the key stands in an address: a slug, and a number, too
ORGANISATION_COLUMNS = (
    "slug", "name", "acronym", "kind", "country", "website", "iati_identifier", "updated_at",
    "url", "api_url",
)  # fmt: skip
NETWORK_COLUMNS = ("slug", "name", "acronym", "description", "website", "url", "api_url")


def hub_values(
    hubs: QuerySet[Any], columns: Sequence[str] = HUB_COLUMNS, *, user: User
) -> QuerySet[Any]:
    """Return `hubs` as dictionaries of `columns` and `pk`: one query, however many there are.

    What is drawn from facts (model, funding_types …) holds today and comes from the facts
    that `user` may see.
    """
    from_facts = _from_facts(user, today()) if user.is_authenticated else _public_facts(today())
    drawn = {name: expression for name, expression in from_facts.items() if name in columns}
    stored = [name for name in columns if name not in drawn and name not in _ADDRESSES]
    names = dict.fromkeys(["pk", "slug", *stored, *drawn])  # addresses need the slug
    rows: QuerySet[Any] = hubs.annotate(**drawn).values(*names)
    return rows


@lru_cache(maxsize=2)
def _public_facts(day: datetime.date) -> dict[str, Combinable]:
    # Building these costs more than the query; each use makes its own copy of them.
    return _from_facts(AnonymousUser(), day)


def _from_facts(user: User, day: datetime.date) -> dict[str, Combinable]:
    def facts(model: Any) -> QuerySet[Any]:
        found: QuerySet[Any] = model.objects.visible_to(user).filter(hub=OuterRef("pk")).as_of(day)
        return found

    def codes(model: Any, field: str) -> ArraySubquery:
        return ArraySubquery(facts(model).order_by(field).values(field).distinct())

    newest = facts(InstitutionalArrangement).order_by("-known_from", "-pk")
    return {
        "model": Subquery(newest.values("model")[:1]),
        "funding_types": codes(FundingStream, "source_type"),
        "coordination_levels": codes(CoordinationLink, "government_level"),
        "expertise_kinds": codes(ExpertiseSource, "kind"),
    }


class Addresses:
    """Adds to rows the addresses of their page and of their API resource.

    `root` is the address of the portal without its last slash; `noun` is the name of the
    thing in routes ("hub"), `space` that of the app, `key` the column that its addresses name
    it by: "slug" or "pk". Reversed once, not for each row.
    """

    def __init__(self, root: str, noun: str, space: str = "hubs", *, key: str = "slug") -> None:
        self._key = key
        self._page = self._pattern(root, f"{space}:{noun}_detail")
        self._api = self._pattern(root, f"{noun}-detail")

    def _pattern(self, root: str, route: str) -> tuple[str, str]:
        start, _mark, end = reverse(route, args=[_MARK]).rpartition(_MARK)
        return f"{root}{start}", end

    def page(self, key: str | int) -> str:
        return str(key).join(self._page)

    def api(self, key: str | int) -> str:
        return str(key).join(self._api)

    def complete(
        self, rows: Iterable[dict[str, Any]], columns: Sequence[str]
    ) -> Iterator[dict[str, Any]]:
        """Give each row with `columns` only, in their order."""
        for row in rows:
            row["url"] = self.page(row[self._key])
            row["api_url"] = self.api(row[self._key])
            yield {column: row[column] for column in columns}


def hub_rows(
    hubs: QuerySet[Any], *, user: User, root: str, columns: Sequence[str] = HUB_COLUMNS
) -> Iterator[dict[str, Any]]:
    """Give every hub of `hubs` as a row, fetched in portions: what a CSV needs."""
    values = hub_values(hubs, user=user, columns=columns)
    return Addresses(root, "hub").complete(values.iterator(chunk_size=500), columns)
