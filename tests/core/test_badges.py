"""Badges of hubs and members: a picture that is safe to show anywhere, of what everybody knows."""

import pytest
from django.utils.html import escape
from lxml import etree

from accounts.models import Member
from core.badges import badge_of
from tests.api_clients import client_of
from tests.factories.accounts import MemberFactory
from tests.factories.hubs import HubFactory, MembershipFactory

pytestmark = pytest.mark.django_db
SVG = "{http://www.w3.org/2000/svg}"


def lines(answer):
    """Return the texts of the picture; it must be well-formed."""
    return [text.text for text in etree.fromstring(answer.content).iter(f"{SVG}text")]


def test_a_hub_is_shown_by_its_short_name_and_countries(client):
    HubFactory(slug="agency", name="Agency", countries=["BR"])

    answer = client.get("/hubs/agency/badge.svg")

    assert lines(answer)[1:] == ["Agency", "Brazil"]
    assert answer["Content-Type"] == "image/svg+xml; charset=utf-8"
    assert answer["Content-Security-Policy"] == "default-src 'none'"
    assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert answer["Cache-Control"] == "public, max-age=3600"
    assert len(answer.content) < 2_000


def test_who_may_see_more_gets_the_same_picture(client):
    member = MemberFactory(slug="ana", name="Ana", organisation="Ministry")
    HubFactory(slug="hidden", unpublished=True)
    moderator = client_of(MemberFactory(moderator=True))
    assert lines(client.get("/community/members/ana/badge.svg"))[1:] == ["Ana", "Ministry"]
    Member.objects.filter(pk=member.pk).update(visibility={"organisation": "members"})

    for reader in (client, moderator, client_of(member)):
        assert lines(reader.get("/community/members/ana/badge.svg"))[1:] == ["Ana", "Member"]
        assert reader.get("/hubs/hidden/badge.svg").status_code == 404


@pytest.mark.parametrize(
    "name", ['<script>alert("x")</script>', "]]>&amp;\"'", "ع" * 80, "\u202eabc"]
)
def test_odd_names_break_no_picture(client, name):
    MemberFactory(slug="odd", name=name)

    answer = client.get("/community/members/odd/badge.svg")

    shown = lines(answer)[1]
    assert shown == name if len(name) <= 30 else shown.startswith(name[:20])
    assert b"<script" not in answer.content


def test_the_code_for_other_sites_is_offered_to_whose_badge_it_is(client):
    hub = HubFactory(slug="agency", name='The "Agency"')
    editor = client_of(MembershipFactory(hub=hub).member)
    ana = MemberFactory(slug="ana")

    for path in ("/hubs/agency/", "/community/members/ana/"):
        assert "badge-code" not in client.get(path).content.decode()
    page = editor.get("/hubs/agency/")
    code = badge_of(
        "http://testserver",
        page="/hubs/agency/",
        badge="/hubs/agency/badge.svg",
        name=hub.short_name,
    ).code
    assert 'alt="The &quot;Agency&quot;"' in code
    assert escape(str(code)) in page.content.decode()
    assert "badge-code" in client_of(ana).get("/community/members/ana/").content.decode()
