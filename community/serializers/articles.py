"""Articles as plain rows and in full: the same for the API and the CSV files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from rest_framework import serializers

from community.followed import KINDS
from community.models import ARTICLE_ABOUT, Article, ArticleKind
from community.querysets.articles import things_for
from community.services.article_records import PLACE, TEXTS
from core import codes
from core.api.views import RowShape
from core.dates import partial_isoformat
from hubs.models import Hub
from hubs.serializers import Addresses
from hubs.serializers.fields import (
    CodeField,
    OwnChoices,
    OwnChoicesMixin,
    SourceSerializer,
    StrictBodyMixin,
)

ARTICLE_COLUMNS = (
    *("slug", "title", "kind", "language", "summary", "about", "about_key", "hub"),
    *("source_title", "source_publisher", "source_address", "source_date", "translation_of"),
    *("picture_url", "picture_text", "picture_credit", "appears_on", "published_at"),
    *("changed_at", "updated_at", "url", "api_url"),
)
ARTICLE_LINKED = (*ARTICLE_COLUMNS, "text")
DESK_COLUMNS = (*ARTICLE_COLUMNS, "state", "is_proposal", "return_note", "withdrawn_reason")
_STORED_AS = {
    "hub": ("hub_slug",),
    "about": (),
    "about_key": (),
    "source_title": ("source__title",),
    "source_publisher": ("source__publisher",),
    "source_address": ("source__address",),
    "source_date": ("source__dated_on", "source__dated_on_precision"),
    "translation_of": ("origin_slug",),
    "picture_url": ("picture",),
    "url": (),
    "api_url": (),
}
_KEYS = {name: "thread" if name == "thread" else f"{name}__slug" for name in ARTICLE_ABOUT}
SCHEMA_TYPES = {ArticleKind.STORY: "Article", ArticleKind.ANNOUNCEMENT: "NewsArticle"}


def article_values(articles: QuerySet[Any], columns: Sequence[str]) -> QuerySet[Any]:
    """Return `articles` as dictionaries of what `columns` need: one query."""
    found: Any = articles
    if "hub" in columns:
        found = found.with_about_hub()
    if "translation_of" in columns:
        found = found.with_origin()
    names = [stored for name in columns for stored in _STORED_AS.get(name, (name,))]
    if {"about", "about_key"} & set(columns):
        names += _KEYS.values()
    rows: QuerySet[Any] = found.values(*dict.fromkeys(["pk", "slug", *names]))
    return rows


def completed_articles(
    rows: Iterable[dict[str, Any]], *, root: str, columns: Sequence[str]
) -> Iterator[dict[str, Any]]:
    """Give rows of `article_values` with `columns` only."""
    named = (_named(row, root) for row in rows)
    return Addresses(root, "article", "community").complete(named, columns)


def _named(row: dict[str, Any], root: str) -> dict[str, Any]:
    named = dict(row)
    for name, stored in _STORED_AS.items():
        if len(stored) == 1 and stored[0] in row:
            value = row[stored[0]]
            named[name] = value if value is not None or name == "hub" else ""
    about = next((name for name, key in _KEYS.items() if row.get(key)), "")
    named |= {"about": about, "about_key": str(row[_KEYS[about]]) if about else ""}
    day, precision = (row.get(name) for name in _STORED_AS["source_date"])
    named["source_date"] = partial_isoformat(day, str(precision)) if day else None
    path = reverse("community:article_picture", args=[row["slug"]])
    named["picture_url"] = f"{root}{path}" if row.get("picture") else ""
    named["hub"] = named.get("hub") or ""
    return named


ARTICLES = RowShape("articles", ARTICLE_COLUMNS, article_values, completed_articles)


DESK = RowShape("articles-desk", DESK_COLUMNS, article_values, completed_articles)


def article_rows(articles: QuerySet[Any], *, root: str) -> Iterable[dict[str, Any]]:
    """Give every article as a row, fetched in portions: what a CSV needs."""
    rows = article_values(articles, ARTICLE_COLUMNS).iterator(chunk_size=500)
    return completed_articles(rows, root=root, columns=ARTICLE_COLUMNS)


def article_json_ld(article: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row of `ARTICLE_COLUMNS` as a schema.org Article or NewsArticle, without what is
    not stated.
    """
    data = {
        "@type": SCHEMA_TYPES[article["kind"]],
        "@id": article["url"],
        "url": article["url"],
        "headline": article["title"],
        "abstract": article["summary"],
        "articleBody": article["text"],
        "inLanguage": article["language"],
        "datePublished": _moment(article["published_at"]),
        "dateModified": _moment(article["changed_at"] or article["published_at"]),
        "image": article["picture_url"],
        "isBasedOn": _based_on(article),
    }
    return {key: value for key, value in data.items() if value not in ("", None, {})}


def _moment(value: Any) -> str | None:
    return value.isoformat() if value else None


def _based_on(article: Mapping[str, Any]) -> dict[str, Any]:
    if not article["source_address"]:
        return {}
    source = {
        "@type": "CreativeWork",
        "name": article["source_title"],
        "url": article["source_address"],
        "datePublished": article["source_date"],
    }
    if article["source_publisher"]:
        source["publisher"] = {"@type": "Organization", "name": article["source_publisher"]}
    return {key: value for key, value in source.items() if value}


class ArticleRowSerializer(serializers.Serializer[Any]):
    """An article in the list."""

    slug = serializers.SlugField()
    title = serializers.CharField()
    kind = serializers.CharField(help_text="story or announcement.")
    language = serializers.CharField(help_text="ISO 639-1.")
    summary = serializers.CharField()
    about = serializers.CharField(help_text="Kind of thing that it is about; empty: nothing.")
    about_key = serializers.CharField(help_text="Name or number of that thing in addresses.")
    hub = serializers.CharField(help_text="The hub that it, or that thing, is about.")
    source_title = serializers.CharField(help_text="Where it was published first.")
    source_publisher = serializers.CharField()
    source_address = serializers.CharField()
    source_date = serializers.CharField(allow_null=True, help_text="As precisely as known.")
    translation_of = serializers.CharField(help_text="Article that says the same.")
    picture_url = serializers.CharField()
    picture_text = serializers.CharField(help_text="What the picture shows.")
    picture_credit = serializers.CharField(help_text="Who made it, under which licence.")
    appears_on = serializers.DateField(allow_null=True)
    published_at = serializers.DateTimeField(allow_null=True)
    changed_at = serializers.DateTimeField(allow_null=True, help_text="Of the text, since then.")
    updated_at = serializers.DateTimeField()
    url = serializers.URLField()
    api_url = serializers.URLField()


class DeskRowSerializer(ArticleRowSerializer):
    """An article that is not published, in the list of those who write it or decide on it."""

    state = serializers.CharField(help_text="draft, submitted, scheduled, published, withdrawn.")
    is_proposal = serializers.BooleanField(help_text="Whether its hub proposes it.")
    return_note = serializers.CharField(help_text="What has to change; for who writes it.")
    withdrawn_reason = serializers.CharField()


class ArticleSerializer(DeskRowSerializer):
    """An article in full."""

    text = serializers.CharField(help_text="Markdown.")
    is_on_front = serializers.BooleanField(help_text="Whether the front page may show it.")
    is_pinned = serializers.BooleanField(help_text="Before all others there.")
    front_until = serializers.DateField(allow_null=True, help_text="The last day there.")


class AboutSerializer(StrictBodyMixin, serializers.Serializer[Any]):
    """A thing of this portal, which the writer may see."""

    kind = serializers.ChoiceField(ARTICLE_ABOUT)
    key = serializers.CharField(max_length=100, help_text="Name or number in its address.")

    def validate(self, attrs: dict[str, Any]) -> Any:
        """Return the thing itself."""
        kind, key = KINDS[attrs["kind"]], attrs["key"]
        is_number = key.isascii() and key.isdigit() and len(key) < 10
        if kind.key == "pk" and not is_number:
            raise serializers.ValidationError({"key": [_("Give the number of the thread.")]})
        user = self.context["request"].user
        thing = things_for(kind.name, user).filter(**{kind.key: key}).first()
        if thing is None:
            raise serializers.ValidationError({"key": [_("There is no such thing for you.")]})
        return thing


class ArticleTextsSerializer(OwnChoicesMixin, StrictBodyMixin, serializers.ModelSerializer[Any]):
    """What an article says."""

    language = CodeField(codes.LANGUAGES)
    about = AboutSerializer(required=False, allow_null=True)
    source = SourceSerializer(required=False, allow_null=True)  # type: ignore[assignment]
    translation_of = serializers.SlugRelatedField(
        slug_field="slug", queryset=Article.objects.none(), required=False, allow_null=True
    )
    own_choices: ClassVar[OwnChoices] = {"translation_of": Article.objects.visible_to}

    class Meta:
        model = Article
        fields: tuple[str, ...] = (*TEXTS, "about", "source", "translation_of")
        validators: ClassVar[list[Any]] = []  # what is unique the service asks


class NewArticleSerializer(ArticleTextsSerializer):
    """A new article; the hub proposes it, unless a moderator writes it."""

    hub = serializers.SlugRelatedField(
        slug_field="slug", queryset=Hub.objects.none(), required=False
    )
    own_choices: ClassVar[OwnChoices] = {
        "translation_of": Article.objects.visible_to,
        "hub": Hub.objects.visible_to,
    }

    class Meta(ArticleTextsSerializer.Meta):
        fields = ("hub", *ArticleTextsSerializer.Meta.fields)


class ArticlePictureSerializer(StrictBodyMixin, serializers.Serializer[Any]):
    """The picture above an article, as multipart/form-data."""

    picture = serializers.FileField(
        required=False, help_text="JPEG, PNG or WebP, up to 5 MB; without one the picture stays."
    )
    picture_text = serializers.CharField(max_length=300, help_text="What the picture shows.")
    picture_credit = serializers.CharField(
        max_length=200, default="", allow_blank=True, help_text="Who made it, under which licence."
    )


class ArticlePlaceSerializer(StrictBodyMixin, serializers.ModelSerializer[Any]):
    """When an article appears, and its place on the front page."""

    class Meta:
        model = Article
        fields = PLACE


class ArticleReasonSerializer(StrictBodyMixin, serializers.Serializer[Any]):
    """Why an article is withdrawn; everybody reads it."""

    reason = serializers.CharField(max_length=500)


class ArticleNoteSerializer(StrictBodyMixin, serializers.Serializer[Any]):
    """What has to change before a proposal is published."""

    note = serializers.CharField(max_length=1_000)
