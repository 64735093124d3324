"""Pages of hubs: beside the bare reference, their statements, weight and memory."""

import argparse
import json

from bench.measure import load, pss_mb
from bench.serving import Row, compare, line, manage, pairs

MIXED_REQUESTS = 10_000
HUBS = (10, 200)  # sizes of the corpus, in hubs


def statements(environment: dict[str, str]) -> list[Row]:
    """Goal 14: return the statements of each page, counted at both sizes of the corpus."""
    counted: dict[str, list[int]] = {}
    done = 0
    for seed, size in enumerate(HUBS):
        manage(environment, "generate", "--hubs", str(size - done), "--seed", str(seed))
        done = size
        for name, number in json.loads(manage(environment, "count_statements")).items():
            counted.setdefault(name, []).append(number)
    return [
        {
            "measure": f"statements of {name} at {HUBS[0]} and {HUBS[1]} hubs",
            "value": " and ".join(map(str, numbers)),
            "goal": "equal",
            "met": len(set(numbers)) == 1,
        }
        for name, numbers in counted.items()
    ]


def hub_pages(environment: dict[str, str]) -> list[str]:
    """Return the addresses of 20 generated hubs' pages."""
    code = "from hubs.models import Hub; print(*Hub.objects.values_list('slug', flat=True)[:20])"
    return [f"/hubs/{slug}/" for slug in manage(environment, "shell", "-v0", "-c", code).split()]


def pages_of_hubs(
    portal: tuple[int, int],
    bare: tuple[int, int],
    postgres: int,
    pages: list[str],
    options: argparse.Namespace,
) -> list[Row]:
    """Goals 3, 4 and 12: return times beside the bare reference, and the memory."""
    (port, process), (bare_port, bare_process) = portal, bare
    idle = pss_mb(process)
    rows: list[Row] = []
    for name, paths, goal in (("hub list, 25 rows", ["/hubs/"], 2.0), ("hub profile", pages, 2.5)):
        measured = pairs(
            (port, paths, [process, postgres]),
            (bare_port, paths, [bare_process, postgres]),
            options,
        )
        rows += compare(name, *measured, goal)
    compared = "&".join(f"hub={page.split('/')[2]}" for page in pages[:6])
    others = {
        "comparison of six": [f"/hubs/compare/?{compared}"],
        "API list of 25": ["/api/v1/hubs/"],
        # An address that nobody asked for yet, so that nothing is kept of it.
        "hub list, drawn anew": [f"/hubs/?new={n}" for n in range(options.requests)],
        "hub profile, drawn anew": [f"{pages[0]}?new={n}" for n in range(options.requests)],
    }
    for name, paths in others.items():
        rows.append(line(name, load(port, paths, options.requests, [process, postgres])))
    return rows + memory(port, pages, idle, process, postgres)


def memory(port: int, pages: list[str], idle: float, process: int, postgres: int) -> list[Row]:
    """Goal 12: return the memory of the web processes before and after mixed requests."""
    paths = ["/", "/hubs/", *pages, "/api/v1/hubs/", "/hubs/?export=csv"]
    load(port, paths, 500, [process, postgres])
    warm = pss_mb(process)
    load(port, paths, MIXED_REQUESTS, [process, postgres])
    after = pss_mb(process)
    growth = (after / warm - 1) * 100
    return [
        {
            "measure": "web processes, 2 x 4 threads, idle",
            "value": f"{idle:.0f} MB PSS",
            "goal": "<= 200 MB",
            "met": idle <= 200,
        },
        {
            "measure": f"growth over {MIXED_REQUESTS} mixed requests",
            "value": f"{growth:+.1f} % ({warm:.0f} to {after:.0f} MB)",
            "goal": "<= +15 %",
            "met": growth <= 15,
        },
    ]
