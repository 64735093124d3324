"""A worker that is killed in the middle of an import leaves nothing half done behind."""

import datetime
import os
import signal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from catalogue import services, tasks
from catalogue.models import Import, Resource
from core.owed import SWEEP_AFTER
from tests.catalogue.importing import table
from tests.factories import hubs as make_hubs
from tests.races import wait_until

ROWS = 3_000  # some five seconds of work


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def process_environment(process_environment, tmp_path):
    """Let the worker find the files, and take the time that workers have."""
    more = {"MEDIA_ROOT": str(tmp_path / "media"), "STATEMENT_TIMEOUT_MS": "0"}
    return process_environment | more


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_in_the_middle_leaves_nothing_and_the_next_one_finishes(start_worker):
    head = make_hubs.MembershipFactory(head=True)
    rows = [{"title": f"Guide {n}", "type": "guide", "is_published": "true"} for n in range(ROWS)]
    upload = SimpleUploadedFile("table.csv", table(*rows))
    worker = start_worker()
    imported = services.begin_import("resources", head.hub, upload, by=head.member)

    def state():
        return Import.objects.get(pk=imported.pk).state

    wait_until(lambda: state() == "checked")
    services.confirm_import(imported, by=head.member)

    # In the middle: some rows are written, none is committed. The progress began anew.
    wait_until(lambda: Import.objects.get(pk=imported.pk).attempts >= 1)
    wait_until(lambda: 0 < services.progress_of(imported)[0] < ROWS)
    os.kill(worker.pid, signal.SIGKILL)
    worker.process.wait(30)

    assert state() == "running"
    assert not Resource.objects.exists()
    assert imported.file.storage.exists(imported.file.name)

    start_worker()
    long_ago = datetime.timedelta(seconds=SWEEP_AFTER.seconds + 1)
    row = Import.objects.get(pk=imported.pk)
    Import.objects.filter(pk=row.pk).update(asked_at=row.asked_at - long_ago)
    tasks.sweep_imports.delay()  # as the scheduler does every half minute
    wait_until(lambda: state() not in ("running",))

    done = Import.objects.get(pk=imported.pk)
    assert (done.state, done.report["new"]) == ("done", ROWS)
    # The queue may hand out the lost message too, just as the sweep takes the row up.
    assert done.attempts in (2, 3)
    assert Resource.objects.count() == ROWS
    # It goes once the end is committed.
    wait_until(lambda: not imported.file.storage.exists(imported.file.name))
