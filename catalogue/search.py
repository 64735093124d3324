"""The one function that searches: which published things fit best, how many there are, and how
many of them have each code.

Ranking reads the vectors of everything it ranks, so its cost follows the hits. Therefore it ranks
those with the words in their title, and others only to fill up, of each the first `CANDIDATES`
that the index gives; it counts no further than `COUNTED`, and what is beyond in a sample.
Who may find what is said once, by `SearchRowQuerySet.visible_to`, within what is capped.
"""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeVar

from django.core.cache import cache
from django.db import OperationalError, connection, transaction
from psycopg.errors import QueryCanceled

from catalogue.models import SAMPLE, SearchCount, SearchRow
from catalogue.querysets import SearchCountQuerySet, SearchStatements, audiences_of
from core.cache import count_up

if TYPE_CHECKING:
    from hubs.querysets import User

RELEVANCE, NEWEST, TITLE, YEAR = "relevance", "newest", "title", "year"
CANDIDATES = 2_000  # things that are ranked, of those found in the title and of the others
COUNTED = 10_000
FENCED = 3_000  # things with all words of a phrase, in which the phrase itself is looked for
MAX_SECONDS = 1.5  # for all statements of a search; what is not known then is left out
KEPT_SECONDS = 300
KEPT_ABOUT_SECONDS = 3_600  # for numbers that are about right anyhow
MAX_KEPT = 2_000  # answers in that time, so that odd addresses cannot fill the cache
_COUNTER = "searches"
T = TypeVar("T")
# Phrases and excluded words, in PostgreSQL's writing: who uses these means what they say.
_STRICT = re.compile(r" <(?:-|\d+)> |!")


@dataclass(frozen=True, slots=True)
class Search:
    """What somebody looks for. Without `text`: everything."""

    kinds: tuple[str, ...]
    text: str = ""
    chosen: Mapping[str, Sequence[str]] = field(default_factory=dict)  # facet -> any of these
    order: str = RELEVANCE
    facets: tuple[str, ...] = ()  # that are counted
    is_loose: bool = False  # some of the words will do
    is_counted: bool = True  # how many there are is asked for, and not only the best


@dataclass(frozen=True, slots=True)
class Found:
    """The best things as (kind, key), the best first, and how many there are."""

    things: list[tuple[str, int]]
    scores: list[float | None] = field(default_factory=list)  # of them; greater is better
    count: int = 0  # where asked for; at most `COUNTED`, unless it costs nothing
    is_more: bool = False  # than `count`
    facets: dict[str, dict[str, int]] = field(default_factory=dict)  # without their own filter
    about: frozenset[str] = frozenset()  # the facets whose numbers come from the sample
    is_partial: bool = False  # time was up, and something is left out
    reading: str = ""  # how PostgreSQL read the text

    @property
    def keys(self) -> list[int]:
        """The keys alone, for a search of one kind."""
        return [key for _kind, key in self.things]


def search(wanted: Search, *, user: User, limit: int, offset: int = 0) -> Found:
    """Return the things that `user` may find and that fit `wanted` best.

    Of what is ordered by relevance, only the first `CANDIDATES` can be had.
    """
    wanted = replace(wanted, text=wanted.text.replace("\0", " ").strip())
    state, reading = _read(wanted.text)
    if wanted.is_loose:
        reading = "" if _STRICT.search(reading) else reading.replace(" & ", " | ")
    if wanted.text and not reading:
        return Found([])
    found: Found = _kept(
        (state, audiences_of(user), wanted, limit, offset),
        lambda: _Run(wanted, user, state, reading).found(limit, offset),
    )
    return found


def in_time(ask: Callable[[], T], otherwise: T, seconds: float = 0.5) -> T:
    """Return what `ask` says, or `otherwise` where the database needs longer to say it."""
    try:
        with _transaction(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL statement_timeout TO {int(seconds * 1000)}")
            return ask()
    except OperationalError as error:
        if not isinstance(error.__cause__, QueryCanceled):
            raise
        return otherwise


class _Run:
    """One search, with the time that is left for it."""

    def __init__(self, wanted: Search, user: User, state: str, reading: str) -> None:
        self.wanted, self.user, self.state, self.reading = wanted, user, state, reading
        self.end = time.monotonic() + MAX_SECONDS
        # By what is chosen: the statements, and the numbers of a phrase.
        self.statements: dict[str, SearchStatements] = {}
        self.fenced: dict[str, dict[str, int]] = {}

    def found(self, limit: int, offset: int) -> Found:
        """Return everything, or what was known when time was up."""
        known = Found([], reading=self.reading)
        try:
            with _transaction():
                best = self._best(limit, offset)
                known = replace(
                    known,
                    things=[(kind, key) for kind, key, _score in best],
                    scores=[score for _kind, _key, score in best],
                )
                if not (self.wanted.is_counted or self.wanted.facets):
                    return known
                count, is_more = self._count(self.wanted.chosen)
                known = replace(
                    known, count=min(count, COUNTED) if is_more else count, is_more=is_more
                )
                facets, about = self._facets(count)
                return replace(known, facets=facets, about=about)
        except OperationalError as error:
            if not isinstance(error.__cause__, QueryCanceled):
                raise
            return replace(known, count=known.count or len(known.things), is_partial=True)

    def _best(self, limit: int, offset: int) -> list[tuple[str, int, float | None]]:
        statements = self._statements(self.wanted.chosen)
        order = self.wanted.order
        if order == RELEVANCE and self.reading:
            limit = max(min(limit, CANDIDATES - offset), 0)
            is_loose = self.wanted.is_loose
            sql = statements.best(limit, offset, CANDIDATES, is_loose=is_loose)
        else:
            sql = statements.in_order(NEWEST if order == RELEVANCE else order, limit, offset)
        return self._ask(sql)

    def _count(self, chosen: Mapping[str, Sequence[str]]) -> tuple[int, bool]:
        """Return how many there are, and whether there are more than these."""
        if self._is_counted_before(chosen):
            return self._all().totals(self.wanted.kinds, code="").get("", 0), False
        statements = self._statements(chosen)
        if statements.is_fenced:
            counts = self._fenced(statements)
            return counts.get("", 0), counts[" "] >= FENCED
        ((count,),) = self._ask(statements.count(COUNTED + 1))
        return count, count > COUNTED

    def _facets(self, count: int) -> tuple[dict[str, dict[str, int]], frozenset[str]]:
        """Count each facet without its own filter; those without a filter all at once."""
        facets: dict[str, dict[str, int]] = {}
        about: set[str] = set()
        free = [name for name in self.wanted.facets if not self.wanted.chosen.get(name)]
        groups = [(free, self.wanted.chosen, count)] if free else []
        for name in self.wanted.facets:
            if name not in free:
                rest = {key: codes for key, codes in self.wanted.chosen.items() if key != name}
                groups.append(([name], rest, self._count(rest)[0]))
        for names, chosen, number in groups:
            counts, is_about = self._counts(chosen, number)
            facets |= {name: _of_facet(name, counts) for name in names}
            about |= set(names) if is_about else set()
        return facets, frozenset(about)

    def _counts(
        self, chosen: Mapping[str, Sequence[str]], count: int
    ) -> tuple[dict[str, int], bool]:
        if self._is_counted_before(chosen):
            return self._totals(), False
        statements = self._statements(chosen)
        if statements.is_fenced:
            return self._fenced(statements), False
        is_about = count > COUNTED
        statement = statements.codes(is_sample=is_about)
        if not is_about:
            return dict(self._ask(statement)), False
        database, _counts, hubs = self.state.split(" ")
        parts = ("about", database, hubs, audiences_of(self.user), statement)
        return _kept(parts, lambda: dict(self._ask(statement)), KEPT_ABOUT_SECONDS), True

    def _fenced(self, statements: SearchStatements) -> dict[str, int]:
        """Return all numbers of a phrase, which costs as much as one of them."""
        statement = statements.fenced_codes()
        if statement not in self.fenced:
            self.fenced[statement] = dict(self._ask(statement))
        return self.fenced[statement]

    def _is_counted_before(self, chosen: Mapping[str, Sequence[str]]) -> bool:
        return not self.reading and not any(chosen.values())

    def _totals(self) -> dict[str, int]:
        kinds = self.wanted.kinds
        parts = ("totals", self.state, audiences_of(self.user), kinds)
        counts: dict[str, int] = _kept(parts, lambda: self._all().totals(kinds))
        return counts

    def _all(self) -> SearchCountQuerySet:
        counts: SearchCountQuerySet = SearchCount.objects.visible_to(self.user)
        return counts

    def _statements(self, chosen: Mapping[str, Sequence[str]]) -> SearchStatements:
        key = repr(sorted(chosen.items()))
        if key not in self.statements:
            rows = SearchRow.objects.visible_to(self.user).filter(kind__in=self.wanted.kinds)
            self.statements[key] = rows.with_codes(chosen).statements(
                self.reading, fenced=FENCED, sample=SAMPLE
            )
        return self.statements[key]

    def _ask(self, sql: str) -> list[Any]:
        """Run one statement within the time that is left, always by an index: PostgreSQL does
        not know what it costs to read a vector that is kept outside its row.
        """
        left = max(int((self.end - time.monotonic()) * 1000), 1)
        with connection.cursor() as cursor:
            cursor.execute(
                f"SET LOCAL statement_timeout TO {left}; SET LOCAL enable_seqscan TO off; {sql}"
            )
            while cursor.description is None:
                cursor.nextset()
            return list(cursor.fetchall())


@contextmanager
def _transaction() -> Iterator[None]:
    """Let what a search sets end with it, also within a transaction of somebody else."""
    is_inner = connection.in_atomic_block
    with transaction.atomic():
        yield
        if is_inner:
            with connection.cursor() as cursor:
                cursor.execute(
                    "SET LOCAL statement_timeout TO DEFAULT; SET LOCAL enable_seqscan TO DEFAULT"
                )


def _of_facet(name: str, counts: Mapping[str, int]) -> dict[str, int]:
    start = f"{name}:"
    return {
        code.removeprefix(start): number
        for code, number in counts.items()
        if code.startswith(start)
    }


def _read(text: str) -> tuple[str, str]:
    """Return what names the state of what can be found, and how PostgreSQL reads `text`."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT current_database() || ' '
                || coalesce((SELECT string_agg(id::text, ',' ORDER BY id)
                             FROM catalogue_searchcount WHERE code = ''), '') || ' '
                || coalesce((SELECT string_agg(id::text, ',' ORDER BY id)
                             FROM hubs_hub WHERE is_published), ''),
                portal_query(%s)::text
            """,
            [text],
        )
        state, reading = cursor.fetchone()
    return state, reading


def _kept(parts: tuple[object, ...], find: Callable[[], Any], seconds: int = KEPT_SECONDS) -> Any:
    """Return the answer found before in this very state, or else find it and keep it.

    The state is that of the reader's snapshot: nothing has to be told to forget anything.
    """
    key = f"search:{hashlib.sha256(repr(parts).encode()).hexdigest()}"
    kept = cache.get(key)
    if kept is not None:
        return kept
    found = find()
    if not getattr(found, "is_partial", False) and count_up(_COUNTER, KEPT_SECONDS) <= MAX_KEPT:
        cache.set(key, found, seconds)
    return found
