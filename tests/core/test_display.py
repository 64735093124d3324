"""Light or dark, low data or not: kept in cookies, without a script."""

import pytest
from django.test import RequestFactory

from core.display import chosen, set_display


def post(**data):
    return set_display(RequestFactory().post("/display/", data))


def test_a_choice_is_kept_and_leads_back_to_the_page():
    response = post(theme="dark", next="/hubs/?page=2")

    assert response.status_code == 302
    assert response["Location"] == "/hubs/?page=2"
    assert response.cookies["theme"].value == "dark"
    assert response.cookies["theme"]["httponly"]
    assert "low_data" not in response.cookies


def test_the_usual_choice_takes_the_cookie_away():
    response = post(theme="auto", low_data="on")

    assert response.cookies["theme"]["max-age"] == 0
    assert response.cookies["low_data"].value == "on"


def test_an_odd_choice_changes_nothing():
    assert not post(theme="<script>").cookies


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:x", ""])
def test_only_pages_of_the_portal_are_gone_back_to(target):
    assert post(theme="dark", next=target)["Location"] == "/"


def test_set_display_refuses_get():
    assert set_display(RequestFactory().get("/display/")).status_code == 405


def test_chosen_falls_back_to_the_usual():
    request = RequestFactory().get("/")
    request.COOKIES.update(theme="purple", low_data="on")

    assert chosen(request, "theme") == "auto"
    assert chosen(request, "low_data") == "on"
    assert chosen(None, "theme") == "auto"
