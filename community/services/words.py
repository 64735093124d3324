"""Watched words: compared without accents and in small letters, in one pass over a post."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import ActivityAudience, Member
from accounts.services import record_activity
from community.models import Post, WatchedWord
from community.services.flags import flag_for_words
from core.errors import DomainError

MOST_WORDS = 1_000
_WORD = re.compile(r"\w+")
# Scripts that put no space between words: there a watched word is looked for anywhere.
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")


def plain(text: str) -> str:
    """Return `text` in small letters, without accents, its words with one space between."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(each for each in parts if not unicodedata.combining(each))
    return " ".join(_WORD.findall(bare))


def found_in(text: str, watched: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """Return which of the `watched` (word, action) stand in `text`, by their action."""
    bare = plain(text)
    spaced = f" {bare} "
    found: dict[str, list[str]] = {}
    for word, action in watched:
        if _stands_in(word, bare, spaced):
            found.setdefault(action, []).append(word)
    return found


def _stands_in(word: str, bare: str, spaced: str) -> bool:
    core = word.removesuffix("*")
    if core not in bare:  # what nearly every word ends with
        return False
    if _UNSPACED.search(core):
        return True
    return f" {core}" in spaced if word.endswith("*") else f" {core} " in spaced


def _watched() -> list[tuple[str, str]]:
    return list(WatchedWord.objects.order_by().values_list("text", "action"))


def watched_in(member: Member, text: str) -> dict[str, list[str]]:
    """Return the watched words in what `member` writes, by what is done about them; moderators
    write as they like.
    """
    return {} if member.is_moderator else found_in(text, _watched())


def flag_words(post: Post, found: dict[str, list[str]]) -> None:
    """Report a shown post for the words `found` in it, as the portal itself."""
    if found:
        words = [word for action in sorted(found) for word in found[action]]
        flag_for_words("post", post, ", ".join(words)[:2_000])


@transaction.atomic
def watch_word(text: str, *, action: str, note: str = "", by: Member) -> WatchedWord:
    """Watch a word from now on. Raises `PermissionDenied` unless `by` moderates the portal,
    `ValidationError` if nothing is left of it or it is watched already.
    """
    if not by.is_moderator:
        raise PermissionDenied
    bare = plain(text)
    ending = "*" if text.strip().endswith("*") else ""
    if len(bare) < 2:
        raise ValidationError({"text": _("Write a word of two letters or more.")})
    if WatchedWord.objects.count() >= MOST_WORDS:
        raise DomainError(
            _("More than %(number)d words cannot be watched.") % {"number": MOST_WORDS}
        )
    word = WatchedWord(text=f"{bare}{ending}", action=action, note=note.strip(), added_by=by)
    word.full_clean()
    try:
        with transaction.atomic():
            word.save()
    except IntegrityError as error:
        raise ValidationError({"text": _("This word is watched already.")}) from error
    _record("word.watched", word, by)
    return word


@transaction.atomic
def unwatch_word(pk: int, *, by: Member) -> None:
    """Watch a word no longer; a second time changes nothing. Raises as `watch_word`."""
    if not by.is_moderator:
        raise PermissionDenied
    word: Any = WatchedWord.objects.select_for_update(of=("self",)).filter(pk=pk).first()
    if word is not None:
        _record("word.unwatched", word, by)
        word.delete()


def _record(verb: str, word: WatchedWord, by: Member) -> None:
    record_activity(verb, word, by=by, audience=ActivityAudience.MODERATORS, url="")
