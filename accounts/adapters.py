"""How sign-in and sign-up differ from allauth's own."""

from allauth.account.adapter import DefaultAccountAdapter


class AccountAdapter(DefaultAccountAdapter):
    """allauth's adapter, with the portal's policy."""
