"""Pages on which articles are written, proposed, decided on and placed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.http import signed_in_member
from community.forms.articles import (
    ArticleForm,
    ArticleNoteForm,
    ArticlePictureForm,
    ArticlePlaceForm,
    ArticleReasonForm,
)
from community.models import Article
from community.querysets.articles import may_begin
from community.services import article_states as states
from community.services import articles as services
from core.errors import DomainError
from core.form_pages import form_page
from core.http import get_allowed, sent_version
from core.once import once
from core.text import render_markdown
from core.typed import sign_in_first, sign_in_then
from core.views import PAGE_SIZE, page_number
from hubs.models import Hub
from hubs.views.form_pages import writes

FORM = "community/article_form.html"


def allowed_article(request: HttpRequest, right: str, slug: str) -> Any:
    """Return an article: 404 if the reader may not see it, 403 if they have not `right`."""
    articles, user = Article.objects, request.user
    seen = articles.visible_to(user).with_about()
    return get_allowed(seen, getattr(articles, right)(user), slug=slug)


def _about(article: Article, title: object) -> dict[str, Any]:
    return {"article": article, "title": title, "cancel_url": article.get_absolute_url()}


def _fresh(article: Article) -> Any:
    """Return the article as saved: a form writes what was typed into its instance."""
    return Article.objects.with_about().get(pk=article.pk)


def _preview_of(request: HttpRequest) -> str:
    """Return how the text that was sent would look; "" unless that was asked for."""
    if request.method != "POST" or "preview" not in request.POST:
        return ""
    return render_markdown(request.POST.get("text", ""))


def _text_page(
    request: HttpRequest,
    make: Callable[[Any], ArticleForm],
    save: Callable[[ArticleForm], str],
    context: dict[str, Any],
    **options: Any,
) -> HttpResponse:
    """Show the form of the text, with how it will look if that was asked for."""
    context |= {"has_preview": True}
    if "preview" in request.POST:
        form = make(request.POST)
        if form.is_valid():
            context |= {"preview": _preview_of(request), "typed": form.cleaned_data}
        return render(request, FORM, context | {"form": form})
    return form_page(request, make, save, context, template=FORM, **options)


@writes(ArticleForm)
def article_begin(request: HttpRequest) -> HttpResponse:
    """/community/articles/begin/: write a story or an announcement; `?hub=` proposes it."""
    by = signed_in_member(request)
    if not may_begin(by):
        raise PermissionDenied
    hub = None if by.is_moderator else _proposing_hub(request, by)
    begun: list[Article] = []
    initial = {"language": str(get_language() or "en")[:2], "kind": Article.Kind.STORY}

    def make(data: Any) -> ArticleForm:
        return ArticleForm(data, user=by, is_proposal=hub is not None, initial=initial)

    def save(form: ArticleForm) -> str:
        begun.append(services.begin_article(columns=form.columns(), hub=hub, by=by))
        return (
            _("The article is a draft. Read it, then publish it.")
            if hub is None
            else _("The article is a draft. Read it, then send it to the moderators.")
        )

    context = {
        "title": _("Write an article"),
        "button": _("Save as a draft"),
        "cancel_url": reverse("community:article_list"),
        "hub": hub,
    }
    return _text_page(request, make, save, context, done=lambda: begun[0].get_absolute_url())


def _proposing_hub(request: HttpRequest, by: Any) -> Hub:
    """Return the hub that proposes what is written: the one named, or else the first of theirs."""
    mine = Hub.objects.editable_by(by).by_name()
    named = mine.filter(slug=request.GET.get("hub", "")[:100].replace("\0", "")).first()
    found: Hub = named or mine[0]
    return found


@writes(ArticleForm)
def article_edit(request: HttpRequest, slug: str) -> HttpResponse:
    """/community/articles/<slug>/edit/: change what it says."""
    article = allowed_article(request, "editable_by", slug)
    by = signed_in_member(request)

    def make(data: Any) -> ArticleForm:
        fresh = _fresh(article)
        return ArticleForm(data, instance=fresh, user=by, is_proposal=fresh.is_proposal)

    def save(form: ArticleForm) -> str:
        version = form.cleaned_data["version"]
        services.change_article(article, changes=form.columns(), expected_version=version, by=by)
        return _("Saved.")

    context = _about(article, _("Change the article"))
    done = article.get_absolute_url()
    return _text_page(request, make, save, context, done=done, row=article)


@writes(ArticlePictureForm)
def article_illustrate(request: HttpRequest, slug: str) -> HttpResponse:
    """/community/articles/<slug>/picture/: its picture, and what that shows."""
    article = allowed_article(request, "editable_by", slug)
    by = signed_in_member(request)

    def make(data: Any) -> ArticlePictureForm:
        return ArticlePictureForm(data, request.FILES or None, instance=_fresh(article))

    def save(form: ArticlePictureForm) -> str:
        version = form.cleaned_data["version"]
        services.set_picture(article, **form.columns(), expected_version=version, by=by)
        return _("Saved.")

    context = _about(article, _("Picture")) | {"is_upload": True}
    done = article.get_absolute_url()
    return form_page(request, make, save, context, done=done, row=article, template=FORM)


@writes(ArticlePlaceForm)
def article_place(request: HttpRequest, slug: str) -> HttpResponse:
    """/community/articles/<slug>/place/: when it appears, and its place on the front page."""
    article = allowed_article(request, "placeable_by", slug)
    by = signed_in_member(request)

    def save(form: ArticlePlaceForm) -> str:
        version = form.cleaned_data["version"]
        services.place_article(article, changes=form.columns(), expected_version=version, by=by)
        return _("Saved.")

    return form_page(
        request,
        lambda data: ArticlePlaceForm(data, instance=_fresh(article)),
        save,
        _about(article, _("Day, and front page")),
        done=article.get_absolute_url(),
        row=article,
        template=FORM,
    )


@writes(ArticleNoteForm)
def article_return(request: HttpRequest, slug: str) -> HttpResponse:
    """/community/articles/<slug>/return/: send a proposal back with what has to change."""
    article = allowed_article(request, "returnable_by", slug)

    def save(form: ArticleNoteForm) -> str:
        note = form.cleaned_data["note"]
        states.return_article(article, note=note, by=signed_in_member(request))
        return _("It is a draft again. Who wrote it is told.")

    context = _about(article, _("Send it back")) | {"button": _("Send it back")}
    done = reverse("community:article_desk")
    return form_page(request, ArticleNoteForm, save, context, done=done, template=FORM)


@writes(ArticleReasonForm)
def article_withdraw(request: HttpRequest, slug: str) -> HttpResponse:
    """/community/articles/<slug>/withdraw/: ask why, then take it back."""
    article = allowed_article(request, "withdrawable_by", slug)

    def save(form: ArticleReasonForm) -> str:
        reason = form.cleaned_data["reason"]
        states.withdraw_article(article, reason=reason, by=signed_in_member(request))
        return _("It is withdrawn. Its address says so, and why.")

    context = _about(article, _("Withdraw the article"))
    context |= {"button": _("Withdraw"), "button_kind": "bad"}
    done = reverse("community:article_list")
    return form_page(request, ArticleReasonForm, save, context, done=done, template=FORM)


def _button(
    request: HttpRequest, slug: str, right: str, serve: Callable[..., Article], **options: Any
) -> HttpResponse:
    """Do what a button of an article's page asks for; say what became of it there, also that
    somebody decided on the article since it was read.
    """
    by = signed_in_member(request)
    article: Any = get_object_or_404(Article.objects.visible_to(by), slug=slug)
    if not getattr(Article.objects.alone(article), right)(by).exists():
        if sent_version(request) in (0, article.version):
            raise PermissionDenied
        messages.error(request, _("Somebody changed it in the meantime. This is how it is now."))
        return redirect(article)
    try:
        saved = serve(article, by=by, **options)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    except DomainError as error:
        messages.error(request, str(error))
    else:
        told = {
            Article.State.DRAFT: _("It is a draft again."),
            Article.State.SUBMITTED: _("It is sent to the moderators."),
            Article.State.SCHEDULED: _("It appears by itself on its day."),
            Article.State.PUBLISHED: _("It is published."),
        }
        messages.success(request, told[Article.State(saved.state)])
    return redirect(article)


@require_POST
@sign_in_then("community:article_detail")
@once
def article_submit(request: HttpRequest, slug: str) -> HttpResponse:
    """Send what a hub proposes to the moderators, as it was read."""
    read = sent_version(request)
    return _button(request, slug, "submittable_by", states.submit_article, expected_version=read)


@require_POST
@sign_in_then("community:article_detail")
@once
def article_take_back(request: HttpRequest, slug: str) -> HttpResponse:
    """Make a proposal that waits a draft again."""
    return _button(request, slug, "submittable_by", states.take_back_article)


@require_POST
@sign_in_then("community:article_detail")
@once
def article_publish(request: HttpRequest, slug: str) -> HttpResponse:
    """Publish the article, as it was read."""
    read = sent_version(request)
    return _button(request, slug, "publishable_by", states.publish_article, expected_version=read)


@require_safe
@sign_in_first
def article_desk(request: HttpRequest) -> HttpResponse:
    """/community/articles/desk/: what is not published, for those who write it or decide."""
    by = signed_in_member(request)
    if not may_begin(by):
        raise PermissionDenied
    found = Article.objects.on_desk_of(by).with_about()
    pages = Paginator(found.order_by("-updated_at", "pk"), PAGE_SIZE)
    context = {"page_obj": pages.get_page(page_number(request))}
    return render(request, "community/article_desk.html", context)
