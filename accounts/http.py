"""Who asks, as a member; and in which language to answer."""

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from accounts.models import Member

DEMO_DOMAIN = "@demo.example"
INVITED = "invited"  # of the session: the token of the invitation that somebody follows
CLEAR_SITE_DATA = '"cache", "storage"'  # what a browser forgets when somebody signs out


def signed_in_member(request: HttpRequest) -> Member:
    """Return the member who asks; raise `PermissionDenied` for anybody else."""
    if not isinstance(request.user, Member):
        raise PermissionDenied
    return request.user


def remember_language(response: HttpResponse, language: str) -> None:
    """Make the browser ask for `language` from now on, as the language switch does."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
    )


def needs_second_factor(member: Member) -> bool:
    """Return whether `member` must set up a second factor before going on.

    Moderators and administrators must; on a demonstration the demo accounts need not.
    """
    if not member.is_moderator or (settings.DEMO and member.email.endswith(DEMO_DOMAIN)):
        return False
    return not is_mfa_enabled(member)
