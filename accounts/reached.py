"""Rights on what a column leads to, as a condition whose SQL is made once a day.

A right is a method of a queryset, and rights stand on rights: a thread is seen with its space and
with what it is about, that with its hub. PostgreSQL answers such a condition in a fraction of a
millisecond, Django takes twenty to write it. Who asks changes nothing in it but their number, so
it is written once for all who have the same standing, and kept.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.core.exceptions import EmptyResultSet
from django.db.models import BooleanField, F, Func
from django.db.models.expressions import Combinable

from core.dates import today

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser
    from django.db.models import Model

    from accounts.models import Member

_ANYBODY = -(2**62)  # stands for the key of who asks: the key of nobody
_CONDITION = "EXISTS(SELECT 1 FROM ({keys}) reached WHERE reached.key = {column})"
_MOST = 500  # conditions that a process keeps


@dataclass(frozen=True, slots=True)
class Standing:
    """All of a reader that the rights of things ask about, but for the key. A right that asks
    for more does not work here, and says so by an `AttributeError`.
    """

    is_authenticated: bool = False
    takes_part: bool = False
    is_moderator: bool = False
    is_administrator: bool = False

    @property
    def pk(self) -> int | None:
        return _ANYBODY if self.is_authenticated else None

    @classmethod
    def of(cls, user: Member | AnonymousUser) -> Standing:
        if not user.is_authenticated:
            return cls()
        return cls(True, user.takes_part, user.is_moderator, user.is_administrator)


class Reached(Func):
    """The condition "`user` has `right` on the `model` that `column`, or an expression, leads to".

    The same as `Exists(model.right(user).filter(pk=OuterRef(column)))`. Nothing that a column
    without a value leads to is anybody's.
    """

    output_field = BooleanField()
    conditional = True
    arity = 1
    empty_result_set_value = False  # where nobody of such a standing has the right

    def __init__(
        self,
        column: str | Combinable,
        model: type[Model],
        user: Member | AnonymousUser,
        right: str = "visible_to",
    ) -> None:
        super().__init__(F(column) if isinstance(column, str) else column)
        self.keys = _keys(model, right, Standing.of(user), today())
        self.asker = user.pk

    def as_sql(self, compiler: Any, connection: Any, *_args: Any, **_extra: Any) -> Any:
        if self.keys is None:
            raise EmptyResultSet
        sql, given = self.keys
        column, of_column = compiler.compile(self.source_expressions[0])
        own = [self.asker if each == _ANYBODY else each for each in given]
        return _CONDITION.format(keys=sql, column=column), [*own, *of_column]


@lru_cache(_MOST)
def _keys(
    model: Any, right: str, standing: Standing, day: datetime.date
) -> tuple[str, tuple[Any, ...]] | None:
    """Return the SQL of all keys on which such a reader has a right that day, and what it is
    given; None if there can be none.
    """
    things = getattr(model._default_manager.all(), right)(standing)
    try:
        sql, given = things.order_by().values(key=F("pk")).query.sql_with_params()
    except EmptyResultSet:
        return None
    return sql, given
