"""The admin's site: who enters, and through which door."""

import pytest
from django.contrib import admin

from accounts.admin import PortalAdmin
from tests.api_clients import client_of
from tests.factories.accounts import MemberFactory

pytestmark = pytest.mark.django_db


def test_visitors_are_sent_to_the_sign_in_page_and_back(client):
    response = client.get("/admin/hubs/hub/", follow=True)

    assert response.redirect_chain[-1][0] == "/accounts/login/?next=/admin/hubs/hub/"


def test_the_admins_own_sign_in_page_is_the_portals(client):
    assert client.get("/admin/login/")["Location"] == "/accounts/login/?next=/admin/"
    moderator = MemberFactory(moderator=True)
    assert client_of(moderator).get("/admin/login/")["Location"] == "/admin/"


@pytest.mark.parametrize("traits", [{}, {"pending": True}, {"limited": True}])
@pytest.mark.parametrize("path", ["/admin/", "/admin/login/", "/admin/hubs/hub/", "/admin/r/1/1/"])
def test_members_who_do_not_moderate_are_refused(traits, path):
    assert client_of(MemberFactory(**traits)).get(path, follow=True).status_code == 403


def test_moderators_without_a_second_factor_set_it_up_first(client):
    client.force_login(MemberFactory(moderator=True))

    assert client.get("/admin/")["Location"].startswith("/accounts/2fa/totp/activate/")


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("logout", "/accounts/logout/"),
        ("password_change", "/accounts/password/change/"),
        ("password_change/done", "/accounts/password/change/"),
    ],
)
def test_passwords_and_sessions_are_the_portals_matter(path, target):
    moderator = client_of(MemberFactory(moderator=True))

    assert moderator.post(f"/admin/{path}/")["Location"] == target
    assert moderator.get("/admin/").status_code == 200


def test_every_class_follows_the_portals_rules():
    classes = set(map(type, admin.site._registry.values()))

    assert {each for each in classes if not issubclass(each, PortalAdmin)} == set()


def test_the_front_page_leads_to_what_was_done():
    page = client_of(MemberFactory(moderator=True)).get("/admin/")

    assert "/admin/accounts/activity/" in page.text
    assert "Recent actions" not in page.text
