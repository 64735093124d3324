"""Editing in a real browser: the receipt, a late save, a removed fact, a narrow Arabic page."""

import pytest

from hubs.models import Presence
from tests.browser.conftest import LOOKS, faults, follow, sign_in
from tests.factories import hubs as make
from tests.factories.accounts import MemberFactory

pytestmark = pytest.mark.django_db(transaction=True)
SCRIPTS = pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
SAVE = "main form:has([name=version]) button[type=submit]"


@pytest.fixture
def hub(texts):
    return make.HubFactory(slug="agency", name="Agency")


@SCRIPTS
def test_a_fact_is_changed_and_its_receipt_leads_to_it(open_page, hub, scripts):
    office = make.PresenceFactory(hub=hub, place="Accra", sources=[make.SourceFactory()])
    page = open_page("/", scripts=scripts)
    sign_in(page, make.MembershipFactory(hub=hub).member, "/hubs/agency/edit/")

    follow(page, "#presences a:has-text('Accra')")
    page.fill("[name=place]", "Kumasi")
    follow(page, SAVE)
    page.click(".messages a[href='#presences']")

    assert page.url.endswith("/hubs/agency/edit/#presences")
    assert "Kumasi" in page.locator("#presences").inner_text()
    office.refresh_from_db()
    assert (office.place, office.version) == ("Kumasi", 2)


@LOOKS
def test_pages_of_what_could_not_be_saved_are_accessible(open_page, hub, width, language, dark):
    office = make.PresenceFactory(hub=hub, place="Accra", sources=[make.SourceFactory()])
    member = make.MembershipFactory(hub=hub, member=MemberFactory(language=language)).member
    path = f"/hubs/agency/edit/presences/{office.pk}/"
    page = open_page("/", width=width, language=language, dark=dark)
    sign_in(page, member, path)
    found = {}

    Presence.objects.filter(pk=office.pk).update(version=2, place="Kumasi")
    page.fill("[name=place]", "Tamale")
    follow(page, SAVE)
    assert page.locator("table.conflict").count() == 1
    found["late"] = faults(page)
    page.fill("[name=valid_from]", "2012-02-30")
    follow(page, SAVE)
    assert page.locator(".summary").count() == 1
    found["wrong"] = faults(page)
    office.delete()
    page.fill("[name=valid_from]", "2012")
    follow(page, SAVE)
    assert page.input_value("[name=place]") == "Tamale"
    found["removed"] = faults(page)

    assert found == {"late": [], "wrong": [], "removed": []}
