"""What is done with a thread: begun, answered, named, closed, marked, moved, merged, split."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from accounts.http import signed_in_member
from catalogue.models import Draft
from community.forms.talk import (
    DraftForm,
    MergeForm,
    MoveForm,
    SplitForm,
    SummaryForm,
    TextForm,
    ThreadEditForm,
    ThreadForm,
    WhyForm,
)
from community.models import ABOUT, Post, PostDraft, PostState, Space, Thread
from community.querysets.threads import things
from community.services import arranging, keeping, threads
from community.services.mentions import people_named, rendered
from community.services.posts import Upload, quoted, write_post
from community.services.reading import keep_draft, read_everything
from community.services.turning import draft_from_thread
from community.views.threads import place_of
from core.errors import DomainError
from core.form_pages import form_page
from core.http import get_allowed
from core.once import once
from core.text import harmless, render_markdown
from core.typed import sign_in_first, sign_in_then
from hubs.models import Hub
from hubs.views.form_pages import writes

FORM = "community/talk_form.html"
MARKS = {"pin": ("is_pinned", True), "unpin": ("is_pinned", False)} | {
    "lock": ("is_locked", True),
    "unlock": ("is_locked", False),
}
MARKED = {
    "pin": _("The thread is pinned."),
    "unpin": _("The thread is not pinned any more."),
    "lock": _("The thread is locked: only moderators write in it."),
    "unlock": _("The thread is not locked any more."),
}


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


@writes(ThreadEditForm)
def thread_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """/community/threads/<number>/edit/: title, kind and language."""
    thread = allowed_thread(request, "editable_by", pk)
    by = signed_in_member(request)
    moderates = Thread.objects.moderated_by(by).contains(thread)
    saved: list[Thread] = []

    def make(data: Any) -> ThreadEditForm:
        return ThreadEditForm(data, instance=Thread.objects.get(pk=pk), moderates=moderates)

    def save(form: ThreadEditForm) -> str:
        version = form.cleaned_data["version"] or 0
        columns = form.columns()
        saved.append(
            threads.change_thread(thread, changes=columns, expected_version=version, by=by)
        )
        return gettext("The thread was changed.")

    context = _context(thread, gettext("Change the thread"), gettext("Save"))
    return form_page(
        request,
        make,
        save,
        context,
        done=lambda: saved[0].get_absolute_url(),
        row=thread,
        template=FORM,
    )


def _context(thread: Thread, title: str, button: str, kind: str = "") -> dict[str, Any]:
    return {
        "thread": thread,
        "title": title,
        "button": button,
        "button_kind": kind,
        "cancel_url": thread.get_absolute_url(),
    }


@writes(SummaryForm)
def thread_close(request: HttpRequest, pk: int) -> HttpResponse:
    """/community/threads/<number>/close/: end it, with a summary."""
    thread = allowed_thread(request, "closable_by", pk)
    by = signed_in_member(request)

    def make(data: Any) -> SummaryForm:
        return SummaryForm(data, initial={"summary": thread.summary})

    def save(form: SummaryForm) -> str:
        threads.close_thread(thread, summary=form.cleaned_data["summary"], by=by)
        return gettext("The thread is closed.")

    context = _context(thread, gettext("Close the thread"), gettext("Close"))
    done = thread.get_absolute_url()
    return form_page(request, make, save, context, done=done, template=FORM)


def _act(request: HttpRequest, thread: Any, act: Callable[[], object], done: str) -> HttpResponse:
    """Do it, say `done` or why not, and go back to the thread."""
    try:
        act()
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)
    return redirect(thread)


@require_POST
@sign_in_then("community:thread_unread", "pk")
@once
def thread_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """/community/threads/<number>/reopen/"""
    thread = allowed_thread(request, "moderated_by", pk)
    by = signed_in_member(request)
    done = gettext("The thread is open again.")
    return _act(request, thread, lambda: threads.reopen_thread(thread, by=by), done)


@require_POST
@sign_in_then("community:thread_unread", "pk")
@once
def thread_mark(request: HttpRequest, pk: int, mark: str) -> HttpResponse:
    """/community/threads/<number>/pin/, unpin/, lock/, unlock/"""
    thread = allowed_thread(request, "moderated_by", pk)
    column, value = MARKS[mark]
    by = signed_in_member(request)
    threads.set_mark(thread, mark=column, value=value, by=by)
    messages.success(request, str(MARKED[mark]))
    return redirect(thread)


@writes(WhyForm)
def thread_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """/community/threads/<number>/remove/: take it out of sight."""
    thread = allowed_thread(request, "moderated_by", pk)
    by = signed_in_member(request)

    def save(form: WhyForm) -> str:
        keeping.remove_thread(thread, reason=form.cleaned_data["reason"], by=by)
        return gettext("The thread is removed. Moderators still see it and can show it again.")

    context = _context(thread, gettext("Remove the thread"), gettext("Remove"), "bad")
    done = thread.get_absolute_url()
    return form_page(request, WhyForm, save, context, done=done, template=FORM)


@require_POST
@sign_in_then("community:thread_unread", "pk")
@once
def thread_restore(request: HttpRequest, pk: int) -> HttpResponse:
    """/community/threads/<number>/restore/"""
    thread = allowed_thread(request, "moderated_by", pk)
    by = signed_in_member(request)
    done = gettext("The thread is shown again.")
    return _act(request, thread, lambda: keeping.restore_thread(thread, by=by), done)


@writes(MoveForm)
def thread_move(request: HttpRequest, pk: int) -> HttpResponse:
    """/community/threads/<number>/move/: to another space."""
    thread = allowed_thread(request, "moderated_by", pk)
    by = signed_in_member(request)
    spaces = Space.objects.writable_by(by).exclude(pk=thread.space_id).order_by("name")
    moved: list[Thread] = []

    def save(form: MoveForm) -> str:
        moved.append(arranging.move_thread(thread, form.cleaned_data["space"], by=by))
        return gettext("The thread was moved.")

    context = _context(thread, gettext("Move the thread"), gettext("Move"))
    return form_page(
        request,
        lambda data: MoveForm(data, spaces=spaces),
        save,
        context,
        done=lambda: moved[0].get_absolute_url(),
        template=FORM,
    )


@writes(MergeForm)
def thread_merge(request: HttpRequest, pk: int) -> HttpResponse:
    """/community/threads/<number>/merge/: put its posts into another thread."""
    thread = allowed_thread(request, "moderated_by", pk)
    by = signed_in_member(request)
    merged: list[Thread] = []

    def save(form: MergeForm) -> str:
        kept = Thread.objects.moderated_by(by).filter(pk=form.cleaned_data["target"]).first()
        if kept is None:
            raise DomainError(gettext("There is no such thread that you moderate."))
        merged.append(arranging.merge_threads(thread, kept, by=by))
        return gettext("The threads are one now.")

    context = _context(thread, gettext("Merge with another thread"), gettext("Merge"))
    return form_page(
        request,
        MergeForm,
        save,
        context,
        done=lambda: merged[0].get_absolute_url(),
        template=FORM,
    )


@writes(SplitForm)
def thread_split(request: HttpRequest, pk: int) -> HttpResponse:
    """/community/threads/<number>/split/: make some of its posts a new thread."""
    thread = allowed_thread(request, "moderated_by", pk)
    by = signed_in_member(request)
    posts = Post.objects.shown().filter(thread=thread, number__gt=1).select_related("author")
    made: list[Thread] = []

    def make(data: Any) -> SplitForm:
        initial = {"space": thread.space and thread.space.slug}
        spaces = Space.objects.writable_by(by).order_by("name")
        return SplitForm(data, initial=initial, spaces=spaces, posts=posts.order_by("number"))

    def save(form: SplitForm) -> str:
        chosen = form.cleaned_data
        made.append(
            arranging.split_thread(
                thread, list(chosen["posts"]), title=chosen["title"], space=chosen["space"], by=by
            )
        )
        return gettext("The posts are a thread of their own now.")

    context = _context(thread, gettext("Split the thread"), gettext("Split"))
    return form_page(
        request,
        make,
        save,
        context,
        done=lambda: made[0].get_absolute_url(),
        template=FORM,
    )


@writes(DraftForm)
def thread_draft(request: HttpRequest, pk: int) -> HttpResponse:
    """/community/threads/<number>/draft/: begin an experience with what it says."""
    thread = allowed_thread(request, "visible_to", pk)
    by = signed_in_member(request)
    hubs = Hub.objects.open_to_author(by).by_name()
    if not hubs.exists():
        raise PermissionDenied
    made: list[Draft] = []

    def save(form: DraftForm) -> str:
        made.append(draft_from_thread(thread, form.cleaned_data["hub"], by=by))
        return gettext("The draft is begun with what the thread says. Go on part by part.")

    context = _context(thread, gettext("Make it an experience"), gettext("Begin the draft"))
    return form_page(
        request,
        lambda data: DraftForm(data, hubs=hubs),
        save,
        context,
        done=lambda: made[0].get_absolute_url(),
        template=FORM,
    )


@require_POST
@sign_in_first
@once
def threads_read(request: HttpRequest) -> HttpResponse:
    """/community/threads/read/: the member has read everything, or all of one space."""
    by = signed_in_member(request)
    found = Thread.objects.visible_to(by).listed().unread_by(by)
    slug = request.POST.get("space", "")
    space = Space.objects.visible_to(by).filter(slug=slug).first() if slug else None
    if space is not None:
        found = found.filter(space=space)
    read_everything(found, by=by)
    messages.success(request, gettext("Everything is marked as read."))
    return redirect(space or "community:community_home")
