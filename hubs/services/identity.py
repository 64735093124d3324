"""Changing what names a hub, and marking its page as verified."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.models import ActivityAudience, Member
from accounts.services import record_activity
from core.dates import today
from core.images import file_follows
from hubs.models import Hub
from hubs.registers import HUB_CHANGED
from hubs.services.rows import lock, readable, refuse_stale, save_changed, sign

REVIEW_AFTER_DAYS = 365
NAMED_OR_SHOWN = {"name", "acronym", "native_name", "is_published"}  # what HUB_CHANGED follows
CONTENT_FIELDS = (
    "name",
    "acronym",
    "native_name",
    "native_language",
    "countries",
    "level",
    "sectors",
    "languages",
    "website",
    "founded_year",
    "status",
    "successor",
    "summary",
    "iati_identifier",
    "review_due",
)


@transaction.atomic
def change_hub(
    hub: Hub, *, changes: Mapping[str, object], expected_version: int, by: Member
) -> Hub:
    """Change the columns that name and find a hub, or its logo; return the saved row.

    A logo is a new file, or "" to take it away. Raises `PermissionDenied` if `by` does not
    edit the hub, `StaleEdit` if it is not at `expected_version` any more, `ValidationError` if
    a column is wrong.
    """
    current: Hub = lock(hub)
    if not Hub.objects.editable_by(by).contains(current):
        raise PermissionDenied
    refuse_stale(current, expected_version, readable(current, CONTENT_FIELDS))
    was_public = current.is_published
    with file_follows(current, "logo", old=current.logo.name):
        made = save_changed(current, changes, by=by)
        if not NAMED_OR_SHOWN.isdisjoint(each["field"] for each in made):
            for follow in HUB_CHANGED:
                follow(current.pk)
        is_public = was_public and current.is_published
        audience = ActivityAudience.of(is_public=is_public)
        record_activity("hub.changed", current, by=by, audience=audience, changes=made)
    return current


@transaction.atomic
def verify_hub(hub: Hub, *, by: Member) -> Hub:
    """Mark a hub's page as checked today by a moderator who is not of the hub.

    It is due for review a year later. Raises `PermissionDenied` for anybody else.
    """
    current: Hub = lock(hub)
    if not Hub.objects.verifiable_by(by).contains(current):
        raise PermissionDenied
    next_review = today() + datetime.timedelta(days=REVIEW_AFTER_DAYS)
    current.mark_verified(by.pk, next_review=next_review)
    current.version += 1
    sign(current, by)
    current.save()
    is_public = current.is_published
    audience = ActivityAudience.of(is_public=is_public)
    record_activity("hub.verified", current, by=by, audience=audience)
    return current
