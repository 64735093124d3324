"""Articles as they are written: begun, changed, illustrated, and placed on the front page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Member
from accounts.services import changes_between
from community.followed import kind_of
from community.models import ARTICLE_ABOUT, Article, ArticleState
from community.querysets.articles import things_for
from community.services.article_records import (
    PICTURE,
    PLACE,
    article_as_read,
    record_article,
    save_next,
    saved_texts,
)
from core.dates import today
from core.images import file_follows
from core.naming import free_slug, one_at_a_time
from hubs.models import Hub
from hubs.services.registers import source_at
from hubs.services.rows import sign

if TYPE_CHECKING:
    from django.core.files.base import ContentFile

NAMING_LOCK = 7_201_206_011  # of the database: one new address at a time
MOST_OF_SLUG = 94  # characters made of a title; the column has room for a number
TAKEN = {"begin", "desk"}  # addresses that are pages already
TO_COME = (ArticleState.DRAFT, ArticleState.SUBMITTED, ArticleState.SCHEDULED)


@transaction.atomic
def begin_article(*, columns: Mapping[str, Any], by: Member, hub: Hub | None = None) -> Article:
    """Save the draft of an article, and return it: a moderator's own, or else what `hub`
    proposes, about itself. `columns` as the `changes` of `change_article`.

    Raises `PermissionDenied` if `by` neither moderates nor heads nor edits the hub,
    `ValidationError` if a column is wrong.
    """
    if not by.is_moderator and (hub is None or not Hub.objects.editable_by(by).contains(hub)):
        raise PermissionDenied
    article = Article(author=by, is_proposal=not by.is_moderator, hub=hub)
    _set(article, columns, by)
    one_at_a_time(NAMING_LOCK)
    article.slug = free_slug(
        Article.objects, article.title, most=MOST_OF_SLUG, otherwise="article", taken=TAKEN
    )
    article.full_clean()
    sign(article, by)
    article.save()
    record_article("article.begun", article, by=by)
    return article


@transaction.atomic
def change_article(
    article: Article, *, changes: Mapping[str, Any], expected_version: int, by: Member
) -> Article:
    """Change what an article says; return the saved row.

    `changes` holds columns of `TEXTS`; `about`, a thing of `ARTICLE_ABOUT` or None;
    `translation_of`, another article or None; `source`, the columns of one or None. Raises
    `PermissionDenied` if `by` does not write it, `StaleEdit`, `ValidationError` if a column is
    wrong.
    """
    current = article_as_read(article, "editable_by", by, expected_version)
    before = saved_texts(current)
    _set(current, changes, by)
    return _saved("article.changed", current, before, by)


@transaction.atomic
def set_picture(
    article: Article,
    *,
    picture: ContentFile[bytes] | str | None,
    picture_text: str,
    picture_credit: str,
    expected_version: int,
    by: Member,
) -> Article:
    """Give an article a picture: a new file, "" to take it away, None to leave it as it is; with
    what it shows and who made it. Raises as `change_article`.
    """
    current = article_as_read(article, "editable_by", by, expected_version)
    before = saved_texts(current)
    with file_follows(current, "picture", old=current.picture.name):
        if picture is not None:
            current.picture = picture
        texts = zip(PICTURE, (picture_text, picture_credit), strict=True)
        for name, text in texts:
            setattr(current, name, text.strip() if current.picture else "")
        return _saved("article.changed", current, before, by)


@transaction.atomic
def place_article(
    article: Article, *, changes: Mapping[str, Any], expected_version: int, by: Member
) -> Article:
    """Say when an article appears, and whether, how high and how long it stands on the front
    page: `changes` holds columns of `PLACE`. Return the saved row.

    Raises as `change_article`; `ValidationError` also for a day that has passed, or for another
    one once it has appeared.
    """
    current = article_as_read(article, "placeable_by", by, expected_version)
    before, day = saved_texts(current), current.appears_on
    for name in PLACE:
        setattr(current, name, changes.get(name, getattr(current, name)))
    if current.appears_on != day:
        _refuse_day(current)
    if current.state == ArticleState.SCHEDULED and current.appears_on is None:
        raise ValidationError({"appears_on": [_("Say on which day it appears.")]})
    return _saved("article.placed", current, before, by)


def _saved(verb: str, current: Any, before: Mapping[str, object], by: Member) -> Article:
    made = changes_between(before, saved_texts(current))
    if current.state == ArticleState.PUBLISHED and verb == "article.changed":
        current.changed_at = timezone.now()
    save_next(current, by)
    record_article(verb, current, by=by, changes=made)
    return current  # type: ignore[no-any-return]


def _set(article: Article, changes: Mapping[str, Any], by: Member) -> None:
    texts = dict(changes)
    if "about" in texts:
        _set_about(article, texts.pop("about"), by)
    if "source" in texts:
        source = texts.pop("source")
        article.source = source_at(by=by, **source) if source else None
    if "translation_of" in texts:
        _set_origin(article, texts.pop("translation_of"), by)
    for name, value in texts.items():
        setattr(article, name, value)


def _set_about(article: Article, thing: Any, by: Member) -> None:
    """Let an article be about `thing`; a proposal is about the hub that proposes it."""
    if article.is_proposal:
        if thing != article.hub:
            raise ValidationError({"about": [_("What a hub proposes is about the hub.")]})
        return
    name = kind_of(thing).name if thing is not None else ""
    if thing is not None and not things_for(name, by).filter(pk=thing.pk).exists():
        raise ValidationError({"about": [_("There is no such page for you.")]})
    for each in ARTICLE_ABOUT:
        setattr(article, each, thing if each == name else None)


def _set_origin(article: Article, origin: Article | None, by: Member) -> None:
    """Let an article be the translation of `origin`, which is none itself."""
    if origin is None:
        article.translation_of = None
        return
    seen = Article.objects.visible_to(by).filter(translation_of=None).exclude(pk=article.pk)
    has_own = article.pk is not None and article.translations.exists()
    if has_own or not seen.filter(pk=origin.pk).exists():
        raise ValidationError(
            {"translation_of": [_("Name the article that was written first, not a translation.")]}
        )
    article.translation_of = origin


def _refuse_day(article: Article) -> None:
    if article.state not in TO_COME:
        raise ValidationError({"appears_on": [_("It has appeared already.")]})
    if article.appears_on is not None and article.appears_on < today():
        raise ValidationError({"appears_on": [_("This day has passed.")]})
