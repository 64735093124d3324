"""What every change of a framework asks first and says in the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied

from accounts.models import ActivityAudience
from accounts.querysets import is_moderator
from accounts.services import Change, record_activity
from evaluation.models import Framework
from hubs.models import Hub
from hubs.services.rows import save_changed

if TYPE_CHECKING:
    from accounts.models import Member
    from hubs.querysets import User


def refuse_others(framework: Framework, *, by: Member) -> None:
    """Raise `PermissionDenied` for who does not write the framework."""
    if not Framework.objects.editable_by(by).contains(framework):
        raise PermissionDenied


def refuse_bystanders(by: User) -> None:
    """Raise `PermissionDenied` for who can begin neither a framework nor an indicator of the
    library: nobody's editor, M&E focal point or head, and no moderator.
    """
    if not (is_moderator(by) or Hub.objects.assessable_by(by).exists()):
        raise PermissionDenied


def touch_framework(framework: Framework, *, by: Member, field: str, text: str) -> None:
    """Save a locked framework under its next version because a part of it changed, and say so."""
    save_changed(framework, {}, by=by)
    change: Change = {"field": field, "old": None, "new": text[:300]}
    record_framework("framework.changed", framework, by=by, changes=[change])


def record_framework(
    verb: str, framework: Framework, *, by: Member, changes: list[Change] | None = None
) -> None:
    """Write what somebody did with a framework; of one that is no public one, for moderators."""
    is_public = Framework.objects.visible_to(AnonymousUser()).contains(framework)
    record_activity(
        verb,
        framework,
        by=by,
        audience=ActivityAudience.of(is_public=is_public),
        changes=changes or (),
    )
