"""Every address of the portal, asked by every role: a route that nobody stated fails."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.urls import URLPattern, get_resolver

from accounts.models import ContactMessage
from accounts.services import load_legal_texts
from tests.factories import hubs as make
from tests.factories.accounts import MemberFactory

pytestmark = pytest.mark.django_db
STRANGERS = ("anonymous", "pending", "member", "stranger", "correspondent")
ROLES = (*STRANGERS, "editor", "head", "moderator")

# What each role gets with GET: one status for all, or by role with "*" for the rest.
OPEN = {"*": 200}
SIGNED_IN = {"anonymous": 302, "*": 200}
WRITE_ONLY = {"*": 405}
MODERATORS = {"anonymous": 302, "moderator": 200, "*": 403}
EDITORS = {"anonymous": 302, "editor": 200, "head": 200, "moderator": 200, "*": 403}
GONE = {"*": 404}
SENT_ON = {"*": 302}
ENTRANCE = {"anonymous": 200, "*": 302}

ROUTES = {
    "front_page": OPEN,
    "set_display": WRITE_ONLY,
    "set_language": SENT_ON,
    "healthz": OPEN,
    "readyz": OPEN,
    # hubs, reading
    "hubs:hub_list": OPEN,
    "hubs:hub_compare": OPEN,
    "hubs:hub_detail": OPEN,
    "hubs:hub_history": OPEN,
    "hubs:organisation_list": OPEN,
    "hubs:organisation_detail": OPEN,
    "hubs:network_list": OPEN,
    "hubs:network_detail": OPEN,
    # hubs, writing
    "hubs:my_memberships": SIGNED_IN,
    "hubs:hub_edit": EDITORS,
    "hubs:identity_change": EDITORS,
    "hubs:fact_add": EDITORS,
    "hubs:fact_change": EDITORS,
    "hubs:fact_remove": EDITORS,
    "hubs:assessment_edit": {"anonymous": 302, "editor": 200, "head": 200, "*": 403},
    "hubs:assessment_consent": WRITE_ONLY,
    "hubs:hub_verify": WRITE_ONLY,
    "hubs:membership_request": {"anonymous": 302, "pending": 403, "*": 200},
    "hubs:membership_list": SIGNED_IN,
    "hubs:membership_confirm": WRITE_ONLY,
    "hubs:membership_decline": {"anonymous": 302, "head": 200, "moderator": 200, "*": 404},
    "hubs:membership_end": WRITE_ONLY,
    # accounts
    "accounts:accept": SIGNED_IN,
    "accounts:activity_list": MODERATORS,
    "accounts:close": SIGNED_IN,
    "accounts:contact_done": OPEN,
    "accounts:contact_moderators": OPEN,
    "accounts:report_issue": OPEN,
    "accounts:privacy": OPEN,
    "accounts:terms": OPEN,
    "accounts:legal_version": OPEN,
    "accounts:member_approve": WRITE_ONLY,
    "accounts:member_decline": MODERATORS,
    "accounts:member_reinstate": MODERATORS,
    "accounts:member_suspend": MODERATORS,
    "accounts:messages": MODERATORS,
    "accounts:message_handle": WRITE_ONLY,
    "accounts:moderation": MODERATORS,
    "accounts:my_data": SIGNED_IN,
    "accounts:photo": GONE,
    "accounts:profile": SIGNED_IN,
    "accounts:profile_edit": SIGNED_IN,
    "community:member_detail": OPEN,
    # sign-in (allauth)
    "account_login": ENTRANCE,
    "account_signup": ENTRANCE,
    "account_logout": {"anonymous": 302, "*": 200},
    "account_inactive": OPEN,
    "account_email": SIGNED_IN,
    "account_email_verification_sent": OPEN,
    "account_confirm_email": OPEN,
    "account_change_password": SIGNED_IN,
    "account_set_password": SENT_ON,
    "account_reset_password": OPEN,
    "account_reset_password_done": OPEN,
    "account_reset_password_from_key": OPEN,
    "account_reset_password_from_key_done": OPEN,
    "account_confirm_login_code": SENT_ON,
    "account_reauthenticate": SIGNED_IN,
    "usersessions_list": SIGNED_IN,
    "mfa_authenticate": SENT_ON,
    "mfa_reauthenticate": {"anonymous": 302, "moderator": 200, "*": 302},
    "mfa_index": SIGNED_IN,
    "mfa_activate_totp": SENT_ON,
    "mfa_deactivate_totp": {"anonymous": 302, "moderator": 302, "*": 404},
    "mfa_generate_recovery_codes": SENT_ON,
    "mfa_view_recovery_codes": {"anonymous": 302, "*": 404},
    "mfa_download_recovery_codes": {"anonymous": 302, "*": 404},
}


def routes(patterns=None, prefix="", namespace=""):
    """Give (name, address with its converters) of every route."""
    for pattern in patterns if patterns is not None else get_resolver().url_patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name}", path
        else:
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from routes(pattern.url_patterns, path, inner)


def is_elsewhere(name, path):
    """Tell whether a route belongs to the admin or the API, which have walks of their own."""
    return path.startswith(("admin/", "api/"))


PAGES = sorted({(name, path) for name, path in routes() if not is_elsewhere(name, path)})


def test_every_route_is_stated():
    names = {name for name, _path in PAGES}

    assert names - set(ROUTES) == set(), "Say in ROUTES who may see the new route."
    assert set(ROUTES) - names == set(), "These routes are gone."


@pytest.fixture
def world():
    """One of each thing that an address names."""
    load_legal_texts()
    hub = make.HubFactory(slug="agency")
    make.PresenceFactory(hub=hub, pk=777)
    make.OrganisationFactory(slug="bank")
    make.NetworkFactory(slug="net")
    make.MembershipFactory(hub=hub, awaiting=True, pk=777)
    ContactMessage.objects.create(pk=777, kind="issue", text="Help")
    MemberFactory(slug="ana")
    return hub


ARGUMENTS = {
    "hubs:organisation_detail": {"slug": "bank"},
    "hubs:network_detail": {"slug": "net"},
    "community:member_detail": {"slug": "ana"},
}


def address(name, path):
    """Return an address for a route, its parts filled in from the world."""
    values = {"slug": "ana" if path.startswith("accounts/") else "agency", "kind": "presences",
              "pk": "777", "version": "1", "key": "x", "uidb36": "1"}  # fmt: skip
    values |= ARGUMENTS.get(name, {})
    if name == "accounts:legal_version":
        values["kind"] = "terms"
    path = re.sub(r"\(\?P<(\w+)>[^)]*\)", r"<\1>", path)
    path = re.sub(r"<(?:\w+:)?(\w+)>", lambda match: values[match[1]], path)
    return "/" + path.replace("^", "").replace("$", "").replace("\\Z", "").replace("\\", "")


def sign_in(client, role, hub):
    if role == "anonymous":
        return
    if role in ("member", "pending", "moderator"):
        member = MemberFactory(**({} if role == "member" else {role: True}))
    elif role == "stranger":
        member = make.MembershipFactory(head=True).member
    else:
        traits = {} if role == "editor" else {role: True}
        member = make.MembershipFactory(hub=hub, **traits).member
    if role == "moderator":
        Authenticator.objects.create(
            user=member, type=Authenticator.Type.TOTP, data={"secret": "x"}
        )
    client.force_login(member)
    session = client.session
    from accounts.legal import ACCEPTED_SESSION_KEY, current_key

    session[ACCEPTED_SESSION_KEY] = current_key()
    session.save()


@pytest.mark.parametrize("role", ROLES)
def test_every_route_answers_each_role_as_stated(client, world, role):
    sign_in(client, role, world)
    wrong = {}

    for name, path in PAGES:
        expected = ROUTES.get(name, {})
        response = client.get(address(name, path))
        wanted = expected.get(role, expected.get("*"))
        if response.status_code != wanted:
            wrong[name] = (response.status_code, wanted, address(name, path))
        if response["Content-Type"].startswith("text/html"):
            assert "default-src 'none'" in response["Content-Security-Policy"], name
            if role != "anonymous":
                assert "no-store" in response["Cache-Control"], name

    assert wrong == {}


@pytest.mark.parametrize("role", STRANGERS)
def test_no_route_lets_strangers_write(client, world, role):
    sign_in(client, role, world)
    open_to_all = {"set_display", "set_language"}
    own = {name for name in ROUTES if name.startswith(("account_", "mfa_", "usersessions"))}
    own |= {name for name in ROUTES if name.startswith("accounts:contact")}
    own |= {"accounts:report_issue", "accounts:accept", "accounts:my_data", "accounts:close"}
    own |= {"accounts:profile_edit", "hubs:membership_request", "accounts:profile"}
    reading = {name for name, expected in ROUTES.items() if expected is OPEN}
    wrong = {}

    for name, path in PAGES:
        if name in open_to_all | own | reading:
            continue
        status = client.post(address(name, path), {"reason": "x", "version": "1"}).status_code
        if status not in (302, 403, 404, 405):
            wrong[name] = status

    assert wrong == {}
    world.refresh_from_db()
    assert world.version == 1
    assert world.verified_on is None
    assert world.presences.count() == 1


@pytest.mark.parametrize("path", ["/nothing/", "/hubs/nothing/", "/accounts/legal/terms/99/"])
def test_what_is_not_there_says_so(client, path):
    response = client.get(path)

    assert response.status_code == 404
    assert response.content.startswith(b"<!DOCTYPE html>")
