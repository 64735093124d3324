"""Writing an entry: my drafts, the task list, one section a page, check, send."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.http import signed_in_member
from catalogue.codelists import EntrySize
from catalogue.content import ALL_LISTS
from catalogue.forms import StartForm
from catalogue.models import Draft, Entry
from catalogue.sections import Section, label_of, missing_in, sections_of
from catalogue.services import (
    complete_draft,
    revise_entry,
    start_draft,
    withdraw_draft,
)
from core.errors import DomainError
from core.http import get_allowed
from core.typed import sign_in_first, sign_in_then
from hubs.models import Hub
from hubs.views.form_pages import writes

SHOWN = 100  # drafts on the page of one's own


@require_safe
@sign_in_first
def draft_list(request: HttpRequest) -> HttpResponse:
    """/catalogue/drafts/: what one writes and reviews, and with whom it lies."""
    drafts = Draft.objects.visible_to(request.user).select_related("hub", "entry")
    found = list(drafts[:SHOWN])
    shown = drafts.filter(pk__in=[each.pk for each in found])
    to_write = set(shown.editable_by(request.user).values_list("pk", flat=True))
    to_review = set(shown.reviewable_by(request.user).values_list("pk", flat=True))
    groups = (
        (_("With you to write"), [each for each in found if each.pk in to_write]),
        (_("With you to review"), [each for each in found if each.pk in to_review]),
        (_("With others"), _with_others(found, to_write | to_review)),
        (_("Done"), [each for each in found if not each.is_open]),
    )
    context = {
        "groups": [{"title": title, "drafts": each} for title, each in groups if each],
        "can_start": _may_start(request),
        "can_import": Hub.objects.editable_by(request.user).exists(),
    }
    return render(request, "catalogue/drafts/draft_list.html", context)


def _with_others(drafts: list[Draft], mine: set[int]) -> list[Draft]:
    return [each for each in drafts if each.is_open and each.pk not in mine]


def _may_start(request: HttpRequest) -> bool:
    form = StartForm(user=request.user)
    return bool(form.fields["hub"].queryset.exists())  # type: ignore[attr-defined]


@writes(StartForm)
def draft_start(request: HttpRequest) -> HttpResponse:
    """/catalogue/drafts/new/: begin a new experience."""
    if not _may_start(request):
        raise PermissionDenied
    initial = {"hub": request.GET.get("hub", ""), "language": request.LANGUAGE_CODE}
    form = StartForm(request.POST or None, initial=initial, user=request.user)
    if form.is_valid():
        draft = start_draft(**form.cleaned_data, by=signed_in_member(request))
        return redirect(draft)
    return render(request, "catalogue/drafts/draft_start.html", {"form": form})


@require_POST
@sign_in_then("catalogue:entry_detail")
def entry_revise(request: HttpRequest, slug: str) -> HttpResponse:
    """Write the next version of an entry: its open draft, or a new one."""
    entry = get_object_or_404(Entry.objects.visible_to(request.user), slug=slug)
    return redirect(revise_entry(entry, by=signed_in_member(request)))


def seen_draft(request: HttpRequest, pk: int) -> Draft:
    """Return a draft that the reader works on; 404 for others."""
    drafts = Draft.objects.visible_to(request.user).select_related("hub", "entry__hub")
    draft: Draft = get_object_or_404(drafts, pk=pk)
    return draft


def editable_draft(request: HttpRequest, pk: int) -> Draft:
    """Return a draft to write: 404 for those who do not work on it, 403 while it may not be
    written.
    """
    drafts = Draft.objects
    seen = drafts.visible_to(request.user).select_related("hub", "entry__hub")
    draft: Draft = get_allowed(seen, drafts.editable_by(request.user), pk=pk)
    return draft


@require_safe
@sign_in_first
def draft_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """/catalogue/drafts/<pk>/: the task list; where it stands; what is to be done next."""
    draft = seen_draft(request, pk)
    can_edit = Draft.objects.editable_by(request.user).contains(draft)
    missing = missing_in(draft.content)
    context = {
        "draft": draft,
        "can_edit": can_edit,
        "can_submit": Draft.objects.submittable_by(request.user).contains(draft),
        "can_withdraw": Draft.objects.withdrawable_by(request.user).contains(draft),
        "is_snapshot": draft.content["size"] == EntrySize.SNAPSHOT,
        "tasks": [_task(draft, section, missing) for section in sections_of(draft.content)],
        "missing_count": sum(len(names) for names in missing.values()),
        "last_round": draft.rounds.select_related("decided_by").last(),
        "alike": alike_to(draft, request),
    }
    return render(request, "catalogue/drafts/draft_detail.html", context)


def _task(draft: Draft, section: Section, missing: dict[str, list[str]]) -> dict[str, Any]:
    lacking = missing.get(section.slug, [])
    held = [value for name, value in section.holds(draft.content).items() if name != "language"]
    if lacking:
        text = ", ".join(label_of(name) for name in lacking)
        status, kind = _("Missing: %(names)s") % {"names": text}, "warn"
    elif section.slug in ALL_LISTS and held[0]:
        number = len(held[0])
        status = ngettext("%(number)d row", "%(number)d rows", number) % {"number": number}
        kind = "ok"
    elif any(held):
        status, kind = _("Stated"), "ok"
    else:
        status, kind = _("Not stated; not needed"), ""
    return {
        "url": reverse("catalogue:draft_section", args=[draft.pk, section.slug]),
        "label": section.title,
        "hint": section.hint,
        "status": status,
        "kind": kind,
    }


def alike_to(draft: Draft, request: HttpRequest) -> list[Entry]:
    """Return entries that may tell the same: a country in common and a title much alike."""
    entries = Entry.objects.visible_to(request.user).published().for_list()
    found = entries.alike(draft.content["title"], draft.content["countries"])
    return list(found.exclude(pk=draft.entry_id or 0)[:3])


@require_POST
@sign_in_then("catalogue:draft_detail", "pk")
def draft_complete(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a snapshot a full entry."""
    complete_draft(editable_draft(request, pk), by=signed_in_member(request))
    messages.success(request, _("There is more to write now. What you wrote is kept."))
    return redirect("catalogue:draft_detail", pk)


@sign_in_first
def draft_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask whether to take the draft back, and do so."""
    draft = seen_draft(request, pk)
    if request.method == "POST":
        try:
            withdraw_draft(draft, by=signed_in_member(request))
        except DomainError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("The draft was taken back. Nobody will review it."))
        return redirect("catalogue:draft_list")
    if not Draft.objects.withdrawable_by(request.user).contains(draft):
        raise PermissionDenied
    return render(request, "catalogue/drafts/draft_withdraw.html", {"draft": draft})
