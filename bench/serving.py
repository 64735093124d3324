"""Servers and commands of a benchmark, and what its rows look like."""

import argparse
import json
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from bench.measure import Sample, first_visit, load, page_bytes

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
Row = dict[str, object]
Target = tuple[int, list[str], list[int]]  # port, paths, processes that serve them


def settings() -> dict[str, str]:
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


def ask(environment: dict[str, str], module: str, *arguments: str) -> dict[str, object]:
    """Run a module of this package in the portal's surroundings; return the JSON it printed."""
    printed = subprocess.run(  # noqa: S603 -- our own modules
        [sys.executable, "-m", "bench.inside", module, *arguments],
        cwd=BASE_DIR,
        env={**environment, "DJANGO_SETTINGS_MODULE": "portal.settings"},
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    ).stdout
    answer: dict[str, object] = json.loads(printed)
    return answer


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


def compare(
    name: str, ours: list[Sample], others: list[Sample], goal: float, beside: str = "bare Django"
) -> list[Row]:
    """Return the medians of both, and the median of the ratios by round."""
    ratio = statistics.median(a.p50_ms / b.p50_ms for a, b in zip(ours, others, strict=True))
    cpu = statistics.median(a.cpu_ms / b.cpu_ms for a, b in zip(ours, others, strict=True))
    return [
        line(name, min(ours, key=lambda sample: sample.p50_ms)),
        line(f"{name}: {beside}", min(others, key=lambda sample: sample.p50_ms)),
        {
            "measure": f"{name} / {beside}",
            "value": f"{ratio:.2f} (processor {cpu:.2f})",
            "goal": f"<= {goal}",
            "met": ratio <= goal,
        },
    ]


def visits(port: int, pages: Mapping[str, str]) -> list[Row]:
    """Goal 11: return requests and bytes of visits to pages, by what they are called: the first,
    and one by who has been there before and keeps style sheets and scripts.
    """
    rows: list[Row] = []
    for name, path in pages.items():
        requests, size = first_visit(port, path)
        again = page_bytes(port, path)
        rows.append(
            {
                "measure": f"visit to the {name}",
                "value": f"first {size / 1000:.1f} kB in {requests} requests, "
                f"then {again / 1000:.1f} kB",
                "goal": "<= 60 kB in 4, then 15 kB",
                "met": size <= 60_000 and requests <= 4 and again <= 15_000,
            }
        )
    return rows


def line(name: str, sample: Sample) -> Row:
    return {
        "measure": name,
        "value": f"p50 {sample.p50_ms:.1f} ms, p95 {sample.p95_ms:.1f} ms, "
        f"processor {sample.cpu_ms:.1f} ms, {sample.bytes / 1000:.1f} kB",
    }
