"""Experts: who sees whom, and which of their fields; the list, the page, the API."""

import csv
import io

import pytest

from catalogue.models import Expert, ExpertLanguage
from tests.api_clients import client_of
from tests.factories import catalogue as make
from tests.factories import hubs as make_hubs
from tests.factories.accounts import MemberFactory
from tests.hubs.people import someone

pytestmark = pytest.mark.django_db

OWN = {"correspondent", "me_focal_point", "editor", "head"}
MODERATORS = {"moderator", "administrator"}
ROLES = {"anonymous", "suspended", "pending", "member", "stranger"} | OWN | MODERATORS
HEADS = {"head"} | MODERATORS
STATES = {
    "shown": {"consented": True},
    "waiting": {},
    "not wanted": {"consented": True, "is_published": False},
    "hidden hub": {"consented": True},
}


@pytest.fixture
def hub():
    return make_hubs.HubFactory(slug="agency", name="Agency", acronym="")


@pytest.mark.parametrize("own", [True, False])
@pytest.mark.parametrize("role", sorted(ROLES))
def test_without_consent_heads_and_moderators_only_see_an_expert(role, own, hub):
    hidden = make_hubs.HubFactory(unpublished=True)
    experts = {
        name: make.ExpertFactory(own=own, hub=hidden if name == "hidden hub" else hub, **columns)
        for name, columns in STATES.items()
    }
    for expert in experts.values():
        ExpertLanguage.objects.create(expert=expert, language="en", level="fluent")
    user = someone(role, hub, hidden)

    def names(pks):
        return {name for name, expert in experts.items() if expert.pk in set(pks)}

    seen = set(STATES) if role in HEADS else {"shown"}
    assert names(Expert.objects.visible_to(user).values_list("pk", flat=True)) == seen
    spoken = ExpertLanguage.objects.visible_to(user).values_list("expert", flat=True)
    assert names(spoken) == seen
    lists = Expert.objects.visible_to(user).published()
    assert names(lists.values_list("pk", flat=True)) == {"shown"}
    decided = Expert.objects.decidable_by(user).values_list("pk", flat=True)
    assert names(decided) == (set(STATES) if role in HEADS else set())
    written = Expert.objects.editable_by(user).values_list("pk", flat=True)
    assert names(written) == (set(STATES) if role in HEADS and not own else set())


def test_one_sees_and_writes_ones_own_and_never_decides_on_it(hub):
    head = make_hubs.MembershipFactory(hub=hub, head=True).member
    own = make.ExpertFactory(own=True, member=head, hub=hub)
    moderator = MemberFactory(moderator=True)
    theirs = make.ExpertFactory(own=True, member=moderator, hub=hub)

    for user, expert in ((head, own), (moderator, theirs)):
        assert Expert.objects.visible_to(user).contains(expert)
        assert Expert.objects.editable_by(user).contains(expert)
        assert not Expert.objects.decidable_by(user).contains(expert)


def test_nobody_decides_on_whom_they_added(hub):
    head = make_hubs.MembershipFactory(hub=hub, head=True).member
    expert = make.ExpertFactory(hub=hub, added_by=head)

    assert not Expert.objects.decidable_by(head).contains(expert)
    other = make_hubs.MembershipFactory(hub=hub, head=True).member
    assert Expert.objects.decidable_by(other).contains(expert)


@pytest.mark.parametrize("status", ["suspended", "closed", "pending"])
def test_who_takes_part_no_more_is_shown_no_more(client, hub, status):
    expert = make.ExpertFactory(own=True, hub=hub, consented=True)
    expert.member.status = status
    expert.member.save()

    assert client.get(expert.get_absolute_url()).status_code == 404
    assert client.get("/api/v1/experts/").json()["results"] == []


FIELDS = {
    "biography": ("biography", "Grew up by the lake."),
    "years": ("years", 23),
    "employer": ("employer", "Ministry of Lakes"),
    "contact": ("contact", "lake@example.org"),
}
READERS = {
    "public": ROLES,
    "members": ROLES - {"anonymous", "pending", "suspended"},
    "hub": OWN,
    "nobody": set(),
}


@pytest.mark.parametrize("audience", READERS)
@pytest.mark.parametrize("role", sorted(ROLES - {"suspended", "pending"}))
def test_each_field_is_shown_to_its_audience_only(role, audience, hub):
    columns = {name: value for name, value in FIELDS.values() if name != "employer"}
    audiences = {f"{name}_audience": audience for name in FIELDS}
    expert = make.ExpertFactory(own=True, hub=hub, consented=True, **columns, **audiences)
    user = someone(role, hub)
    client = client_of(None if role == "anonymous" else user)

    page = client.get(expert.get_absolute_url()).content.decode()
    data = client.get(f"/api/v1/experts/{expert.slug}/").json()
    listed = client.get("/api/v1/experts/").json()["results"][0]
    rows = b"".join(client.get("/catalogue/experts/?export=csv").streaming_content).decode()

    may = role in READERS[audience]
    for name, text in (("biography", "by the lake"), ("contact", "lake@"), ("hub", "agency")):
        assert (text in page) == may, name
        assert (text in str(data[name])) == may, name
    assert (data["years"] == 23) == may
    assert (listed["hub"] == "agency") == may
    assert (",agency," in rows) == may
    assert ("lake@" in rows) is False  # lists give no addresses to gather


def test_a_filter_and_a_word_find_nobody_by_what_is_hidden(client, hub):
    make.ExpertFactory(
        hub=hub,
        consented=True,
        biography="Grew up by the lake.",
        biography_audience="members",
        employer_audience="members",
    )
    member = client_of(MemberFactory())

    for query in ("q=lake", "hub=agency"):
        assert client.get(f"/api/v1/experts/?{query}").json()["results"] == []
        assert client.get(f"/catalogue/experts/?{query}").context["count"] == 0
        assert len(member.get(f"/api/v1/experts/?{query}").json()["results"]) == 1
        assert member.get(f"/catalogue/experts/?{query}").context["count"] == 1


def test_counts_of_hubs_leave_out_hidden_employers(client, hub):
    make.ExpertFactory(hub=hub, consented=True, employer_audience="nobody")
    make.ExpertFactory(hub=hub, consented=True)

    facets = {facet.name: facet for facet in client.get("/catalogue/experts/").context["facets"]}

    assert [(each.value, each.count) for each in facets["hub"].options] == [("agency", 1)]


@pytest.fixture
def three(hub):
    ana = make.ExpertFactory(name="Ana Água", sectors=["140"], countries=["BR"], consented=True)
    ExpertLanguage.objects.create(expert=ana, language="pt", level="fluent")
    ExpertLanguage.objects.create(expert=ana, language="en", level="basic")
    bo = make.ExpertFactory(
        own=True, member__name="Bo Li", hub=hub, sectors=["111"], consented=True
    )
    ExpertLanguage.objects.create(expert=bo, language="en", level="working")
    make.ExpertFactory(name="Cy", availability="limited", countries=["BR"], consented=True)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["Ana Água", "Bo Li", "Cy"]),
        ("sector=140&sector=111", ["Ana Água", "Bo Li"]),
        ("language=en", ["Ana Água", "Bo Li"]),
        ("country=BR", ["Ana Água", "Cy"]),
        ("hub=agency", ["Bo Li"]),
        ("availability=limited", ["Cy"]),
        ("q=agua", ["Ana Água"]),
        ("q=registries+li", ["Bo Li"]),
        ("order=-name", ["Cy", "Bo Li", "Ana Água"]),
    ],
)
def test_page_csv_and_api_find_the_same(client, three, query, expected):
    page = client.get(f"/catalogue/experts/?{query}")
    answer = client.get(f"/catalogue/experts/?{query}&export=csv")
    text = b"".join(answer.streaming_content).decode()
    rows = client.get(f"/api/v1/experts/?{query}").json()["results"]

    assert [line["expert"].person for line in page.context["lines"]] == expected
    assert [row["name"] for row in csv.DictReader(io.StringIO(text))] == expected
    assert [row["name"] for row in rows] == expected


def test_languages_are_given_with_their_level(client, three):
    row = client.get("/api/v1/experts/").json()["results"][0]
    text = b"".join(client.get("/catalogue/experts/?export=csv").streaming_content).decode()

    assert row["languages"] == {"en": "basic", "pt": "fluent"}
    assert "en: basic; pt: fluent" in text


@pytest.mark.parametrize("query", ["sector=x", "language=x", "hub=x", "q=" + "x" * 201])
def test_a_bad_value_never_widens_the_list(client, three, query):
    assert client.get(f"/catalogue/experts/?{query}").context["lines"] == []
    assert client.get(f"/catalogue/experts/?{query}&export=csv").status_code == 400
    assert client.get(f"/api/v1/experts/?{query}").status_code == 400


def test_counts_leave_out_their_own_filter(client, three):
    page = client.get("/catalogue/experts/?language=pt")
    facets = {
        facet.name: {option.value: option.count for option in facet.options}
        for facet in page.context["facets"]
    }

    assert facets["language"] == {"pt": 1, "en": 2}
    assert facets["sector"] == {"140": 1}
    assert facets["hub"] == {}


@pytest.mark.parametrize("rows", [1, 30])
def test_the_list_needs_the_same_queries_for_one_row_and_for_many(
    client, django_assert_num_queries, hub, rows
):
    for expert in make.ExpertFactory.create_batch(rows, own=True, hub=hub, consented=True):
        ExpertLanguage.objects.create(expert=expert, language="en", level="fluent")

    # the state of the database, the hubs to choose from, the count, the rows, five facets
    with django_assert_num_queries(9):
        client.get("/catalogue/experts/")


def test_who_is_not_shown_changes_not_one_byte_for_others(hub):
    make.ExpertFactory(name="Open", hub=hub, sectors=["111"], consented=True)
    hidden = make_hubs.HubFactory(unpublished=True)
    unseen = {
        "waiting": {},
        "not-wanted": {"is_published": False, "consented": True},
        "hidden-hub": {"hub": hidden, "consented": True},
    }
    secrets = {
        f"{slug}-{own}".lower(): {"own": own, "hub": hub} | columns
        for slug, columns in unseen.items()
        for own in (True, False)
    }
    addresses = (
        "/catalogue/experts/", "/catalogue/experts/?export=csv",
        "/catalogue/experts/?export=atom", "/catalogue/experts/?sector=140&hub=agency",
        "/catalogue/experts/?q=secret", "/catalogue/experts/waiting/", "/hubs/agency/",
        "/api/v1/experts/", "/api/v1/experts/?count=true", "/api/v1/experts/?language=pt",
        "/search/?q=secret",
        *(f"{place}{slug}/" for place in ("/catalogue/experts/", "/api/v1/experts/")
          for slug in secrets),
    )  # fmt: skip
    readers = [
        client_of(None),
        client_of(someone("member")),
        client_of(someone("stranger")),
        client_of(someone("editor", hub)),
    ]

    def seen():
        answers = [(reader, reader.get(address)) for reader in readers for address in addresses]
        return [
            (each.status_code, _body(each, reader), each.get("ETag") if reader == readers[0] else 0)
            for reader, each in answers
        ]

    before = seen()
    for slug, columns in secrets.items():
        secret = make.ExpertFactory(slug=slug, headline="Secret", sectors=["140"], **columns)
        ExpertLanguage.objects.create(expert=secret, language="pt", level="fluent")

    assert seen() == before


def _body(response, reader):
    """Return what was answered, without the token that differs each time."""
    body = b"".join(response) if response.streaming else response.content
    token = response.context.get("csrf_token") if response.context else None
    return body.replace(str(token).encode(), b"") if token else body


@pytest.mark.parametrize("expert", [{"own": True}, {}])
def test_a_page_needs_the_same_queries_for_few_languages_and_many(
    client, django_assert_num_queries, hub, expert
):
    shown = make.ExpertFactory(hub=hub, consented=True, **expert)
    for code in ("en", "es", "fr", "pt"):
        ExpertLanguage.objects.create(expert=shown, language=code, level="basic")

    with django_assert_num_queries(4):
        client.get(shown.get_absolute_url())
    with django_assert_num_queries(2):
        client.get(f"/api/v1/experts/{shown.slug}/")
