"""Comments on a hub, an experience, a resource, an exchange or a story: the thread about it."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts.http import signed_in_member
from community.forms.talk import TextForm
from community.models import ABOUT, Post, Thread
from community.querysets.threads import things
from community.services.posts import write_post
from community.services.threads import comments_on
from community.views.thread_writing import FORM, preview_of, receipt, uploads_of
from community.views.threads import place_of
from core.form_pages import form_page
from hubs.views.form_pages import writes


@writes(TextForm)
def comment(request: HttpRequest, name: str, slug: str) -> HttpResponse:
    """/community/about/<kind>/<slug>/: write a comment on a thing."""
    if name not in ABOUT:
        raise Http404
    by = signed_in_member(request)
    if not by.takes_part:
        raise PermissionDenied
    seen: Any = things(name)
    thing: Any = get_object_or_404(seen.visible_to(by), slug=slug)
    thread = Thread.objects.filter(**{name: thing.pk, "space": None}).first()
    if thread is not None and not Thread.objects.replyable_by(by).contains(thread):
        return redirect(thread)
    made: list[Post] = []

    def make(data: Any) -> TextForm:
        return TextForm(data, request.FILES or None)

    def save(form: TextForm) -> str:
        text, files = form.cleaned_data["text"], uploads_of(form)
        made.append(write_post(comments_on(thing), text=text, by=by, files=files))
        return receipt(made[0].state, _("Your comment is there."))

    context = {
        "thing": thing,
        "title": _("Comment"),
        "button": _("Send"),
        "is_upload": True,
        "has_preview": True,
        "cancel_url": thing.get_absolute_url(),
    }
    if preview := preview_of(request, thread):
        return render(request, FORM, context | {"form": make(request.POST), "preview": preview})
    return form_page(
        request,
        make,
        save,
        context,
        done=lambda: place_of(made[0].thread, made[0].number),
        template=FORM,
    )
