"""The pages on which a hub is written: what they accept, refuse, and never lose."""

import pytest
from django.urls import reverse

from accounts.models import Member
from hubs.models import CoordinationLink, FundingStream, Hub, Membership, Organisation, Presence
from tests.factories import hubs as make
from tests.factories.accounts import PASSWORD, MemberFactory
from tests.hubs.people import EDITORS, MODERATORS, PEOPLE, person

pytestmark = pytest.mark.django_db
SOURCE = {"source_title": "A page", "source_address": "https://source.example/page"}
OFFICE = {"country": "GH", "kind": "office", "place": "Accra", "is_published": "on"}
STREAM = {"source_type": "foundation", "confidentiality": "public", "is_published": "on"}


@pytest.fixture
def hub():
    return make.HubFactory(slug="agency", name="Agency")


@pytest.fixture
def editor(client, hub):
    member = make.MembershipFactory(hub=hub).member
    client.force_login(member)
    return member


def add_url(kind):
    return reverse("hubs:fact_add", args=["agency", kind])


def change_url(kind, fact):
    return reverse("hubs:fact_change", args=["agency", kind, fact.pk])


def test_the_task_list_says_what_is_missing(client, hub, editor):
    make.PresenceFactory(hub=hub)
    make.PresenceFactory(hub=hub, sources=[make.SourceFactory()])

    page = client.get(reverse("hubs:hub_edit", args=["agency"])).content.decode()

    assert "2 facts, 1 without source" in page
    assert "Not stated yet" in page


def test_a_fact_is_added_with_a_new_source_and_partial_dates(client, hub, editor):
    dates = {"valid_from": "2006", "valid_to": "2012-07", "stated_on": "2012-07-10"}

    response = client.post(add_url("presences"), OFFICE | SOURCE | dates, follow=True)

    assert "The fact was added." in response.content.decode()
    office = Presence.objects.get()
    assert (office.valid_from_iso, office.valid_to_iso, office.stated_on_iso) == (
        "2006",
        "2012-07",
        "2012-07-10",
    )
    assert str(office.valid_to) == "2012-07-31"
    assert office.sources.get().address == SOURCE["source_address"]


def test_a_new_organisation_is_named_on_the_way(client, hub, editor):
    link = {"role": "member", "government_level": "central", "is_published": "on"}

    client.post(
        add_url("coordination-links"),
        link | SOURCE | {"new_name": "Ministry of Finance", "new_kind": "ministry"},
    )

    assert CoordinationLink.objects.get().organisation == Organisation.objects.get(
        slug="ministry-of-finance"
    )


BAD = [
    ("presences", OFFICE | {"valid_from": "2013", "valid_to": "2012"}, "valid_to",
     "The end must not be before the start."),
    ("presences", OFFICE | {"valid_from": "2012-02-30"}, "valid_from", "Write a day as 2012-07-10"),
    ("presences", OFFICE | {"valid_from": "in July"}, "valid_from", "Write a day as 2012-07-10"),
    ("presences", OFFICE | {"country": "XX"}, "country", "Select a valid choice"),
    ("presences", OFFICE | {"kind": "embassy"}, "kind", "Select a valid choice"),
    ("presences", OFFICE | {"place": "x" * 10_000}, "place", "at most 120 characters"),
    ("presences", OFFICE | {"place": "Ac\x00cra"}, "place", "Null characters are not allowed"),
    ("presences", OFFICE | {"source_address": ""}, "source_address",
     "Give the address at which the source can be read."),
    ("presences", OFFICE | {"source_address": "javascript:alert(1)"}, "source_address",
     "Write the whole address"),
    ("presences", OFFICE | {"source_address": "", "source_title": ""}, "source_address",
     "Name at least one source"),
    ("presences", OFFICE | {"source_title": ""}, "source_title", "Give the title of the source."),
    ("funding-streams", STREAM | {"share": "101"}, "share", "A share cannot be over 100 %."),
    ("funding-streams", STREAM | {"share": "-1"}, "share", "A share cannot be below 0 %."),
    ("funding-streams", STREAM | {"share": "most"}, "share", "Enter a number."),
    ("funding-streams", STREAM | {"spent": "-5", "currency": "USD"}, "spent",
     "An amount cannot be negative."),
    ("funding-streams", STREAM | {"spent": "5"}, "currency", "An amount needs its currency."),
    ("funding-streams", STREAM | {"spent": "9" * 40, "currency": "USD"}, "spent", "no more than"),
    ("funding-streams", STREAM | {"currency": "ZZZ"}, "currency", "Select a valid choice"),
    ("coordination-links", {"role": "member", "government_level": "central"}, "organisation",
     "Choose an organisation, or name a new one."),
    ("coordination-links", {"role": "member", "government_level": "central", "new_name": "New"},
     "new_kind", "Choose what kind of body it is."),
    ("statements", {"topic": "weather", "text": "Fine"}, "topic", "Select a valid choice"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "typed", "field", "words"), BAD)
def test_bad_input_gets_words_at_the_field_and_loses_nothing(
    client, hub, editor, kind, typed, field, words
):
    typed = SOURCE | {"note": "typed with care"} | typed

    response = client.post(add_url(kind), typed)

    page = response.content.decode()
    assert response.status_code == 200
    assert words in " ".join(response.context["form"].errors[field])
    assert page.startswith("<!DOCTYPE html>")
    assert "<title>Error:" in page
    assert f'href="#id_{field}"' in page
    assert "typed with care" in page
    assert not any(model.objects.exists() for model in (Presence, FundingStream, CoordinationLink))


def test_an_edit_that_came_too_late_shows_both_texts(client, hub, editor):
    office = make.PresenceFactory(hub=hub, place="Accra", sources=[make.SourceFactory()])
    sources = [source.pk for source in office.sources.all()]
    typed = OFFICE | {"version": "1", "sources": sources}
    client.post(change_url("presences", office), typed | {"place": "Kumasi"})

    late = client.post(change_url("presences", office), typed | {"place": "Tamale"})
    page = late.content.decode()

    assert late.status_code == 409
    assert "Kumasi" in page
    assert 'value="Tamale"' in page
    assert 'name="version" value="2"' in page
    again = client.post(
        change_url("presences", office), typed | {"place": "Tamale", "version": "2"}
    )
    assert again.status_code == 302
    assert Presence.objects.get().place == "Tamale"


def test_a_fact_is_removed_with_a_reason(client, hub, editor):
    office = make.PresenceFactory(hub=hub)
    url = reverse("hubs:fact_remove", args=["agency", "presences", office.pk])

    assert b"This field is required" in client.post(url, {"version": 1}).content
    client.post(url, {"version": 1, "reason": "Never there."})

    assert not Presence.objects.exists()


def test_the_identity_is_changed(client, hub, editor):
    url = reverse("hubs:identity_change", args=["agency"])
    typed = {"name": "New agency", "level": "national", "status": "active", "version": "1"}

    bad = client.post(url, typed | {"founded_year": "3000", "countries": ["BR"]})
    client.post(url, typed | {"founded_year": "1987", "countries": ["BR"], "website": "abc.gov.br"})

    assert bad.context["form"].errors["founded_year"]
    hub.refresh_from_db()
    assert (hub.name, hub.countries, hub.website) == ("New agency", ["BR"], "https://abc.gov.br")


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize(
    ("name", "arguments", "writers"),
    [
        ("hub_edit", [], EDITORS | MODERATORS),
        ("identity_change", [], EDITORS | MODERATORS),
        ("fact_add", ["presences"], EDITORS | MODERATORS),
        ("assessment_edit", [], EDITORS | {"me_focal_point"}),
        ("assessment_change", [1], EDITORS | {"me_focal_point"}),
    ],
)
def test_edit_pages_are_for_those_who_may_write(client, hub, who, name, arguments, writers):
    user = person(who, hub)
    if user.is_authenticated:
        client.force_login(user)
    if who in MODERATORS:
        _second_factor(user)
    make.SelfAssessmentFactory(hub=hub, pk=1)

    status = client.get(reverse(f"hubs:{name}", args=["agency", *arguments])).status_code

    no_account = {"anonymous", "suspended", "suspended_editor"}
    assert status == (200 if who in writers else 302 if who in no_account else 403)


@pytest.mark.parametrize("who", sorted(EDITORS | MODERATORS))
def test_the_task_list_tells_of_an_assessment_those_who_write_it(client, hub, who):
    user = person(who, hub)
    _second_factor(user)
    client.force_login(user)
    page = reverse("hubs:hub_edit", args=["agency"])

    without = client.get(page).context["tasks"]
    make.SelfAssessmentFactory(hub=hub)
    response = client.get(page)

    assert ("Self-assessment" in response.content.decode()) == (who in EDITORS)
    assert (response.context["tasks"] == without) == (who in MODERATORS)


def _second_factor(member):
    from allauth.mfa.models import Authenticator

    Authenticator.objects.create(user=member, type=Authenticator.Type.TOTP, data={"secret": "x"})


def test_an_unknown_kind_or_another_hubs_fact_is_not_found(client, hub, editor):
    other = make.PresenceFactory()

    assert client.get(add_url("rumours")).status_code == 404
    assert client.get(change_url("presences", other)).status_code == 404


def test_what_was_typed_survives_an_expired_session(client, hub):
    member = make.MembershipFactory(hub=hub).member

    sent = client.post(add_url("presences"), OFFICE | SOURCE | {"note": "typed with care"})
    client.post(sent.url, {"login": member.email, "password": PASSWORD})
    page = client.get(add_url("presences")).content.decode()

    assert sent.status_code == 302
    assert "typed with care" in page
    assert "It is not saved yet." in page
    assert not Presence.objects.exists()


def test_joining_a_hub_from_request_to_confirmation(client, hub):
    head = make.MembershipFactory(hub=hub, head=True).member
    member = MemberFactory(name="Newcomer")
    client.force_login(member)

    client.post(reverse("hubs:membership_request", args=["agency"]), {"role": "editor"})
    twice = client.post(reverse("hubs:membership_request", args=["agency"]), {"role": "editor"})
    membership = Membership.objects.get(member=member)
    people = reverse("hubs:membership_list", args=["agency"])
    confirm = reverse("hubs:membership_confirm", args=["agency", membership.pk])

    assert "already" in twice.content.decode()
    assert client.post(confirm).status_code == 403
    client.force_login(head)
    assert "Newcomer" in client.get(people).content.decode()
    client.post(confirm)
    assert Hub.objects.editable_by(member).contains(hub)
    client.force_login(member)
    client.post(reverse("hubs:membership_end", args=["agency", membership.pk]))
    assert not Hub.objects.editable_by(member).exists()


def test_a_new_member_is_let_in_by_the_head_they_ask(client, hub):
    head = make.MembershipFactory(hub=hub, head=True).member
    member = MemberFactory(name="Newcomer", pending=True)
    client.force_login(member)

    waiting = client.get("/accounts/profile/").content.decode()
    client.post(reverse("hubs:membership_request", args=["agency"]), {"role": "editor"})
    membership = Membership.objects.get(member=member)
    client.force_login(head)
    people = client.get(reverse("hubs:membership_list", args=["agency"])).content.decode()
    client.post(reverse("hubs:membership_confirm", args=["agency", membership.pk]))

    assert "the head of a hub that you ask to join" in waiting
    assert f'href="{reverse("hubs:hub_list")}">Find a hub to join' in waiting
    assert "Confirming also lets them in." in people
    assert member.get_absolute_url() not in people  # nobody but moderators has that page yet
    assert Hub.objects.editable_by(Member.objects.get(pk=member.pk)).contains(hub)


def test_declining_needs_a_reason(client, hub):
    client.force_login(make.MembershipFactory(hub=hub, head=True).member)
    membership = make.MembershipFactory(hub=hub, awaiting=True)
    url = reverse("hubs:membership_decline", args=["agency", membership.pk])

    assert client.post(url, {"reason": ""}).status_code == 200
    client.post(url, {"reason": "Not of us."})

    membership.refresh_from_db()
    assert membership.decline_reason == "Not of us."


def test_a_self_assessment_is_shown_after_consent_only(client, hub):
    head = make.MembershipFactory(hub=hub, head=True).member
    url = reverse("hubs:assessment_edit", args=["agency"])
    client.force_login(head)
    typed = {"version": "0", "assessed_on": "2024-05-01", "sharing_level": "3"}

    bad = client.post(url, typed | {"funding_evidence": "a budget line"})
    client.post(url, typed | {"sharing_evidence": "seminars"})
    profile = hub.get_absolute_url()
    client.logout()
    before = client.get(profile).content.decode()
    client.force_login(head)
    consent = reverse("hubs:assessment_consent", args=["agency", hub.self_assessments.get().pk])
    client.post(consent, {"consent": "yes", "version": "1"})
    client.logout()
    after = client.get(profile).content.decode()

    assert bad.context["form"].errors["funding_level"]
    assert "Self-assessment" not in before
    assert "seminars" in after


def test_every_self_assessment_has_a_form_of_its_own(client, hub):
    old, newer, foreign = (
        make.SelfAssessmentFactory(hub=hub, assessed_on="2023-05-01", consented=True),
        make.SelfAssessmentFactory(hub=hub, assessed_on="2024-05-01"),
        make.SelfAssessmentFactory(),
    )
    client.force_login(make.MembershipFactory(hub=hub, head=True).member)
    url = reverse("hubs:assessment_change", args=["agency", old.pk])
    other = reverse("hubs:assessment_change", args=["agency", newer.pk])

    tasks = client.get(reverse("hubs:hub_edit", args=["agency"])).content.decode()
    page = client.get(url)
    typed = {name: page.context["form"][name].value() for name in ("version", "opened_on")}
    saved = client.post(url, typed | {"assessed_on": "2023-05-01", "note": "Looked at again"})

    assert f'href="{url}"' in tasks
    assert f'href="{other}"' in tasks
    assert f'href="{other}"' in page.content.decode()
    assert saved.url == url
    old.refresh_from_db()
    newer.refresh_from_db()
    assert (old.note, old.consented_at, newer.note) == ("Looked at again", None, "")
    consent = reverse("hubs:assessment_consent", args=["agency", old.pk])
    client.post(consent, {"consent": "yes", "version": old.version})
    old.refresh_from_db()
    assert old.consented_at is not None
    for name in ("assessment_change", "assessment_consent"):
        gone = client.post(reverse(f"hubs:{name}", args=["agency", foreign.pk]), typed)
        assert gone.status_code == 404


@pytest.mark.parametrize("who", PEOPLE)
def test_the_page_of_a_hub_leads_to_the_form_those_who_write_the_assessment(client, hub, who):
    user = person(who, hub)
    if user.is_authenticated:
        client.force_login(user)
    if who in MODERATORS:
        _second_factor(user)

    page = client.get(hub.get_absolute_url()).content.decode()

    address = reverse("hubs:assessment_edit", args=["agency"])
    assert (f'href="{address}"' in page) == (who in EDITORS | {"me_focal_point"})


def test_only_moderators_outside_the_hub_verify_it(client, hub, editor):
    url = reverse("hubs:hub_verify", args=["agency"])

    assert client.post(url).status_code == 403
    moderator = MemberFactory(moderator=True)
    _second_factor(moderator)
    client.force_login(moderator)
    client.post(url)

    hub.refresh_from_db()
    assert hub.verified_by == moderator


@pytest.mark.parametrize(
    ("traits", "pages"),
    [
        ({"head": True}, {"hub_edit", "assessment_edit", "membership_list"}),
        ({}, {"hub_edit", "assessment_edit"}),
        ({"me_focal_point": True}, {"assessment_edit"}),
        ({"correspondent": True}, set()),
        ({"head": True, "awaiting": True}, set()),
    ],
    ids=["head", "editor", "focal point", "correspondent", "asking"],
)
def test_my_hubs_lead_to_what_each_role_writes(client, hub, traits, pages):
    client.force_login(make.MembershipFactory(hub=hub, **traits).member)

    page = client.get(reverse("hubs:my_memberships")).content.decode()

    names = ("hub_edit", "assessment_edit", "membership_list")
    addresses = {name: reverse(f"hubs:{name}", args=["agency"]) for name in names}
    assert {name for name, address in addresses.items() if f'href="{address}"' in page} == pages
