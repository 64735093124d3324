"""Keeping searches: each is its member's own affair, so no activity tells of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from catalogue.models import SavedSearch, SearchAlert
from core.errors import DomainError
from hubs.services.rows import refuse_stale

if TYPE_CHECKING:
    from accounts.models import Member

MOST = 100  # searches that a member keeps


@transaction.atomic
def save_search(*, name: str, place: str, query: str, alert: str, by: Member) -> SavedSearch:
    """Keep a search for `by`; what is there already is no news.

    Raises `DomainError` if `by` keeps too many, `ValidationError` for a name used already.
    """
    _one_at_a_time(by)
    if SavedSearch.objects.visible_to(by).count() >= MOST:
        raise DomainError(
            _("You keep %(most)d searches already. Delete one first.") % {"most": MOST}
        )
    saved = SavedSearch(
        member=by, name=name, place=place, query=query, alert=alert, told_until=timezone.now()
    )
    saved.full_clean()
    saved.save()
    return saved


@transaction.atomic
def change_search(
    saved: SavedSearch, *, name: str, alert: str, expected_version: int, by: Member
) -> SavedSearch:
    """Give a saved search another name or alert; one that is switched on tells from now on.

    Raises `PermissionDenied` unless it is `by`'s own, `StaleEdit` if it was changed meanwhile.
    """
    _one_at_a_time(by)
    current = _locked(saved, by)
    refuse_stale(current, expected_version, {"name": current.name, "alert": current.alert})
    if current.alert == SearchAlert.OFF and alert != SearchAlert.OFF:
        current.told_until = timezone.now()
    current.name, current.alert = name, alert
    current.version += 1
    current.full_clean()
    current.save()
    return current  # type: ignore[no-any-return]


@transaction.atomic
def remove_search(saved: SavedSearch, *, by: Member) -> None:
    """Forget a saved search. Raises `PermissionDenied` unless it is `by`'s own."""
    _locked(saved, by).delete()


@transaction.atomic
def silence_search(pk: int) -> SavedSearch | None:
    """Send no more mail of a saved search, for whoever holds the address that a mail gave;
    None if it is gone. A second time changes nothing.
    """
    current: Any = SavedSearch.objects.select_for_update(no_key=True).filter(pk=pk).first()
    if current is not None and current.alert != SearchAlert.OFF:
        current.alert = SearchAlert.OFF
        current.version += 1
        current.save(update_fields=["alert", "version"])
    return current  # type: ignore[no-any-return]


def _one_at_a_time(by: Member) -> None:
    """Let two searches of one member be named one after the other: each sees the other's name."""
    get_user_model().objects.select_for_update(no_key=True).get(pk=by.pk)


def _locked(saved: SavedSearch, by: Member) -> Any:
    own = SavedSearch.objects.editable_by(by).select_for_update(no_key=True)
    current = own.filter(pk=saved.pk).first()
    if current is None:
        raise PermissionDenied
    return current
