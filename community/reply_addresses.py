"""Addresses to which members answer by mail: each names a post and whom it was told, signed."""

from __future__ import annotations

from typing import NamedTuple

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.http import base36_to_int, int_to_base36

_SALT = "community.reply"
SIGNED = 20  # characters of the signature: mail servers take 64 before the "@"


class Reply(NamedTuple):
    """What an address to answer to names, by their numbers."""

    post: int
    member: int


def reply_address(post: int, member: int) -> str:
    """Return the address to which `member` answers a post; "" where the portal takes no mail."""
    local, at, domain = settings.REPLY_ADDRESS.partition("@")
    if not at:
        return ""
    named = f"{int_to_base36(post)}-{int_to_base36(member)}"
    return f"{local}+{named}-{_signature(named)}@{domain}"


def reply_to(address: str) -> Reply | None:
    """Return what an address names; None for any that is not one of ours."""
    local, at, domain = settings.REPLY_ADDRESS.lower().partition("@")
    given, _at, host = address.lower().partition("@")
    name, _plus, token = given.partition("+")
    if not at or (name, host) != (local, domain):
        return None
    named, _dash, signature = token.rpartition("-")
    post, _dash, member = named.partition("-")
    if not constant_time_compare(signature, _signature(named)):
        return None
    try:
        return Reply(base36_to_int(post), base36_to_int(member))
    except ValueError:
        return None


def _signature(named: str) -> str:
    return salted_hmac(_SALT, named, algorithm="sha256").hexdigest()[:SIGNED]
