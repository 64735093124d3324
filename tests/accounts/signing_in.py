"""Signing in as people do, through the pages."""

from tests.factories.accounts import PASSWORD


def sign_in(client, member, password=PASSWORD):
    """Send the sign-in form."""
    return client.post("/accounts/login/", {"login": member.email, "password": password})


def sign_in_and_prove(client, member):
    """Sign in, and give the password once more as the delicate pages ask."""
    sign_in(client, member)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
