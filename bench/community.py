"""Threads: the list of 10 000, a page of 20 posts, the hundredth page of 2 000, a reply."""

from __future__ import annotations

import argparse
import statistics
from typing import Any

from bench.measure import ANEW, Sample, load
from bench.serving import Row, Target, ask, compare, line, manage, pairs, visits

THREADS = 10_000
SEED = 400


def measured(
    environment: dict[str, str],
    portal: tuple[int, int],
    bare: tuple[int, int],
    postgres: int,
    options: argparse.Namespace,
) -> list[Row]:
    """Goals 1, 2, 3 and 13: return times, processor and statements of what members talk about."""
    manage(environment, "generate", "--threads", str(THREADS), "--seed", str(SEED))
    known: Any = ask(environment, "talking", str(SEED))
    port, process = portal
    both = [process, postgres]

    def asked(path: str) -> Sample:
        samples = [
            load(port, [path], options.requests, both)
            for _round in range(max(1, options.rounds // 2))
        ]
        return sorted(samples, key=lambda sample: sample.p50_ms)[len(samples) // 2]

    named = {"community": "/community/", "list of threads": known["space"], "thread": known["long"]}
    read = asked(known["long"])
    rows = [
        *visits(port, named),
        line("thread page of 20 posts, as visitors read it", read)
        | {"goal": "processor <= 9 ms", "met": read.cpu_ms <= 9},
        line(
            f"list of {THREADS} threads, 25 rows, drawn anew", asked(f"{known['space']}?new={ANEW}")
        ),
    ]
    first, last = ((port, [f"{known['long']}?page={page}&new={ANEW}"], both) for page in (1, 100))
    rows += compare(
        "page 100 of 2 000 posts, drawn anew", *pairs(last, first, options), 1.15, "page 1"
    )
    ours: Target = (port, [known["space"]] * options.requests, both)
    others: Target = (bare[0], ["/hubs/"] * options.requests, [bare[1], postgres])
    rows += compare(f"list of {THREADS} threads", *pairs(ours, others, options), 2)
    reply = statistics.median(known["reply_ms"])
    rows.append(
        {
            "measure": "a reply with what the search keeps of it, one after the other",
            "value": f"p50 {reply:.1f} ms",
            "goal": "<= 15 ms",
            "met": reply <= 15,
        }
    )
    for name, number in known["statements"].items():
        rows.append({"measure": f"statements of {name}", "value": str(number)})
    return rows
