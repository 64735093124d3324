"""Importing a table: uploaded, checked, confirmed, carried out all or nothing."""

from __future__ import annotations

import hashlib
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.models import ActivityAudience
from accounts.services import record_activity
from catalogue.models import Import, ImportState, KnownRows
from catalogue.services.import_kinds import IMPORT_KINDS, Plan
from catalogue.services.import_notice import tell_when_ready
from catalogue.services.import_reading import header_of, portions, row_of, table_of
from catalogue.services.import_report import count, decide, empty_report
from catalogue.tasks import work_on_import as task
from core.errors import DomainError
from core.naming import one_at_a_time
from core.owed import lock_owed, look_then_lock, note_progress, take_up
from core.owed import progress_of as rows_done
from core.sheets import MAX_BYTES, Line, too_large, too_long
from core.tasks import enqueue

if TYPE_CHECKING:
    from accounts.models import Member
    from hubs.models import Hub

CONFIRMING_LOCK = 7_201_202_001  # of the database
HUB_LOCK = 7_201_203_000_000  # of the database, plus the hub's key: one import of a hub at a time


class _Refused(Exception):
    """Something is wrong: nothing may stay of what was written."""


@transaction.atomic
def begin_import(kind: str, hub: Hub, upload: UploadedFile, *, by: Member) -> Import:
    """Keep a file to be checked; the worker does that once committed.

    Raises `PermissionDenied` if `by` may not import this kind into the hub, `DomainError` if
    the file is too large.
    """
    if kind not in IMPORT_KINDS or not IMPORT_KINDS[kind].hubs(by).contains(hub):
        raise PermissionDenied
    if (upload.size or 0) > MAX_BYTES:
        raise too_large()
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    imported = Import(
        member=by,
        hub=hub,
        kind=kind,
        file_name=PurePath(upload.name or "").name[:200],
        digest=digest.hexdigest(),
        report=empty_report(),
        asked_at=timezone.now(),
    )
    upload.seek(0)
    imported.file.save(imported.digest[:32], upload, save=False)
    imported.save()
    enqueue(task, imported.pk)
    return imported


@transaction.atomic
def confirm_import(
    imported: Import, *, by: Member, known: str = KnownRows.UNDECIDED, again: bool = False
) -> Import:
    """Have a checked file imported by the worker.

    `known` says what becomes of new rows that are there already; `again`, that the very file
    may be imported though it was before. Raises `PermissionDenied` for anybody else's,
    `DomainError` if it cannot be imported now, or without such a decision that it needs.
    """
    one_at_a_time(CONFIRMING_LOCK)  # so that of two that are the same one is first
    current: Import
    for current in look_then_lock(Import.objects.all(), imported.pk):
        if not Import.objects.visible_to(by).contains(current):
            raise PermissionDenied
        if not current.can_run:
            raise DomainError(_("This file cannot be imported now. Look at its report."))
    known = known if current.known_count else KnownRows.UNDECIDED
    _refuse_twice(current, known, again=again)
    current.state = ImportState.RUNNING
    current.known = known
    current.attempts = 0
    current.asked_at = timezone.now()
    current.save(update_fields=["state", "known", "attempts", "asked_at"])
    enqueue(task, current.pk)
    return current


@transaction.atomic
def retry_import(imported: Import, *, by: Member) -> Import:
    """Have a file that was given up checked once more; its member confirms it then.

    Raises `PermissionDenied` for who may not, `DomainError` if it was not given up or the file is
    gone.
    """
    current: Import
    for current in look_then_lock(Import.objects.all(), imported.pk):
        if not Import.objects.retryable_by(by).contains(current):
            raise PermissionDenied
        if current.state != ImportState.FAILED or not current.file:
            raise DomainError(_("This file cannot be tried again. Choose it once more."))
    current.state, current.known = ImportState.CHECKING, KnownRows.UNDECIDED
    current.attempts, current.asked_at = 0, timezone.now()
    current.save(update_fields=["state", "known", "attempts", "asked_at"])
    if current.member_id != by.pk:
        audience = ActivityAudience.MODERATORS
        record_activity("import.retried", current, by=by, audience=audience, url="")
    enqueue(task, current.pk)
    return current


def _refuse_twice(current: Import, known: str, *, again: bool) -> None:
    """Raise `DomainError` where things would be there twice and nobody decided so."""
    if not again and Import.objects.of_same_file(current).exists():
        raise DomainError(
            _("This very file was imported into this hub before. Say so if it shall be once more.")
        )
    if current.known_count and known not in (KnownRows.SKIP, KnownRows.ADD):
        raise DomainError(_("Say what becomes of the rows that are there already."))
    if known == KnownRows.SKIP and not current.is_left_with_some:
        raise DomainError(_("Without the rows that are there already nothing is left."))


def work_on_import(pk: int) -> str:
    """Do what is owed for an import; return its state then, "" if there is nothing to do.

    May be called any number of times and by several at once: see `core.owed`.
    """
    rows = Import.objects.select_related("hub", "member")
    if not take_up(rows, pk, give_up=_give_up):
        return ""
    with transaction.atomic():
        current: Import | None = lock_owed(rows, pk)
        if current is None:
            return ""
        with translation.override(current.member.language):
            _work(current)
            current.finished_at = timezone.now()
            tell_when_ready(current)
        if current.state in (ImportState.DONE, ImportState.FAILED):
            _remove_file(current)
        current.save()
    return str(current.state)


def progress_of(imported: Import) -> tuple[int, int]:
    """Return how many rows are done, and of how many (0: not known yet)."""
    return rows_done(imported), imported.rows


def _give_up(current: Import) -> None:
    with translation.override(current.member.language):
        text = _("The file could not be worked on. Try again, or tell the moderators.")
        _fail(current, text)


def _work(current: Import) -> None:
    is_writing = current.state == ImportState.RUNNING
    kind = IMPORT_KINDS.get(current.kind)
    if kind is None or not kind.hubs(current.member).contains(current.hub):
        _fail(current, _("You may not import into this hub any more."))
        return
    try:
        with transaction.atomic():
            _go_through(current, is_writing=is_writing)
    except (DomainError, ValidationError) as error:
        _fail(current, str(error))
    except _Refused:  # somebody changed something since the check
        current.state = ImportState.CHECKED
    else:
        current.state = ImportState.DONE if is_writing else ImportState.CHECKED
        if is_writing:
            _record(current)


def _go_through(current: Import, *, is_writing: bool) -> None:
    """Plan all rows, and write them as long as none is wrong; keep the report.

    Raises `_Refused` where some were written and a later one is wrong.
    """
    report: dict[str, Any] = empty_report()
    current.report = report
    if is_writing:  # until it is committed, so that the next one sees what is there then
        one_at_a_time(HUB_LOCK + current.hub_id)
    kind = IMPORT_KINDS[current.kind](current.hub, current.member, is_writing=is_writing)
    lines = table_of(current)
    header = header_of(next(lines, Line(1, [])), kind.columns, kind.needed)
    done, is_undecided = 0, False
    for portion in portions(lines):
        plans: list[Plan] = []
        rows = [row_of(line, header, plans) for line in portion]
        plans += kind.plan([row for row in rows if row is not None])
        kind.mark_known(plans)
        if is_writing:
            decide(plans, current.known)
        count(report, plans)
        is_undecided = bool(report["known"] and current.known != KnownRows.SKIP)
        if is_writing and not report["rejected"] and not is_undecided:
            kind.write([plan for plan in plans if plan.action in ("new", "changed")])
        done += len(portion)
        if done > kind.most_rows:
            raise too_long(kind.most_rows)
        note_progress(current, done)
    current.rows = done
    if is_writing and (report["rejected"] or is_undecided):
        raise _Refused
    if is_writing:
        kind.finish()


def _fail(current: Import, text: str) -> None:
    current.state = ImportState.FAILED
    current.report = empty_report() | {"failure": text}


def _record(current: Import) -> None:
    record_activity(
        "import.done", current, by=current.member, audience=ActivityAudience.MODERATORS, url=""
    )


def _remove_file(current: Import) -> None:
    storage, name = current.file.storage, current.file.name
    current.file = ""
    if name:
        transaction.on_commit(lambda: storage.delete(name))
