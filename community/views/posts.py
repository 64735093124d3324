"""What is done with one post: found, changed, marked, accepted, removed, its files given out."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.http import signed_in_member
from community.forms.talk import PostEditForm, WhyForm
from community.models import Post, PostFile, PostRevision, Thread
from community.services import keeping, threads
from community.services.posts import change_post, mark_useful
from community.views.thread_writing import FORM, preview_of
from community.views.threads import place_of
from core.errors import DomainError
from core.form_pages import form_page
from core.http import get_allowed
from core.once import once
from core.text import render_markdown
from core.typed import sign_in_then
from core.uploads import attachment_response
from hubs.views.form_pages import writes


def _allowed(request: HttpRequest, right: str, pk: int) -> Any:
    """Return a post: 404 if the reader may not see it, 403 if they have not `right`."""
    ask, user = Post.objects, request.user
    seen = ask.visible_to(user).select_related("thread__space", "author")
    return get_allowed(seen, getattr(ask, right)(user), pk=pk)


def _back(post: Any) -> str:
    return place_of(post.thread, post.number)


@require_safe
def post_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """/community/posts/<number>/: on to its place in its thread, wherever that is now."""
    return redirect(_back(_allowed(request, "visible_to", pk)))


@writes(PostEditForm)
def post_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """/community/posts/<number>/edit/: another text."""
    post = _allowed(request, "editable_by", pk)
    by = signed_in_member(request)

    def make(data: Any) -> PostEditForm:
        current = Post.objects.get(pk=pk)
        return PostEditForm(data, initial={"text": current.text, "version": current.version})

    def save(form: PostEditForm) -> str:
        version = form.cleaned_data["version"] or 0
        change_post(post, text=form.cleaned_data["text"], expected_version=version, by=by)
        return _("The post was changed. What it said before can still be read.")

    context = {
        "thread": post.thread,
        "title": _("Change the post"),
        "has_preview": True,
        "cancel_url": _back(post),
    }
    if preview := preview_of(request, post.thread):
        found = context | {"preview": preview, "form": make(request.POST)}
        return render(request, FORM, found)
    return form_page(request, make, save, context, done=_back(post), template=FORM)


@require_safe
def post_history(request: HttpRequest, pk: int) -> HttpResponse:
    """/community/posts/<number>/history/: what it says and what it said."""
    seen = Post.objects.visible_to(request.user).exclude(state="removed")
    post: Any = get_object_or_404(seen.select_related("thread__space", "author"), pk=pk)
    revisions: Any = PostRevision.objects.visible_to(request.user).filter(post=post)
    texts = [
        {"written_at": each.written_at, "html": render_markdown(each.text)}
        for each in [_as_revision(post), *revisions]
    ]
    context = {"post": post, "thread": post.thread, "texts": texts, "place": _back(post)}
    return render(request, "community/post_history.html", context)


def _as_revision(post: Any) -> PostRevision:
    return PostRevision(text=post.text, written_at=post.edited_at or post.written_at)


@writes(WhyForm)
def post_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """/community/posts/<number>/remove/: take it out of sight; a line stays in its place."""
    post = _allowed(request, "removable_by", pk)
    by = signed_in_member(request)

    def save(form: WhyForm) -> str:
        keeping.remove_post(post, reason=form.cleaned_data["reason"], by=by)
        return _("The post is removed.")

    context = {
        "thread": post.thread,
        "title": _("Remove the post"),
        "lead": _("A line with the reason stays in its place."),
        "button": _("Remove"),
        "button_kind": "bad",
        "cancel_url": _back(post),
    }
    return form_page(request, WhyForm, save, context, done=_back(post), template=FORM)


@require_POST
@sign_in_then("community:post_detail", "pk")
@once
def post_restore(request: HttpRequest, pk: int) -> HttpResponse:
    """/community/posts/<number>/restore/"""
    post = _allowed(request, "restorable_by", pk)
    try:
        keeping.restore_post(post, by=signed_in_member(request))
    except DomainError as error:
        messages.error(request, str(error))
    return redirect(_back(post))


@require_POST
@sign_in_then("community:post_detail", "pk")
def post_useful(request: HttpRequest, pk: int) -> HttpResponse:
    """/community/posts/<number>/useful/: it was (`useful=yes`), or the mark is taken back."""
    post = _allowed(request, "markable_by", pk)
    is_useful = request.POST.get("useful") == "yes"
    mark_useful(post, by=signed_in_member(request), is_useful=is_useful)
    return redirect(_back(post))


@require_POST
@sign_in_then("community:post_detail", "pk")
@once
def post_accept(request: HttpRequest, pk: int) -> HttpResponse:
    """/community/posts/<number>/accept/: it answers the question (`accepted=yes`), or does not."""
    post = _allowed(request, "visible_to", pk)
    by, ask = signed_in_member(request), Thread.objects
    thread: Any = get_allowed(ask.visible_to(by), ask.answerable_by(by), pk=post.thread_id)
    answer = post if request.POST.get("accepted") == "yes" else None
    try:
        threads.accept_answer(thread, answer, by=by)
    except DomainError as error:
        messages.error(request, str(error))
    return redirect(_back(post))


@require_safe
def post_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """/community/posts/files/<number>/: a document, to be saved."""
    file: Any = get_object_or_404(PostFile.objects.visible_to(request.user), pk=pk)
    return attachment_response(file.file, file.content_type, file.file_name)
