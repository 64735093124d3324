"""Whatever happens to a worker, figures are right afterwards and nothing that was asked is lost."""

import os
import signal
import threading

import pytest
from django.db import connection, transaction

from evaluation.models import Figure, FigureLine, Recalculation
from evaluation.services.outbox import request_recalculation
from evaluation.services.recalculating import recalculate_due
from evaluation.tasks import recalculate_figures
from tests.evaluation.trees import a_tree, numbers, report
from tests.races import all_at_once, wait_until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _nobody_woken(monkeypatch):
    """What is due is computed when a test says so."""
    monkeypatch.setattr("evaluation.services.outbox.enqueue", lambda task: None)


def hold_lines():
    """Let nobody write lines of figures until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE evaluation_figureline IN EXCLUSIVE MODE")


def is_somebody_waiting():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks"
            " WHERE NOT granted AND relation = 'evaluation_figureline'::regclass"
        )
        return cursor.fetchone()[0] > 0


@pytest.mark.slow
def test_a_worker_killed_in_the_middle_leaves_figures_and_requests_as_they_were(start_worker):
    parent, (one, _two) = a_tree()
    report(one, 4)
    request_recalculation([one.pk])
    recalculate_due()
    before = list(Figure.objects.order_by("pk").values())
    report(one, 5, 2021)
    request_recalculation([one.pk])
    worker = start_worker()

    with transaction.atomic():
        hold_lines()
        recalculate_figures.delay()
        wait_until(is_somebody_waiting)
        os.kill(worker.pid, signal.SIGKILL)
        worker.process.wait(30)

    # Its session ends once the server sees that nobody is there.
    wait_until(lambda: not is_somebody_waiting())
    assert Recalculation.objects.filter(done_at=None).count() == 1
    assert list(Figure.objects.order_by("pk").values()) == before

    assert recalculate_due().requests == 1
    assert numbers(parent) == [9]
    assert not Recalculation.objects.filter(done_at=None).exists()


def test_what_is_approved_during_a_computation_is_computed_next():
    parent, (one, two) = a_tree()
    report(one, 4)
    request_recalculation([one.pk])
    done = []

    def work():
        done.append(recalculate_due())
        connection.close()

    with transaction.atomic():
        hold_lines()
        worker = threading.Thread(target=work)
        worker.start()
        wait_until(is_somebody_waiting)
        report(two, 5)
        request_recalculation([two.pk])
    worker.join()

    assert [each.requests for each in done] == [1]
    assert numbers(parent) == [4]
    assert Recalculation.objects.get(done_at=None).indicator == two
    assert recalculate_due().requests == 1
    assert numbers(parent) == [9]


def test_two_workers_at_once_compute_once():
    parent, (one, two) = a_tree()
    report(one, 4)
    report(two, 5)
    request_recalculation([one.pk, two.pk])

    results = all_at_once(recalculate_due, recalculate_due, recalculate_due)

    assert sorted(result.requests for result in results) == [0, 0, 2]
    assert numbers(parent, 2020) == [9]
    assert not Figure.objects.exclude(superseded_at=None).exists()
    own = FigureLine.objects.filter(figure__indicator=parent, figure__period__isnull=False)
    assert own.counted().count() == 2
