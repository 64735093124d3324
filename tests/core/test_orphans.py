"""Files that no row names go, once they are old enough; all others stay."""

import datetime
import os
import time

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage, default_storage
from django.db.models import FileField
from django.utils import timezone
from structlog.testing import capture_logs

from catalogue.models import ResourceLink
from core import orphans, tasks
from tests.core.test_models import MODELS
from tests.factories import catalogue as make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def kept(name, days=2):
    """Keep a file, last changed some days ago, and return its name."""
    found = default_storage.save(name, ContentFile(b"x"))
    moment = time.time() - days * 24 * 3600
    os.utime(default_storage.path(found), (moment, moment))
    return found


def link_with(name):
    columns = {"file": name, "content_type": "application/pdf", "bytes": 1, "address": ""}
    return ResourceLink.objects.create(resource=make.ResourceFactory(), **columns)


@pytest.mark.parametrize("folder", ["attachments", "imports", "logos", "photos", "resources"])
def test_an_old_file_that_no_row_names_goes(folder):
    name = kept(f"{folder}/orphan.pdf")

    with capture_logs() as lines:
        assert tasks.remove_orphan_files() == 1

    assert not default_storage.exists(name)
    assert {"event": "orphan_files_removed", "number": 1}.items() <= lines[-1].items()


def test_a_young_file_stays_for_it_may_be_on_its_way():
    young = kept("resources/young.pdf", days=0)

    assert tasks.remove_orphan_files() == 0
    assert default_storage.exists(young)


def test_a_file_that_a_row_names_stays(monkeypatch):
    monkeypatch.setattr(orphans, "BATCH", 2)
    named = [kept(f"resources/{number}.pdf") for number in range(5)]
    for name in named:
        link_with(name)
    gone = [kept(f"resources/orphan-{number}.pdf") for number in range(5)]

    assert tasks.remove_orphan_files() == 5
    assert all(default_storage.exists(name) for name in named)
    assert not any(default_storage.exists(name) for name in gone)


def test_other_folders_are_not_looked_into():
    other = kept("backups/all.dump")

    assert tasks.remove_orphan_files() == 0
    assert default_storage.exists(other)


def test_a_storage_without_paths_is_swept_too(monkeypatch):
    storage = InMemoryStorage()
    field = ResourceLink._meta.get_field("file")
    monkeypatch.setattr(field, "storage", storage)
    named, orphan = (storage.save(f"resources/{name}", ContentFile(b"x")) for name in "ab")
    link_with(named)
    later = timezone.now() + datetime.timedelta(days=2)
    monkeypatch.setattr(orphans.timezone, "now", lambda: later)

    assert tasks.remove_orphan_files() == 1
    assert storage.exists(named)
    assert not storage.exists(orphan)


def test_a_file_that_cannot_be_removed_keeps_no_other_waiting(monkeypatch):
    names = [kept(f"resources/{number}.pdf") for number in range(2)]
    delete = default_storage.delete

    def fail(name):
        if name == names[0]:
            raise PermissionError
        delete(name)

    monkeypatch.setattr(type(default_storage._wrapped), "delete", lambda self, name: fail(name))

    assert tasks.remove_orphan_files() == 1


def test_every_folder_of_uploads_is_known():
    for model in MODELS:
        for field in model._meta.get_fields():
            if isinstance(field, FileField):
                assert isinstance(field.upload_to, str), "the sweep must know the folder"
                assert field.upload_to.strip("/")
