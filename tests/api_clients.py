"""Clients of the API as members use it: signed in, past what they must do first."""

from allauth.mfa.models import Authenticator
from django.test import Client

from accounts.legal import current_key
from accounts.middleware import ACCEPTED_SESSION_KEY
from accounts.models import Member


def client_of(member: Member | None, **options: object) -> Client:
    """Return a client signed in as `member`, or as nobody."""
    client = Client(**options)
    if member is None:
        return client
    if member.is_moderator:
        Authenticator.objects.get_or_create(
            user=member, type=Authenticator.Type.TOTP, defaults={"data": {}}
        )
    client.force_login(member, "allauth.account.auth_backends.AuthenticationBackend")
    session = client.session
    session[ACCEPTED_SESSION_KEY] = current_key()
    session.save()
    return client
