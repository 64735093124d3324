"""What a member sent while the portal first asked something of them, kept to be sent again."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware

from core.typed import is_secret, packed

_KEY = "form_before_gate"  # of the session, which stays on the server; it keeps one, the last
_TOKEN = "csrfmiddlewaretoken"  # noqa: S105 -- the name of a field


@dataclass(frozen=True)
class Kept:
    """A form that was sent to `path`, as names and values; its files are lost."""

    path: str
    fields: list[tuple[str, str]]
    has_files: bool


def keep_sent(request: HttpRequest) -> bool:
    """Keep the form that the member sent, in place of one before; return whether it was.

    Not what is too long, holds a secret or was sent from another site: that would get a page
    of this portal to send it.
    """
    try:
        if request.path.startswith("//") or not _is_from_here(request):
            return False
        form = request.POST.copy()
        has_files = bool(request.FILES)
    except (SuspiciousOperation, OSError):  # too many fields, or cut off
        return False
    form.pop(_TOKEN, None)
    typed = packed(form)
    if not typed or any(is_secret(name) for name in typed):
        return False
    request.session[_KEY] = {
        "member": request.user.pk,
        "path": request.get_full_path(),
        "form": typed,
        "has_files": has_files,
    }
    return True


def kept_sent(request: HttpRequest) -> Kept | None:
    """Return what was kept for this member; None if there is nothing."""
    kept = request.session.get(_KEY)
    if kept is None or kept["member"] != request.user.pk:
        return None
    fields = [(name, value) for name, values in kept["form"].items() for value in values]
    return Kept(kept["path"], fields, kept["has_files"])


def forget_sent(request: HttpRequest) -> None:
    """Throw away what was kept."""
    request.session.pop(_KEY, None)


def note_sent(request: HttpRequest) -> None:
    """Throw it away once it is sent: it is sent again once."""
    kept = request.session.get(_KEY)
    if kept is not None and kept["path"] == request.get_full_path():
        forget_sent(request)


def _is_from_here(request: HttpRequest) -> bool:
    """Return whether the form bears the token of a page of this portal."""
    check = CsrfViewMiddleware(_no_page)
    check.process_request(request)
    return check.process_view(request, _no_page, (), {}) is None


def _no_page(_request: HttpRequest) -> HttpResponse:
    return HttpResponse()
