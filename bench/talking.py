"""In the portal's surroundings: where the synthetic threads are, and what a reply costs."""

import json
import sys
import time
from http import HTTPStatus
from typing import Any

from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Member
from community.models import Thread
from community.services.finding import index_threads
from community.services.posts import write_post
from hubs.models import Hub, Membership

REPLIES = 50


def main(arguments: list[str]) -> None:
    (seed,) = arguments
    found = Thread.objects.filter(space__slug=f"synthetic-{seed}").select_related("space")
    long, short = found.order_by("pk")[0], found.order_by("pk")[1]
    room: Any = long.space
    known = {
        "long": long.get_absolute_url(),
        "space": room.get_absolute_url(),
        "reply_ms": _replies(short),
        "statements": _statements({"a thread page": long, "the list of threads": room}),
    }
    sys.stdout.write(json.dumps(known))


def _replies(thread: Thread) -> list[float]:
    """Write replies as somebody whose posts are shown at once; undo them."""
    by: Any = thread.author
    times = []
    with transaction.atomic():
        hub: Any = Hub.objects.published().first()
        other: Any = Member.objects.exclude(pk=by.pk).first()
        Membership.objects.create(
            member=by, hub=hub, role="editor", confirmed_by=other, confirmed_at=timezone.now()
        )
        index_threads([thread.pk])  # made without the search
        for number in range(REPLIES):
            started = time.perf_counter()
            write_post(thread, text=f"A *reply* of some words, {number}.", by=by)
            times.append((time.perf_counter() - started) * 1000)
        transaction.set_rollback(True)
    return times


def _statements(things: dict[str, Any]) -> dict[str, int]:
    numbers = {}
    for name, thing in things.items():
        client = Client(headers={"host": "127.0.0.1"})
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(f"{thing.get_absolute_url()}?new=again")
        if answer.status_code != HTTPStatus.OK:
            raise RuntimeError(f"{thing.get_absolute_url()} answers {answer.status_code}.")
        numbers[name] = len(queries)
    return numbers
