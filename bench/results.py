"""Exchanges and results: figures rolled up and explained, a wide framework, a long table."""

import http.client
import time
from typing import Any

from bench.measure import Sample, load
from bench.serving import Row, ask, line, manage

EXCHANGES = 1_000  # with ten reports each, over four layers
ROWS = 10_000  # of an uploaded table
SEED = 300
REQUESTS = 10  # one after the other, none of them kept


def measured(environment: dict[str, str], portal: tuple[int, int], postgres: int) -> list[Row]:
    """Return what making and reading figures costs."""
    manage(environment, "generate", "--exchanges", str(EXCHANGES), "--seed", str(SEED))
    work: Any = ask(environment, "figures", str(SEED), str(ROWS))
    reports, explained, framework = work["reports"], work["explained"], work["framework"]
    return [
        _work(f"roll-up of {reports} reports over four layers", work["rolled_up"], 10),
        _work(f"check of a table of {work['rows']} figures, by the worker", work["checked"], 0),
        _work(f"taking of a table of {work['rows']} figures, by the worker", work["taken"], 10),
        _page(f"explanation of {work['leaves']} leaves", portal, postgres, explained, 2_000),
        leaves_as_csv(portal[0], f"{explained}?export=csv", work["leaves"]),
        _page("framework, 200 indicators x 12 periods", portal, postgres, framework, 1_000),
        _statements("the explanation", work["statements"][explained], 14),
        _statements("the framework", work["statements"][framework], 14),
    ]


def _work(name: str, took: dict[str, float], limit: int) -> Row:
    row: Row = {
        "measure": name,
        "value": f"{took['s']:.1f} s, processor of Python {took['cpu_s']:.1f} s",
    }
    return row | ({"goal": f"<= {limit} s", "met": took["s"] <= limit} if limit else {})


def _page(name: str, portal: tuple[int, int], postgres: int, path: str, limit: int) -> Row:
    """Ask for a page drawn anew, again and again."""
    port, process = portal
    paths = [f"{path}?new={n}" for n in range(REQUESTS)]
    sample: Sample = load(port, paths, REQUESTS, [process, postgres], clients=1)
    goal = {"goal": f"p50 <= {limit} ms", "met": sample.p50_ms <= limit}
    return line(f"{name}, drawn anew", sample) | goal


def leaves_as_csv(port: int, path: str, leaves: int) -> Row:
    """Ask for every report behind a figure."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    started = time.monotonic()
    connection.request("GET", path)
    response = connection.getresponse()
    response.read(1)
    first = time.monotonic() - started
    lines = response.read().count(b"\n")
    taken = time.monotonic() - started
    connection.close()
    if lines <= leaves:
        raise RuntimeError(f"The file has only {lines} lines.")
    return {
        "measure": f"CSV of {leaves} leaves",
        "value": f"{taken:.1f} s, first byte {first * 1000:.0f} ms",
        "goal": "<= 3 s",
        "met": taken <= 3,
    }


def _statements(name: str, number: int, most: int) -> Row:
    return {
        "measure": f"statements of {name}",
        "value": str(number),
        "goal": f"<= {most}",
        "met": number <= most,
    }
