"""Load the starter articles; a second time changes nothing, and people's edits stand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.utils import timezone

from catalogue.services import index_rows
from community.followed import KINDS
from community.models import Article, ArticleState
from core.dates import parse_partial_date, today
from hubs.models import Source, StarterRow
from hubs.starter.loader import digest_of, is_untouched, load_once

CONTENT = Path(__file__).with_name("articles.json")
LOCK = 7_201_201_211  # of the database, so that two loads never run at once
WHOLE = "community-articles"
REASON = "Starter content"
TEXTS = ("title", "kind", "language", "summary", "text")


def load_starter_articles(text: str | None = None) -> Counter[str]:
    """Bring the articles up to this release's content; return what was written.

    An article that a person edited or removed is left as it is.
    """
    text = CONTENT.read_text(encoding="utf-8") if text is None else text
    return load_once(text, whole=WHOLE, lock=LOCK, load=_loaded)


def _loaded(content: Any) -> Counter[str]:
    known = {row.key: row for row in StarterRow.objects.filter(key__startswith="article:")}
    written = sum(_load(row, known) for row in content["articles"])
    index_rows("article")
    return Counter({str(Article._meta.verbose_name_plural): written}) if written else Counter()


def _load(row: Mapping[str, Any], known: Mapping[str, StarterRow]) -> bool:
    """Write one article; return whether there was something to write."""
    key, digest = f"article:{row['slug']}", digest_of(row)
    if key in known and known[key].digest == digest:
        return False
    article = _row_for(row["slug"], known.get(key))
    if article is None:
        return False
    for name in TEXTS:
        setattr(article, name, row[name])
    about = row["about"]
    thing = KINDS[about["kind"]].things.filter(slug=about["key"]).first() if about else None
    if thing is not None:
        setattr(article, about["kind"], thing)
    article.source = _source(row["source"])
    article.state, article.is_starter = ArticleState.PUBLISHED, True
    article.appears_on = article.appears_on or today()
    article.published_at = article.published_at or timezone.now()
    article.full_clean(validate_unique=False)
    article._change_reason = REASON
    article.save()
    StarterRow.objects.update_or_create(
        key=key, defaults={"model": "article", "object_pk": article.pk, "digest": digest}
    )
    return True


def _row_for(slug: str, known: StarterRow | None) -> Any:
    """Return the article to write; None where a person made, edited or removed it."""
    found = Article.objects.select_for_update(no_key=True, of=("self",)).filter(slug=slug).first()
    if found is None:
        return Article(slug=slug) if known is None else None
    return found if known is not None and is_untouched(found) else None


def _source(row: Mapping[str, Any]) -> Source:
    columns = dict(row)
    dated_on, precision = parse_partial_date(columns.pop("dated_on"))
    columns |= {"dated_on": dated_on, "dated_on_precision": str(precision)}
    source, _is_new = Source.objects.get_or_create(address=columns.pop("address"), defaults=columns)
    return source
