"""What is done with a thread: named, closed, marked, moved, merged, split, taken up, read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
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
    ThreadEditForm,
    WhyForm,
)
from community.models import Post, Space, Thread
from community.services import arranging, keeping, threads
from community.services.reading import read_everything
from community.services.turning import draft_from_thread
from community.views.thread_writing import FORM, allowed_thread
from core.errors import DomainError
from core.form_pages import form_page
from core.once import once
from core.typed import sign_in_first, sign_in_then
from hubs.models import Hub
from hubs.views.form_pages import writes

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
