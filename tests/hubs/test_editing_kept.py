"""Nothing typed is lost: late saves, removed facts, lost rights, expired sessions."""

import pytest
from django.urls import reverse

from accounts.models import Activity
from hubs import services
from hubs.models import Hub, Membership, Presence, SelfAssessment
from tests.factories import hubs as make
from tests.factories.accounts import PASSWORD, MemberFactory

pytestmark = pytest.mark.django_db
SOURCE = {"source_title": "A page", "source_address": "https://source.example/page"}
OFFICE = {"country": "GH", "kind": "office", "place": "Accra", "is_published": "on"}
IDENTITY = {"name": "Agency", "level": "national", "status": "active", "version": "1"}


@pytest.fixture
def hub():
    return make.HubFactory(slug="agency", name="Agency")


@pytest.fixture
def editor(client, hub):
    member = make.MembershipFactory(hub=hub, member__name="Ana Souza").member
    client.force_login(member)
    return member


def url(name, *arguments):
    return reverse(f"hubs:{name}", args=["agency", *arguments])


def differences(response):
    return {
        str(each["label"]): (each["mine"], each["saved"]) for each in response.context["conflict"]
    }


def test_a_late_save_says_who_saved_when_and_only_what_differs(client, hub, editor):
    source = make.SourceFactory(title="The law")
    office = make.PresenceFactory(hub=hub, place="Accra", sources=[source])
    services.change_fact(
        office, changes={"place": "Kumasi"}, sources=None, expected_version=1, by=editor
    )
    typed = OFFICE | {"version": "1", "valid_from": "2006", "country": "KE"}

    late = client.post(url("fact_change", "presences", office.pk), typed | SOURCE)

    assert late.status_code == 409
    assert differences(late) == {
        "Country": ("Kenya", "Ghana"),
        "Place": ("Accra", "Kumasi"),
        "From": ("2006", ""),
        "Sources that this hub cites already": ("A page", "The law"),
    }
    assert late.context["saved_by"] == editor
    assert "<bdi>Ana Souza</bdi> saved this on" in late.content.decode()


def test_a_late_save_of_amounts_compares_numbers_not_spellings(client, hub, editor):
    stream = make.FundingStreamFactory(
        hub=hub, spent="5.00", currency="USD", earmark="a", sources=[make.SourceFactory()]
    )
    services.change_fact(
        stream, changes={"earmark": "b"}, sources=None, expected_version=1, by=editor
    )
    typed = {"source_type": "state-budget", "confidentiality": "public", "currency": "USD"}
    typed |= {"spent": "5", "earmark": "c", "version": "1"}

    late = client.post(url("fact_change", "funding-streams", stream.pk), typed)

    assert differences(late)["Earmarked for"] == ("c", "b")
    assert "Spent" not in differences(late)
    assert "Currency" not in differences(late)


def test_a_late_save_of_the_identity_shows_names_of_codes(client, hub, editor):
    services.change_hub(hub, changes={"countries": ["BR", "GH"]}, expected_version=1, by=editor)

    late = client.post(url("identity_change"), IDENTITY | {"countries": ["KE"]})

    assert late.status_code == 409
    assert differences(late) == {"Countries": ("Kenya", "Brazil, Ghana")}


def test_a_late_save_of_an_assessment_can_be_saved_again_knowingly(client, hub, editor):
    typed = {"version": "0", "assessed_on": "2024-05-01", "sharing_level": "3"}
    client.post(url("assessment_edit"), typed)

    late = client.post(url("assessment_edit"), typed | {"sharing_level": "1"})
    form = late.context["form"]
    again = {name: form[name].value() for name in ("version", "opened_on", "assessed_on")}
    client.post(url("assessment_edit"), typed | again | {"sharing_level": "1"})

    assert late.status_code == 409
    assert differences(late) == {"Sharing: level": ("1", "3")}
    assert SelfAssessment.objects.get().scores.get().level == 1


def test_another_day_makes_another_assessment(client, hub, editor):
    typed = {"version": "0", "assessed_on": "2024-05-01", "sharing_level": "3"}
    client.post(url("assessment_edit"), typed)

    client.post(
        url("assessment_edit"),
        typed | {"version": "1", "opened_on": "2024-05-01", "assessed_on": "2025-05-01"},
    )

    assert SelfAssessment.objects.count() == 2


def test_what_was_typed_for_a_removed_fact_can_be_stated_anew(client, hub, editor):
    office = make.PresenceFactory(hub=hub, sources=[make.SourceFactory()])
    pk = office.pk
    services.remove_fact(office, reason="Never there", expected_version=1, by=editor)
    typed = OFFICE | SOURCE | {"note": "typed with care", "version": "1"}

    late = client.post(url("fact_change", "presences", pk), typed)

    assert late.status_code == 409
    assert "typed with care" in late.content.decode()
    assert f'action="{url("fact_add", "presences")}"' in late.content.decode()
    client.post(url("fact_add", "presences"), typed)
    assert Presence.objects.get().note == "typed with care"
    assert client.get(url("fact_change", "presences", pk)).status_code == 404


def test_removing_what_was_removed_is_no_error(client, hub, editor):
    office = make.PresenceFactory(hub=hub)
    pk = office.pk
    services.remove_fact(office, reason="Never there", expected_version=1, by=editor)

    response = client.post(url("fact_remove", "presences", pk), {"version": 1, "reason": "Same"})

    assert response.url == url("hub_edit")
    assert Activity.objects.filter(verb="fact.removed").count() == 1


def test_a_fact_that_changed_is_not_removed_unread(client, hub, editor):
    office = make.PresenceFactory(hub=hub, sources=[make.SourceFactory()])
    services.change_fact(
        office, changes={"place": "Kumasi"}, sources=None, expected_version=1, by=editor
    )

    late = client.post(url("fact_remove", "presences", office.pk), {"version": 1, "reason": "Old"})

    assert late.status_code == 409
    assert late.context["form"]["reason"].value() == "Old"
    assert Presence.objects.exists()


@pytest.mark.parametrize(
    ("address", "typed", "text"),
    [
        (("fact_add", "presences"), OFFICE | SOURCE | {"note": "with care"}, "with care"),
        (("identity_change",), IDENTITY | {"summary": "with care"}, "with care"),
        (("assessment_edit",), {"version": "0", "sharing_evidence": "with care"}, "with care"),
    ],
)
def test_who_lost_the_right_gets_the_text_back(client, hub, editor, address, typed, text):
    services.end_membership(Membership.objects.get(member=editor), by=editor)

    response = client.post(url(*address), typed)

    page = response.content.decode()
    assert response.status_code == 403
    assert text in page
    assert "csrfmiddlewaretoken" not in [label for label, _text in response.context["typed"]]
    assert not Presence.objects.exists()
    assert Hub.objects.get().version == 1


def test_a_form_waits_for_its_own_address_only_and_once(client, hub):
    member = make.MembershipFactory(hub=hub).member
    sent = client.post(url("fact_add", "presences"), OFFICE | {"note": "with care"})
    client.post(sent.url, {"login": member.email, "password": PASSWORD})

    elsewhere = client.get(url("fact_add", "statements")).content.decode()
    first = client.get(url("fact_add", "presences")).content.decode()
    second = client.get(url("fact_add", "presences")).content.decode()

    assert ["with care" in page for page in (elsewhere, first, second)] == [False, True, False]


def test_an_assessment_survives_an_expired_session(client, hub):
    member = make.MembershipFactory(hub=hub).member
    sent = client.post(url("assessment_edit"), {"version": "0", "note": "with care"})
    client.post(sent.url, {"login": member.email, "password": PASSWORD})

    page = client.get(url("assessment_edit")).content.decode()

    assert "with care" in page
    assert "It is not saved yet." in page


@pytest.mark.parametrize(
    ("button", "page"),
    [
        (("hub_verify",), "hub_detail"),
        (("assessment_consent", 1), "assessment_edit"),
        (("membership_confirm", 1), "membership_list"),
        (("membership_end", 1), "membership_list"),
    ],
)
def test_a_button_pressed_signed_out_leads_back_to_its_page(client, hub, button, page):
    response = client.post(url(*button))

    assert response.status_code == 302
    assert response.url.endswith(f"?next={url(page)}")


def test_a_successor_is_for_hubs_that_are_over(client, hub, editor):
    heir = make.HubFactory(name="Heir")
    hidden = make.HubFactory(unpublished=True)
    typed = IDENTITY | {"successor": heir.pk}

    active = client.post(url("identity_change"), typed)
    unseen = client.post(
        url("identity_change"), typed | {"status": "merged", "successor": hidden.pk}
    )
    client.post(url("identity_change"), typed | {"status": "merged"})

    assert "successor" in active.context["form"].errors
    assert "successor" in unseen.context["form"].errors
    hub.refresh_from_db()
    assert hub.successor == heir


ODD = ["\x00", "9" * 40, "-1", "abc", "1.5", "<script>", "\ud7ff"]


@pytest.mark.parametrize("value", ODD)
@pytest.mark.parametrize(
    ("kind", "field"),
    [
        ("presences", "sources"),
        ("presences", "version"),
        ("presences", "source_seen_on"),
        ("coordination-links", "organisation"),
        ("institutional-arrangements", "model"),
        ("institutional-arrangements", "staff_number"),
        ("funding-streams", "provider"),
        ("funding-streams", "confidentiality"),
    ],
)
def test_odd_values_are_refused_or_saved_never_an_error(client, hub, editor, kind, field, value):
    response = client.post(url("fact_add", kind), OFFICE | SOURCE | {field: value})

    assert response.status_code in (200, 302)


@pytest.mark.parametrize("value", ODD)
@pytest.mark.parametrize("field", ["version", "role", "successor", "founded_year", "countries"])
def test_odd_values_of_the_other_forms_too(client, hub, editor, field, value):
    pages = ("identity_change", "membership_request", "assessment_edit")
    typed = IDENTITY | {"assessed_on": "2024-05-01"}

    statuses = {client.post(url(page), typed | {field: value}).status_code for page in pages}

    assert statuses <= {200, 302, 409}


def test_a_share_is_typed_as_the_language_writes_it(client, hub):
    member = make.MembershipFactory(hub=hub, member=MemberFactory(language="pt-br")).member
    client.force_login(member)
    typed = {"source_type": "foundation", "confidentiality": "public", "share": "12,5"}

    client.post(url("fact_add", "funding-streams"), typed, headers={"accept-language": "pt-br"})

    assert str(hub.fundingstreams.get().share) == "12.50"


def test_a_new_source_keeps_the_day_on_which_it_was_seen(client, hub, editor):
    add = url("fact_add", "presences")

    early = client.post(add, OFFICE | SOURCE | {"source_seen_on": "2999-01-01"})
    client.post(add, OFFICE | SOURCE | {"source_seen_on": "2024-05-01"})

    assert "This day has not come yet." in early.content.decode()
    assert str(Presence.objects.get().sources.get().seen_on) == "2024-05-01"


def test_the_receipt_says_who_sees_a_draft_and_where_it_stands(client, hub, editor):
    draft = {name: value for name, value in OFFICE.items() if name != "is_published"}

    page = client.post(url("fact_add", "presences"), draft, follow=True).content.decode()

    assert "only those who edit this hub see it" in page
    assert '<a href="#presences">' in page
