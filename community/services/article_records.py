"""Steps that every change of an article takes: lock, right, record, index; and own data."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import ActivityAudience
from accounts.services import record_activity
from catalogue.services import index_rows
from community.models import ARTICLE_ABOUT, Article
from community.querysets.articles import HUB_PATHS
from core.dates import partial_isoformat
from core.errors import DomainError
from hubs.services.rows import lock, readable, refuse_stale, sign

if TYPE_CHECKING:
    from accounts.models import Member
    from accounts.services import Change

TEXTS = ("title", "kind", "language", "summary", "text")
PICTURE = ("picture_text", "picture_credit")
PLACE = ("appears_on", "is_on_front", "is_pinned", "front_until")
_OWN = ("slug", "title", "kind", "state", "text", "created_at")


def locked_article(article: Article, right: str, by: Member) -> Any:
    """Return the article, locked, for `by` to do what `right` lets them. Raises `DomainError` if
    somebody decided on it since it was read, `PermissionDenied` if they never might.
    """
    current: Any = lock(article)
    if getattr(Article.objects.alone(current), right)(by).exists():
        return current
    if current.state != article.state:
        raise DomainError(
            _("This article is “%(state)s” now: somebody decided on it in the meantime.")
            % {"state": current.get_state_display()}
        )
    raise PermissionDenied


def article_as_read(article: Article, right: str, by: Member, expected_version: int) -> Any:
    """Return the article, locked, if nobody saved it since. Raises `StaleEdit` otherwise."""
    current = locked_article(article, right, by)
    refuse_stale(current, expected_version, saved_texts(current))
    return current


def saved_texts(article: Any) -> dict[str, object]:
    """Return what an article says as people read and type it, by the forms' fields."""
    source, about, origin = article.source, article.about, article.translation_of
    texts = readable(article, (*TEXTS, *PICTURE, *PLACE))
    return texts | {
        "about": about.get_absolute_url() if about else "",
        "translation_of": origin.get_absolute_url() if origin else "",
        "source_address": source.address if source else "",
        "source_title": source.title if source else "",
        "source_publisher": source.publisher if source else "",
        "source_date": partial_isoformat(source.dated_on, source.dated_on_precision)
        if source
        else None,
    }


def save_next(current: Any, by: Member | None) -> None:
    """Save an article under its next version and write the row by which it is found."""
    current.version += 1
    current.is_starter = False
    current.full_clean()
    sign(current, by)
    current.save()
    index_rows("article", [current.pk])


def record_article(
    verb: str,
    article: Any,
    *,
    by: Member | None,
    was_public: bool = False,
    changes: Iterable[Change] = (),
) -> None:
    """Write the activity: for everybody if the article is public or `was_public`. Of one about a
    thing that not everybody may see neither name nor texts, for the row can never be altered.
    """
    alone = Article.objects.alone(article)
    is_public = was_public or alone.public().exists()
    about: dict[str, Any] = {"audience": ActivityAudience.of(is_public=is_public)}
    if alone.about_public().exists():
        about["changes"] = changes
    else:
        about |= {"label": _("Confidential article"), "url": ""}
    record_activity(verb, article, by=by, **about)


def index_articles_about(kind: str, keys: Sequence[int]) -> None:
    """Write anew the search rows of articles about the things `keys` of a kind, which were
    published or withdrawn.
    """
    if kind in ARTICLE_ABOUT:
        _index(Q(**{f"{kind}__in": keys}))


def index_articles_of_hub(pk: int) -> None:
    """Do so for those about a hub, which was shown or hidden, and about what is the hub's."""
    of_hub = Q(thread__space__hub=pk) | Q(event__hubs=pk)
    for path in HUB_PATHS:
        of_hub |= Q((path, pk))
    _index(of_hub)


def _index(condition: Q) -> None:
    found = Article.objects.filter(condition, published_at__isnull=False).order_by()
    keys = sorted(set(found.values_list("pk", flat=True)))
    if keys:
        index_rows("article", keys)


def articles_of(member_pk: int) -> list[dict[str, object]]:
    """Return the articles that a member began."""
    return list(Article.objects.filter(author=member_pk).order_by("pk").values(*_OWN))
