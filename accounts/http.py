"""Who asks, as a member."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from accounts.models import Member


def signed_in_member(request: HttpRequest) -> Member:
    """Return the member who asks; raise `PermissionDenied` for anybody else."""
    if not isinstance(request.user, Member):
        raise PermissionDenied
    return request.user
