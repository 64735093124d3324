"""What API views need to know of members."""

from typing import Any

from accounts.http import signed_in_member
from accounts.models import Member


class MemberMixin:
    """Names the member who writes; `PermissionDenied` if nobody is signed in."""

    request: Any

    @property
    def member(self) -> Member:
        return signed_in_member(self.request)
