"""Tags of drafts and entries: which of the vocabulary they mean, and how new ones join it.

All changes of the vocabulary, and every publication of an entry with tags, wait for one lock:
what a tag means does not change between the look and the save.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from accounts.models import ActivityAudience
from accounts.services import record_activity
from catalogue.models import MOST_OF_NAME, Tag
from catalogue.querysets.tags import each_once
from core.naming import free_slug, one_at_a_time
from hubs.services.rows import sign

if TYPE_CHECKING:
    from accounts.models import Member

TAGS_LOCK = 5_014_030  # key of the advisory lock under which the vocabulary changes
MOST_OF_SLUG = MOST_OF_NAME - 5  # characters made of a name; there is room for a number
# For names in letters that addresses do not have.
OTHERWISE = "other-letters"
RESERVED = frozenset({"desk", "add", "merge"})  # words that mean something else in addresses


def with_known_tags(changes: Mapping[str, Any], by: Member) -> dict[str, Any]:
    """Return changes of a draft with the tags that `by` may know of by their slugs; the others
    stay as they were typed: proposed, and seen by nobody who does not see the draft.
    """
    if not changes.get("tags"):
        return dict(changes)
    known = Tag.objects.visible_to(by).by_text(changes["tags"])
    return {**changes, "tags": _once(changes["tags"], known)}


def tags_to_publish(
    texts: Sequence[str], *, language: str, is_public: bool, by: Member
) -> list[str]:
    """Return the slugs of the tags that a text about to be published names. Those that there
    are not join the vocabulary: its reviewers have read them. `language` is that of the text.
    """
    if not texts:
        return []
    one_at_a_time(TAGS_LOCK)
    texts = each_once(texts)
    known = Tag.objects.all().by_text(texts)
    for text in texts:
        if text not in known:
            known[text] = add_tag(name=text, language=language, is_listed=is_public, by=by)
    slugs = _once(texts, known)
    if is_public:
        Tag.objects.filter(slug__in=slugs, is_listed=False).update(is_listed=True)
    return slugs


def add_tag(*, name: str, language: str, is_listed: bool, by: Member, **columns: Any) -> Tag:
    """Save a new tag; the caller holds the lock and knows that there is none of that name.

    Raises `ValidationError` if a column is wrong.
    """
    slug = free_slug(Tag.objects, name, most=MOST_OF_SLUG, otherwise=OTHERWISE, taken=RESERVED)
    tag = Tag(slug=slug, name=name, language=language, is_listed=is_listed, **columns)
    tag.keys = tag.own_keys()
    tag.full_clean()
    sign(tag, by)
    tag.save()
    record_activity("tag.added", tag, by=by, audience=ActivityAudience.of(is_public=False))
    return tag


def _once(texts: Sequence[str], known: Mapping[str, Tag]) -> list[str]:
    """Return each tag once: by its slug where it is known, else as it was typed."""
    return list(dict.fromkeys(known[each].slug if each in known else each for each in texts))
