"""The vocabulary of tags in the hands of moderators: added, renamed, merged, removed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts.models import ActivityAudience
from accounts.services import changes_between, record_activity
from catalogue.models import Entry, EntryVersion, Tag
from catalogue.services.indexing import index_entries
from catalogue.services.tagging import TAGS_LOCK, add_tag
from core.errors import DomainError
from core.naming import one_at_a_time
from hubs.services.rows import readable, refuse_stale, save_changed

if TYPE_CHECKING:
    from accounts.models import Member
    from accounts.services import Change

MODERATORS = ActivityAudience.MODERATORS
# The tags of entries with some of them replaced by another, in their order, each once.
REPLACE = """
UPDATE catalogue_entry SET version = version + 1, updated_at = now(), tags = ARRAY(
    SELECT tag FROM (
        SELECT CASE WHEN tag = ANY(%(gone)s) THEN %(new)s ELSE tag END AS tag, min(place) AS place
        FROM unnest(tags) WITH ORDINALITY AS old (tag, place) GROUP BY 1
    ) AS named ORDER BY place
) WHERE id = ANY(%(keys)s)
"""


@transaction.atomic
def create_tag(*, name: str, language: str, names: Mapping[str, str], by: Member) -> Tag:
    """Add a tag to the vocabulary, or list one for good that only a few knew of: that one keeps
    its name and gets those in other languages.

    Raises `PermissionDenied` for who does not moderate, `ValidationError` where a column is
    wrong or a name is that of another tag.
    """
    if not Tag.objects.may_be_edited_by(by):
        raise PermissionDenied
    one_at_a_time(TAGS_LOCK)
    found: Tag | None = Tag.objects.all().by_text([name]).get(name)
    if found is not None and not found.is_listed:
        more = {code: each for code, each in names.items() if code != found.language}
        own = {"name": found.name, "language": found.language}
        made = _save_names(found, own | {"is_listed": True}, {**found.names, **more}, by)
        record_activity("tag.changed", found, by=by, audience=MODERATORS, changes=made)
        return found
    _refuse_taken({"name": name, **_as_fields(names)}, Tag.objects.all())
    return add_tag(name=name, language=language, is_listed=True, by=by, names=dict(names))


@transaction.atomic
def change_tag(
    tag: Tag,
    *,
    name: str,
    language: str,
    names: Mapping[str, str],
    expected_version: int,
    by: Member,
) -> Tag:
    """Rename a tag, in any language; its name in addresses stays. Entries with it are found by
    the new names at once.

    Raises `PermissionDenied` for who does not moderate, `StaleEdit` if it is not at
    `expected_version` any more, `DomainError` if it was merged, `ValidationError` as
    `create_tag`.
    """
    (current,) = _locked([tag.slug], by)
    saved = {**readable(current, ("name", "language")), **_as_fields(current.names)}
    refuse_stale(current, expected_version, saved)
    made = _save_names(current, {"name": name, "language": language}, names, by)
    record_activity("tag.changed", current, by=by, audience=MODERATORS, changes=made)
    return current


@transaction.atomic
def merge_tags(slugs: Collection[str], *, into: str, reason: str, by: Member) -> int:
    """Make the tags `slugs` names of the tag `into`; return how many entries have that now
    instead. What named them leads to `into` for good: addresses, drafts, versions.

    Raises `PermissionDenied` for who does not moderate, `DomainError` if one of them was merged
    or removed meanwhile, if there is nothing to merge, or without a reason.
    """
    gone = sorted(set(slugs) - {into})
    if not gone:
        raise DomainError(_("Choose at least two tags, and which of them stays."))
    if not reason.strip():
        raise DomainError(_("Say why."))
    tags = {tag.slug: tag for tag in _locked([*gone, into], by)}
    target = tags.pop(into)
    sources = list(tags.values())
    if any(tag.is_listed for tag in sources) and not target.is_listed:
        save_changed(target, {"is_listed": True}, by=by)
    Tag.objects.filter(merged_into__in=sources).update(merged_into=target)
    for tag in sources:
        save_changed(tag, {"merged_into": target}, by=by)
    keys = entries_with(gone)
    if keys:
        with connection.cursor() as cursor:
            cursor.execute(REPLACE, {"gone": gone, "new": into, "keys": keys})
        index_entries(keys)
    changes: list[Change] = [
        {"field": "tag", "old": tag.name, "new": target.name} for tag in sources
    ]
    changes.append({"field": "reason", "old": None, "new": reason.strip()})
    record_activity("tag.merged", target, by=by, audience=MODERATORS, changes=changes)
    return len(keys)


@transaction.atomic
def remove_tag(tag: Tag, *, by: Member) -> None:
    """Take a tag out of the vocabulary that nothing published ever named.

    Raises `PermissionDenied` for who does not moderate, `DomainError` if an entry or a version
    names it, others were merged into it, or it was merged or removed meanwhile.
    """
    (current,) = _locked([tag.slug], by)
    is_named = (
        current.aliases.exists()
        or Entry.objects.filter(tags__contains=[current.slug]).exists()
        or EntryVersion.objects.filter(content__tags__contains=[current.slug]).exists()
    )
    if is_named:
        raise DomainError(
            _("Something published names this tag. Merge it into another one instead.")
        )
    record_activity("tag.removed", current, by=by, audience=MODERATORS)
    current.delete()


def entries_with(slugs: Collection[str]) -> list[int]:
    """Return the keys of the entries with any of these tags, in any state; they are locked in
    one order until the transaction ends.
    """
    found = Entry.objects.filter(tags__overlap=list(slugs)).order_by("pk")
    return list(found.select_for_update(no_key=True).values_list("pk", flat=True))


def _locked(slugs: Collection[str], by: Member) -> list[Tag]:
    """Return tags that nobody else changes before the transaction ends."""
    if not Tag.objects.may_be_edited_by(by):
        raise PermissionDenied
    one_at_a_time(TAGS_LOCK)
    found = list(Tag.objects.filter(slug__in=slugs).select_for_update(no_key=True, of=("self",)))
    if len(found) != len(set(slugs)) or any(tag.merged_into_id for tag in found):
        raise DomainError(_("One of these tags was merged or removed meanwhile."))
    return found


def _save_names(
    tag: Tag, columns: Mapping[str, Any], names: Mapping[str, str], by: Member
) -> list[Change]:
    """Save columns and names of a tag; return what changed. Entries are found by them at once."""
    others = Tag.objects.exclude(pk=tag.pk).exclude(merged_into=tag)
    _refuse_taken({"name": columns["name"], **_as_fields(names)}, others)
    before, tag.names = tag.names, dict(names)
    tag.keys = Tag(slug=tag.slug, name=columns["name"], names=names).own_keys()
    made = save_changed(tag, columns, by=by)
    made += changes_between(before, {code: names.get(code) for code in sorted({*before, *names})})
    if keys := entries_with([tag.slug]):
        index_entries(keys)
    return made


def _refuse_taken(fields: Mapping[str, str], others: Any) -> None:
    """Raise `ValidationError` at each field whose name is that of another tag."""
    known = others.by_text([name for name in fields.values() if name])
    problems = {
        field: _("“%(name)s” is a name of the tag “%(tag)s” already. Merge them instead.")
        % {"name": name, "tag": known[name].name}
        for field, name in fields.items()
        if name in known
    }
    if problems:
        raise ValidationError(problems)


def _as_fields(names: Mapping[str, str]) -> dict[str, str]:
    """Return names by language under the names that forms have for them."""
    return {f"name_{language}": name for language, name in names.items()}
