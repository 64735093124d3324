"""The life of an article: proposed, returned, published on its day, withdrawn."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import MailKind, Member
from accounts.services import notify_each
from community.models import Article, ArticleState
from community.services.article_records import (
    article_as_read,
    locked_article,
    record_article,
    save_next,
)
from core.dates import today
from core.errors import DomainError


@transaction.atomic
def submit_article(article: Article, *, expected_version: int, by: Member) -> Article:
    """Send what a hub proposes, as it was read, to the moderators.

    Raises `PermissionDenied` if `by` neither heads nor edits the hub, `StaleEdit`, and
    `DomainError` naming what is missing, or if it was sent already.
    """
    current = article_as_read(article, "submittable_by", by, expected_version)
    _refuse_incomplete(current)
    _move(current, ArticleState.SUBMITTED)
    current.submitted_at, current.return_note = timezone.now(), ""
    save_next(current, by)
    record_article("article.submitted", current, by=by)
    return current  # type: ignore[no-any-return]


@transaction.atomic
def take_back_article(article: Article, *, by: Member) -> Article:
    """Make a proposal that waits a draft again. Raises `PermissionDenied`, and `DomainError` if
    it does not wait.
    """
    current = locked_article(article, "submittable_by", by)
    _move(current, ArticleState.DRAFT)
    save_next(current, by)
    record_article("article.taken_back", current, by=by)
    return current  # type: ignore[no-any-return]


@transaction.atomic
def return_article(article: Article, *, note: str, by: Member) -> Article:
    """Send a proposal back with what has to change; who began it is told.

    Raises `PermissionDenied` if `by` may not publish it, `DomainError` if it does not wait.
    """
    current = locked_article(article, "returnable_by", by)
    _move(current, ArticleState.DRAFT)
    current.return_note = note.strip()
    save_next(current, by)
    record_article("article.returned", current, by=by)
    _tell_author(
        current,
        by,
        gettext_lazy("Please change: %(title)s"),
        gettext_lazy(
            "A moderator read what you proposed, “%(title)s”. What has to change: %(note)s\n\n"
            "%(address)s"
        ),
        note=current.return_note,
    )
    return current  # type: ignore[no-any-return]


@transaction.atomic
def publish_article(article: Article, *, expected_version: int, by: Member) -> Article:
    """Publish an article as it was read, or let it appear on its day if that is to come; a
    scheduled one appears at once, a withdrawn one again. Return the saved row.

    Raises `PermissionDenied` if `by` may not publish it, `StaleEdit`, and `DomainError` naming
    what is missing, or if somebody decided on it meanwhile.
    """
    current = article_as_read(article, "publishable_by", by, expected_version)
    _refuse_incomplete(current)
    current.publisher = by
    waits = current.state in (ArticleState.DRAFT, ArticleState.SUBMITTED)
    if waits and current.appears_on is not None and current.appears_on > today():
        _move(current, ArticleState.SCHEDULED)
        save_next(current, by)
        record_article("article.scheduled", current, by=by)
    else:
        _show(current, by)
    _tell_author(
        current,
        by,
        gettext_lazy("Accepted: %(title)s"),
        gettext_lazy(
            "What you proposed, “%(title)s”, is accepted. It appears on %(day)s.\n\n%(address)s"
        ),
        day=current.appears_on.isoformat(),
    )
    return current  # type: ignore[no-any-return]


def show_due_articles() -> int:
    """Publish the scheduled articles whose day has come, each in its own transaction; return how
    many.
    """
    keys = list(Article.objects.due().order_by("appears_on", "pk").values_list("pk", flat=True))
    return sum(_show_due(pk) for pk in keys)


@transaction.atomic
def _show_due(pk: int) -> bool:
    due = Article.objects.due().select_for_update(no_key=True, of=("self",))
    current = due.filter(pk=pk).first()
    if current is None:  # somebody was faster, or took it back
        return False
    _show(current, None)
    return True


@transaction.atomic
def withdraw_article(article: Article, *, reason: str, by: Member) -> Article:
    """Take an article back; its address says from then on that it was withdrawn, and why.

    Raises `PermissionDenied`, `ValidationError` without a reason, `DomainError` if it is
    withdrawn already.
    """
    current = locked_article(article, "withdrawable_by", by)
    was_public = Article.objects.alone(current).public().exists()
    _move(current, ArticleState.WITHDRAWN)
    current.withdrawn_reason = reason.strip()
    save_next(current, by)
    record_article("article.withdrawn", current, by=by, was_public=was_public)
    _tell_author(
        current,
        by,
        gettext_lazy("Withdrawn: %(title)s"),
        gettext_lazy("“%(title)s” was withdrawn: %(reason)s\n\n%(address)s"),
        reason=current.withdrawn_reason,
    )
    return current  # type: ignore[no-any-return]


def missing_in(article: Article) -> list[str]:
    """Return what an article lacks before it can be read by others, in words."""
    lacking = []
    if not article.text.strip():
        lacking.append(_("Write the text."))
    if article.front_until is not None and article.front_until < today():
        lacking.append(_("The last day on the front page has passed: change it."))
    return lacking


def _show(current: Any, by: Member | None) -> None:
    """Publish a locked article now."""
    was_shown = current.published_at is not None
    _move(current, ArticleState.PUBLISHED)
    current.withdrawn_reason = ""
    if not was_shown:
        current.published_at = timezone.now()
    if by is not None and not was_shown:
        current.appears_on = today()
    save_next(current, by)
    verb = "article.shown_again" if was_shown else "article.published"
    record_article(verb, current, by=by)


def _move(current: Any, state: ArticleState) -> None:
    if state not in Article.NEXT[ArticleState(current.state)]:
        raise DomainError(
            _("This article is “%(state)s” now.") % {"state": current.get_state_display()}
        )
    current.state = state


def _refuse_incomplete(current: Any) -> None:
    lacking = missing_in(current)
    if lacking:
        raise DomainError(" ".join(lacking))


def _tell_author(
    article: Any, by: Member, subject: Promise, body: Promise, **words: object
) -> None:
    """Tell who began a proposal, unless it was they who acted, or they may not see it now."""
    author = article.author
    if not article.is_proposal or author is None or not author.takes_part:
        return
    if not Article.objects.alone(article).visible_to(author).exists():
        return
    notify_each(
        [author],
        MailKind.DECISIONS,
        key=f"article:{article.pk}:{article.version}",
        subject=subject,
        body=body,
        words=words | {"title": article.title},
        path=article.get_absolute_url(),
        by=by,
    )
