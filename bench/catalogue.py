"""The catalogue at several sizes: search, lists, entries, the API and the whole as CSV.

Each beside its own SQL, the bare reference or COPY, on the same rows in the same run.
"""

import argparse
import http.client
import time
import urllib.parse
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from bench.measure import load, pss_mb
from bench.serving import Row, ask, compare, line, manage, pairs
from catalogue.words import word

WORDS = {
    "a common word": word(0),
    "a medium word": word(20),
    "two words": f"{word(5)} {word(40)}",
    "a rare word": word(4_500),
    "a phrase": f'"{word(1)} {word(2)}"',
}
MISSPELT = f"{word(30)}x"
FACETED = 5  # facets of goal 7


@dataclass
class Growth:
    """Goal 16: what the same thing costs at the smallest and at the largest size."""

    seen: dict[str, list[tuple[int, float]]] = field(default_factory=dict)
    limits: dict[str, float] = field(default_factory=dict)

    def add(self, name: str, size: int, ms: float, limit: float) -> None:
        self.seen.setdefault(name, []).append((size, ms))
        self.limits[name] = limit

    def rows(self) -> list[Row]:
        """Return how many times more the largest size costs than the smallest."""
        found: list[Row] = []
        for name, points in self.seen.items():
            (first, little), (last, much) = points[0], points[-1]
            if first == last:
                continue
            ratio = much / little
            found.append(
                {
                    "measure": f"{name}, {last} / {first} entries",
                    "value": f"{ratio:.2f} ({little:.1f} to {much:.1f} ms)",
                    "goal": f"<= {self.limits[name]}",
                    "met": ratio <= self.limits[name],
                }
            )
        return found


def enlarge(environment: dict[str, str], size: int, seed: int) -> list[Row]:
    """Bring the catalogue to `size` entries; return how long that took."""
    there = int(
        manage(
            environment,
            *("shell", "-v0", "-c"),
            "from catalogue.models import Entry; print(Entry.objects.count())",
        )
    )
    started = time.monotonic()
    manage(environment, "generate", "--entries", str(size - there), "--seed", str(100 + seed))
    taken = time.monotonic() - started
    return [{"measure": f"generate {size - there} entries, indexed", "value": f"{taken:.0f} s"}]


def measured(
    environment: dict[str, str],
    portal: tuple[int, int],
    bare: tuple[int, int],
    postgres: int,
    size: int,
    growth: Growth,
    options: argparse.Namespace,
) -> Iterator[list[Row]]:
    """Give everything that is measured at one size, part by part."""
    processes = [portal[1], postgres]
    raw: Any = ask(environment, "raw", *WORDS.values())
    yield searches(portal[0], processes, size, raw, growth)
    yield honesty(raw, size)
    yield lists(portal, bare, postgres, size, raw["slugs"], growth, options)
    yield export(portal[0], portal[1], size, raw["copy_s"], raw["copied"])
    growth.add("save of an entry", size, raw["save_p50_ms"], 1.3)
    yield [
        {
            "measure": f"save of an entry with its search row, {size} entries",
            "value": f"p50 {raw['save_p50_ms']:.1f} ms",
            "goal": "<= 15 ms",
            "met": raw["save_p50_ms"] <= 15,
        }
    ]


def searches(
    port: int, processes: list[int], size: int, raw: dict[str, Any], growth: Growth
) -> list[Row]:
    """Goals 5 to 7: return searches for words that nobody asked for yet, nothing kept of them."""
    rows: list[Row] = []
    most, with_facets = (50, 100) if size <= 100_000 else (60, 100)
    for name, words in WORDS.items():
        sql = raw["sql"][words]
        rows.append(
            {
                "measure": f"{name}, {size} entries, its SQL alone",
                "value": f"p50 {sql['p50_ms']:.1f} ms; every hit ranked: {sql['naive_ms']:.0f} ms",
            }
        )
        plain = load(port, _unheard("/api/v1/search/?page_size=20", words), 200, processes)
        limit = most if name != "a phrase" else 0
        rows.append(_limited(f"search for {name}, top 20, {size} entries", plain, limit))
        whole = load(
            port, _unheard("/api/v1/search/?page_size=20&facets=true", words), 200, processes
        )
        ratio = whole.p95_ms / plain.p95_ms
        row = _limited(f"search for {name} with facets, {size} entries", whole, with_facets)
        rows.append(row | {"to the search alone": f"{ratio:.2f}"})
        page = load(port, _unheard("/search/?", words), 100, processes)
        rows.append(line(f"search page for {name}, {size} entries", page))
        growth.add(f"search for {name}", size, plain.p50_ms, 3)
    misspelt = load(port, _unheard("/search/?", MISSPELT), 40, processes)
    return [*rows, line(f"search page for a misspelling, {size} entries", misspelt)]


def honesty(raw: dict[str, Any], size: int) -> list[Row]:
    """Goals 7 and 8: return what caps and samples get wrong."""
    rows: list[Row] = [
        {
            "measure": f"top 20 of {name} that are in the uncapped top 20, {size} entries",
            "value": f"{raw['sql'][words]['kept']:.0%}",
            "goal": ">= 80%" if name in ("two words", "a rare word") else "",
            "met": raw["sql"][words]["kept"] >= 0.8,
        }
        for name, words in WORDS.items()
        if name != "a phrase"
    ]
    for name, words in WORDS.items():
        error = raw["sql"][words]["sample_error"]
        if error is not None:
            rows.append(
                {
                    "measure": f"facets of {name} from the sample, {size} entries",
                    "value": f"mean error {error['mean']:.1%}, greatest {error['most']:.1%}",
                    "goal": "<= 5% on values over 1%",
                    "met": error["mean"] <= 0.05,
                }
            )
    return rows


def lists(
    portal: tuple[int, int],
    bare: tuple[int, int],
    postgres: int,
    size: int,
    slugs: list[str],
    growth: Growth,
    options: argparse.Namespace,
) -> list[Row]:
    """Goals 3, 4 and 9: return the list, entries, deep pages and the API."""
    (port, process), (bare_port, bare_process) = portal, bare
    rows: list[Row] = []
    entries = [f"/catalogue/{slug}/" for slug in slugs]
    for name, paths, goal in (
        ("catalogue list, 25 rows", ["/catalogue/"], 2.0),
        ("entry", entries, 2.5),
    ):
        ours, others = pairs(
            (port, paths, [process, postgres]),
            (bare_port, paths, [bare_process, postgres]),
            options,
        )
        rows += compare(f"{name}, {size} entries", ours, others, goal)
    for name, path, count in (
        ("catalogue list, drawn anew", "/catalogue/?new={n}", 100),
        ("catalogue list by title, drawn anew", "/catalogue/?order=title&new={n}", 100),
        ("catalogue list of a country, drawn anew", "/catalogue/?country=KE&new={n}", 100),
        ("page 40 of the catalogue list, drawn anew", "/catalogue/?page=40&new={n}", 100),
        ("entry, drawn anew", f"{entries[0]}?new={{n}}", 100),
        ("API list of 25", "/api/v1/entries/?page_size=25", 400),
        ("API list of 100", "/api/v1/entries/?page_size=100", 200),
    ):
        sample = load(port, [path.format(n=n) for n in range(count)], count, [process, postgres])
        rows.append(line(f"{name}, {size} entries", sample))
        growth.add(name, size, sample.p50_ms, 1.3)
    return rows


def export(port: int, process: int, size: int, copy_s: float, copied: int) -> list[Row]:
    """Goal 10: return the whole catalogue as CSV beside COPY of the same columns."""
    before = pss_mb(process)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
    started = time.monotonic()
    connection.request("GET", "/catalogue/?export=csv")
    response = connection.getresponse()
    response.read(1)
    first = time.monotonic() - started
    number, most = 1, before
    while chunk := response.read(1 << 20):
        number += len(chunk)
        most = max(most, pss_mb(process))
    taken = time.monotonic() - started
    connection.close()
    speed = (number / taken) / (copied / copy_s)
    return [
        {
            "measure": f"CSV of {size} entries",
            "value": f"{taken:.1f} s, {number / 1e6:.0f} MB, first byte {first * 1000:.0f} ms, "
            f"memory {most - before:+.0f} MB; {speed:.2f} of COPY ({copy_s:.1f} s)",
            "goal": ">= 0.5 of COPY, 100 ms, +32 MB",
            "met": speed >= 0.5 and first <= 0.1 and most - before <= 32,
        }
    ]


def _limited(name: str, sample: Any, limit: float) -> Row:
    row = line(name, sample)
    if limit:
        row |= {"goal": f"p95 <= {limit} ms", "met": sample.p95_ms <= limit}
    return row


def _unheard(path: str, words: str) -> list[str]:
    """Return addresses with marks that search passes over, so that nothing is kept of them."""
    stamp = time.monotonic_ns()
    return [f"{path}&q={urllib.parse.quote(words + _marks(stamp + n))}" for n in range(200)]


def _marks(number: int) -> str:
    return f" {number:064b}".replace("0", ",").replace("1", ";")
