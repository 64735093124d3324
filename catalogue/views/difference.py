"""What changed: between two versions, and between a draft and what went before it."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from catalogue.content import empty_content
from catalogue.differences import differences
from catalogue.models import DraftState, EntryVersion
from catalogue.views.drafts import seen_draft
from core.shared_pages import shared_page
from core.typed import sign_in_first

MAX_DIGITS = 7  # of a version that somebody asks for; Python reads no number of thousands


@require_safe
@shared_page
def version_diff(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """/catalogue/<slug>/v/<n>/diff/?from=<m>: from version m, or the one before, to version n."""
    asked = request.GET.get("from", "")
    start = int(asked) if asked.isdecimal() and len(asked) < MAX_DIGITS else number - 1
    if start < 1 or start == number:
        raise Http404
    versions = EntryVersion.objects.visible_to(request.user).select_related("entry__hub")
    old, new = (
        get_object_or_404(versions, entry__slug=slug, number=each) for each in (start, number)
    )
    others = versions.filter(entry__slug=slug).exclude(number=number)
    context = {
        "entry": new.entry,
        "old": old,
        "new": new,
        "others": others.newest_first().values_list("number", flat=True),
        "parts": list(differences(old.content, new.content, user=request.user)),
    }
    return render(request, "catalogue/version_diff.html", context)


@require_safe
@sign_in_first
def draft_diff(request: HttpRequest, pk: int) -> HttpResponse:
    """/catalogue/drafts/<pk>/diff/: since the round before, or since what is published."""
    draft = seen_draft(request, pk)
    rounds = draft.rounds.all()
    if draft.state == DraftState.SUBMITTED:  # what is read now is the last round itself
        rounds = rounds.exclude(number=draft.round)
    last = rounds.last()
    if last is not None:
        before, since = last.content, "round"
    elif draft.entry is not None:
        version = draft.entry.versions.get(number=draft.from_version)
        before, since = version.content, "version"
    else:
        before, since = empty_content(), ""
    context = {
        "draft": draft,
        "since": since,
        "last": last,
        "parts": list(differences(before, draft.content, user=request.user)),
    }
    return render(request, "catalogue/drafts/draft_diff.html", context)
