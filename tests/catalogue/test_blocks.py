"""Building blocks: their services, list, page, forms and API."""

import csv
import io

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.models import Activity
from catalogue import services
from catalogue.models import BlockUse, BuildingBlock
from core.errors import DomainError, StaleEdit
from tests.api_clients import client_of
from tests.factories import catalogue as make
from tests.factories import hubs as make_hubs
from tests.factories.accounts import MemberFactory
from tests.hubs.people import EDITORS, MODERATORS, PEOPLE, person

pytestmark = pytest.mark.django_db
LIST = "/catalogue/building-blocks/"
WRITERS = EDITORS | MODERATORS
TEXTS = {"title": "Seed bank", "language": "fr", "description": "Une banque."}


@pytest.fixture
def hub():
    return make_hubs.HubFactory(slug="agency", name="Agency")


@pytest.fixture
def editor(hub):
    return make_hubs.MembershipFactory(hub=hub).member


def titles(response):
    return {line["block"].title for line in response.context["lines"]}


def facet(response, name):
    found = next(each for each in response.context["facets"] if each.name == name)
    return {option.value: option.count for option in found.options}


# Rights


def create(hub):
    return lambda by: services.create_block(hub, columns=TEXTS, by=by)


def change(hub):
    block = make.BuildingBlockFactory(hub=hub)
    return lambda by: services.change_block(block, changes=TEXTS, expected_version=1, by=by)


def publish(hub):
    block = make.BuildingBlockFactory(hub=hub, is_published=False)
    return lambda by: services.publish_block(block, by=by)


def withdraw(hub):
    block = make.BuildingBlockFactory(hub=hub)
    return lambda by: services.withdraw_block(block, by=by)


def attach(hub):
    """Another hub's block to one's own entry."""
    block, entry = make.BuildingBlockFactory(), make.EntryFactory(hub=hub, published=True)
    return lambda by: services.attach_block(block, entry, by=by)


def detach(hub):
    use = make.BlockUseFactory(entry__hub=hub)
    return lambda by: services.detach_block(use, by=by)


def disown(hub):
    """One's own block from another hub's entry."""
    use = make.BlockUseFactory(block__hub=hub)
    return lambda by: services.detach_block(use, by=by)


@pytest.mark.parametrize("who", PEOPLE[1:])
@pytest.mark.parametrize(
    "make_act",
    [create, change, publish, withdraw, attach, detach, disown],
    ids=lambda act: act.__name__,
)
def test_services_are_for_those_who_edit_the_hub(make_act, who, hub):
    act, by = make_act(hub), person(who, hub)

    if who in WRITERS:
        act(by)
        assert Activity.objects.filter(actor=by).count() == 1
        return
    with pytest.raises(PermissionDenied):
        act(by)
    assert not Activity.objects.filter(actor=by).exists()


SEEN = {
    "published": set(PEOPLE),
    "draft": WRITERS,
    "hidden": WRITERS | {"correspondent", "me_focal_point"},
    "hidden draft": WRITERS,
}


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("which", SEEN)
def test_who_sees_which_block(who, which, hub):
    hub.is_published = "hidden" not in which
    hub.save()
    make.BuildingBlockFactory(hub=hub, is_published="draft" not in which)

    assert BuildingBlock.objects.visible_to(person(who, hub)).exists() == (who in SEEN[which])


# Services


def test_a_new_block_is_a_draft_with_a_name_of_its_own(hub, editor):
    first = services.create_block(hub, columns=TEXTS, by=editor)
    second = services.create_block(hub, columns=TEXTS, by=editor)
    reserved = services.create_block(hub, columns=TEXTS | {"title": "Add"}, by=editor)

    assert (first.slug, second.slug, reserved.slug) == ("seed-bank", "seed-bank-2", "add-2")
    assert not first.is_published
    assert first.history.get().history_user == editor


def test_a_late_save_is_refused_with_what_is_saved(hub, editor):
    block = make.BuildingBlockFactory(hub=hub)
    services.change_block(block, changes={"title": "First"}, expected_version=1, by=editor)

    with pytest.raises(StaleEdit) as caught:
        services.change_block(block, changes={"title": "Second"}, expected_version=1, by=editor)

    assert caught.value.saved["title"] == "First"
    assert BuildingBlock.objects.get().title == "First"


@pytest.mark.parametrize(
    "wrong", [{"title": ""}, {"title": "x" * 201}, {"language": "xx"}, {"description": ""}]
)
def test_what_no_form_would_send_is_refused(wrong, hub, editor):
    with pytest.raises(ValidationError):
        services.create_block(hub, columns=TEXTS | wrong, by=editor)


def test_publishing_twice_is_refused_and_withdrawing_takes_it_off_the_list(client, hub, editor):
    block = make.BuildingBlockFactory(hub=hub, is_published=False)
    services.publish_block(block, by=editor)

    with pytest.raises(DomainError, match="published already"):
        services.publish_block(block, by=editor)
    assert titles(client.get(LIST)) == {block.title}
    services.withdraw_block(block, by=editor)
    assert titles(client.get(LIST)) == set()
    assert client.get(block.get_absolute_url()).status_code == 404
    block.refresh_from_db()
    assert block.version == 3


def test_an_entry_has_a_block_once_and_its_blocks_in_order(hub, editor):
    entry = make.EntryFactory(hub=hub)
    blocks = make.BuildingBlockFactory.create_batch(2)
    for block in blocks:
        services.attach_block(block, entry, by=editor)

    with pytest.raises(DomainError, match="already"):
        services.attach_block(blocks[0], entry, by=editor)
    assert list(entry.block_uses.values_list("block", "position")) == [
        (blocks[0].pk, 0),
        (blocks[1].pk, 1),
    ]


def test_an_entry_has_not_more_blocks_than_help_anybody(hub, editor, monkeypatch):
    monkeypatch.setattr("catalogue.services.blocks.MAX_BLOCKS", 1)
    entry = make.BlockUseFactory(entry__hub=hub).entry

    with pytest.raises(DomainError, match="at most 1"):
        services.attach_block(make.BuildingBlockFactory(), entry, by=editor)


def test_a_block_that_one_may_not_see_cannot_be_named(hub, editor):
    draft = make.BuildingBlockFactory(is_published=False)

    with pytest.raises(PermissionDenied):
        services.attach_block(draft, make.EntryFactory(hub=hub), by=editor)


# List, CSV, API


@pytest.fixture
def three(hub):
    other = make_hubs.HubFactory(slug="bureau", name="Bureau")
    cotton = make.EntryFactory(sectors=["311"], countries=["ML"], published=True)
    water = make.EntryFactory(sectors=["140"], countries=["KE"], published=True)
    draft = make.EntryFactory(sectors=["151"], countries=["TD"])
    seed = make.BuildingBlockFactory(hub=hub, title="Seed bank", language="en")
    pump = make.BuildingBlockFactory(hub=hub, title="Bomba de água", language="pt")
    make.BuildingBlockFactory(hub=other, title="Unused", description="Nowhere.")
    for block, entry in ((seed, cotton), (seed, water), (pump, water), (pump, draft)):
        make.BlockUseFactory(block=block, entry=entry)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {"Seed bank", "Bomba de água", "Unused"}),
        ("q=agua", {"Bomba de água"}),
        ("q=nowhere", {"Unused"}),
        ("hub=agency", {"Seed bank", "Bomba de água"}),
        ("language=pt", {"Bomba de água"}),
        ("sector=311", {"Seed bank"}),
        ("sector=140", {"Seed bank", "Bomba de água"}),
        ("country=ML&country=KE", {"Seed bank", "Bomba de água"}),
        ("sector=151", set()),
        ("country=TD", set()),
    ],
)
def test_page_csv_and_api_find_the_same(client, three, query, expected):
    page = client.get(f"{LIST}?{query}")
    text = b"".join(client.get(f"{LIST}?{query}&export=csv").streaming_content).decode()
    rows = list(csv.DictReader(io.StringIO(text)))
    answer = client.get(f"/api/v1/building-blocks/?{query}").json()

    assert titles(page) == expected
    assert {row["title"] for row in rows} == expected
    assert {row["title"] for row in answer["results"]} == expected
    feed = client.get(f"{LIST}?{query}&export=atom").content.decode()
    assert all(title in feed for title in expected)


@pytest.mark.parametrize("query", ["sector=XX", "hub=nobody", "language=xx", "q=" + "x" * 201])
def test_a_bad_value_never_widens_the_list(client, three, query):
    assert titles(client.get(f"{LIST}?{query}")) == set()
    for address in (f"{LIST}?{query}&export=csv", f"{LIST}?{query}&export=atom"):
        assert client.get(address).status_code == 400
    assert client.get(f"/api/v1/building-blocks/?{query}").status_code == 400


def test_counts_are_of_blocks_and_leave_out_their_own_filter(client, three):
    page = client.get(f"{LIST}?sector=311")

    assert facet(page, "sector") == {"311": 1, "140": 2}
    assert facet(page, "country") == {"ML": 1, "KE": 1}
    assert facet(page, "hub") == {"agency": 1}
    assert facet(page, "language") == {"en": 1}


def test_the_dictionary_explains_every_column(client, three):
    listed = b"".join(client.get(f"{LIST}?export=csv").streaming_content)
    explained = b"".join(client.get(f"{LIST}?export=dictionary").streaming_content)

    names = {row["column"] for row in csv.DictReader(io.StringIO(explained.decode("utf-8-sig")))}
    assert names == set(csv.DictReader(io.StringIO(listed.decode("utf-8-sig"))).fieldnames)


def test_the_api_names_the_entries_that_readers_may_see(client, hub):
    block = make.BuildingBlockFactory(hub=hub, slug="seed", title="Seed", description="*Well*")
    shown = make.EntryFactory(published=True)
    hidden = make.EntryFactory(hub=make_hubs.HubFactory(unpublished=True), published=True)
    for entry in (shown, hidden, make.EntryFactory()):
        make.BlockUseFactory(block=block, entry=entry)

    row = client.get("/api/v1/building-blocks/seed/").json()

    assert row["entries"] == [shown.slug]
    assert (row["hub"], row["description"]) == ("agency", "*Well*")
    assert row["url"] == "http://testserver/catalogue/building-blocks/seed/"
    assert client.get("/api/v1/building-blocks/").json()["results"] == [row]


@pytest.mark.parametrize("rows", [1, 30])
def test_list_and_api_need_the_same_statements_for_one_row_and_for_many(
    client, django_assert_num_queries, rows
):
    entries = make.EntryFactory.create_batch(3, sectors=["311"], published=True)
    for block in make.BuildingBlockFactory.create_batch(rows):
        for entry in entries:
            make.BlockUseFactory(block=block, entry=entry)

    # the state of the database, the count, the rows, the hubs to choose, four facets
    with django_assert_num_queries(8):
        client.get(LIST)
    with django_assert_num_queries(1):
        client.get("/api/v1/building-blocks/")


# Pages


def test_the_page_shows_text_and_entries_and_nothing_harmful(client, hub):
    block = make.BuildingBlockFactory(hub=hub, description="**How**\n\n<script>alert(1)</script>")
    entry = make.BlockUseFactory(block=block, entry__published=True).entry
    hidden = make_hubs.HubFactory(unpublished=True)
    make.BlockUseFactory(block=block, entry=make.EntryFactory(hub=hidden, published=True))

    page = client.get(block.get_absolute_url())

    assert "<strong>How</strong>" in page.content.decode()
    assert "<script>alert" not in page.content.decode()
    assert [each.pk for each in page.context["entries"]] == [entry.pk]
    assert page.context["entry_count"] == 1
    assert "Publish" not in page.content.decode()


@pytest.mark.parametrize("number", [1, 20])
def test_a_block_needs_the_same_statements_for_few_entries_and_many(
    client, hub, django_assert_num_queries, number
):
    block = make.BuildingBlockFactory(hub=hub)
    for entry in make.EntryFactory.create_batch(number, published=True):
        make.BlockUseFactory(block=block, entry=entry)

    with django_assert_num_queries(6):
        client.get(block.get_absolute_url())


def test_an_entry_lists_its_blocks_and_others_with_the_same(client):
    use = make.BlockUseFactory(block__title="Seed bank", entry__published=True)
    other = make.BlockUseFactory(block=use.block, entry__published=True).entry
    draft = make.BuildingBlockFactory(is_published=False, title="Not yet")
    make.BlockUseFactory(block=draft, entry=use.entry)
    make.BlockUseFactory(block=draft, entry__published=True)

    page = client.get(use.entry.get_absolute_url())

    assert use.block.get_absolute_url() in page.content.decode()
    assert "Not yet" not in page.content.decode()
    assert [(line["entry"].pk, line["reasons"]) for line in page.context["related"]] == [
        (other.pk, ["Same building block: Seed bank"])
    ]


def test_the_api_names_the_blocks_of_an_entry_that_readers_may_see(client):
    entry = make.EntryFactory(published=True)
    shown = make.BlockUseFactory(entry=entry).block
    make.BlockUseFactory(entry=entry, block__is_published=False)

    row = client.get(f"/api/v1/entries/{entry.slug}/").json()

    assert row["building_blocks"] == [shown.slug]


def test_a_related_entry_is_named_once_with_all_reasons(client):
    codes = {"sectors": ["311"], "instruments": ["training"]}
    entries = [make.EntryFactory(published=True, **codes) for _ in range(2)]
    block = make.BuildingBlockFactory(title="Seed bank")
    for entry in entries:
        make.BlockUseFactory(block=block, entry=entry)

    (line,) = client.get(entries[0].get_absolute_url()).context["related"]

    assert line["reasons"] == ["Same building block: Seed bank", "Agriculture", "Training course"]


def test_an_editor_describes_publishes_names_and_takes_out(hub, editor):
    client = client_of(editor)
    entry = make.EntryFactory(hub=hub, published=True)
    added = client.post(f"{LIST}add/", TEXTS | {"hub": "agency"})
    page = f"{LIST}seed-bank/"
    assert added["Location"] == page
    assert "Not published" in client.get(page).content.decode()

    client.post(f"{page}publish/")
    client.post(f"{page}entries/", {"entry": entry.slug})
    assert entry.title in client_of(None).get(page).content.decode()
    client.post(f"{page}entries/{entry.slug}/detach/")
    assert not BlockUse.objects.exists()
    client.post(f"{page}withdraw/")
    assert client_of(None).get(page).status_code == 404


def test_only_hubs_that_one_edits_are_offered(hub, editor):
    make_hubs.HubFactory(slug="bureau")
    client = client_of(editor)

    form = client.get(f"{LIST}add/").context["form"]
    sent = client.post(f"{LIST}add/", TEXTS | {"hub": "bureau"})

    assert [each.slug for each in form.fields["hub"].queryset] == ["agency"]
    assert sent.status_code == 200
    assert "hub" in sent.context["form"].errors
    assert sent.context["form"]["title"].value() == "Seed bank"
    assert not BuildingBlock.objects.exists()


def test_a_late_save_shows_both_texts_and_can_be_sent_again(hub, editor):
    block = make.BuildingBlockFactory(hub=hub, slug="seed", title="Old")
    services.change_block(block, changes={"title": "Theirs"}, expected_version=1, by=editor)
    client, page = client_of(editor), f"{LIST}seed/edit/"

    late = client.post(page, TEXTS | {"title": "Mine", "version": 1})

    assert late.status_code == 409
    body = late.content.decode()
    assert "Theirs" in body
    assert "Mine" in body
    again = client.post(
        page, TEXTS | {"title": "Mine", "version": late.context["form"].data["version"]}
    )
    assert again.status_code == 302
    assert BuildingBlock.objects.get().title == "Mine"


def test_what_was_typed_is_shown_to_who_lost_the_right():
    make.BuildingBlockFactory(slug="seed")

    refused = client_of(MemberFactory()).post(f"{LIST}seed/edit/", TEXTS | {"version": 1})

    assert refused.status_code == 403
    assert "Une banque." in refused.content.decode()


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": "x" * 10_000},
        {"description": "x" * 20_001},
        {"language": "klingon"},
        {"title": "a\x00b"},
        {"version": "9" * 40},
        {"version": "x"},
    ],
)
def test_bad_input_is_told_at_the_field(hub, editor, wrong):
    make.BuildingBlockFactory(hub=hub, slug="seed")

    answer = client_of(editor).post(f"{LIST}seed/edit/", TEXTS | {"version": 1} | wrong)

    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == list(wrong)


def test_a_hidden_hub_s_block_and_use_change_nothing_for_others(client):
    shown = make.BuildingBlockFactory(slug="shown")
    entry = make.BlockUseFactory(block=shown, entry__published=True, entry__sectors=["311"]).entry
    addresses = (
        LIST,
        f"{LIST}?export=csv",
        f"{LIST}?export=atom",
        f"{LIST}shown/",
        entry.get_absolute_url(),
        "/catalogue/",
        "/api/v1/building-blocks/",
        "/api/v1/building-blocks/shown/",
    )

    def seen():
        answers = [client.get(address) for address in addresses]
        return [each.getvalue() for each in answers]

    before = seen()
    hidden = make_hubs.HubFactory(unpublished=True)
    secret = make.BuildingBlockFactory(hub=hidden, title="Secret")
    its_entry = make.EntryFactory(hub=hidden, sectors=["140"], published=True)
    by = make_hubs.MembershipFactory(hub=hidden).member
    services.attach_block(secret, its_entry, by=by)
    services.attach_block(shown, its_entry, by=by)
    make.BlockUseFactory(block=secret, entry=entry)
    services.change_block(secret, changes={"title": "Other"}, expected_version=1, by=by)

    assert seen() == before
