"""What every change of a framework asks first and says in the end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from accounts.querysets import is_moderator
from accounts.services import Change, record_activity
from evaluation.models import Framework
from evaluation.services.audiences import audience_of, is_kept_back
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
    """Write what somebody did with a framework; of one of a confidential exchange, without a name
    and texts.
    """
    is_public = Framework.objects.visible_to(AnonymousUser()).contains(framework)
    exchange = framework.exchange
    audience = audience_of(exchange, is_public=is_public, is_published=framework.is_published)
    about: dict[str, Any] = {"audience": audience, "changes": changes or ()}
    if is_kept_back(exchange):
        about |= {"label": _("Confidential results framework"), "url": "", "changes": ()}
    record_activity(verb, framework, by=by, **about)
