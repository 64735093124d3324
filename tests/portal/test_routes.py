"""Every address is walked as every role, and answers as `tests.portal.tables` says."""

import pytest
from django.contrib import admin
from django.urls import reverse

from accounts.models import MailKind
from accounts.services import off_address
from catalogue.alerts import silence_path
from tests.factories.accounts import MemberFactory
from tests.kept import kept
from tests.portal.answers import ALL, MODERATORS, VISITORS
from tests.portal.community_event_tables import of_event
from tests.portal.tables import (
    ADMIN,
    ADMIN_PAGES,
    API,
    FOR_ADMINISTRATORS,
    PAGES,
    SAME_FOR_ALL,
    WITHOUT_HISTORY,
)
from tests.portal.walk import KINDS, ROLES, World, routes

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def things(django_db_setup, django_db_blocker):
    with kept(django_db_blocker):
        yield World()


@pytest.fixture
def world(things, db, role):
    return things.become(role)


def of_hub(world, name, which):
    """Return what the address of a page or resource of a hub needs."""
    hub = {"hidden": world.hidden}.get(which, world.hub)
    kind = name.removesuffix("-list").removesuffix("-detail")
    if kind in KINDS:
        fact = {} if name.endswith("-list") else {"id": world.facts[kind][which].pk}
        return {"hub_slug": hub.slug} | fact
    if name in ("follow", "follow-detail"):
        return {"kind": "hub", "key": hub.slug}
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


def of_entry(world, name, which):
    """Return what the address of a page or resource of an entry needs."""
    is_nested = name == "entry-adoption-list" or name.startswith(("translation-", "entry-version-"))
    entry = {"entry_slug" if is_nested else "slug": world.entries[which].slug}
    if name.startswith("translation") and not name.endswith("list"):
        entry["language"] = "fr"
    has_number = name in ("entry_version", "version_diff") or (
        name.startswith("entry-version-") and not name.endswith("list")
    )
    number = {"number": 1} if has_number else {}
    return entry | number | ({"verb": "withdraw"} if name == "entry_act" else {})


def of_draft(world, name, which):
    """Return what the address of a page or resource of a draft needs."""
    if name.startswith("attachment-"):
        attachment = {"id": 1} if name == "attachment-detail" else {}
        return {"draft_id": world.drafts[which].pk} | attachment
    key = "id" if name.startswith("draft-") else "pk"
    draft = {key: world.drafts[which].pk}
    section = {"slug": "story"} if name == "draft_section" else {}
    section |= {"attachment": 1} if name == "attachment_remove" else {}
    return draft | section | ({"act": "message"} if name == "review_act" else {})


def of_block(world, name, which):
    """Return what the address of a page or resource of a building block needs."""
    key = "block_slug" if name == "block-adoption-list" else "slug"
    is_use = name in ("block_detach", "block-detach")
    entry = {"entry": world.entries["entry"].slug} if is_use else {}
    return {key: world.blocks[which].slug} | entry


def of_resource(world, name, which):
    """Return what the address of a page or resource of the library needs."""
    resource = world.resources[which]
    if name.startswith("resource-copy-"):
        copy = {"id": resource.links.get().pk} if name == "resource-copy-detail" else {}
        return {"resource_slug": resource.slug} | copy
    has_pk = name in ("resource_file", "resource_link_remove")
    return {"slug": resource.slug} | ({"pk": resource.links.get().pk} if has_pk else {})


OF_THINGS = {
    "adoptions": lambda world, name, which: {
        "id" if name.startswith("adoption-") else "pk": world.adoptions[which].pk
    },
    "articles": lambda world, name, which: {"slug": world.articles[which].slug},
    "blocks": of_block,
    "drafts": of_draft,
    "entries": of_entry,
    "events": of_event,
    "experts": lambda world, name, which: {"slug": world.experts[which].slug},
    "imports": lambda world, name, which: {"pk": world.imports[which].pk},
    "resources": of_resource,
    "talk": lambda world, name, which: world.talk[which],
    "tags": lambda world, name, which: {"slug": world.tags[which].slug},
}


def arguments(world, route, which):
    """Return what the address of `route` needs, to find there what `which` says."""
    name = route.rpartition(":")[2]
    if which and route.startswith(("accounts:member_", "community:member_", "member-")):
        return {"slug": getattr(world, which).slug}
    if which in world.moderated:
        return world.moderated[which]
    if which in world.announced:
        return world.announced[which]
    for things, of_thing in OF_THINGS.items():
        if which in getattr(world, things):
            return of_thing(world, name, which)
    if which and not route.startswith("accounts:"):
        return of_hub(world, name, which)
    text = world.draft_text if which == "draft" else world.text
    return {
        "accounts:legal_version": {"kind": text.kind, "version": text.version},
        "accounts:invited": {"token": "forged"},
        "accounts:mail_off": {"token": off_address(world.someone, MailKind.IMPORTS).split("/")[-2]},
        "accounts:message_handle": {"pk": world.message.pk},
        "accounts:photo": {"slug": world.someone.slug},
        "account_confirm_email": {"key": "abc"},
        "account_reset_password_from_key": {"uidb36": "1", "key": "abc"},
        "api_problem": {"name": "stale"},
        "catalogue:import_template": {"kind": "entries"},
        "catalogue:saved_search_change": {"pk": world.saved_search.pk},
        "catalogue:saved_search_remove": {"pk": world.saved_search.pk},
        "catalogue:saved_search_silence": {
            "token": silence_path(world.saved_search).split("/")[-2]
        },
        "community:event_feed": {"token": "1-1.none"},
        "hubs:network_detail": {"slug": world.network.slug},
        "hubs:organisation_detail": {"slug": world.organisation.slug},
        "network-detail": {"slug": world.network.slug},
        "community:news_page": {"pk": 1},
        "notification-detail": {"id": "1"},
        "notification-read": {"id": "1"},
        "organisation-detail": {"slug": world.organisation.slug},
        "sitemap_section": {"section": "hubs"},
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
def test_each_role_is_answered_as_the_table_says(world, role, table):
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


# One question opens the admin, whatever somebody's place in a hub; these show it.
@pytest.mark.parametrize(
    "role", ["anonymous", "suspended", "pending", "head", "moderator", "administrator"]
)
def test_the_admin_answers_each_role_as_the_table_says(world, role):
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
def test_the_admins_own_pages_answer_each_role_as_the_table_says(world, role):
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


def is_of_results(route):
    kinds = ("exchange", "figure", "framework", "iati", "indicator", "pack", "story", "update")
    kinds += ("action-plan", "action-point", "dimension", "gap", "survey")
    return route.startswith(("evaluation:", *(f"{kind}-" for kind in kinds)))


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

    # Those of exchanges and results are walked by tests/evaluation/test_routes.py, all of them.
    tables |= {route for route in routes() if is_of_results(route)}
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


@pytest.mark.parametrize("role", ["moderator"])
def test_what_is_not_there_says_so(world, role):
    for path in ("/nothing/", "/hubs/nothing/", "/accounts/legal/terms/99/", "/admin/nothing/"):
        answer, response = world.ask("GET", path)
        assert answer == 404, path
        assert response.content.startswith(b"<!DOCTYPE html>")
