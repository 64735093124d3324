"""Sign-up as one whole: a member with their address and acceptance, or nothing."""

from __future__ import annotations

from allauth.account.forms import SignupForm as BaseSignupForm
from allauth.account.internal.flows.signup import prevent_enumeration
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse

from accounts.models import Member


class JoinForm(BaseSignupForm):  # type: ignore[misc]  # allauth ships no types
    """allauth's sign-up form, with the fields of `accounts.forms.SignupForm` below it."""

    def try_save(self, request: HttpRequest) -> tuple[Member | None, HttpResponse | None]:
        """Save the member; answer as for any known address if somebody else just took it."""
        try:
            with transaction.atomic():
                member, response = super().try_save(request)
        except IntegrityError:
            return None, prevent_enumeration(request, email=self.cleaned_data["email"])
        return member, response
