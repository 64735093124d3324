"""Joining a hub, and deciding who does."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.http import signed_in_member
from accounts.models import Member
from core.errors import DomainError
from core.typed import recall_typed, sign_in_first, sign_in_then
from hubs.forms import DeclineForm, MembershipForm
from hubs.models import Hub, Membership
from hubs.services import (
    confirm_membership,
    decline_membership,
    end_membership,
    request_membership,
)


@require_safe
@sign_in_first
def my_memberships(request: HttpRequest) -> HttpResponse:
    """/hubs/memberships/: my own, in every state."""
    member = signed_in_member(request)
    context = {
        "memberships": Membership.objects.filter(member=member).select_related("hub"),
        "editable": set(
            Hub.objects.joined_by(member).editable_by(member).values_list("pk", flat=True)
        ),
        "assessable": set(Hub.objects.assessable_by(member).values_list("pk", flat=True)),
        "headed": set(Hub.objects.joined_by(member).headed_by(member).values_list("pk", flat=True)),
    }
    return render(request, "hubs/edit/my_memberships.html", context)


@sign_in_first
def membership_request(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask for a role in a hub."""
    hub = get_object_or_404(Hub.objects.visible_to(request.user), slug=slug)
    member = signed_in_member(request)
    if not Member.objects.may_join().contains(member):
        raise PermissionDenied
    data = request.POST if request.method == "POST" else recall_typed(request)
    form = MembershipForm(data)
    if request.method == "POST" and form.is_valid():
        try:
            request_membership(hub, **form.cleaned_data, by=member)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(
                request, _("Your request was sent. A head of the hub or a moderator decides.")
            )
            return redirect("hubs:my_memberships")
    context = {"hub": hub, "form": form, "title": _("Ask to join"), "button": _("Send")}
    return render(request, "hubs/edit/form.html", context)


@require_safe
@sign_in_first
def membership_list(request: HttpRequest, slug: str) -> HttpResponse:
    """The people of a hub; who decides sees who asks."""
    hub = get_object_or_404(Hub.objects.visible_to(request.user), slug=slug)
    found = (
        Membership.objects.visible_to(request.user)
        .filter(hub=hub)
        .select_related("member", "confirmed_by")
    )
    context = {
        "hub": hub,
        "in_force": found.in_force().order_by("role", "member__name"),
        "awaiting": found.awaiting().order_by("requested_at"),
        "decidable": set(
            Membership.objects.confirmable_by(request.user)
            .filter(hub=hub)
            .values_list("pk", flat=True)
        ),
        "admitting": set(
            found.awaiting()
            .filter(member__in=Member.objects.admissible_by(request.user))
            .values_list("pk", flat=True)
        ),
        "endable": set(
            Membership.objects.endable_by(request.user).filter(hub=hub).values_list("pk", flat=True)
        ),
        "form": DeclineForm(),
    }
    return render(request, "hubs/edit/membership_list.html", context)


@require_POST
@sign_in_then("hubs:membership_list")
def membership_confirm(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Confirm a membership."""
    membership = _membership(request, slug, pk)
    by = signed_in_member(request)
    _tell(request, lambda: confirm_membership(membership, by=by), _("The membership is confirmed."))
    return redirect("hubs:membership_list", slug)


@sign_in_first
def membership_decline(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Decline a membership with a reason."""
    membership = _membership(request, slug, pk)
    if not Membership.objects.confirmable_by(request.user).contains(membership):
        raise PermissionDenied
    form = DeclineForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        decided, by = form.cleaned_data, signed_in_member(request)
        receipt = _("The request is declined, and the member told why.")
        _tell(request, lambda: decline_membership(membership, **decided, by=by), receipt)
        return redirect("hubs:membership_list", slug)
    context = {
        "hub": membership.hub,
        "form": form,
        "title": _("Decline a request"),
        "question": str(membership),
        "button": _("Decline"),
        "button_kind": "bad",
    }
    return render(request, "hubs/edit/form.html", context)


@require_POST
@sign_in_then("hubs:membership_list")
def membership_end(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """End a membership, or take back a request."""
    membership = _membership(request, slug, pk)
    by = signed_in_member(request)
    _tell(request, lambda: end_membership(membership, by=by), _("The membership has ended."))
    if membership.member_id == by.pk:
        return redirect("hubs:my_memberships")
    return redirect("hubs:membership_list", slug)


def _tell(request: HttpRequest, decide: Callable[[], Membership], receipt: str) -> None:
    """Decide, and say on the next page that it was done, or why not."""
    try:
        decide()
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, receipt)


def _membership(request: HttpRequest, slug: str, pk: int) -> Membership:
    found: Membership = get_object_or_404(
        Membership.objects.visible_to(request.user).select_related("hub", "member"),
        hub__slug=slug,
        pk=pk,
    )
    return found
