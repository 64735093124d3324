"""What is recorded of every change, and what mail is owed for it."""

from collections.abc import Iterable, Mapping
from typing import TypedDict, Unpack

import structlog
from django.db import models

from accounts.models import Activity, ActivityAudience, Member, OutgoingMail
from accounts.registers import ACTIVITY_RECORDED
from accounts.tasks import send_outgoing_mail
from core.copying import copy_create
from core.tasks import enqueue


class Change(TypedDict):
    """One changed field, with both texts as a person reads them."""

    field: str
    old: object
    new: object


def changes_between(old: Mapping[str, object], new: Mapping[str, object]) -> list[Change]:
    """Return what differs between two states of a row, in the order of `new`."""
    return [
        {"field": field, "old": old.get(field), "new": value}
        for field, value in new.items()
        if old.get(field) != value
    ]


class About(TypedDict, total=False):
    """What can be said of an activity besides who did what: see `record_activity`."""

    audience: ActivityAudience
    changes: Iterable[Change]
    url: str | None
    label: str
    subject: Member | None


def record_activity(
    verb: str, thing: models.Model, *, by: Member | None, **about: Unpack[About]
) -> Activity:
    """Write down that `by` (None: the portal) did `verb` ("hub.changed") to `thing`.

    Call it inside the transaction of the change. `url` is where the change can be seen, if
    that is not the thing's own page; `label` says what it is, if `str` would say who somebody
    is. A member it is about is `subject`, never named in a text: the row can never be altered,
    and their name goes when they close their account.
    """
    activity = new_activity(verb, thing, by=by, **about)
    activity.save()
    for follow in ACTIVITY_RECORDED:
        follow([activity])
    return activity


def record_activities(activities: Iterable[Activity]) -> None:
    """Write down many of `new_activity` at once."""
    written = list(activities)
    copy_create(written)
    for follow in ACTIVITY_RECORDED:
        follow(written)


def new_activity(
    verb: str,
    thing: models.Model,
    *,
    by: Member | None,
    audience: ActivityAudience = Activity.Audience.PUBLIC,
    changes: Iterable[Change] = (),
    url: str | None = None,
    label: str | None = None,
    subject: Member | None = None,
) -> Activity:
    """Return what `record_activity` writes, not written yet."""
    if isinstance(thing, Member):
        label, url, subject = "", "", thing
    if url is None:
        get_absolute_url = getattr(thing, "get_absolute_url", None)
        url = get_absolute_url() if get_absolute_url else ""
    return Activity(
        actor=by,
        verb=verb,
        object_app=thing._meta.app_label,
        object_model=thing._meta.model_name or "",
        object_pk=thing.pk if isinstance(thing.pk, int) else 0,  # vocabularies have codes
        subject=subject,
        object_label=(str(thing) if label is None else label)[:300],
        object_url=url,
        audience=audience,
        changes=list(changes),
        request_id=str(structlog.contextvars.get_contextvars().get("request_id", "")),
    )


def subject_line(text: str) -> str:
    """Return a text as the subject of a mail: a line break would end the header."""
    return " ".join(text.split())[:250]


def queue_mail(
    *, key: str, to: str, subject: str, body: str, unsubscribe: str = ""
) -> OutgoingMail:
    """Owe `to` a mail, in the running transaction; the worker sends it once committed.

    `key` names the effect ("verify:123:ab12"): a second call with the same key changes
    nothing and returns the first row.
    """
    subject = subject_line(subject)
    mail, is_new = OutgoingMail.objects.get_or_create(
        key=key,
        defaults={"to": to, "subject": subject, "body": body, "unsubscribe": unsubscribe},
    )
    if is_new:
        enqueue(send_outgoing_mail, mail.pk)
    return mail
