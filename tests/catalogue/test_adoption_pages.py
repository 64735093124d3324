"""Adoptions as readers meet them: lists, pages, forms, lineage, API; nothing hidden shows."""

import csv
import io
import re
from itertools import pairwise

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.registers import OWN_DATA
from catalogue import services
from catalogue.models import Adoption
from core.errors import DomainError
from tests.api_clients import client_of
from tests.factories import catalogue as make
from tests.factories import hubs as make_hubs
from tests.factories.accounts import MemberFactory

pytestmark = pytest.mark.django_db
LIST = "/catalogue/adoptions/"
# What differs from one answer to the next, whoever asks.
PASSING = re.compile(rb'name="csrfmiddlewaretoken" value="\w+"|"X-CSRFToken": ?"\w+"')
SAID = {"outcome": "failed", "kept": "All.", "changed": "", "dropped": "", "why": "No water."}


@pytest.fixture
def hub():
    return make_hubs.HubFactory(slug="agency", name="Agency")


def editor_of(hub):
    return make_hubs.MembershipFactory(hub=hub).member


def rows_of(response):
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def statements(client, address):
    with CaptureQueriesContext(connection) as caught:
        client.get(address)
    return len(caught)


# The entry's page


def test_an_entry_says_who_adopted_it_confirmed_and_stated_apart_and_what_failed(client):
    entry = make.EntryFactory(published=True)
    make.AdoptionFactory(entry=entry, confirmed=True, outcome="working", hub__name="First")
    make.AdoptionFactory(entry=entry, confirmed=True, outcome="failed", hub__name="Second")
    body = make_hubs.OrganisationFactory(name="Third")
    make.AdoptionFactory(entry=entry, hub=None, organisation=body, why="Too dry.")

    page = client.get(entry.get_absolute_url())

    assert page.context["adopted"]["counts"] == [
        "2 confirmed",
        "1 stated by the adopter only",
        "1 of these failed",
    ]
    text = page.content.decode()
    for words in ("First", "Second", "Third", "It failed", "Stated by the adopter", "Too dry."):
        assert words in text


def test_an_entry_says_what_it_is_adapted_from(client):
    row = make.AdoptionFactory(entry__title="The model")
    result = make.EntryFactory(hub=row.hub, title="The copy", published=True)
    Adoption.objects.filter(pk=row.pk).update(resulting_entry=result)

    copy = client.get(result.get_absolute_url()).content.decode()
    model = client.get(row.entry.get_absolute_url()).content.decode()

    assert "Adapted from" in copy
    assert "The model" in copy
    assert "The copy" in model
    assert f"{result.get_absolute_url()}lineage/" in copy


def test_what_came_of_it_is_named_to_those_only_who_may_see_it(client, hub):
    row = make.AdoptionFactory(hub=hub, resulting_entry=make.EntryFactory(hub=hub, title="Draft X"))
    editor = client_of(editor_of(hub))
    addresses = (row.entry.get_absolute_url(), row.get_absolute_url(), LIST)
    api = f"/api/v1/entries/{row.entry.slug}/adoptions/"

    for address in addresses:
        assert "Draft X" not in client.get(address).content.decode(), address
        assert "Draft X" in editor.get(address).content.decode(), address
    assert client.get(api).json()["results"][0]["resulting_entry"] is None
    assert editor.get(api).json()["results"][0]["resulting_entry"] == row.resulting_entry.slug
    assert rows_of(client.get(f"{LIST}?export=csv"))[0]["resulting_entry"] == ""


def test_very_many_adoptions_are_counted_and_the_newest_shown(client, monkeypatch):
    monkeypatch.setattr("catalogue.views.adoption_lists.SHOWN", 2)
    entry = make.EntryFactory(published=True)
    make.AdoptionFactory.create_batch(5, entry=entry)

    adopted = client.get(entry.get_absolute_url()).context["adopted"]

    assert (len(adopted["lines"]), adopted["more"]) == (2, 3)
    assert adopted["counts"] == ["5 stated by the adopters only"]


def test_a_block_says_who_adopted_it(client):
    block = make.BuildingBlockFactory()
    make.AdoptionFactory(entry=None, block=block, hub__name="Taker")

    page = client.get(block.get_absolute_url()).content.decode()

    assert "Taker" in page
    assert f"{block.get_absolute_url()}adopt/" in page


# The list


@pytest.fixture
def four(hub):
    cotton = make.EntryFactory(hub=hub, title="Cotton", published=True)
    taker = make_hubs.HubFactory(slug="taker", name="Taker")
    make.AdoptionFactory(entry=cotton, hub=taker, confirmed=True, outcome="failed")
    body = make_hubs.OrganisationFactory(name="Água Ministry")
    make.AdoptionFactory(entry=cotton, hub=None, organisation=body)
    block = make.BuildingBlockFactory(title="Seed bank")
    make.AdoptionFactory(entry=None, block=block, hub=taker, outcome="working")
    make.AdoptionFactory(entry__title="Water", outcome="working", confirmed=True)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {"Cotton", "Seed bank", "Water"}),
        ("state=claimed", {"Cotton", "Seed bank"}),
        ("state=confirmed&outcome=failed", {"Cotton"}),
        ("outcome=working&outcome=partly", {"Seed bank", "Water"}),
        ("hub=taker", {"Cotton", "Seed bank"}),
        ("q=agua", {"Cotton"}),
        ("q=seed+taker", {"Seed bank"}),
        ("awaiting=yes", set()),
    ],
)
def test_page_and_csv_find_the_same(client, four, query, expected):
    page = client.get(f"{LIST}?{query}")
    rows = rows_of(client.get(f"{LIST}?{query}&export=csv"))

    assert {row.thing.title for row in page.context["lines"]} == expected
    found = Adoption.objects.filter(pk__in=[row["id"] for row in rows])
    assert {row.thing.title for row in found} == expected
    feed = client.get(f"{LIST}?{query}&export=atom").content.decode()
    assert all(title in feed for title in expected)


@pytest.mark.parametrize("query", ["state=XX", "outcome=no", "hub=nobody", "q=" + "x" * 201])
def test_a_bad_value_never_widens_the_list(client, four, query):
    assert client.get(f"{LIST}?{query}").context["lines"] == []
    for export in ("csv", "atom"):
        assert client.get(f"{LIST}?{query}&export={export}").status_code == 400


def test_the_dictionary_explains_every_column(client, four):
    explained = {row["column"] for row in rows_of(client.get(f"{LIST}?export=dictionary"))}

    assert explained == set(rows_of(client.get(f"{LIST}?export=csv"))[0])


def test_who_decides_finds_what_waits_for_them(hub, four):
    def waiting(member):
        page = client_of(member).get(f"{LIST}?awaiting=yes")
        return {str(row) for row in page.context["lines"]}

    editor = editor_of(hub)
    assert waiting(editor) == {"Cotton – Água Ministry"}
    assert len(waiting(MemberFactory(moderator=True))) == 2
    assert waiting(MemberFactory()) == set()


@pytest.mark.parametrize("path", [LIST, "entry", "api", "lineage"])
def test_pages_need_the_same_statements_for_few_adoptions_and_many(client, path):
    entry = make.EntryFactory(published=True)
    addresses = {
        "entry": entry.get_absolute_url(),
        "lineage": f"{entry.get_absolute_url()}lineage/",
        "api": f"/api/v1/entries/{entry.slug}/adoptions/",
    }

    def adopt():
        result = make.EntryFactory(published=True)
        make.AdoptionFactory(entry=entry, hub=result.hub, resulting_entry=result)
        later = make.EntryFactory(published=True)
        make.AdoptionFactory(entry=result, hub=later.hub, resulting_entry=later)

    adopt()
    few = statements(client, addresses.get(path, path))
    for _ in range(12):
        adopt()

    assert statements(client, addresses.get(path, path)) == few


# Lineage


def family(*ties):
    """Return entries by letter, tied as `ties` ("ab": b came of a) say."""
    entries = {
        letter: make.EntryFactory(title=f"Entry {letter}", published=True)
        for letter in sorted(set("".join(ties)))
    }
    for near, far in ties:
        make.AdoptionFactory(
            entry=entries[near], hub=entries[far].hub, resulting_entry=entries[far]
        )
    return entries


def told(nodes):
    return {node["entry"].title[-1]: told(node["below"]) for node in nodes}


def test_lineage_tells_all_generations_in_both_directions(client):
    entries = family("ab", "bc", "bd", "xb")

    page = client.get(f"{entries['b'].get_absolute_url()}lineage/")

    assert told(page.context["ancestors"]) == {"a": {}, "x": {}}
    assert told(page.context["descendants"]) == {"c": {}, "d": {}}
    top = client.get(f"{entries['a'].get_absolute_url()}lineage/")
    assert told(top.context["descendants"]) == {"b": {"c": {}, "d": {}}}


def test_what_is_reached_twice_is_told_in_full_once(client):
    entries = family("ab", "ac", "bd", "cd", "de")

    page = client.get(f"{entries['a'].get_absolute_url()}lineage/")

    assert told(page.context["descendants"]) == {"b": {"d": {"e": {}}}, "c": {"d": {}}}
    assert page.content.decode().count("told in full elsewhere") == 1


def test_lineage_ends_at_its_depth_and_at_its_number(client, monkeypatch):
    entries = make.EntryFactory.create_batch(13, published=True)
    for entry, result in pairwise(entries):
        make.AdoptionFactory(entry=entry, hub=result.hub, resulting_entry=result)
    address = f"{entries[0].get_absolute_url()}lineage/"

    page = client.get(address)
    assert entries[10].get_absolute_url() in page.content.decode()
    assert entries[11].get_absolute_url() not in page.content.decode()

    monkeypatch.setattr("catalogue.querysets.lineage.MAX_STEPS", 3)
    monkeypatch.setattr("catalogue.views.lineage.MAX_STEPS", 3)
    make.EntryFactory()  # the page was kept
    page = client.get(address)
    assert entries[3].get_absolute_url() in page.content.decode()
    assert entries[4].get_absolute_url() not in page.content.decode()
    assert "more adoptions than this page shows" in page.content.decode()


def test_very_many_ways_to_one_entry_are_walked_once_each(client):
    """Ten generations of four, each of all four before: a million ways."""
    generations = [make.EntryFactory.create_batch(4, published=True) for _ in range(10)]
    rows = []
    for before, after in pairwise(generations):
        for entry in before:
            rows += [Adoption(entry=entry, hub=each.hub, resulting_entry=each) for each in after]
    Adoption.objects.bulk_create(rows)

    page = client.get(f"{generations[0][0].get_absolute_url()}lineage/")

    assert page.status_code == 200
    assert page.content.decode().count("<li>") < 300


def test_lineage_stops_at_what_is_hidden(client, hub):
    entries = family("ab", "bc")
    secret = entries["b"]
    type(hub).objects.filter(pk=secret.hub_id).update(is_published=False)

    page = client.get(f"{entries['a'].get_absolute_url()}lineage/")
    own = client_of(editor_of(secret.hub)).get(f"{entries['a'].get_absolute_url()}lineage/")

    assert told(page.context["descendants"]) == {}
    assert secret.hub.name not in page.content.decode()
    assert told(own.context["descendants"]) == {"b": {"c": {}}}


# Forms


def test_an_editor_states_and_the_originator_confirms(hub):
    entry = make.EntryFactory(hub=hub, published=True)
    taker = make_hubs.HubFactory(name="Taker")
    claimant, originator = client_of(editor_of(taker)), client_of(editor_of(hub))

    sent = claimant.post(f"{entry.get_absolute_url()}adopt/", SAID | {"hub": taker.pk})
    assert sent.status_code == 302
    row = Adoption.objects.get()
    page = originator.get(row.get_absolute_url())
    assert "No water." in page.content.decode()
    assert "Confirm" not in claimant.get(row.get_absolute_url()).content.decode().replace(
        "Confirmed on", ""
    ).replace("Confirmed by", "")
    originator.post(f"{row.get_absolute_url()}confirm/", {"version": row.version})

    row.refresh_from_db()
    assert (row.state, row.hub, row.outcome) == ("confirmed", taker, "failed")


def test_any_member_states_for_an_organisation(hub):
    entry, body = make.EntryFactory(hub=hub, published=True), make_hubs.OrganisationFactory()

    client, page = client_of(MemberFactory()), f"{entry.get_absolute_url()}adopt/"
    assert {"hub", "resulting_entry"}.isdisjoint(client.get(page).context["form"].fields)
    assert "organisation" in client.post(page, SAID).context["form"].errors
    client.post(page, SAID | {"organisation": body.pk, "hub": hub.pk})

    assert Adoption.objects.get().adopter == body


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({}, "organisation"),
        ({"hub": "own", "organisation": "body"}, "organisation"),
        ({"hub": "foreign"}, "hub"),
        ({"hub": "of the entry"}, "hub"),
        ({"hub": "own", "resulting_entry": "foreign"}, "resulting_entry"),
        ({"hub": "own", "outcome": "splendid"}, "outcome"),
        ({"hub": "own", "why": "x" * 10_000}, "why"),
        ({"hub": "own", "kept": "a\x00b"}, "kept"),
        ({"hub": "9" * 40}, "hub"),
        ({"hub": "x"}, "hub"),
    ],
)
def test_bad_input_is_told_at_the_field_and_kept(hub, wrong, field):
    entry, foreign = make.EntryFactory(hub=hub, published=True), make.EntryFactory(published=True)
    member = editor_of(hub)
    own = make_hubs.MembershipFactory(member=member).hub
    things = {
        ("hub", "own"): own.pk,
        ("hub", "foreign"): foreign.hub_id,
        ("hub", "of the entry"): hub.pk,
        ("organisation", "body"): make_hubs.OrganisationFactory().pk,
        ("resulting_entry", "foreign"): foreign.pk,
    }
    sent = {name: things.get((name, value), value) for name, value in wrong.items()}

    answer = client_of(member).post(f"{entry.get_absolute_url()}adopt/", SAID | sent)

    assert answer.status_code == 200
    assert field in answer.context["form"].errors
    assert not Adoption.objects.exists()
    if "why" not in wrong:
        assert "No water." in answer.content.decode()


def test_a_rule_that_refuses_says_so_above_the_form(hub):
    row = make.AdoptionFactory(hub=hub)

    again = client_of(editor_of(hub)).post(
        f"{row.entry.get_absolute_url()}adopt/", SAID | {"hub": hub.pk}
    )

    assert again.status_code == 200
    assert "stated already" in again.content.decode()


def test_a_late_save_shows_both_texts_and_can_be_sent_again(hub):
    row = make.AdoptionFactory(hub=hub)
    editor = editor_of(hub)
    services.change_adoption(row, changes={"why": "Theirs"}, expected_version=1, by=editor)
    page = f"{row.get_absolute_url()}edit/"

    late = client_of(editor).post(page, SAID | {"version": 1})

    assert late.status_code == 409
    assert "Theirs" in late.content.decode()
    assert "No water." in late.content.decode()
    client_of(editor).post(page, SAID | {"version": 2})
    row.refresh_from_db()
    assert row.why == "No water."


@pytest.mark.parametrize("version", ["1", "", "x", "9" * 30])
def test_confirming_what_was_changed_meanwhile_is_refused(hub, version):
    row = make.AdoptionFactory(entry__hub=hub)
    services.change_adoption(
        row, changes={"why": "Other"}, expected_version=1, by=editor_of(row.hub)
    )

    answer = client_of(editor_of(hub)).post(
        f"{row.get_absolute_url()}confirm/", {"version": version}, follow=True
    )

    assert "Somebody else saved this" in answer.content.decode()
    row.refresh_from_db()
    assert row.state == "claimed"


def test_rejecting_asks_why(hub):
    row = make.AdoptionFactory(entry__hub=hub)
    client, page = client_of(editor_of(hub)), f"{row.get_absolute_url()}reject/"

    assert "reason" in client.post(page, {"reason": " "}).context["form"].errors
    assert client.post(page, {"reason": "Not so"}).status_code == 302
    assert not Adoption.objects.exists()


def test_taking_back_is_for_who_stated(hub):
    row = make.AdoptionFactory(hub=hub)

    client_of(editor_of(hub)).post(f"{row.get_absolute_url()}retract/", {"reason": "Never so"})

    assert not Adoption.objects.exists()


def test_what_was_stated_can_be_taken_away_with_one_s_data(hub):
    entry, body = make.EntryFactory(hub=hub, published=True), make_hubs.OrganisationFactory()
    by = MemberFactory()
    services.claim_adoption(entry, adopter=body, columns={"why": "Mine"}, by=by)

    (row,) = OWN_DATA["adoptions"](by.pk)

    assert (row["entry__slug"], row["why"]) == (entry.slug, "Mine")


# Order and API


def test_entries_are_ordered_by_how_often_they_were_adopted(client):
    entries = make.EntryFactory.create_batch(3, published=True)
    for number, entry in enumerate(entries):
        make.AdoptionFactory.create_batch(number, entry=entry, confirmed=True)
    make.AdoptionFactory.create_batch(4, entry=entries[0])  # stated only

    expected = [entry.slug for entry in reversed(entries)]
    page = client.get("/catalogue/?order=-adoption_count")
    api = client.get("/api/v1/entries/?order=-adoption_count").json()["results"]
    rows = rows_of(client.get("/catalogue/?order=-adoption_count&export=csv"))

    assert [line["entry"].slug for line in page.context["lines"]] == expected
    assert "adopted 2 times" in page.content.decode()
    assert [row["slug"] for row in api] == expected
    assert [row["adoption_count"] for row in api] == [2, 1, 0]
    assert [row["slug"] for row in rows] == expected


def test_the_api_tells_an_entry_s_adoptions(client, hub):
    entry = make.EntryFactory(hub=hub, slug="cotton", published=True)
    row = make.AdoptionFactory(entry=entry, outcome="failed", why="Dry", confirmed=True)
    make.AdoptionFactory(entry=entry)
    make.AdoptionFactory()
    address = "/api/v1/entries/cotton/adoptions/"

    (found,) = client.get(f"{address}?state=confirmed").json()["results"]

    assert (found["entry"], found["hub"], found["organisation"]) == ("cotton", row.hub.slug, None)
    assert (found["outcome"], found["why"]) == ("failed", "Dry")
    assert found["url"] == f"http://testserver{row.get_absolute_url()}"
    assert len(client.get(address).json()["results"]) == 2
    assert len(rows_of(client.get(f"{address}?format=csv"))) == 2
    assert client.get("/api/v1/entries/nothing/adoptions/").status_code == 404
    assert client.get(f"{address}?state=no").status_code == 400


def test_the_api_tells_a_block_s_adoptions(client):
    block = make.BuildingBlockFactory(slug="seed")
    make.AdoptionFactory(entry=None, block=block)

    (found,) = client.get("/api/v1/building-blocks/seed/adoptions/").json()["results"]

    assert (found["block"], found["entry"]) == ("seed", None)


# Leaks


def test_an_adoption_by_a_hidden_hub_changes_not_one_byte_for_others(client, hub):
    entry = make.EntryFactory(hub=hub, slug="cotton", published=True)
    other = make.EntryFactory(published=True)
    block = make.BuildingBlockFactory(slug="seed")
    make.BlockUseFactory(block=block, entry=entry)
    shown = make.AdoptionFactory(entry=entry, hub=other.hub, resulting_entry=other, confirmed=True)
    addresses = (
        "/catalogue/",
        "/catalogue/?order=-adoption_count",
        "/catalogue/?export=csv",
        "/catalogue/?export=atom",
        "/catalogue/cotton/",
        "/catalogue/cotton/lineage/",
        other.get_absolute_url(),
        f"{other.get_absolute_url()}lineage/",
        "/catalogue/building-blocks/",
        "/catalogue/building-blocks/seed/",
        shown.get_absolute_url(),
        LIST,
        f"{LIST}?export=csv",
        f"{LIST}?export=atom",
        f"{LIST}?q=secret",
        "/api/v1/entries/",
        "/api/v1/entries/?order=-adoption_count",
        "/api/v1/entries/cotton/",
        "/api/v1/entries/cotton/adoptions/",
        "/api/v1/building-blocks/seed/",
        "/api/v1/building-blocks/seed/adoptions/",
        "/search/?q=secret",
        "/hubs/agency/",
        "/hubs/agency/history/",
    )
    readers = {"visitor": client, "originator": client_of(editor_of(hub))}

    def seen():
        return {
            (who, address): PASSING.sub(b"", reader.get(address).getvalue())
            for who, reader in readers.items()
            for address in addresses
        }

    before = seen()
    hidden = make_hubs.HubFactory(unpublished=True, name="Secret")
    editor, moderator = editor_of(hidden), MemberFactory(moderator=True)
    result = make.EntryFactory(hub=hidden, title="Secret", published=True)
    later = make.AdoptionFactory(entry=other, hub=hidden, resulting_entry=result).resulting_entry
    assert later == result
    for thing in (entry, block):
        row = services.claim_adoption(
            thing, adopter=hidden, columns={"why": "Secret", "resulting_entry": result}, by=editor
        )
        services.confirm_adoption(row, expected_version=1, by=moderator)
    after = seen()

    assert [key for key in before if before[key] != after[key]] == []


# What is gone


def test_what_was_typed_for_an_adoption_that_is_gone_is_given_back(hub):
    row = make.AdoptionFactory(hub=hub)
    address, editor = f"{row.get_absolute_url()}edit/", client_of(editor_of(hub))
    services.retract_adoption(row, reason="Never so", by=MemberFactory(moderator=True))

    late = editor.post(address, SAID | {"version": 1})

    assert late.status_code == 409
    assert "No water." in late.content.decode()
    assert editor.get(address).status_code == 404
    assert client_of(MemberFactory()).post(address, SAID).status_code == 404


def test_deciding_on_what_is_gone_is_refused_in_words(hub):
    row, editor = make.AdoptionFactory(entry__hub=hub), editor_of(hub)
    gone = Adoption.objects.get(pk=row.pk)
    row.delete()

    for decide in (
        lambda: services.confirm_adoption(gone, expected_version=1, by=editor),
        lambda: services.reject_adoption(gone, reason="No", by=editor),
    ):
        with pytest.raises(DomainError, match="removed this in the meantime"):
            decide()
    assert client_of(editor).post(f"{gone.get_absolute_url()}confirm/").status_code == 404


def test_taking_a_block_out_twice_is_no_error(hub):
    use = make.BlockUseFactory(entry__hub=hub)
    editor = editor_of(hub)

    services.detach_block(use, by=editor)
    services.detach_block(use, by=editor)

    assert not use.entry.block_uses.exists()
