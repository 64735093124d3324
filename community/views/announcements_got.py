"""The announcements that came to the reader, to be found again."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from community.models import Announcement, Thread
from community.services.announcement_mail import direction_of
from core.text import render_markdown
from core.typed import sign_in_first
from core.views import page_number

PAGE_SIZE = 25


@require_safe
@sign_in_first
def announcements_got(request: HttpRequest) -> HttpResponse:
    """/community/my/announcements/: the newest first."""
    own = Announcement.objects.received_by(request.user).select_related("hub")
    page = Paginator(own.order_by("-started_at", "-pk"), PAGE_SIZE).get_page(page_number(request))
    return render(request, "community/announcements/got.html", {"page_obj": page})


@require_safe
@sign_in_first
def announcement_read(request: HttpRequest, pk: int) -> HttpResponse:
    """/community/my/announcements/<number>/: one of them."""
    own = Announcement.objects.received_by(request.user).select_related("hub", "thread__space")
    announcement: Any = get_object_or_404(own, pk=pk)
    thread = announcement.thread
    may_talk = thread and Thread.objects.alone(thread).visible_to(request.user).exists()
    context = {
        "announcement": announcement,
        "html": render_markdown(announcement.body),
        "thread_url": thread.get_absolute_url() if may_talk else "",
        "direction": direction_of(announcement.language),
    }
    return render(request, "community/announcements/read.html", context)
