"""Who may go where: every address for every role, one table.

Whoever adds a route states here who may ask for it, and what everybody else is told:
visitors are sent to the sign-in page, what one may not know of is not found (404), what one
may see but not do is forbidden (403). The requests are empty: where they are let in, a page
is shown again with its errors (200), and the API says what is missing (400, 428).
"""

import pytest
from django.contrib import admin
from django.urls import reverse

from tests.factories.accounts import MemberFactory
from tests.portal.walk import KINDS, ROLES, World, routes

pytestmark = pytest.mark.django_db

ALL = set(ROLES)
VISITORS = {"anonymous", "suspended"}
SIGNED_IN = ALL - VISITORS
MEMBERS = SIGNED_IN - {"pending"}
OWN = {"correspondent", "me_focal_point", "editor", "head"}
MODERATORS = {"moderator", "administrator"}
WRITERS = {"editor", "head"} | MODERATORS
ASSESSORS = {"me_focal_point", "editor", "head"}
DECIDERS = {"head"} | MODERATORS
INSIDERS = OWN | MODERATORS  # who knows of the hidden hub


def everybody(status=200):
    return {status: ALL}


def only(allowed, status=200, others=403, visitors="sign in"):
    """`allowed` get `status`, other members `others`, visitors `visitors`."""
    return _answers({status: allowed, others: SIGNED_IN - allowed, visitors: VISITORS})


def known(allowed, status=200, visitors="sign in", knowing=INSIDERS):
    """As `only`, and those who are not `knowing` find nothing."""
    return _answers(
        {
            visitors: VISITORS,
            404: SIGNED_IN - knowing - allowed,
            403: knowing - allowed,
            status: allowed,
        }
    )


def visible(allowed, status=200):
    """`allowed` get `status`, everybody else finds nothing, without being asked to sign in."""
    return _answers({status: allowed, 404: ALL - allowed})


def _answers(answers):
    return {status: people for status, people in answers.items() if people}


NO = everybody(405)
READ = {"GET": everybody(), "POST": NO}
FORM = {"GET": everybody(), "POST": everybody()}
MINE = {"GET": only(SIGNED_IN), "POST": only(SIGNED_IN)}
MODERATE = {"GET": only(MODERATORS), "POST": only(MODERATORS)}
ACT = {"GET": NO, "POST": only(MODERATORS, 302)}
GUEST = {
    method: _answers({200: VISITORS, 302: SIGNED_IN}) for method in ("GET", "POST")
}  # members are taken back to the portal


def away(**answers):
    """Pages of members that lead on to another page."""
    return {method: only(SIGNED_IN, status) for method, status in answers.items()}


# route -> {which object: {method: {status: people}}}
PAGES = {
    "front_page": {"": READ},
    "search": {"": READ},
    "set_display": {"": {"GET": NO, "POST": everybody(302)}},
    "set_language": {"": {"GET": everybody(302), "POST": everybody(302)}},
    "healthz": {"": FORM},
    "readyz": {"": FORM},
    # accounts
    "accounts:accept": {"": {"GET": only(SIGNED_IN), "POST": only(SIGNED_IN, 302)}},
    "accounts:activity_list": {"": {"GET": only(MODERATORS), "POST": NO}},
    "accounts:close": {"": MINE},
    "accounts:contact_done": {"": READ},
    "accounts:contact_moderators": {"": FORM},
    "accounts:legal_version": {
        "published": READ,
        "draft": {"GET": everybody(404), "POST": NO},
    },
    "accounts:member_approve": {
        "waiting": ACT,
        "colleague": {"GET": NO, "POST": only({"administrator"}, 302)},
    },
    **{
        f"accounts:member_{verb}": {
            "waiting": MODERATE,
            "colleague": {
                "GET": only({"administrator"}),
                "POST": only({"administrator"}),
            },
        }
        for verb in ("decline", "limit", "reinstate", "suspend")
    },
    "accounts:message_handle": {"": ACT},
    "accounts:messages": {"": MODERATE},
    "accounts:moderation": {"": MODERATE},
    "accounts:my_data": {"": MINE},
    "accounts:photo": {"": {"GET": everybody(404), "POST": NO}},
    "accounts:privacy": {"": READ},
    "accounts:profile": {"": MINE},
    "accounts:profile_edit": {"": MINE},
    "accounts:report_issue": {"": FORM},
    "accounts:terms": {"": READ},
    "community:member_detail": {
        "someone": READ,
        "waiting": {"GET": visible(MODERATORS), "POST": NO},
    },
    # allauth
    "account_change_password": {"": MINE},
    "account_confirm_email": {"": {"GET": everybody(), "POST": everybody(404)}},
    "account_confirm_login_code": {"": away(GET=302, POST=302)},
    "account_email": {"": away(GET=200, POST=302)},
    "account_email_verification_sent": {"": READ},
    "account_inactive": {"": READ},
    "account_login": {"": GUEST},
    "account_logout": {
        "": {"GET": _answers({302: VISITORS, 200: SIGNED_IN}), "POST": everybody(302)}
    },
    "account_reauthenticate": {"": MINE},
    "account_reset_password": {"": FORM},
    "account_reset_password_done": {"": READ},
    "account_reset_password_from_key": {"": FORM},
    "account_reset_password_from_key_done": {"": READ},
    "account_set_password": {"": away(GET=302, POST=302)},
    "account_signup": {"": GUEST},
    "mfa_activate_totp": {"": away(GET=302, POST=302)},  # to the password, or back
    "mfa_authenticate": {"": away(GET=302, POST=302)},
    "mfa_deactivate_totp": {
        "": {"GET": only(MODERATORS, 302, 404), "POST": only(MODERATORS, 302, 404)}
    },
    "mfa_download_recovery_codes": {"": away(GET=404, POST=404)},
    "mfa_generate_recovery_codes": {"": away(GET=302, POST=302)},
    "mfa_index": {"": away(GET=200, POST=405)},
    "mfa_reauthenticate": {
        "": {"GET": only(MODERATORS, 200, 302), "POST": only(MODERATORS, 200, 302)}
    },
    "mfa_view_recovery_codes": {"": away(GET=404, POST=405)},
    "usersessions_list": {"": away(GET=200, POST=302)},
    # the catalogue
    "catalogue:entry_list": {"": READ},
    "catalogue:entry_version": {
        "entry": READ,
        "entry of a hidden hub": {"GET": visible(INSIDERS), "POST": NO},
    },
    "catalogue:entry_detail": {
        "entry": READ,
        "entry of a hidden hub": {"GET": visible(INSIDERS), "POST": NO},
        "draft entry": {"GET": visible(OWN | MODERATORS), "POST": NO},
    },
    # hubs, to read
    "hubs:hub_compare": {"": READ},
    "hubs:hub_list": {"": READ},
    "hubs:network_detail": {"": READ},
    "hubs:network_list": {"": READ},
    "hubs:organisation_detail": {"": READ},
    "hubs:organisation_list": {"": READ},
    **{
        f"hubs:{name}": {"published": READ, "hidden": {"GET": visible(INSIDERS), "POST": NO}}
        for name in ("hub_detail", "hub_history")
    },
    "hubs:hub_logo": {  # there is none
        which: {"GET": everybody(404), "POST": NO} for which in ("published", "hidden")
    },
    # hubs, to write
    **{
        f"hubs:{name}": {
            "published": {"GET": only(WRITERS), "POST": only(WRITERS)},
            "hidden": {"GET": known(WRITERS), "POST": known(WRITERS)},
        }
        for name in ("hub_edit", "identity_change", "fact_add")
    },
    **{
        f"hubs:{name}": {
            "published": {"GET": only(WRITERS), "POST": only(WRITERS)},
            "draft": {"GET": only(WRITERS), "POST": only(WRITERS)},
            "hidden": {"GET": known(WRITERS), "POST": known(WRITERS)},
            "foreign": {"GET": only(WRITERS, 404), "POST": only(WRITERS, 404)},
        }
        for name in ("fact_change", "fact_remove")
    },
    "hubs:assessment_edit": {
        "published": {"GET": only(ASSESSORS), "POST": only(ASSESSORS)},
        "hidden": {"GET": known(ASSESSORS), "POST": known(ASSESSORS)},
    },
    "hubs:assessment_change": {
        "published": {"GET": only(ASSESSORS), "POST": only(ASSESSORS)},
        "hidden": dict.fromkeys(  # it has no assessment
            ("GET", "POST"), only(INSIDERS - ASSESSORS, 403, others=404)
        ),
    },
    "hubs:assessment_consent": {
        "published": {"GET": NO, "POST": only({"head"}, 302, 404)},
        "hidden": {"GET": NO, "POST": only(SIGNED_IN, 404)},  # it has no assessment
    },
    "hubs:hub_verify": {
        "published": {"GET": NO, "POST": only(MODERATORS, 302)},
        "hidden": {"GET": NO, "POST": known(MODERATORS, 302)},
    },
    "hubs:my_memberships": {"": {"GET": only(SIGNED_IN), "POST": NO}},
    "hubs:membership_list": {
        "published": {"GET": only(SIGNED_IN), "POST": NO},
        "hidden": {"GET": known(INSIDERS), "POST": NO},
    },
    "hubs:membership_request": {
        "published": {"GET": only(MEMBERS | {"pending"}), "POST": only(MEMBERS | {"pending"})},
        "hidden": {"GET": known(INSIDERS), "POST": known(INSIDERS)},
    },
    **{
        f"hubs:membership_{verb}": {
            "published": {"GET": NO, "POST": only(DECIDERS, 302, 404)},
            "foreign": {"GET": NO, "POST": only(SIGNED_IN, 404)},
        }
        for verb in ("confirm", "end")
    },
    "hubs:membership_decline": {
        "published": {"GET": only(DECIDERS, 200, 404), "POST": only(DECIDERS, 200, 404)},
        "foreign": {"GET": only(SIGNED_IN, 404), "POST": only(SIGNED_IN, 404)},
    },
}

API_READ = {"GET": everybody(), "POST": NO, "PATCH": NO, "DELETE": NO}
FACT_WRITE = {
    "GET": everybody(),
    "POST": NO,
    "PATCH": only(WRITERS, 428, visitors=401),
    "DELETE": only(WRITERS, 428, visitors=401),
}
API = {
    "api_index": {"": API_READ},
    "api_problem": {"": API_READ},
    "api_v1": {"": API_READ},
    "api_schema": {"": API_READ},
    "api_docs": {"": API_READ},
    "api_not_found": {"": dict.fromkeys(API_READ, everybody(404))},
    "hub-compare": {"": API_READ | {"GET": everybody(400)}},
    "hub-list": {"": API_READ},
    "hub-detail": {
        "published": API_READ | {"PATCH": only(WRITERS, 428, visitors=401)},
        "hidden": API_READ | {"GET": visible(INSIDERS), "PATCH": known(WRITERS, 428, visitors=401)},
    },
    "organisation-list": {"": API_READ},
    "organisation-detail": {"": API_READ},
    "entry-list": {"": API_READ},
    "entry-detail": {
        "entry": API_READ,
        "entry of a hidden hub": API_READ | {"GET": everybody(404)},
        "draft entry": API_READ | {"GET": everybody(404)},
    },
    "network-list": {"": API_READ},
    "network-detail": {"": API_READ},
    **{
        f"{kind}-list": {
            "published": API_READ | {"POST": only(WRITERS, 400, visitors=401)},
            "hidden": API_READ
            | {"GET": visible(INSIDERS), "POST": known(WRITERS, 400, visitors=401)},
        }
        for kind in KINDS
    },
    **{
        f"{kind}-detail": {
            "published": FACT_WRITE,
            "draft": FACT_WRITE | {"GET": visible(WRITERS)},
            "hidden": FACT_WRITE
            | {
                "GET": visible(INSIDERS),
                "PATCH": known(WRITERS, 428, visitors=401),
                "DELETE": known(WRITERS, 428, visitors=401),
            },
            "foreign": FACT_WRITE
            | {
                "GET": everybody(404),
                "PATCH": only(WRITERS, 404, visitors=401),
                "DELETE": only(WRITERS, 404, visitors=401),
            },
        }
        for kind in KINDS
    },
}
SAME_FOR_ALL = {"api_index", "api_v1", "api_problem"}  # may be kept, whoever asked

# The admin: what moderators may do with each thing; everything may be listed and read.
ADMIN = {
    "accounts.acceptance": "",
    "accounts.activity": "",
    "accounts.contactmessage": "",
    "accounts.legaltext": "add",
    "accounts.member": "",
    "accounts.outgoingmail": "",
    "catalogue.entry": "",
    "catalogue.entryversion": "",
    "hubs.coordinationlink": "add change",
    "hubs.expertisesource": "add change",
    "hubs.fundingstream": "add change",
    "hubs.hub": "add change",
    "hubs.institutionalarrangement": "add change",
    "hubs.institutionalmodel": "add change",
    "hubs.membership": "",
    "hubs.monitoringpractice": "add change",
    "hubs.network": "add change",
    "hubs.organisation": "add change",
    "hubs.presence": "add change",
    "hubs.selfassessment": "",
    "hubs.source": "add change",
    "hubs.starterrow": "",
    "hubs.statement": "add change",
}
FOR_ADMINISTRATORS = {"accounts.legaltext", "accounts.outgoingmail", "hubs.starterrow"}
ADMIN_PAGES = {
    "index": 200,
    "login": 302,
    "logout": 302,
    "password_change": 302,
    "password_change_done": 302,
    "autocomplete": 403,  # it is asked for by a field, or not at all
    "jsi18n": 200,
    "view_on_site": 404,
    "app_list": 200,
}


def of_hub(world, name, which):
    """Return what the address of a page or resource of a hub needs."""
    hub = {"hidden": world.hidden}.get(which, world.hub)
    kind = name.removesuffix("-list").removesuffix("-detail")
    if kind in KINDS:
        fact = {} if name.endswith("-list") else {"id": world.facts[kind][which].pk}
        return {"hub_slug": hub.slug} | fact
    if name == "fact_add":
        return {"slug": hub.slug, "kind": "presences"}
    if name.startswith("fact_"):
        return {"slug": hub.slug, "kind": "presences", "pk": world.facts["presences"][which].pk}
    if name in ("assessment_change", "assessment_consent"):
        return {"slug": hub.slug, "pk": world.assessment.pk}
    if name in ("membership_confirm", "membership_decline", "membership_end"):
        asked = world.elsewhere if which == "foreign" else world.asked
        return {"slug": hub.slug, "pk": asked.pk}
    return {"slug": hub.slug}


def arguments(world, route, which):
    """Return what the address of `route` needs, to find there what `which` says."""
    name = route.rpartition(":")[2]
    if route.startswith(("accounts:member_", "community:member_")):
        return {"slug": getattr(world, which).slug}
    if which in world.entries:
        entry = {"slug": world.entries[which].slug}
        return entry | ({"number": 1} if name == "entry_version" else {})
    if which and not route.startswith("accounts:"):
        return of_hub(world, name, which)
    text = world.draft_text if which == "draft" else world.text
    return {
        "accounts:legal_version": {"kind": text.kind, "version": text.version},
        "accounts:message_handle": {"pk": world.message.pk},
        "accounts:photo": {"slug": world.someone.slug},
        "account_confirm_email": {"key": "abc"},
        "account_reset_password_from_key": {"uidb36": "1", "key": "abc"},
        "api_problem": {"name": "stale"},
        "hubs:network_detail": {"slug": world.network.slug},
        "hubs:organisation_detail": {"slug": world.organisation.slug},
        "network-detail": {"slug": world.network.slug},
        "organisation-detail": {"slug": world.organisation.slug},
    }.get(route, {})


def address(world, route, which):
    if route == "api_not_found":
        return "/api/v1/nothing/"
    return reverse(route, kwargs=arguments(world, route, which))


def expected(answers, role):
    (status,) = [status for status, people in answers.items() if role in people]
    return status


def faults(role, route, response):
    """Yield what every answer must keep to, whoever asked, and this one does not."""
    kind = response.headers.get("Content-Type", "")
    if response.status_code >= 500:
        yield "fails"
    policy = response.headers.get("Content-Security-Policy", "")
    if kind.startswith("text/html") and "default-src 'none'" not in policy:
        yield "has no content security policy"
    if response.headers.get("X-Content-Type-Options") != "nosniff":
        yield "lets the browser guess its type"
    if role in VISITORS:
        if response.request["REQUEST_METHOD"] == "GET" and "sessionid" in response.cookies:
            yield "starts a session for a visitor"
    elif "no-store" not in response.headers.get("Cache-Control", ""):
        is_kept_on_purpose = route in SAME_FOR_ALL or route == "account_logout"
        if not is_kept_on_purpose:
            yield "may be stored"


@pytest.mark.parametrize("table", [PAGES, API], ids=["pages", "api"])
@pytest.mark.parametrize("role", ROLES)
def test_each_role_is_answered_as_the_table_says(role, table):
    world = World(role)
    wrong = []

    for route, variants in table.items():
        for which, methods in variants.items():
            url = address(world, route, which)
            for method, answers in methods.items():
                answer, response = world.ask(method, url)
                if answer != expected(answers, role):
                    wrong.append((method, route, which, answer, expected(answers, role)))
                wrong += [(method, route, which, fault) for fault in faults(role, route, response)]

    assert wrong == []


def admin_addresses(world):
    """Yield (thing, page, address) of every page of the admin that is about a thing."""
    for model in admin.site._registry:
        info = f"{model._meta.app_label}_{model._meta.model_name}"
        thing = model._meta.label_lower
        row = model._default_manager.order_by("pk").first()
        if thing == "hubs.selfassessment":
            row = model._default_manager.exclude(consented_at=None).get()
        for page in ("changelist", "add"):
            yield thing, page, reverse(f"admin:{info}_{page}")
        for page in ("change", "history", "delete"):
            yield thing, page, reverse(f"admin:{info}_{page}", args=[row.pk])
        yield thing, "old change", f"/admin/{info.replace('_', '/')}/{row.pk}/"
        if f"admin:{info}_simple_history" in set(routes()):
            record = row.history.first() if hasattr(row, "history") else None
            url = reverse(f"admin:{info}_simple_history", args=[row.pk, record.pk])
            yield thing, "state", url


def expected_in_admin(role, thing, page, method):
    if role in VISITORS:
        return "sign in"
    is_reserved = thing in FOR_ADMINISTRATORS and role != "administrator"
    if page == "old change" and role in MODERATORS:
        return 302
    if role not in MODERATORS or is_reserved:
        return 403
    rights = ADMIN[thing].split()
    if page == "add":
        return 200 if "add" in rights else 403
    if page == "delete":
        return 403
    if page == "history":
        return 302 if thing.startswith("accounts.") or thing in WITHOUT_HISTORY else 200
    if method == "POST" and page == "change":
        return 200 if "change" in rights else 403
    return 200


WITHOUT_HISTORY = {
    "catalogue.entryversion",
    "hubs.institutionalmodel",
    "hubs.selfassessment",
    "hubs.starterrow",
}


# One question opens the admin, whatever somebody's place in a hub; these show it.
@pytest.mark.parametrize(
    "role", ["anonymous", "suspended", "pending", "head", "moderator", "administrator"]
)
def test_the_admin_answers_each_role_as_the_table_says(role):
    world = World(role)
    # A write is refused before it is read; to see that of moderators is enough.
    methods = ("GET", "POST") if role in MODERATORS else ("GET",)
    wrong = []

    for thing, page, url in admin_addresses(world):
        for method in methods:
            if method == "POST" and page in ("changelist", "history", "state", "old change"):
                continue
            answer, response = world.ask(method, url)
            hoped = expected_in_admin(role, thing, page, method)
            if answer != hoped:
                wrong.append((method, thing, page, answer, hoped))
            wrong += [(method, thing, page, fault) for fault in faults(role, url, response)]

    assert wrong == []


@pytest.mark.parametrize("role", ROLES)
def test_the_admins_own_pages_answer_each_role_as_the_table_says(role):
    world = World(role)
    needs = {"view_on_site": [1, 1], "app_list": ["hubs"]}
    wrong = []

    for page, status in ADMIN_PAGES.items():
        url = reverse(f"admin:{page}", args=needs.get(page))
        answer, response = world.ask("GET", url)
        hoped = status if role in MODERATORS else "sign in" if role in VISITORS else 403
        if page == "logout":  # it leads to the front page of the admin, and that to the door
            hoped = 302
        if answer != hoped:
            wrong.append((page, answer, hoped))
        wrong += [(page, fault) for fault in faults(role, page, response)]

    assert wrong == []


def test_every_route_is_in_a_table():
    tables = set(PAGES) | set(API) | {f"admin:{page}" for page in ADMIN_PAGES}
    tables |= {"admin/(?P<url>.*)$"}  # anything else there is not found
    for thing in ADMIN:
        info = thing.replace(".", "_")
        tables |= {
            f"admin:{info}_{page}" for page in ("changelist", "add", "change", "history", "delete")
        }
        tables |= {f"admin/{thing.replace('.', '/')}/<path:object_id>/"}
        if not thing.startswith("accounts.") and thing not in WITHOUT_HISTORY:
            tables |= {f"admin:{info}_simple_history"}

    assert set(routes()) - tables == set(), "state who may ask for these"
    assert tables - set(routes()) == set(), "these are no more"


def test_every_table_names_every_role_once():
    for table in (PAGES, API):
        for route, variants in table.items():
            for methods in variants.values():
                for answers in methods.values():
                    people = [who for group in answers.values() for who in group]
                    assert sorted(people) == sorted(ALL), route


@pytest.mark.parametrize("traits", [{"moderator": True}, {"administrator": True}])
def test_without_a_second_factor_there_is_nothing_to_moderate(client, traits):
    client.force_login(MemberFactory(**traits))

    assert client.get("/api/v1/hubs/").status_code == 403
    for url in ("/admin/", "/accounts/moderation/", "/hubs/"):
        response = client.get(url)
        assert response.status_code == 302, url
        assert response["Location"].startswith("/accounts/2fa/totp/activate/")


@pytest.mark.parametrize(
    "path", ["/nothing/", "/hubs/nothing/", "/accounts/legal/terms/99/", "/admin/nothing/"]
)
def test_what_is_not_there_says_so(path):
    answer, response = World("moderator").ask("GET", path)

    assert answer == 404
    assert response.content.startswith(b"<!DOCTYPE html>")
