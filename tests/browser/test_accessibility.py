"""axe finds nothing: in English and Arabic, narrow and wide, light and dark."""

import pytest

from tests.browser.conftest import LOOKS, faults, sign_in
from tests.factories import hubs as make
from tests.factories.accounts import MemberFactory
from tests.factories.community_notices import FollowFactory, NotificationFactory

pytestmark = pytest.mark.django_db(transaction=True)
PUBLIC = (
    "/",
    "/hubs/",
    "/hubs/?country=XX",
    "/hubs/agency/",
    "/hubs/agency/history/",
    "/hubs/compare/?hub=agency&hub=farm",
    "/hubs/organisations/",
    "/accounts/login/",
    "/accounts/signup/",
    "/accounts/legal/terms/",
    "/accounts/contact/issue/",
    "/community/members/",
    "/nothing/",
)
OWN = (
    "/hubs/agency/edit/",
    "/hubs/agency/edit/identity/",
    "/hubs/agency/edit/funding-streams/add/",
    "/hubs/agency/edit/self-assessment/",
    "/hubs/agency/people/",
    "/hubs/memberships/",
    "/accounts/profile/",
    "/accounts/profile/edit/",
    "/accounts/close/",
    "/community/notifications/",
    "/community/following/",
    "/community/follow/hub/agency/",
)


@pytest.fixture
def hub(texts):
    source = make.SourceFactory()
    for slug in ("agency", "farm"):
        found = make.HubFactory(slug=slug, countries=["BR"], summary="What it is.")
        for factory in make.FACT_FACTORIES:
            factory(hub=found, sources=[source])
        make.FundingStreamFactory(
            hub=found, spent=5, currency="USD", valid_from="2015-01-01", valid_to="2015-12-31"
        )
    return found


@LOOKS
def test_pages_for_everybody(open_page, hub, width, language, dark):
    page = open_page("/", width=width, language=language, dark=dark)
    found = {}

    for path in PUBLIC:
        page.goto(path)
        found[path] = faults(page)
        assert page.locator("html").get_attribute("dir") == ("rtl" if language == "ar" else "ltr")

    assert {path: problems for path, problems in found.items() if problems} == {}


@LOOKS
def test_pages_of_members(open_page, hub, width, language, dark):
    agency = hub.__class__.objects.get(slug="agency")
    head = make.MembershipFactory(
        hub=agency, head=True, member=MemberFactory(language=language)
    ).member
    make.MembershipFactory(hub=agency, awaiting=True)
    FollowFactory(member=head, hub=agency)
    NotificationFactory(member=head)
    page = open_page("/", width=width, language=language, dark=dark)
    sign_in(page, head)
    found = {}

    for path in (*OWN, "/hubs/agency/", head.get_absolute_url()):
        page.goto(path)
        page.evaluate(
            "for (const each of document.querySelectorAll('main details')) each.open = true"
        )
        found[path] = faults(page)

    assert {path: problems for path, problems in found.items() if problems} == {}
