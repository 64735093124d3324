"""Load and measure a running server: times as a client sees them, processor time, memory."""

import gzip
import http.client
import itertools
import re
import statistics
import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

ANEW = "{anew}"
_NEW = itertools.count()
CLIENTS = 8  # connections at a time, each waiting for its answer


@dataclass
class Sample:
    """What `count` requests for one page cost."""

    seconds: list[float]
    cpu_ms: float  # application and database, per request
    bytes: int

    @property
    def p50_ms(self) -> float:
        return statistics.median(self.seconds) * 1000

    @property
    def p95_ms(self) -> float:
        return statistics.quantiles(self.seconds, n=20)[-1] * 1000


def load(
    port: int,
    paths: Sequence[str],
    count: int,
    processes: Iterable[int],
    clients: int = CLIENTS,
) -> Sample:
    """Send `count` requests over `clients` connections, taking `paths` in turn; `ANEW` in one
    is another number each time, so that no page is given that was drawn before.
    """
    seconds: list[float] = []
    sizes: list[int] = []
    numbers = iter(range(count))
    lock = threading.Lock()

    def client() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        while True:
            with lock:
                number = next(numbers, None)
            if number is None:
                break
            path = paths[number % len(paths)].replace(ANEW, str(next(_NEW)))
            started = time.perf_counter()
            connection.request("GET", path)
            response = connection.getresponse()
            body = response.read()
            taken = time.perf_counter() - started
            if response.status != http.HTTPStatus.OK:
                raise RuntimeError(f"{path} answered {response.status}")
            with lock:
                seconds.append(taken)
                sizes.append(len(body))
        connection.close()

    roots = list(processes)
    before = cpu_seconds(roots)
    threads = [threading.Thread(target=client) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if len(seconds) != count:
        raise RuntimeError(f"Only {len(seconds)} of {count} requests were answered.")
    spent = cpu_seconds(roots) - before
    return Sample(seconds, spent / count * 1000, max(sizes))


def cpu_seconds(roots: Iterable[int]) -> float:
    """Return the processor seconds that processes and their children have used so far."""
    total = 0.0
    for process in family(roots):
        try:
            times = process.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += times.user + times.system
        total += getattr(times, "children_user", 0.0) + getattr(times, "children_system", 0.0)
    return total


def family(roots: Iterable[int]) -> list[psutil.Process]:
    """Return the processes named by `roots` with all their descendants."""
    found: dict[int, psutil.Process] = {}
    for root in roots:
        process = psutil.Process(root)
        found |= {each.pid: each for each in (process, *process.children(recursive=True))}
    return list(found.values())


def pss_mb(root: int) -> float:
    """Return the proportional set size of a process and its children, in megabytes."""
    kilobytes = 0
    for process in family([root]):
        for line in Path(f"/proc/{process.pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                kilobytes += int(line.split()[1])
    return kilobytes / 1024


def first_visit(port: int, path: str) -> tuple[int, int]:
    """Return the requests and the bytes on the wire of a first visit to `path`.

    The page and every style sheet, script and image it names, compressed as a browser asks.
    """
    body, size, encoding = _fetch(port, path)
    if encoding == "gzip":
        body = gzip.decompress(body)
    named = set(_named_files(body.decode()))
    sizes = [size, *(_fetch(port, each)[1] for each in named)]
    return len(sizes), sum(sizes)


def page_bytes(port: int, path: str) -> int:
    """Return the bytes on the wire of the page alone, compressed as a browser asks."""
    return _fetch(port, path)[1]


def _named_files(html: str) -> Iterable[str]:
    return re.findall(r'(?:src|href)="(/static/[^"#]+)', html)


def _fetch(port: int, path: str) -> tuple[bytes, int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
    response = connection.getresponse()
    body = response.read()
    head = sum(len(name) + len(value) + 4 for name, value in response.getheaders())
    return body, len(body) + head, response.getheader("Content-Encoding", "")
