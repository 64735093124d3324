"""What a signed-in member must do before anything else: second factor, then new terms."""

import zoneinfo
from collections.abc import Callable
from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from accounts.http import CLEAR_SITE_DATA, needs_second_factor
from accounts.kept import keep_sent, note_sent
from accounts.legal import ACCEPTED_SESSION_KEY, current_key
from accounts.models import Member
from core.api.problems import is_api_request, problem_response

# Pages that stay open: to satisfy the gate, to leave, to read what one is asked to accept.
OPEN_PREFIXES = (
    "/accounts/2fa/",
    "/accounts/accept/",
    "/accounts/close/",
    "/accounts/confirm-email/",
    "/accounts/contact/",
    "/accounts/legal/",
    "/accounts/logout/",
    "/accounts/mail/off/",
    "/accounts/my-data/",
    "/accounts/reauthenticate/",
    "/healthz",
    "/i18n/",
    "/readyz",
    "/static/",
)
AFTER_GATE_SESSION_KEY = "after_gate"  # the page that a member was kept from


class MemberTimeZoneMiddleware:
    """Show moments in the member's own time zone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        member = getattr(request, "user", None)
        zone = zoneinfo.ZoneInfo(member.time_zone) if isinstance(member, Member) else None
        with timezone.override(zone):
            return self.get_response(request)


class AccountGateMiddleware:
    """Send members to what they must do first, and bring them back to where they were."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        member = getattr(request, "user", None)
        if isinstance(member, Member) and not request.path.startswith(OPEN_PREFIXES):
            gate = self._gate(request, member)
            if gate is not None and is_api_request(request):
                return _tell_program(request, gate)
            if gate is not None:
                return self._send(request, gate)
            request.session.pop(AFTER_GATE_SESSION_KEY, None)
            if request.method == "POST":
                note_sent(request)
        response = self.get_response(request)
        if request.method == "POST" and request.path == reverse("account_logout"):
            response["Clear-Site-Data"] = CLEAR_SITE_DATA
        return response

    def _send(self, request: HttpRequest, gate: str) -> HttpResponse:
        # allauth's pages forget where one came from; the recovery codes' page leads back there.
        is_page = request.headers.get("Sec-Fetch-Dest", "document") == "document"
        back = request.get_full_path()
        if request.method == "POST" and is_page:
            back = self._kept(request)
        if request.method in ("GET", "POST") and is_page:
            request.session[AFTER_GATE_SESSION_KEY] = back
        return redirect(f"{reverse(gate)}?{urlencode({'next': back})}")

    def _kept(self, request: HttpRequest) -> str:
        """Keep what was sent; return the page to go to after the gate."""
        if keep_sent(request):
            messages.info(request, _("What you had written is kept. You can send it afterwards."))
            return reverse("accounts:send_again")
        messages.warning(
            request, _("What you sent could not be kept. Your browser's back button may show it.")
        )
        return "/"

    def _gate(self, request: HttpRequest, member: Member) -> str | None:
        if needs_second_factor(member):
            return "mfa_activate_totp"
        if request.session.get(ACCEPTED_SESSION_KEY, "") != current_key():
            return "accounts:accept"
        return None


def _tell_program(request: HttpRequest, gate: str) -> HttpResponse:
    """Return 403 with the page on which the member can do what is missing."""
    page = request.build_absolute_uri(reverse(gate))
    detail = _("First do on the portal what it asks of you: %(page)s") % {"page": page}
    return problem_response(request, HTTPStatus.FORBIDDEN, detail=detail)
