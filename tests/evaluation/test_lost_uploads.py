"""A worker that is killed while it takes a table of figures leaves nothing half done behind."""

import os
import signal

import pytest
from django.db import connection, transaction

from accounts.models import Activity
from core.sheets import Line
from evaluation.models import Update, UpdateUpload
from evaluation.services.upload_steps import begin_upload, confirm_upload, work_on_upload
from evaluation.tasks import work_on_upload as task
from tests.evaluation.reporting import Setting
from tests.races import all_at_once, wait_until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def process_environment(process_environment):
    """Let the worker take figures of long ago, and wait as long as workers do."""
    return process_environment | {"PERIOD_LOCK_DAYS": "20000", "STATEMENT_TIMEOUT_MS": "0"}


@pytest.fixture(autouse=True)
def _nobody_woken(monkeypatch):
    """What is owed is done when a test says so."""
    for module in ("upload_steps", "outbox"):
        monkeypatch.setattr(f"evaluation.services.{module}.enqueue", lambda task, *pks: None)


def confirmed():
    """Return a table of two figures that its member wants to be taken."""
    setting = Setting()
    code, hub = setting.version.definition.code, setting.hub.slug
    rows = [
        ["indicator", "period_start", "hub", "value"],
        [code, "2020-01-01", hub, "5"],
        [code, "2021-01-01", hub, "6"],
    ]
    lines = (Line(number, cells) for number, cells in enumerate(rows, start=1))
    upload = begin_upload(
        setting.framework, lines, language="en", is_sent=True, by=setting.reporter
    )
    return confirm_upload(upload, by=setting.reporter)


def is_somebody_waiting():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks"
            " WHERE NOT granted AND relation = 'evaluation_update_writers'::regclass"
        )
        return cursor.fetchone()[0] > 0


def all_taken():
    return Update.objects.count(), Activity.objects.filter(verb="update.uploaded").count()


@pytest.mark.slow
def test_a_worker_killed_in_the_middle_leaves_nothing_and_the_next_one_takes_all(start_worker):
    upload = confirmed()
    worker = start_worker()

    with transaction.atomic(), connection.cursor() as cursor:
        # It has written the figures, and waits to write who wrote them.
        cursor.execute("LOCK TABLE evaluation_update_writers IN EXCLUSIVE MODE")
        task.delay(upload.pk)
        wait_until(is_somebody_waiting)
        os.kill(worker.pid, signal.SIGKILL)
        worker.process.wait(30)

    # Its session ends once the server sees that nobody is there.
    wait_until(lambda: not is_somebody_waiting())
    upload.refresh_from_db()
    assert (upload.state, upload.attempts, len(upload.rows)) == ("running", 1, 2)
    assert all_taken() == (0, 0)

    wait_until(lambda: work_on_upload(upload.pk) == "done")
    assert all_taken() == (2, 2)
    assert work_on_upload(upload.pk) == ""


def test_several_workers_at_one_table_take_it_once():
    upload = confirmed()

    states = all_at_once(*[lambda: work_on_upload(upload.pk)] * 3)

    assert sorted(states) == ["", "", "done"]
    assert all_taken() == (2, 2)
    assert UpdateUpload.objects.get().attempts <= 3
