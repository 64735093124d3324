"""Threads begun and answered: the form, how it will look, what is kept as a draft."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_safe

from accounts.http import signed_in_member
from community.forms.talk import (
    TextForm,
    ThreadForm,
)
from community.models import ABOUT, Post, PostDraft, PostState, Space, Thread
from community.querysets.threads import things
from community.services import threads
from community.services.mentions import people_named, rendered
from community.services.naming import people_to_name
from community.services.posts import Upload, quoted, write_post
from community.services.reading import keep_draft
from community.views.threads import place_of
from core.form_pages import form_page
from core.http import get_allowed
from core.text import harmless, render_markdown
from hubs.views.form_pages import writes

FORM = "community/talk_form.html"


def allowed_thread(request: HttpRequest, right: str, pk: int) -> Any:
    """Return a thread: 404 if the reader may not see it, 403 if they have not `right`."""
    ask, user = Thread.objects, request.user
    seen = ask.visible_to(user).select_related("space")
    return get_allowed(seen, getattr(ask, right)(user), pk=pk)


def uploads_of(form: Any) -> list[Upload]:
    """Return the document that was sent with a text, in a list; an empty one without."""
    document = form.cleaned_data.get("file")
    name = str(getattr(form.files.get("file"), "name", ""))
    return [Upload(document, name)] if document else []


def receipt(state: str, shown: str) -> str:
    """Return what is said of something written: that it waits, or else `shown`."""
    if state == PostState.HELD:
        return gettext(
            "A moderator reads this before others do, as with everything first written here. "
            "You are told."
        )
    return shown


def preview_of(request: HttpRequest, thread: Thread | None = None) -> str:
    """Return how the text that was sent would look; "" unless that was asked for."""
    text = request.POST.get("text", "")
    if request.method != "POST" or "preview" not in request.POST or not text.strip():
        return ""
    if thread is None:
        return render_markdown(text)
    return harmless(rendered(text, people_named(thread, text)))


@writes(ThreadForm)
def thread_begin(request: HttpRequest, slug: str) -> HttpResponse:
    """/community/<space>/new/: a new thread; `?about=hub:<slug>` names what it is about."""
    spaces, by = Space.objects, signed_in_member(request)
    space = get_allowed(spaces.visible_to(by), spaces.writable_by(by), slug=slug)
    moderates = spaces.moderated_by(by).contains(space)
    about = _about(request)
    made: list[Any] = []

    def make(data: Any) -> ThreadForm:
        initial = {"language": str(get_language() or "en")[:2]}
        return ThreadForm(data, request.FILES or None, initial=initial, moderates=moderates)

    def save(form: ThreadForm) -> str:
        columns = {name: form.cleaned_data[name] for name in form.fields if name != "file"}
        files = uploads_of(form)
        made.append(threads.begin_thread(space, **columns, about=about, files=files, by=by))
        return receipt(made[0].state, gettext("The thread is begun."))

    context = {
        "space": space,
        "about": about,
        "title": gettext("Begin a thread"),
        "button": gettext("Begin"),
        "is_upload": True,
        "has_preview": True,
        "cancel_url": space.get_absolute_url(),
    }
    if preview := preview_of(request):
        return _preview(request, make, context | {"preview": preview})
    return form_page(
        request, make, save, context, done=lambda: made[0].get_absolute_url(), template=FORM
    )


def _preview(
    request: HttpRequest, make: Callable[[Any], forms.BaseForm], context: dict[str, Any]
) -> HttpResponse:
    return render(request, FORM, context | {"form": make(request.POST)})


def _about(request: HttpRequest) -> Any:
    """Return what the address says that the thread is about; None for nothing."""
    name, _colon, slug = request.GET.get("about", "").partition(":")
    if not name:
        return None
    if name not in ABOUT:
        raise Http404
    seen: Any = things(name)
    return get_object_or_404(seen.visible_to(request.user), slug=slug[:120])


@writes(TextForm)
def thread_reply(request: HttpRequest, pk: int) -> HttpResponse:
    """/community/threads/<number>/reply/: an answer; `?answers=<post>` quotes one."""
    thread = allowed_thread(request, "visible_to", pk)
    by = signed_in_member(request)
    answers = _answered(request, thread)
    made: list[Post] = []

    def make(data: Any) -> TextForm:
        draft = PostDraft.objects.filter(member=by, thread=thread).first()
        text = draft.text if draft else quoted(answers) if answers else ""
        return TextForm(data, request.FILES or None, initial={"text": text})

    def save(form: TextForm) -> str:
        text, files = form.cleaned_data["text"], uploads_of(form)
        made.append(write_post(thread, text=text, by=by, answers=answers, files=files))
        return receipt(made[0].state, gettext("Your answer is there."))

    context = {
        "thread": thread,
        "title": gettext("Answer"),
        "button": gettext("Send"),
        "is_upload": True,
        "has_preview": True,
        "has_draft": True,
        "answered": answers and answers.author.name,
        "people": people_to_name(thread, "", by=by),
        "cancel_url": thread.get_absolute_url(),
    }
    if "draft" in request.POST or "X-Autosave" in request.headers:
        return _keep_draft(request, thread)
    if preview := preview_of(request, thread):
        return _preview(request, make, context | {"preview": preview})
    if not Thread.objects.replyable_by(by).contains(thread) and request.method != "POST":
        raise PermissionDenied
    return form_page(
        request, make, save, context, done=lambda: place_of(thread, made[0].number), template=FORM
    )


@require_safe
def thread_people(request: HttpRequest, pk: int) -> HttpResponse:
    """/community/threads/<number>/people/?q=: whom one can name there, for a script."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    thread = allowed_thread(request, "replyable_by", pk)
    found = people_to_name(thread, request.GET.get("q", ""), by=signed_in_member(request))
    return JsonResponse({"people": list(found.values("slug", "name"))})


def _answered(request: HttpRequest, thread: Thread) -> Any:
    """Return the post that the address says is answered; None for the thread itself."""
    number = request.GET.get("answers", "")
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        return None
    shown = Post.objects.shown().filter(thread=thread).select_related("author")
    return shown.filter(number=int(number)).first()


def _keep_draft(request: HttpRequest, thread: Thread) -> HttpResponse:
    draft = keep_draft(thread, request.POST.get("text", ""), by=signed_in_member(request))
    text = (
        gettext("The draft is kept. Only you see it.") if draft else gettext("There is no draft.")
    )
    if "X-Autosave" in request.headers:
        return JsonResponse({"text": text, "version": 0})
    messages.success(request, text)
    return redirect(thread)
