"""Which tags there are for whom, and which tag a word means."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db.models import (
    Count,
    Exists,
    F,
    FloatField,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
)
from django.db.models.functions import Coalesce

from accounts.querysets import is_moderator
from catalogue.querysets.entries import PUBLISHED, entry_seen_by

if TYPE_CHECKING:
    from hubs.querysets import User

_SEPARATORS = re.compile(r"[,;\n\r،؛、]")
# All names of a tag in one line.
SPOKEN = Func(F("keys"), Value(" "), function="array_to_string", output_field=TextField())
_ALIKE = 0.4  # of trigrams, 0 to 1: also a plural, or a letter too many


def words_of_tags(text: str) -> list[str]:
    """Return the tags that somebody typed in one line, each once, in their order."""
    typed = (" ".join(part.split()) for part in _SEPARATORS.split(text))
    return each_once(part for part in typed if part)


def each_once(texts: Iterable[str]) -> list[str]:
    """Return texts without those that are the same as one before, but for case and accents."""
    first: dict[str, str] = {}
    for text in texts:
        first.setdefault(folded(text), text)
    return list(first.values())


def folded(text: str) -> str:
    """Return a name without what does not tell it from others: case, accents, punctuation."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return " ".join("".join(_folded_character(each) for each in plain).split())


def _folded_character(character: str) -> str:
    # Accents, and the short vowels of Arabic; the marks of other scripts are letters.
    if "\u0300" <= character <= "\u036f" or "\u064b" <= character <= "\u0652":
        return ""
    return " " if unicodedata.category(character)[0] in "PZSC" else character


class TagQuerySet(QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        """Tags of the vocabulary: those listed, and those of published entries that the user
        may see; all, for moderators. One that was merged is as visible as the one it became.
        """
        if is_moderator(user):
            return self
        return self.filter(self._seen(entry_seen_by(user)))

    def editable_by(self, user: User) -> Self:
        """All, for moderators."""
        return self if self.may_be_edited_by(user) else self.none()

    def may_be_edited_by(self, user: User) -> bool:
        """Return whether `user` keeps the vocabulary: adds, renames, merges and removes tags."""
        return is_moderator(user)

    def matching(self, text: str) -> Self:
        """Tags of which a name, in any language, holds every word of `text`."""
        found = self.annotate(spoken=SPOKEN)
        for word in folded(text).split():
            found = found.filter(spoken__contains=word)
        return found

    def with_entry_count(self) -> Self:
        """Annotate `entry_count`: how many entries have it, whatever their state."""
        entries = apps.get_model("catalogue", "Entry").objects.order_by()
        slug = Func(OuterRef("slug"), template="ARRAY[%(expressions)s]::varchar(60)[]")
        number = entries.filter(tags__contains=slug).values(one=Value(1)).values(n=Count("pk"))
        return self.annotate(
            entry_count=Coalesce(Subquery(number, output_field=IntegerField()), Value(0))
        )

    def public(self) -> Self:
        """Tags that everybody may know of and that were not merged."""
        seen = self._seen(Q(hub__is_published=True))
        return self.filter(seen, merged_into=None)

    def became(self, slugs: Collection[str]) -> dict[str, str]:
        """Return what those of `slugs` are called today that were merged into public tags: one
        query; none without slugs.
        """
        if not slugs:
            return {}
        seen = self._seen(Q(hub__is_published=True))
        merged = self.filter(seen, slug__in=slugs, merged_into__isnull=False)
        return dict(merged.values_list("slug", "merged_into__slug"))

    def current(self) -> Self:
        """Tags that were not merged into another one."""
        return self.filter(merged_into=None)

    def _seen(self, entries: Q) -> Q:
        # By the name that entries have: of a merged tag, the one it became.
        found = apps.get_model("catalogue", "Entry").objects.filter(PUBLISHED, entries)
        name = Func(
            Coalesce(OuterRef("merged_into__slug"), OuterRef("slug")),
            template="ARRAY[%(expressions)s]::varchar(60)[]",
        )
        is_used = Exists(found.filter(tags__contains=name))
        return Q(is_listed=True) | Q(merged_into__is_listed=True) | Q(is_used)

    def by_name(self) -> Self:
        """Order by name, whatever its case and accents."""
        return self.order_by(Func(F("name"), function="unaccent"), "pk")

    def known_as(self, texts: Iterable[str]) -> Self:
        """Tags with one of `texts` as name in any language, or as name in addresses."""
        keys = [key for key in map(folded, texts) if key]
        return self.filter(Q(slug__in=list(texts)) | Q(keys__overlap=keys))

    def by_text(self, texts: Collection[str]) -> dict[str, Any]:
        """Return the tag that each of `texts` means, as far as there is one: a merged one as
        the tag that it became. One query; none without texts.
        """
        if not texts:
            return {}
        tags = list(self.known_as(texts).select_related("merged_into"))
        by_slug = {tag.slug: tag for tag in tags}
        by_key = {key: tag for tag in tags for key in tag.keys}
        found = {text: by_slug.get(text) or by_key.get(folded(text)) for text in texts}
        return {text: tag.merged_into or tag for text, tag in found.items() if tag is not None}

    def alike(self, text: str) -> Self:
        """Tags with a name much like `text`: another ending, a letter too many."""
        likeness = Func(
            Value(folded(text)),
            SPOKEN,
            function="strict_word_similarity",
            output_field=FloatField(),
        )
        return (
            self.current()
            .annotate(likeness=likeness)
            .filter(likeness__gte=_ALIKE)
            .order_by("-likeness", "pk")
        )
