"""Profiles of experts and the consent of employers: who writes, who agrees, what is hidden."""

import datetime
import json
import zipfile
from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from accounts.models import Activity
from accounts.services import close_account, export_own_data
from catalogue import services
from catalogue.models import Expert
from core.dates import today
from core.errors import DomainError, StaleEdit
from tests.api_clients import client_of
from tests.factories import catalogue as make
from tests.factories import hubs as make_hubs
from tests.factories.accounts import MemberFactory

pytestmark = pytest.mark.django_db
MINE = "/catalogue/experts/mine/"
ADD = "/catalogue/experts/add/"
TYPED = {
    "headline": "Cotton",
    "language": "en",
    "availability": "available",
    "biography_audience": "public",
    "years_audience": "public",
    "employer_audience": "public",
    "contact_audience": "members",
    "is_published": "on",
    "version": "1",
}
OUTSIDE = TYPED | {"name": "Ana Sol", "agreed_on": "2026-01-02"}


@pytest.fixture
def hub():
    return make_hubs.HubFactory(slug="agency", name="Agency")


@pytest.fixture
def head(hub):
    return make_hubs.MembershipFactory(hub=hub, head=True).member


@pytest.fixture
def member(client):
    someone = MemberFactory(name="Bo Li")
    client.force_login(someone)
    return someone


@pytest.fixture
def expert(hub, member):
    return make.ExpertFactory(own=True, member=member, hub=hub)


def agree(expert, by, **columns):
    expert.refresh_from_db()
    columns = {"on": today(), "note": "", "expected_version": expert.version} | columns
    return services.consent_to_expert(expert, by=by, **columns)


def is_shown(expert):
    return client_of(None).get(expert.get_absolute_url()).status_code == 200


def test_a_member_writes_their_profile_and_a_head_agrees(client, hub, head, member):
    typed = TYPED | {
        "hub": hub.pk,
        "fluent": ["pt"],
        "basic": ["en", "es"],
        "years": "12",
        "countries": ["BR", "ML"],
    }

    answer = client.post(MINE, typed, follow=True)

    expert = Expert.objects.get()
    assert (expert.member, expert.added_by, expert.years) == (member, member, 12)
    assert dict(expert.spoken.values_list("language", "level")) == {
        "en": "basic",
        "es": "basic",
        "pt": "fluent",
    }
    assert "Not shown yet: the employer has not agreed." in answer.content.decode()
    assert not is_shown(expert)

    boss = client_of(head)
    assert "1 waits for a consent" in boss.get("/catalogue/experts/").content.decode()
    assert "Bo Li" in boss.get("/catalogue/experts/waiting/").content.decode()
    url = f"{expert.get_absolute_url()}consent/"
    version = boss.get(url).context["form"]["version"].value()
    boss.post(url, {"decision": "yes", "on": "2026-01-05", "version": version})

    expert.refresh_from_db()
    assert (expert.consented_on, expert.consented_by) == (datetime.date(2026, 1, 5), head)
    assert is_shown(expert)
    assert "Bo Li" in client_of(None).get("/catalogue/experts/").content.decode()


def test_withdrawing_the_consent_hides_at_once(client, expert, head):
    agree(expert, head)
    assert is_shown(expert)

    client_of(head).post(
        f"{expert.get_absolute_url()}consent/", {"decision": "no", "reason": "She left us."}
    )

    assert not is_shown(expert)
    assert client_of(None).get("/api/v1/experts/").json()["results"] == []
    own = client.get(expert.get_absolute_url()).content.decode()
    assert "She left us." in own
    verbs = list(Activity.objects.order_by("pk").values_list("verb", flat=True))
    assert verbs[-2:] == ["expert.consented", "expert.consent_withdrawn"]


def test_a_refusal_needs_a_reason_and_a_new_employer_asks_anew(client, expert, head):
    url = f"{expert.get_absolute_url()}consent/"
    answer = client_of(head).post(url, {"decision": "no", "reason": " "})
    assert set(answer.context["form"].errors) == {"reason"}
    client_of(head).post(url, {"decision": "no", "reason": "Too busy."})
    expert.refresh_from_db()
    assert expert.declined_at is not None
    assert not Expert.objects.awaiting().exists()

    client.post(MINE, TYPED | {"employer": "Ministry", "version": expert.version})

    expert.refresh_from_db()
    assert (expert.declined_at, expert.decline_reason, expert.hub) == (None, "", None)
    assert Expert.objects.awaiting().exists()


def test_another_employer_voids_the_consent_and_other_changes_do_not(client, hub, expert, head):
    agree(expert, head)
    client.post(MINE, TYPED | {"hub": hub.pk, "headline": "Soil", "version": "2"})
    assert is_shown(expert)

    other = make_hubs.HubFactory()
    client.post(MINE, TYPED | {"hub": other.pk, "version": "3"})

    assert not is_shown(expert)
    expert.refresh_from_db()
    assert (expert.hub, expert.consented_on, expert.consented_by) == (other, None, None)


def test_the_person_hides_and_shows_themselves(client, hub, expert, head):
    agree(expert, head)
    client.post(MINE, TYPED | {"hub": hub.pk, "is_published": "", "version": "2"})
    assert not is_shown(expert)
    client.post(MINE, TYPED | {"hub": hub.pk, "version": "3"})
    assert is_shown(expert)


@pytest.mark.parametrize("who", ["oneself", "who added", "an editor", "a stranger", "a member"])
def test_nobody_else_agrees_or_refuses(hub, head, who):
    added_by = head if who == "who added" else MemberFactory()
    expert = make.ExpertFactory(hub=hub, added_by=added_by)
    by = {
        "who added": lambda: head,
        "an editor": lambda: make_hubs.MembershipFactory(hub=hub).member,
        "a stranger": lambda: make_hubs.MembershipFactory(head=True).member,
        "a member": MemberFactory,
    }
    if who == "oneself":
        expert = make.ExpertFactory(own=True, member=head, hub=hub)
        by[who] = lambda: head

    with pytest.raises(PermissionDenied):
        agree(expert, by[who]())
    with pytest.raises(PermissionDenied):
        services.decline_expert(expert, reason="No.", by=by[who]())


def test_a_moderator_notes_the_consent_of_an_employer_that_is_no_hub():
    expert = make.ExpertFactory(employer="Ministry")
    moderator = MemberFactory(moderator=True)

    agree(expert, moderator, on=datetime.date(2026, 1, 3), note="Letter 12")

    expert.refresh_from_db()
    assert (expert.consented_on, expert.consent_note) == (datetime.date(2026, 1, 3), "Letter 12")
    assert is_shown(expert)
    assert "Letter 12" not in client_of(None).get(expert.get_absolute_url()).content.decode()


def test_a_consent_is_to_what_was_read_given_once_and_not_in_the_future(expert, head):
    with pytest.raises(StaleEdit):
        agree(expert, head, expected_version=7)
    with pytest.raises(DomainError):
        agree(expert, head, on=today() + datetime.timedelta(days=1))
    agree(expert, head)
    with pytest.raises(DomainError):
        agree(expert, head)


def test_a_profile_that_changed_meanwhile_is_to_be_read_again(client, hub, expert, head):
    url = f"{expert.get_absolute_url()}consent/"
    client.post(MINE, TYPED | {"hub": hub.pk, "headline": "Other"})

    late = client_of(head).post(url, {"decision": "yes", "version": "1"})

    assert late.status_code == 409
    assert not is_shown(expert)


def test_a_head_adds_somebody_outside_and_another_one_agrees(hub, head):
    boss = client_of(head)
    boss.post(ADD, OUTSIDE | {"hub": hub.pk})

    expert = Expert.objects.get()
    assert (str(expert), expert.member, expert.added_by) == ("Ana Sol", None, head)
    url = f"{expert.get_absolute_url()}consent/"
    assert boss.get(url).status_code == 403
    other = client_of(make_hubs.MembershipFactory(hub=hub, head=True).member)
    other.post(url, {"decision": "yes", "version": "1"})
    assert is_shown(expert)
    other.post(
        f"{expert.get_absolute_url()}edit/",
        OUTSIDE | {"hub": hub.pk, "name": "Ana Luna", "version": "2"},
    )
    expert.refresh_from_db()
    assert str(expert) == "Ana Luna"


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("name", ""),
        ("agreed_on", ""),
        ("agreed_on", "2999-01-01"),
        ("hub", ""),
        ("hub", "9" * 30),
        ("headline", "x" * 201),
        ("headline", "a\x00b"),
        ("years", "81"),
        ("years", "9" * 30),
        ("sectors", "x"),
        ("fluent", "xx"),
        ("biography", "x" * 10_000),
        ("contact_audience", "friends"),
        ("employer", "Also a ministry"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(hub, head, column, value):
    answer = client_of(head).post(ADD, OUTSIDE | {"hub": hub.pk, column: value})

    assert answer.status_code == 200
    assert set(answer.context["form"].errors) == {column}
    assert not Expert.objects.exists()


def test_a_language_has_one_level(client, member):
    answer = client.post(MINE, TYPED | {"fluent": ["en"], "basic": ["en"]})

    assert set(answer.context["form"].errors) == {"basic"}


def test_a_hub_that_one_may_not_see_is_no_employer(client, member):
    hidden = make_hubs.HubFactory(unpublished=True)

    answer = client.post(MINE, TYPED | {"hub": hidden.pk})

    assert set(answer.context["form"].errors) == {"hub"}
    with pytest.raises(PermissionDenied):
        services.create_expert(
            Expert(member=member, headline="x", hub=hidden), languages={}, by=member
        )


def test_nobody_writes_another_members_profile(hub, head, expert):
    for by in (head, MemberFactory(moderator=True)):
        with pytest.raises(PermissionDenied):
            services.change_expert(
                expert, changes={"headline": "x"}, languages={}, expected_version=1, by=by
            )
        with pytest.raises(PermissionDenied):
            services.create_expert(
                Expert(member=MemberFactory(), headline="x"), languages={}, by=by
            )
    with pytest.raises(PermissionDenied):  # somebody outside, of a hub that is not theirs
        services.create_expert(
            Expert(name="x", agreed_on=today(), headline="x", hub=make_hubs.HubFactory()),
            languages={},
            by=head,
        )


def test_one_has_one_profile(member, expert):
    with pytest.raises(DomainError):
        services.create_expert(Expert(member=member, headline="x"), languages={}, by=member)


def test_a_late_save_shows_both_texts(client, hub, expert, member):
    services.change_expert(
        expert, changes={"headline": "Hers"}, languages={"pt": "basic"}, expected_version=1,
        by=member,
    )  # fmt: skip

    late = client.post(MINE, TYPED | {"hub": hub.pk, "headline": "Mine", "years": ""})

    assert late.status_code == 409
    differences = {
        str(each["label"]): (each["mine"], each["saved"]) for each in late.context["conflict"]
    }
    assert differences == {
        "What you can be asked about": ("Mine", "Hers"),
        "Languages: basic": ("", "Portuguese"),
    }
    expert.refresh_from_db()
    assert expert.headline == "Hers"


def test_a_hidden_change_moves_no_time_and_a_shown_one_does(expert, member, head):
    agree(expert, head)

    def change(**changes):
        expert.refresh_from_db()
        before = expert.updated_at
        services.change_expert(
            expert, changes=changes, languages={}, expected_version=expert.version, by=member
        )
        expert.refresh_from_db()
        return expert.updated_at > before

    assert not change(contact="me@example.org")  # for members only
    assert not change(biography_audience="nobody")  # there is none
    assert not change(biography="Private.")
    assert change(biography_audience="public")
    assert change(headline="New")
    assert change(is_published=False)
    assert not change(headline="Newer")


def test_activities_name_nobody_and_tell_no_value(expert, member, head):
    services.change_expert(
        expert, changes={"contact": "me@example.org"}, languages={"pt": "basic"},
        expected_version=1, by=member,
    )  # fmt: skip
    agree(expert, head)

    rows = list(Activity.objects.filter(object_model="expert").order_by("pk"))

    assert [row.verb for row in rows] == ["expert.changed", "expert.consented"]
    assert [change["field"] for change in rows[0].changes] == ["basic", "contact"]
    for row in rows:
        assert row.audience == "moderators"
        assert row.object_label == ""
        assert "me@example.org" not in json.dumps(row.changes)
        assert "Bo" not in row.object_url


def test_what_is_kept_of_a_member_is_in_their_download_and_goes_with_them(hub, expert, head):
    member = expert.member
    Expert.objects.update(contact="me@example.org", biography="Mine.", sectors=["111"])
    expert.spoken.create(language="pt", level="basic")
    agree(expert, head)

    with zipfile.ZipFile(BytesIO(export_own_data(member))) as archive:
        (row,) = json.loads(archive.read("my-data.json"))["expert_profile"]
    assert row["contact"] == "me@example.org"
    assert row["languages"] == [{"language": "pt", "level": "basic"}]

    close_account(member, by=member)

    expert.refresh_from_db()
    assert not is_shown(expert)
    assert (expert.contact, expert.biography, expert.headline, expert.sectors) == ("", "", "", [])
    assert not expert.spoken.exists()
    assert expert.consented_on is None


def test_who_is_not_let_in_yet_has_no_profile():
    assert client_of(MemberFactory(pending=True)).get(MINE).status_code == 403


@pytest.mark.parametrize(
    "columns",
    [
        {"name": ""},
        {"agreed_on": None},
        {"consented_on": datetime.date(2026, 1, 1)},
        {"language": "xx"},
        {"sectors": ["x"]},
        {"contact_audience": "friends"},
    ],
)
def test_the_database_refuses_half_an_expert(columns):
    expert = make.ExpertFactory()

    with pytest.raises(IntegrityError), transaction.atomic():
        Expert.objects.filter(pk=expert.pk).update(**columns)


def test_services_say_what_is_wrong(expert, member, hub):
    with pytest.raises(ValidationError):
        services.change_expert(
            expert, changes={"employer": "Two"}, languages={}, expected_version=1, by=member
        )
