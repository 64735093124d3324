"""How sign-in and sign-up differ from allauth's own."""

from __future__ import annotations

import hashlib
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.core import context
from django.conf import settings
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language

from accounts.http import INVITED, remember_language
from accounts.models import Member
from accounts.returned import trust_again
from accounts.services import free_slug, invitation_of, queue_mail, settle_verified_member


class AccountAdapter(DefaultAccountAdapter):
    """allauth's adapter: mail through the outbox, approval by policy, the member's language."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Where people are invited, nobody signs up without an invitation."""
        if settings.JOIN_POLICY != "invitation":
            return True
        return invitation_of(str(request.session.get(INVITED, ""))) is not None

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Owe the mail instead of sending it; a text leaves once an hour to the same address.

        A link is different each time; "you have an account already" may be wanted again.
        """
        message = self.render_mail(template_prefix, email, self._mail_context(email, context))
        what = f"{timezone.now():%Y-%m-%d %H}\n{email}\n{message.subject}\n{message.body}"
        digest = hashlib.sha256(what.encode()).hexdigest()
        queue_mail(
            key=f"{template_prefix.rpartition('/')[2][:40]}:{digest}",
            to=email,
            subject=str(message.subject),
            body=str(message.body),
        )

    def _mail_context(self, email: str, extra: dict[str, Any]) -> dict[str, Any]:
        site = {"name": settings.SITE_NAME, "domain": settings.SITE_URL.partition("://")[2]}
        return {"request": context.request, "email": email, "current_site": site, **extra}

    def save_user(
        self, request: HttpRequest, user: Member, form: Form, commit: bool = True
    ) -> Member:
        """Save a new member, who waits for verification and approval."""
        super().save_user(request, user, form, commit=False)
        user.name = form.cleaned_data["name"]
        user.organisation = form.cleaned_data["organisation"]
        user.country = form.cleaned_data["country"]
        user.languages = form.cleaned_data["languages"]
        user.language = get_language() or "en"
        user.time_zone = settings.TIME_ZONE
        user.slug = free_slug(user.name)
        if commit:
            user.save()
        return user

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """Verify the address; then the member is let in, or the moderators are told.

        Refuses an address that another account has taken since it was asked for.
        """
        try:
            with transaction.atomic():
                is_verified = bool(super().confirm_email(request, email_address))
                if is_verified:
                    trust_again(email_address.email)
                    settle_verified_member(email_address.user)
        except IntegrityError:
            failed = "account/messages/email_confirmation_failed.txt"
            self.add_message(request, messages.ERROR, failed, {"email": email_address.email})
            return False
        return is_verified

    def post_login(self, request: HttpRequest, user: Member, **kwargs: Any) -> HttpResponse:
        """Go on in the member's own language."""
        response: HttpResponse = super().post_login(request, user, **kwargs)
        remember_language(response, user.language)
        return response
