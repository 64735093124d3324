"""Generate a corpus, serve it, measure its pages beside the bare reference, print a table.

Nothing outside the folder `var/bench` is touched; servers listen on loopback and end here.
"""

import argparse
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bench.measure import Sample, first_visit, load, pss_mb
from catalogue.words import word
from portal.embedded.services import Services

BASE_DIR = Path(__file__).resolve().parent.parent
FOLDER = BASE_DIR / "var" / "bench"
SERVER = [
    "--preload",
    "--worker-class",
    "gthread",
    "--workers",
    "2",
    "--threads",
    "4",
    "--log-level",
    "error",
]
MIXED_REQUESTS = 10_000
HUBS = (10, 200)  # sizes of the corpus, in hubs
Row = dict[str, object]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--requests", type=int, default=400, help="per page and round")
    arguments.add_argument("--rounds", type=int, default=5)
    arguments.add_argument("--entries", type=int, default=100_000, help="of the catalogue")
    arguments.add_argument("--json", type=Path, default=BASE_DIR / "var" / "bench.json")
    options = arguments.parse_args()
    shutil.rmtree(FOLDER, ignore_errors=True)  # every run measures the same corpus
    with ExitStack() as stack:
        services = stack.enter_context(Services(FOLDER, is_durable=False))
        environment = {**os.environ, **services.environment(), **_settings()}
        manage(environment, "migrate", "--verbosity", "0")
        manage(environment, "collectstatic", "--noinput", "--verbosity", "0")
        rows = statements(environment)
        postgres = services.children[0].pid
        portal, portal_pid = stack.enter_context(serve(environment, "portal.settings"))
        bare, bare_pid = stack.enter_context(serve(environment, "bench.bare_settings"))
        pages = hub_pages(environment)
        rows += first_visits(portal, pages)
        idle = pss_mb(portal_pid)
        for name, paths, bare_paths, goal in (
            ("hub list, 25 rows", ["/hubs/"], ["/hubs/"], 2.0),
            ("hub profile", pages, pages, 2.5),
        ):
            measured = pairs(
                (portal, paths, [portal_pid, postgres]),
                (bare, bare_paths, [bare_pid, postgres]),
                options,
            )
            rows += compare(name, *measured, goal)
        others = {
            "comparison of six": [f"/hubs/compare/?{'&'.join(_compared(pages))}"],
            "API list of 25": ["/api/v1/hubs/"],
            # An address that nobody asked for yet, so that nothing is kept of it.
            "hub list, drawn anew": [f"/hubs/?new={n}" for n in range(options.requests)],
            "hub profile, drawn anew": [f"{pages[0]}?new={n}" for n in range(options.requests)],
        }
        for name, paths in others.items():
            sample = load(portal, paths, options.requests, [portal_pid, postgres])
            rows.append(_line(name, sample))
        rows += memory(portal, pages, idle, portal_pid, postgres)
        rows += searches(environment, portal, [portal_pid, postgres], options.entries)
    for row in rows:
        sys.stdout.write("  ".join(f"{key} {value}" for key, value in row.items()) + "\n")
    options.json.parent.mkdir(parents=True, exist_ok=True)
    options.json.write_text(json.dumps(rows, indent=1))


def _settings() -> dict[str, str]:
    return {
        "DEMO": "1",
        "SECRET_KEY": "benchmark-" + "x" * 50,
        "ALLOWED_HOSTS": "127.0.0.1",
        "EMAIL_URL": "dummymail://",
        "LOG_LEVEL": "ERROR",
        "STATIC_ROOT": str(FOLDER / "static"),
        "API_RATE": "1000000/minute",
    }


def manage(environment: dict[str, str], *arguments: str) -> str:
    """Run a management command and return what it printed."""
    return subprocess.run(  # noqa: S603 -- our own commands
        [sys.executable, "manage.py", *arguments],
        cwd=BASE_DIR,
        env=environment,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    ).stdout


@contextmanager
def serve(environment: dict[str, str], settings: str) -> Iterator[tuple[int, int]]:
    """Serve with `settings` on a free port; yield the port and the process id."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(  # noqa: S603 -- our own server
        [sys.executable, "-m", "gunicorn", *SERVER, "--bind", f"127.0.0.1:{port}", "portal.wsgi"],
        cwd=BASE_DIR,
        env={**environment, "DJANGO_SETTINGS_MODULE": settings},
    )
    try:
        wait_for(f"http://127.0.0.1:{port}/hubs/")
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(10)


def wait_for(address: str) -> None:
    """Return once `address` answers; give up after 30 s."""
    for _ in range(300):
        try:
            with urllib.request.urlopen(address, timeout=5):  # noqa: S310 -- loopback
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"{address} does not answer.")


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


def first_visits(port: int, pages: list[str]) -> list[Row]:
    """Goal 11: return requests and bytes of a first visit to each kind of page."""
    rows: list[Row] = []
    for name, path in (("front page", "/"), ("hub list", "/hubs/"), ("hub profile", pages[0])):
        requests, size = first_visit(port, path)
        rows.append(
            {
                "measure": f"first visit to the {name}",
                "value": f"{size / 1000:.1f} kB in {requests} requests",
                "goal": "<= 60 kB in 4",
                "met": size <= 60_000 and requests <= 4,
            }
        )
    return rows


Target = tuple[int, list[str], list[int]]


def pairs(
    ours: Target, bare: Target, options: argparse.Namespace
) -> tuple[list[Sample], list[Sample]]:
    """Measure both in turn, round by round, after one round that does not count."""
    samples: tuple[list[Sample], list[Sample]] = ([], [])
    for number in range(options.rounds + 1):
        for target, kept in zip((ours, bare), samples, strict=True):
            port, paths, processes = target
            sample = load(port, paths, options.requests, processes)
            if number:
                kept.append(sample)
    return samples


def compare(name: str, ours: list[Sample], bare: list[Sample], goal: float) -> list[Row]:
    """Goals 3 and 4: return the medians of both, and the median of the ratios by round."""
    ratio = statistics.median(a.p50_ms / b.p50_ms for a, b in zip(ours, bare, strict=True))
    cpu = statistics.median(a.cpu_ms / b.cpu_ms for a, b in zip(ours, bare, strict=True))
    return [
        _line(name, min(ours, key=lambda sample: sample.p50_ms)),
        _line(f"{name}, bare Django", min(bare, key=lambda sample: sample.p50_ms)),
        {
            "measure": f"{name}, portal / bare",
            "value": f"{ratio:.2f} (processor {cpu:.2f})",
            "goal": f"<= {goal}",
            "met": ratio <= goal,
        },
    ]


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


def searches(
    environment: dict[str, str], port: int, processes: list[int], entries: int
) -> list[Row]:
    """Goal 5: return what searching costs over HTTP, no page of it kept."""
    started = time.monotonic()
    manage(environment, "generate", "--entries", str(entries), "--seed", "9")
    rows: list[Row] = [
        {
            "measure": f"generate {entries} entries, indexed",
            "value": f"{time.monotonic() - started:.0f} s",
        }
    ]
    for name, words in (
        ("the commonest word", word(0)),
        ("a medium word", word(20)),
        ("two words", f"{word(5)} {word(40)}"),
        ("a rare word", word(4_500)),
        ("a phrase", f'"{word(1)} {word(2)}"'),
        ("a misspelling", f"{word(30)}x"),
    ):
        for when, paths in (
            ("asked for the first time", [_search(f"{words}{_unheard(n)}") for n in range(200)]),
            ("asked again", [f"{_search(words)}&new={n}" for n in range(200)]),
        ):
            sample = load(port, paths, len(paths), processes)
            row = _line(f"search, {entries} entries, {name}, {when}", sample)
            rows.append(row | {"goal": "p95 <= 50 ms", "met": sample.p95_ms <= 50})
    for name, path in (
        ("list", "/catalogue/?new={n}"),
        ("list by title", "/catalogue/?order=title&new={n}"),
        ("list of a country", "/catalogue/?country=KE&new={n}"),
        ("list of a medium word, first", f"/catalogue/?q={word(20)}{{unheard}}"),
        ("page 300 of the list", "/catalogue/?page=300&new={n}"),
        ("API list of 25", "/api/v1/entries/"),
    ):
        asked = [path.format(n=n, unheard=urllib.parse.quote(_unheard(n))) for n in range(200)]
        sample = load(port, asked, len(asked), processes)
        rows.append(_line(f"catalogue {name}, {entries} entries, drawn anew", sample))
    return rows


def _search(words: str) -> str:
    return f"/search/?q={urllib.parse.quote(words)}"


def _unheard(number: int) -> str:
    """Return marks that search passes over, so that nothing is kept of the words with them."""
    return f" {number:09b}".replace("0", ",").replace("1", ";")


def _compared(pages: list[str]) -> Iterator[str]:
    for page in pages[:6]:
        yield f"hub={page.split('/')[2]}"


def _line(name: str, sample: Sample) -> Row:
    return {
        "measure": name,
        "value": f"p50 {sample.p50_ms:.1f} ms, p95 {sample.p95_ms:.1f} ms, "
        f"processor {sample.cpu_ms:.1f} ms, {sample.bytes / 1000:.1f} kB",
    }


if __name__ == "__main__":
    main()
