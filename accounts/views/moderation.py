"""Moderators' pages: who waits, what was written to them, what was done by whom."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.filters import ActivityFilter
from accounts.forms import HandleForm, ReasonForm, SanctionForm
from accounts.http import signed_in_member
from accounts.models import Activity, ContactMessage, Member
from accounts.services import (
    approve_member,
    decline_member,
    handle_message,
    limit_member,
    reinstate_member,
    suspend_member,
)
from core.csv import stream_csv
from core.errors import DomainError
from core.views import page_number

PAGE_SIZE = 50  # rows
COLUMNS = ("at", "actor", "verb", "subject", "object_app", "object_model", "object_pk",
           "object_label", "object_url", "audience", "changes", "request_id")  # fmt: skip


def _moderator(request: HttpRequest) -> Member:
    member = signed_in_member(request)
    if not member.is_moderator:
        raise PermissionDenied
    return member


@login_required
def moderation(request: HttpRequest) -> HttpResponse:
    """/accounts/moderation/: members who wait for approval."""
    _moderator(request)
    waiting = Member.objects.approvable_by(request.user).pending().order_by("joined_at", "pk")
    unread = ContactMessage.objects.visible_to(request.user).filter(handled_at=None).count()
    context = {"page_obj": _page(request, waiting), "unread": unread}
    return render(request, "accounts/moderation.html", context)


def _page(request: HttpRequest, things: QuerySet[Any]) -> Page[Any]:
    return Paginator(things, PAGE_SIZE).get_page(page_number(request))


@require_POST
@login_required
def member_approve(request: HttpRequest, slug: str) -> HttpResponse:
    """Let a waiting member in."""
    member = _member(request, slug)
    try:
        approve_member(member, by=_moderator(request))
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The member is approved, and told so."))
    return redirect("accounts:moderation")


@login_required
def member_decline(request: HttpRequest, slug: str) -> HttpResponse:
    """Refuse a waiting member, with a reason."""
    return _decide(request, slug, decline_member, _("Decline"))


@login_required
def member_limit(request: HttpRequest, slug: str) -> HttpResponse:
    """Limit what a member may do, with a reason and perhaps an end."""
    return _decide(request, slug, limit_member, _("Limit"), SanctionForm)


@login_required
def member_suspend(request: HttpRequest, slug: str) -> HttpResponse:
    """Shut a member out, with a reason and perhaps an end."""
    return _decide(request, slug, suspend_member, _("Suspend"), SanctionForm)


@login_required
def member_reinstate(request: HttpRequest, slug: str) -> HttpResponse:
    """Make a member active again, with a reason."""
    return _decide(request, slug, reinstate_member, _("Reinstate"))


def _decide(
    request: HttpRequest,
    slug: str,
    decide: Callable[..., Member],
    title: str,
    form_class: type[ReasonForm] = ReasonForm,
) -> HttpResponse:
    moderator = _moderator(request)
    member = _member(request, slug)
    was_let_in = member.status != Member.Status.PENDING
    form = form_class(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            decide(member, by=moderator, **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Done. The member is told why."))
            return redirect(member if was_let_in else "accounts:moderation")
    context = {"form": form, "member": member, "title": title}
    return render(request, "accounts/member_decide.html", context)


def _member(request: HttpRequest, slug: str) -> Member:
    _moderator(request)
    member: Member = get_object_or_404(Member.objects.visible_to(request.user), slug=slug)
    if not Member.objects.approvable_by(request.user).contains(member):
        raise PermissionDenied
    return member


@login_required
def messages_list(request: HttpRequest) -> HttpResponse:
    """/accounts/messages/: what visitors and members wrote, open ones first."""
    _moderator(request)
    found = (
        ContactMessage.objects.visible_to(request.user)
        .select_related("member", "handled_by")
        .order_by(F("handled_at").desc(nulls_first=True), "-created_at", "-pk")
    )
    return render(request, "accounts/messages.html", {"page_obj": _page(request, found)})


@require_POST
@login_required
def message_handle(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark a message as dealt with."""
    moderator = _moderator(request)
    message = get_object_or_404(ContactMessage.objects.visible_to(request.user), pk=pk)
    form = HandleForm(request.POST)
    if form.is_valid():
        try:
            handle_message(message, note=form.cleaned_data["note"], by=moderator)
        except DomainError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("The message is marked as dealt with."))
    else:
        messages.error(request, form.errors["note"].as_text())
    return redirect("accounts:messages")


@require_safe
@login_required
def activity_list(request: HttpRequest) -> HttpResponseBase:
    """/accounts/activity/: the audit trail, newest first, by position; also as CSV."""
    _moderator(request)
    filterset = ActivityFilter(
        request.GET, queryset=Activity.objects.visible_to(request.user), request=request
    )
    is_valid = filterset.is_valid()
    if request.GET.get("export") == "csv":
        if not is_valid:
            return HttpResponse(
                filterset.form.errors.as_text(),
                status=400,
                content_type="text/plain",
            )
        return stream_csv("activity.csv", COLUMNS, _rows(filterset.qs.for_list()))
    found = filterset.qs.for_list() if is_valid else Activity.objects.none()
    page = list(found[: PAGE_SIZE + 1])
    context = {
        "form": filterset.form,
        "activities": page[:PAGE_SIZE],
        "older": page[PAGE_SIZE - 1].pk if len(page) > PAGE_SIZE else None,
    }
    return render(request, "accounts/activity_list.html", context)


def _rows(activities: Any) -> Iterator[dict[str, object]]:
    for activity in activities.iterator(chunk_size=500):
        row = {name: getattr(activity, name) for name in COLUMNS}
        row["at"] = activity.at.isoformat()
        row["actor"] = activity.actor.slug if activity.actor else ""
        row["subject"] = activity.subject.slug if activity.subject else ""
        row["changes"] = [
            f"{change['field']}: {change['old']} → {change['new']}" for change in activity.changes
        ]
        yield row
