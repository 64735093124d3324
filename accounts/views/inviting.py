"""Inviting somebody, and following an invitation."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.forms import InviteForm
from accounts.http import INVITED, signed_in_member
from accounts.services import invitation_of, invite, may_invite
from core.form_pages import form_page
from core.once import once
from core.typed import sign_in_first


@sign_in_first
@once
def invite_somebody(request: HttpRequest) -> HttpResponse:
    """/accounts/invite/: ask somebody to join; whom one asked, and who came."""
    by = signed_in_member(request)
    if not may_invite(by):
        raise PermissionDenied

    def make(data: Any) -> InviteForm:
        return InviteForm(data, initial={"language": by.language})

    def save(form: InviteForm) -> str:
        invite(by=by, **form.cleaned_data)
        return _("The invitation is on its way.")

    context = {"invitations": by.invitations.select_related("accepted_by")[:50]}
    return form_page(
        request, make, save, context, done=request.path, template="accounts/invite.html"
    )


@require_safe
def invited(request: HttpRequest, token: str) -> HttpResponse:
    """/accounts/invited/<token>/: on to the page where one joins."""
    found = invitation_of(token)
    if found is None:
        messages.error(request, _("This invitation was taken up, or has ended. Ask for another."))
        return redirect("front_page")
    if request.user.is_authenticated:
        return redirect("front_page")
    request.session[INVITED] = token
    text = _("%(name)s invites you. Join with the address to which the invitation was sent.")
    messages.info(request, text % {"name": found.invited_by.name})
    return redirect("account_signup")
