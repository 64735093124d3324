"""Several people at once, each on a connection of their own."""

import threading
import time

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection

from core.errors import DomainError


def all_at_once(*acts):
    """Run `acts` in threads that start together; return their results or refusals."""
    barrier = threading.Barrier(len(acts))
    results = []

    def run(act):
        barrier.wait()
        try:
            results.append(act())
        except (DomainError, PermissionDenied, ValidationError) as error:
            results.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def wait_until(is_so, seconds=240):
    """Return once `is_so()`; fail if that takes longer."""
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)
