"""A made-up announcement of a demonstration portal."""

from __future__ import annotations

from django.db import transaction

from accounts.models import Member
from community.models import Article, ArticleKind
from community.services.article_states import publish_article
from community.services.articles import begin_article

TITLE = "Demonstration: registration for the peer review is open"


@transaction.atomic
def load_demo_articles(addresses: str) -> None:
    """Add one announcement; `addresses` is the domain of demo accounts. A second time adds
    nothing.
    """
    by = Member.objects.filter(email=f"moderator@{addresses}").first()
    if by is None or Article.objects.filter(is_demo=True).exists():
        return
    columns = {
        "title": TITLE,
        "kind": ArticleKind.ANNOUNCEMENT,
        "language": "en",
        "summary": "Made up, to show how announcements look here.",
        "text": "No peer review takes place. On a real portal moderators write what is new, and "
        "hubs propose stories about themselves.",
    }
    article = begin_article(columns=columns, by=by)
    publish_article(article, expected_version=article.version, by=by)
    Article.objects.filter(pk=article.pk).update(is_demo=True)
