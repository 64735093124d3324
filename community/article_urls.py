"""Addresses of articles."""

from django.urls import URLPattern, path

from community.views import article_writing as writing
from community.views import articles

_ARTICLE = "articles/<slug:slug>"
urlpatterns: list[URLPattern] = [
    path("articles/", articles.ArticleListView.as_view(), name="article_list"),
    path("articles/begin/", writing.article_begin, name="article_begin"),
    path("articles/desk/", writing.article_desk, name="article_desk"),
    path(f"{_ARTICLE}/", articles.article_detail, name="article_detail"),
    path(f"{_ARTICLE}/picture.jpg", articles.article_picture, name="article_picture"),
    path(f"{_ARTICLE}/edit/", writing.article_edit, name="article_edit"),
    path(f"{_ARTICLE}/picture/", writing.article_illustrate, name="article_illustrate"),
    path(f"{_ARTICLE}/place/", writing.article_place, name="article_place"),
    path(f"{_ARTICLE}/submit/", writing.article_submit, name="article_submit"),
    path(f"{_ARTICLE}/take-back/", writing.article_take_back, name="article_take_back"),
    path(f"{_ARTICLE}/return/", writing.article_return, name="article_return"),
    path(f"{_ARTICLE}/publish/", writing.article_publish, name="article_publish"),
    path(f"{_ARTICLE}/withdraw/", writing.article_withdraw, name="article_withdraw"),
]
