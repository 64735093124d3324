"""A table of figures on its way: kept, checked, confirmed, taken; the long work by the worker."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import ActivityAudience
from accounts.services import record_activity
from accounts.services.patience import tell_when_ready
from core.errors import DomainError
from core.memory import keeping_everything
from core.owed import lock_owed, look_then_lock, take_up
from core.sheets import Line
from core.tasks import enqueue
from evaluation.models import Framework, UpdateUpload, UploadState
from evaluation.models.update import empty_upload_report
from evaluation.services.update_upload import check_upload, rows_of, take_rows
from evaluation.tasks import work_on_upload as task

if TYPE_CHECKING:
    from accounts.models import Member

AT_ONCE = 500  # rows that are checked while somebody waits for the page
_REFUSED = {
    UploadState.CHECKED: gettext_lazy("This table cannot be taken now. Look at its report."),
    UploadState.FAILED: gettext_lazy("This table was not given up."),
}


@transaction.atomic
def begin_upload(
    framework: Framework, lines: Iterator[Line], *, language: str, is_sent: bool, by: Member
) -> UpdateUpload:
    """Keep a table to be checked: a short one whenever it is looked at, a long one by the worker
    once committed. Raises `SheetError` if it is none of this framework's.
    """
    rows = rows_of(framework, lines)
    is_long = len(rows) > AT_ONCE
    upload = UpdateUpload.objects.create(
        member=by,
        framework=framework,
        rows=rows,
        language=language,
        is_sent=is_sent,
        state=UploadState.CHECKING if is_long else UploadState.CHECKED,
        report=empty_upload_report() | {"rows": len(rows)},
    )
    if is_long:
        enqueue(task, upload.pk)
    return upload


def report_on(upload: UpdateUpload) -> dict[str, Any]:
    """Return what a table would do or did, as `UpdateUpload.report` has it: of a short one that
    waits for its member as it is now, else as it was found by the worker.
    """
    if upload.state == UploadState.CHECKED and upload.report["rows"] <= AT_ONCE:
        kept = {name: upload.report[name] for name in ("rows", "failure")}
        return check_upload(upload).told() | kept
    return dict(upload.report)


@transaction.atomic
def confirm_upload(upload: UpdateUpload, *, by: Member) -> UpdateUpload:
    """Have a checked table taken by the worker.

    Raises `PermissionDenied` for anybody else's, `DomainError` if it is taken already or
    something is wrong by now.
    """
    current = _waiting(upload, UploadState.CHECKED, "visible_to", by)
    report = report_on(current)
    if report["problem_count"] or not report["new"]:
        raise DomainError(_("Something changed since the check. Look at the report again."))
    return _ask(current, UploadState.RUNNING)


@transaction.atomic
def retry_upload(upload: UpdateUpload, *, by: Member) -> UpdateUpload:
    """Have a table that was given up checked once more; its member confirms it then.

    Raises `PermissionDenied` for who may not, `DomainError` if it was not given up.
    """
    current = _waiting(upload, UploadState.FAILED, "retryable_by", by)
    if current.member_id != by.pk:
        audience = ActivityAudience.MODERATORS
        record_activity("upload.retried", current.framework, by=by, audience=audience)
    return _ask(current, UploadState.CHECKING)


def _waiting(upload: UpdateUpload, state: UploadState, right: str, by: Member) -> UpdateUpload:
    """Return the row, locked, if it is in `state` and `by` has `right`."""
    current: UpdateUpload
    for current in look_then_lock(UpdateUpload.objects.all(), upload.pk):
        if not getattr(UpdateUpload.objects, right)(by).contains(current):
            raise PermissionDenied
        if current.state in (UploadState.RUNNING, UploadState.DONE):
            raise DomainError(_("This table was taken already."))
        if current.state != state:
            raise DomainError(str(_REFUSED[state]))
    return current


def _ask(current: UpdateUpload, state: UploadState) -> UpdateUpload:
    current.state, current.attempts, current.asked_at = state, 0, timezone.now()
    current.save(update_fields=["state", "attempts", "asked_at"])
    enqueue(task, current.pk)
    return current


def work_on_upload(pk: int) -> str:
    """Do what is owed for a table; return its state then, "" if there is nothing to do.

    May be called any number of times and by several at once: see `core.owed`.
    """
    rows = UpdateUpload.objects.select_related("member", "framework")
    if not take_up(rows, pk, give_up=_give_up):
        return ""
    with transaction.atomic():
        current: UpdateUpload | None = lock_owed(rows, pk)
        if current is None:
            return ""
        with translation.override(current.member.language), keeping_everything():
            _work(current)
            _tell(current)
        current.save()
    return str(current.state)


def _work(current: UpdateUpload) -> None:
    is_taking = current.state == UploadState.RUNNING
    report = take_rows(current) if is_taking else check_upload(current)
    current.report = {"rows": len(current.rows)} | report.told()
    if not is_taking:
        current.state = UploadState.CHECKED
    elif report.can_be_taken:
        current.state, current.rows, current.done_at = UploadState.DONE, [], timezone.now()
    else:  # somebody changed something since the check
        current.state = UploadState.CHECKED
        text = _("Something changed since the check. Look at the report again.")
        current.report["failure"] = text


def _give_up(current: UpdateUpload) -> None:
    with translation.override(current.member.language):
        text = _("The table could not be worked on; nothing of it was taken.")
    current.report["failure"] = text
    current.state = UploadState.FAILED


def _tell(current: UpdateUpload) -> None:
    words = {
        "framework": str(current.framework),
        "state": current.get_state_display(),
        "address": f"{settings.SITE_URL}{current.get_absolute_url()}",
    }
    tell_when_ready(
        current.member,
        asked_at=current.asked_at,
        key=f"upload:{current.pk}:{current.state}",
        subject=_("Your table of figures is ready: %(framework)s") % words,
        body=_("%(framework)s: %(state)s.\n\nSee the report:\n%(address)s\n") % words,
    )
