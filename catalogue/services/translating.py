"""Entries in other languages: written, called right, removed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import ActivityAudience
from accounts.services import record_activity
from catalogue.content import TRANSLATED
from catalogue.models import Entry, Translation, TranslationState
from catalogue.registers import TRANSLATION_CHANGED, TRANSLATION_GOES
from catalogue.services.indexing import index_entries
from core.errors import DomainError
from hubs.services.rows import lock, refuse_stale, sign

if TYPE_CHECKING:
    from accounts.models import Member


@transaction.atomic
def save_translation(
    entry: Entry,
    language: str,
    texts: Mapping[str, Any],
    *,
    state: str,
    from_version: int,
    expected_version: int,
    by: Member,
) -> Translation:
    """Write what the entry says in `language`; a translation that was reviewed has to be
    reviewed again.

    `from_version` is the version that the translator read, `expected_version` the state of the
    translation they changed, 0 for a new one. Raises `PermissionDenied` if `by` may not write
    it, `DomainError` for the language of the original or without a title, `StaleEdit` if
    somebody saved it in between.
    """
    current = Entry.objects.select_for_update(no_key=True).get(pk=entry.pk)
    if not Entry.objects.translatable_by(by).contains(current):
        raise PermissionDenied
    if language == current.language:
        raise DomainError(_("This is the language of the original."))
    if not texts.get("title", "").strip():
        raise DomainError(_("Translate the title at least."))
    found: Any = current.translations.filter(language=language).first()
    saved: Any = found or Translation(entry=current, language=language, version=0)
    refuse_stale(saved, expected_version, {name: saved.texts.get(name, "") for name in TRANSLATED})
    saved.texts = {name: text for name, text in texts.items() if text}
    saved.state = TranslationState(state)
    if saved.state == TranslationState.REVIEWED:
        raise DomainError(_("Somebody else has to review it first."))
    saved.from_version = min(from_version, current.latest_version)
    saved.translated_by, saved.reviewed_by = by, None
    saved.version += 1
    sign(saved, by)
    saved.full_clean()
    saved.save()
    for follow in TRANSLATION_CHANGED:
        follow(saved.pk, by)
    index_entries([current.pk])
    _record("translation.saved", saved, by)
    return saved  # type: ignore[no-any-return]


@transaction.atomic
def review_translation(
    translation: Translation, *, expected_version: int, by: Member
) -> Translation:
    """Call a translation right, as it says in its version `expected_version`.

    Raises `PermissionDenied` for who wrote it, and for those who do not edit the hub;
    `DomainError` if it says something else by now, or the original has moved on since.
    """
    found = Translation.objects.select_for_update(no_key=True, of=("self",))
    current: Any = found.select_related("entry__hub").get(pk=translation.pk)
    if current.version != expected_version:
        raise DomainError(_("It was changed after you had opened it. Read it first."))
    if not Translation.objects.reviewable_by(by).contains(current):
        raise PermissionDenied
    if current.from_version < current.entry.latest_version:
        raise DomainError(_("The original has changed since. Bring the translation up to date."))
    current.state, current.reviewed_by = TranslationState.REVIEWED, by
    current.version += 1
    sign(current, by)
    current.save()
    _record("translation.reviewed", current, by)
    return current  # type: ignore[no-any-return]


@transaction.atomic
def remove_translation(translation: Translation, *, by: Member) -> None:
    """Remove a translation that does not say what the entry says; the history keeps it.

    Raises `PermissionDenied` if `by` does not edit the hub, `Removed` if it is gone already.
    """
    if not Entry.objects.revisable_by(by).contains(translation.entry):
        raise PermissionDenied
    # Before what rests on it is locked, as who names it in a story does.
    translation = lock(translation)
    _record("translation.removed", translation, by)
    key = translation.entry_id
    for let_go in TRANSLATION_GOES:
        let_go(translation.pk, by)
    sign(translation, by)
    translation.delete()
    index_entries([key])


def _record(verb: str, translation: Translation, by: Member) -> None:
    entry = translation.entry
    is_public = entry.hub.is_published
    record_activity(
        verb,
        translation,
        by=by,
        audience=ActivityAudience.of(is_public=is_public),
        url=entry.get_absolute_url(),
    )
