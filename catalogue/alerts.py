"""Mail about what saved searches find anew: one for each, and none without something new."""

from __future__ import annotations

import datetime
from itertools import islice
from typing import Any

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.services import queue_mail
from catalogue.filters import SearchFilter
from catalogue.models import SavedSearch, SearchRow
from catalogue.results import rows_of
from catalogue.searchable import Shown

# What is published in a transaction that is still open bears an earlier time than its commit.
SETTLED = datetime.timedelta(minutes=10)
LISTED = 10  # things that a mail names
_SALT = "catalogue.saved-search.silence"


def send_alerts(now: datetime.datetime | None = None) -> int:
    """Owe a mail to each member whose saved search found something new in its day or week;
    return how many.

    Each search is run in a transaction of its own that also notes until when it was told of:
    whatever is killed, and however often this runs at once, everything new is told once.
    """
    until = (now or timezone.now()) - SETTLED
    due = list(SavedSearch.objects.due(until).order_by("pk").values_list("pk", flat=True))
    return sum(_tell(pk, until) for pk in due)


@transaction.atomic
def _tell(pk: int, until: datetime.datetime) -> int:
    due: Any = SavedSearch.objects.due(until).filter(pk=pk)
    saved = due.select_for_update(of=("self",), skip_locked=True).select_related("member").first()
    if saved is None:  # another worker has it, or its member does not want it any more
        return 0
    new = _new(saved, until)
    count = 0 if new is None else new.count()
    shown = (
        [] if new is None else [each for _row, each in islice(rows_of(new, saved.member), LISTED)]
    )
    if shown:
        _queue(saved, shown, count, until)
        saved.last_alerted_at = timezone.now()
    saved.told_until = until
    saved.save(update_fields=["told_until", "last_alerted_at"])
    return int(bool(shown))


def _new(saved: SavedSearch, until: datetime.datetime) -> Any:
    """Return the rows that are new to the member; None if a filter is not known any more."""
    rows = SearchRow.objects.visible_to(saved.member)
    found = SearchFilter(saved.asked(), queryset=rows)
    if not found.is_valid():
        return None
    between = found.qs.filter(published_at__gte=saved.told_until, published_at__lt=until)
    return between.order_by("-published_at", "object_pk")


def _queue(saved: SavedSearch, shown: list[Shown], count: int, until: datetime.datetime) -> None:
    with translation.override(saved.member.language):
        silence = f"{settings.SITE_URL}{silence_path(saved)}"
        words = {
            "name": saved.name,
            "number": count,
            "list": "\n\n".join(_line(each) for each in shown),
            "address": f"{settings.SITE_URL}{saved.get_absolute_url()}",
            "silence": silence,
        }
        subject = ngettext(
            "%(number)d new result: %(name)s", "%(number)d new results: %(name)s", count
        )
        body = _(
            "Your saved search “%(name)s” found something new:\n\n%(list)s\n\n"
            "The whole search: %(address)s\n\n"
            "No more mail about this search: %(silence)s"
        )
        queue_mail(
            key=f"search-alert:{saved.pk}:{until:%Y%m%d%H%M%S%f}",
            to=saved.member.email,
            subject=subject % words,
            body=body % words,
            unsubscribe=silence,
        )


def _line(each: Shown) -> str:
    return f"{' '.join(each.title.split())}\n{settings.SITE_URL}{each.path}"


def silence_path(saved: SavedSearch) -> str:
    """Return the address that switches the mail off, for whoever reads the mail."""
    token = signing.dumps(saved.pk, salt=_SALT)
    return reverse("catalogue:saved_search_silence", args=[token])


def silenced_by(token: str) -> int | None:
    """Return the key of the saved search that `token` switches off; None for a forged one."""
    try:
        return int(signing.loads(token, salt=_SALT))
    except (signing.BadSignature, ValueError, TypeError):
        return None
