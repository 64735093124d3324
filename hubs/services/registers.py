"""Sources and organisations: named once, shared by many facts."""

from __future__ import annotations

import datetime

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from accounts.models import ActivityAudience, Member
from accounts.services import record_activity
from core.dates import Precision
from core.naming import free_slug, one_at_a_time
from hubs.models import Hub, Organisation, Source
from hubs.services.rows import sign

MOST_OF_SLUG = 75  # characters made of a name; the column has room for a number
NAMING_LOCK = 5_014_001  # key of the advisory lock under which organisations are named


@transaction.atomic
def find_or_create_source(
    *,
    address: str,
    title: str,
    by: Member,
    publisher: str = "",
    dated_on: datetime.date | None = None,
    dated_on_precision: str = Precision.DAY,
    seen_on: datetime.date | None = None,
) -> Source:
    """Return the source at `address`; a new one is saved with the other columns.

    A source that is there keeps its columns: moderators correct those. Raises
    `PermissionDenied` if `by` edits no hub, `ValidationError` if a column is wrong.
    """
    _refuse_non_editors(by)
    return source_at(
        address,
        by=by,
        title=title,
        publisher=publisher,
        dated_on=dated_on,
        dated_on_precision=dated_on_precision,
        seen_on=seen_on,
    )


@transaction.atomic
def source_at(address: str, *, by: Member, **columns: object) -> Source:
    """Return the source at `address`, a new one with `columns`. Who may, the caller decides."""
    found = Source.objects.filter(address=address).first()
    if found is not None:
        return found
    source = Source(address=address, **columns)
    source.full_clean(validate_unique=False)
    sign(source, by)
    try:
        with transaction.atomic():
            source.save()
    except IntegrityError:  # somebody else cited it first
        return Source.objects.get(address=address)
    return source


def titles_of(sources: QuerySet[Source]) -> str:
    """Return sources as the history of what cites them tells them."""
    return "; ".join(sources.order_by("title", "pk").values_list("title", flat=True))


@transaction.atomic
def find_or_create_organisation(
    *, name: str, kind: str, by: Member, acronym: str = "", country: str = ""
) -> Organisation:
    """Return the organisation called `name`, case ignored; a new one is saved.

    Raises `PermissionDenied` if `by` edits no hub, `ValidationError` if a column is wrong.
    """
    _refuse_non_editors(by)
    name = " ".join(name.split())
    found = Organisation.objects.filter(name__iexact=name).first()
    if found is not None:
        return found
    # One new name at a time: two that differ in case only are one body, and two that make the
    # same slug need two.
    one_at_a_time(NAMING_LOCK)
    found = Organisation.objects.filter(name__iexact=name).first()
    if found is not None:
        return found
    slug = free_slug(Organisation.objects, name, most=MOST_OF_SLUG, otherwise="organisation")
    organisation = Organisation(name=name, kind=kind, acronym=acronym, country=country, slug=slug)
    organisation.full_clean()
    sign(organisation, by)
    organisation.save()
    record_activity("organisation.added", organisation, by=by, audience=ActivityAudience.MODERATORS)
    return organisation


def _refuse_non_editors(by: Member) -> None:
    if not Hub.objects.editable_by(by).exists():
        raise PermissionDenied
