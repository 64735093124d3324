"""Evidence of exchanges and updates: added, and withdrawn with a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import ActivityAudience, Member
from accounts.services import Change, record_activity
from core.errors import DomainError
from core.images import file_follows
from evaluation.models import Confidentiality, Evidence, Exchange, Update
from evaluation.services.rungs import settle_rungs
from hubs.services.rows import lock, sign

if TYPE_CHECKING:
    from core.uploads import CleanedDocument

MOST = 100  # pieces of evidence of one exchange or update
MAX_NAME = 200  # characters of a file's name


def add_evidence(
    evidence: Evidence, document: CleanedDocument | None = None, *, name: str = "", by: Member
) -> Evidence:
    """Save a new piece of evidence, which names its exchange or update; return the row.

    `document` is a file that was found good, `name` what its owner calls it; one that fails
    leaves nothing behind. Raises `PermissionDenied` if `by` writes neither the exchange nor the
    update now, `DomainError` if there is as much as there may be, `ValidationError` if a column
    is wrong or nothing is shown.
    """
    if document is not None:
        evidence.file = document.file
        evidence.file_name = _short(name)
        evidence.content_type = document.content_type
        evidence.bytes = document.bytes
    with file_follows(evidence, "file", old=""), transaction.atomic():
        owner = _locked_owner(evidence, by)
        if owner.evidence.count() >= MOST:
            raise DomainError(_("There is as much evidence here as there may be."))
        evidence.added_by = by
        _refuse_empty(evidence)
        evidence.full_clean(exclude=["file"])
        sign(evidence, by)
        evidence.save()
        _record("evidence.added", evidence, by=by)
    return evidence


@transaction.atomic
def withdraw_evidence(evidence: Evidence, *, reason: str, by: Member) -> Evidence:
    """Take a piece of evidence back; the rungs that rested on it fall with it.

    A second time changes nothing. Raises `PermissionDenied` if `by` may not, `ValidationError`
    without a reason.
    """
    current: Any = lock(evidence)
    if not Evidence.objects.editable_by(by).contains(current):
        raise PermissionDenied
    if current.withdrawn_at is not None:
        return current  # type: ignore[no-any-return]
    current.withdrawn_at = timezone.now()
    current.withdrawn_by = by
    current.withdrawn_reason = reason.strip()
    current.version += 1
    current.full_clean(exclude=["file"])
    sign(current, by)
    current.save()
    _record("evidence.withdrawn", current, by=by)
    if current.exchange is not None:
        settle_rungs(current.exchange, reason=_("Evidence was withdrawn."), by=by)
    return current  # type: ignore[no-any-return]


def is_told(evidence: Any) -> bool:
    """Return whether everybody may know of a piece of evidence."""
    return bool(Evidence.objects.visible_to(AnonymousUser()).contains(evidence))


def _locked_owner(evidence: Evidence, by: Member) -> Any:
    owner = evidence.exchange or evidence.update
    current = lock(owner) if owner is not None else None
    model: Any = Exchange if evidence.exchange is not None else Update
    if current is None or not model.objects.editable_by(by).contains(current):
        raise PermissionDenied
    return current


def _refuse_empty(evidence: Evidence) -> None:
    if not (evidence.file or evidence.address or evidence.text.strip()):
        message = _("Give a file, an address or what it says.")
        raise ValidationError({"text": [message]})


def _record(verb: str, evidence: Any, *, by: Member) -> None:
    """Write the activity as one about the exchange or update; of what is confidential, without
    a name or an address, for moderators alone.
    """
    thing = evidence.exchange or evidence.update
    told = is_told(evidence)
    about: dict[str, Any] = {"audience": ActivityAudience.of(is_public=told)}
    if is_secret(evidence):
        about |= {"label": _("Confidential evidence"), "url": ""}
    else:
        change: Change = {"field": "evidence", "old": None, "new": str(evidence)}
        about["changes"] = [change]
    record_activity(verb, thing, by=by, **about)


def is_secret(evidence: Any) -> bool:
    """Return whether moderators, too, may not know of a piece of evidence."""
    exchange = evidence.exchange or evidence.update.exchange
    is_open = exchange is None or exchange.confidentiality == Confidentiality.PUBLIC
    return bool(evidence.is_confidential or not is_open)


def _short(name: str) -> str:
    """Return the name with its ending, short enough to be kept."""
    stem, dot, ending = name.rpartition(".")
    return f"{stem[: MAX_NAME - len(ending) - 1]}{dot}{ending}"[:MAX_NAME]
