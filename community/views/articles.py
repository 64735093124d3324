"""Articles: the list, and an article's page with its picture."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from catalogue.views.faceted import FacetedListView
from community.filters.articles import ArticleFilter
from community.models import Article, ArticleState, Space
from community.news import NEWS_SPACE
from community.querysets.articles import ArticleQuerySet, may_begin
from community.serializers.articles import ARTICLE_COLUMNS, article_rows
from community.services.article_states import missing_in
from core.http import root_of
from core.images import picture_response
from core.shared_pages import shared_page
from core.text import render_markdown
from core.views import ADDRESS_MEANINGS, dictionary
from hubs.querysets import by_name

ARTICLE_MEANINGS = {
    "title": _("Title, in the language of the text."),
    "kind": _("story or announcement."),
    "language": _("Language of the text (ISO 639-1)."),
    "summary": _("What it says, in short."),
    "about": _("Kind of thing that it is about; empty: nothing of this portal."),
    "about_key": _("Name, or number, of that thing in addresses."),
    "hub": _("The hub that it is about, or that the thing is of: name in addresses."),
    "source_title": _("Title of what it was taken from."),
    "source_publisher": _("Who published that."),
    "source_address": _("Address of that."),
    "source_date": _("Date of that, as precisely as it is known."),
    "translation_of": _("The article that says the same and was written first."),
    "picture_url": _("Address of its picture."),
    "picture_text": _("What the picture shows."),
    "picture_credit": _("Who made the picture, and under which licence it is used."),
    "appears_on": _("The day on which it appeared."),
    "published_at": _("When it appeared (UTC)."),
    "changed_at": _("When its text was last changed since (UTC)."),
}


class ArticleListView(FacetedListView):
    """/community/articles/: as page, fragment, feed, CSV."""

    filterset_class = ArticleFilter
    template_name = "community/article_list.html"
    results_template_name = "community/_article_fragment.html"
    facets = {
        "kind": ("kind", False),
        "language": ("language", False),
        "hub": ("hub_slug", False),
        "year": ("year", False),
    }
    orders = {
        "published_at": F("published_at"),
        "title": by_name("title"),
        "updated_at": F("updated_at"),
    }
    order_menu = (
        ("-published_at", _("Newest first")),
        ("title", _("Title")),
        ("-updated_at", _("Last change, newest first")),
    )
    columns = dictionary(ARTICLE_COLUMNS, ARTICLE_MEANINGS | ADDRESS_MEANINGS)
    feed_order = "published_at"

    def get_queryset(self) -> ArticleQuerySet:
        found: ArticleQuerySet = Article.objects.visible_to(self.request.user).listed()
        return found.with_about_hub().with_year()

    def export_rows(self, things: QuerySet[Any]) -> Iterable[Mapping[str, object]]:
        return article_rows(things, root=root_of(self.request))

    def get_context(self, things: QuerySet[Any], *, is_valid: bool) -> dict[str, Any]:
        context = super().get_context(things, is_valid=is_valid)
        user = self.request.user
        return context | {
            "count": context["page_obj"].paginator.count,
            "facets": list(self.facet_list()),
            "news_space": Space.objects.visible_to(user).filter(slug=NEWS_SPACE).first(),
            "can_begin": may_begin(user),
        }


@require_safe
@shared_page
def article_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """/community/articles/<slug>/: the text, where it comes from, and what is said of it; of a
    withdrawn one, that it was and why.
    """
    user: Any = request.user
    first = get_object_or_404(Article, slug=slug)
    alone = Article.objects.alone(first)
    article: Any = get_object_or_404(alone.visible_to(user).with_about())
    rights = _rights(alone, user)
    if article.state == ArticleState.WITHDRAWN:
        context = {"article": article, **rights}
        status = HTTPStatus.GONE
        return render(request, "community/article_withdrawn.html", context, status=status)
    alike = Article.objects.visible_to(user).listed().told_alike(article)
    is_open = article.state in (ArticleState.DRAFT, ArticleState.SUBMITTED)
    context = {
        "article": article,
        "text": render_markdown(article.text),
        "alike": list(alike.order_by("language")),
        "missing": missing_in(article) if is_open else [],
        "page_url": f"{root_of(request)}{article.get_absolute_url()}",
        "root": root_of(request),
        **rights,
    }
    return render(request, "community/article_detail.html", context)


def _rights(alone: Any, user: Any) -> dict[str, bool]:
    """Return what the reader may do with an article; nothing, at no query, for visitors."""
    if not user.is_authenticated or not user.takes_part:
        return {}
    rights = {
        "can_edit": alone.editable_by(user),
        "can_submit": alone.submittable_by(user),
        "can_publish": alone.publishable_by(user),
        "can_return": alone.returnable_by(user),
        "can_place": alone.placeable_by(user),
        "can_withdraw": alone.withdrawable_by(user),
    }
    return {name: found.exists() for name, found in rights.items()}


@require_safe
def article_picture(request: HttpRequest, slug: str) -> HttpResponseBase:
    """/community/articles/<slug>/picture.jpg: for those who may see the article."""
    found = Article.objects.visible_to(request.user).exclude(picture="")
    article = get_object_or_404(found.exclude(state="withdrawn"), slug=slug)
    response = picture_response(article.picture, "image/jpeg")
    response["Cache-Control"] = "no-cache"
    return response
