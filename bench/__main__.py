"""Generate a corpus, serve it, measure its pages beside the bare reference, print a table.

Nothing outside the folder `var/bench` is touched; servers listen on loopback and end here.
"""

import argparse
import json
import os
import shutil
import sys
from contextlib import ExitStack
from pathlib import Path

from bench import catalogue, community, hubs, notices, results
from bench.serving import BASE_DIR, FOLDER, Row, manage, serve, settings, visits
from portal.embedded.services import Services

SIZES = (1_000, 100_000, 1_000_000)  # entries


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--requests", type=int, default=400, help="per page and round")
    arguments.add_argument("--rounds", type=int, default=5)
    arguments.add_argument(
        "--entries", type=int, nargs="+", default=SIZES, help="sizes of the catalogue, rising"
    )
    arguments.add_argument("--json", type=Path, default=BASE_DIR / "var" / "bench.json")
    options = arguments.parse_args()
    shutil.rmtree(FOLDER, ignore_errors=True)  # every run measures the same corpus
    with ExitStack() as stack:
        services = stack.enter_context(Services(FOLDER, is_durable=False))
        environment = {**os.environ, **services.environment(), **settings()}
        manage(environment, "migrate", "--verbosity", "0")
        manage(environment, "collectstatic", "--noinput", "--verbosity", "0")
        rows = shown(hubs.statements(environment))
        postgres = services.children[0].pid
        portal = stack.enter_context(serve(environment, "portal.settings"))
        bare = stack.enter_context(serve(environment, "bench.bare_settings"))
        pages = hubs.hub_pages(environment)
        named = {"front page": "/", "hub list": "/hubs/", "hub profile": pages[0]}
        rows += shown(visits(portal[0], named))
        rows += shown(hubs.pages_of_hubs(portal, bare, postgres, pages, options))
        rows += shown(results.measured(environment, portal, postgres))
        rows += shown(community.measured(environment, portal, bare, postgres, options))
        rows += shown(notices.measured(environment))
        growth = catalogue.Growth()
        for seed, size in enumerate(options.entries):
            rows += shown(catalogue.enlarge(environment, size, seed))
            for part in catalogue.measured(
                environment, portal, bare, postgres, size, growth, options
            ):
                rows += shown(part)
        rows += shown(growth.rows())
    options.json.parent.mkdir(parents=True, exist_ok=True)
    options.json.write_text(json.dumps(rows, indent=1))


def shown(rows: list[Row]) -> list[Row]:
    """Print rows as soon as they are known."""
    for row in rows:
        sys.stdout.write("  ".join(f"{key} {value}" for key, value in row.items()) + "\n")
    sys.stdout.flush()
    return rows


if __name__ == "__main__":
    main()
