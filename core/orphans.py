"""Files that no row names: left where a process ended between writing and committing."""

from __future__ import annotations

import datetime
import os
from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

import structlog
from django.apps import apps
from django.core.files.storage import FileSystemStorage, Storage
from django.db.models import FileField, Model
from django.utils import timezone

logger = structlog.get_logger(__name__)
KEPT_FOR = datetime.timedelta(days=1)  # far longer than any upload takes until it is committed
BATCH = 500  # names that are looked for at once
Naming = list[tuple[type[Model], str]]  # models and their columns that name files


def remove_orphans() -> int:
    """Remove what is older than `KEPT_FOR` in the folders of uploads and named by no row;
    return how many. A file that cannot be removed is left for the next night.
    """
    number = 0
    for (storage, folder), naming in _folders().items():
        names = _names_in(storage, folder)
        while portion := list(islice(names, BATCH)):
            number += sum(_remove(storage, name) for name in _unnamed(portion, naming))
    logger.info("orphan_files_removed", number=number)
    return number


def _folders() -> Mapping[tuple[Storage, str], Naming]:
    """Return the folders of uploads, each with all columns whose files are in it.

    Those of the history do not count: a file goes when its row lets go of it.
    """
    found: dict[tuple[Storage, str], Naming] = defaultdict(list)
    for model in apps.get_models():
        if hasattr(model, "history_object"):
            continue
        for field in model._meta.get_fields():
            if isinstance(field, FileField):
                folder = str(field.upload_to).strip("/")
                found[field.storage, folder].append((model, field.name))
    return found


def _names_in(storage: Storage, folder: str) -> Iterator[str]:
    """Give the names of the files of a folder; one at a time where the storage is a disk."""
    if not isinstance(storage, FileSystemStorage):
        _folders_in_it, files = storage.listdir(folder)
        yield from (f"{folder}/{name}" for name in files)
    elif Path(storage.path(folder)).is_dir():
        with os.scandir(storage.path(folder)) as found:
            yield from (f"{folder}/{each.name}" for each in found if each.is_file())


def _unnamed(names: list[str], naming: Naming) -> set[str]:
    left = set(names)
    for model, column in naming:
        rows: Any = model._base_manager.filter(**{f"{column}__in": names})
        left -= set(rows.values_list(column, flat=True))
    return left


def _remove(storage: Storage, name: str) -> bool:
    try:
        if timezone.now() - storage.get_modified_time(name) <= KEPT_FOR:
            return False
        storage.delete(name)
    except FileNotFoundError:  # somebody else removed it meanwhile
        return False
    except OSError:
        logger.exception("orphan_file_not_removed", name=name)
        return False
    return True
