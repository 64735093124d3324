"""The vocabulary of tags in the hands of moderators."""

from functools import partial

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import Activity
from catalogue import services
from catalogue.models import Draft, Entry, Tag
from core.errors import DomainError, StaleEdit
from tests.api_clients import client_of
from tests.catalogue.test_tags import draft_with, published, tagged
from tests.factories import catalogue as make
from tests.factories import hubs as make_hubs
from tests.factories.accounts import MemberFactory
from tests.races import all_at_once

pytestmark = pytest.mark.django_db
DESK = "/catalogue/tags/desk/"


@pytest.fixture
def moderator():
    return MemberFactory(moderator=True)


@pytest.fixture
def hub():
    return make_hubs.HubFactory(slug="agency")


def merge(*slugs, into, by, reason="The same."):
    return services.merge_tags(slugs, into=into, reason=reason, by=by)


def rename(tag, by, *, version=1, **columns):
    tag = Tag.objects.get(pk=tag.pk)
    said = {"name": tag.name, "language": tag.language, "names": tag.names} | columns
    return services.change_tag(tag, **said, expected_version=version, by=by)


def found(client, text):
    rows = client.get("/api/v1/search/", {"q": text}).json()["results"]
    return [row["title"] for row in rows]


ACTS = {
    "create": lambda tag, by: services.create_tag(name="New", language="en", names={}, by=by),
    "change": lambda tag, by: rename(tag, by, name="Earth"),
    "merge": lambda tag, by: merge(tag.slug, into="water", by=by),
    "remove": lambda tag, by: services.remove_tag(tag, by=by),
}


@pytest.mark.parametrize("act", ACTS)
def test_only_moderators_keep_the_vocabulary(act, hub, moderator):
    tag = make.TagFactory(name="Soil")
    make.TagFactory(name="Water")

    with pytest.raises(PermissionDenied):
        ACTS[act](tag, make_hubs.MembershipFactory(hub=hub, head=True).member)

    ACTS[act](tag, moderator)
    assert Activity.objects.filter(verb__startswith="tag.").count() == 1


def test_a_renamed_tag_is_found_by_its_new_names_and_keeps_its_address(client, hub, moderator):
    tag = make.TagFactory(name="Soil")
    entry = tagged(hub, "soil")

    rename(tag, moderator, name="Earth", names={"fr": "Terres arables"})

    assert found(client, "earth") == found(client, "terre arable") == [entry.title]
    assert client.get("/catalogue/?tag=soil").context["chips"][0].value == "Earth"
    assert [each.name for each in Tag.objects.get().history.all()] == ["Earth", "Soil"]


def test_a_late_rename_is_refused_with_both_texts(moderator):
    tag = make.TagFactory(name="Soil")
    rename(tag, moderator, name="Earth")

    with pytest.raises(StaleEdit) as refusal:
        rename(tag, moderator, name="Ground")

    assert refusal.value.saved["name"] == "Earth"
    page = client_of(moderator).post(
        f"/catalogue/tags/{tag.slug}/edit/", {"name": "Ground", "language": "en", "version": 1}
    )
    assert page.status_code == 409
    assert "Earth" in page.content.decode()
    assert "Ground" in page.content.decode()


@pytest.mark.parametrize("columns", [{"name": "WATER"}, {"names": {"fr": "água"}}])
def test_no_two_tags_have_a_name_in_common(moderator, columns):
    tag = make.TagFactory(name="Soil")
    make.TagFactory(name="Water", names={"pt": "Água"})

    with pytest.raises(ValidationError, match="Merge them instead"):
        rename(tag, moderator, **columns)


def test_a_hidden_tag_is_listed_when_a_moderator_adds_it(client, moderator):
    hidden = make_hubs.HubFactory(is_published=False)
    published(draft_with(hidden, "Secret soil"))

    services.create_tag(name="secret SOIL", language="en", names={}, by=moderator)

    assert Tag.objects.get().is_listed
    assert client.get("/api/v1/tags/secret-soil/").json()["entries"] == 0


def test_what_a_moderator_types_for_a_hidden_tag_is_kept(moderator):
    hidden = make_hubs.HubFactory(is_published=False)
    published(draft_with(hidden, "Secret soil"))
    taken = {"fr": "Eaux"}
    make.TagFactory(name="Water", names=taken)
    add = partial(services.create_tag, name="secret SOIL", language="en", by=moderator)

    add(names={"fr": "Terres cachées"})

    tag = Tag.objects.get(slug="secret-soil")
    assert (tag.name, tag.names, tag.is_listed) == ("Secret soil", {"fr": "Terres cachées"}, True)
    assert Tag.objects.all().by_text(["TERRES cachées"]) == {"TERRES cachées": tag}
    Tag.objects.filter(pk=tag.pk).update(is_listed=False)
    with pytest.raises(ValidationError, match="Merge them instead"):
        add(names=taken)


def test_merged_tags_become_names_of_the_one_that_stays(client, hub, moderator):
    for name in ("Soil", "Earth", "Ground", "Water"):
        make.TagFactory(name=name)
    both = tagged(hub, "earth", "water", "soil", title="Both")
    one = tagged(hub, "ground", title="One")
    other = tagged(hub, "water", title="Other")
    unchanged = Entry.objects.get(pk=other.pk).updated_at

    number = merge("earth", "ground", into="soil", by=moderator)

    assert number == 2
    assert Entry.objects.get(pk=both.pk).tags == ["soil", "water"]
    assert Entry.objects.get(pk=one.pk).tags == ["soil"]
    assert Entry.objects.get(pk=other.pk).updated_at == unchanged
    facet = client.get("/api/v1/search/?facets=true").json()["facets"]["tag"]["counts"]
    assert facet == {"soil": 2, "water": 2}
    assert sorted(found(client, "ground")) == ["Both", "One"]
    said = Activity.objects.get(verb="tag.merged")
    assert said.changes[-1] == {"field": "reason", "old": None, "new": "The same."}
    assert {change["old"] for change in said.changes[:-1]} == {"Earth", "Ground"}


def test_old_addresses_lead_to_what_a_tag_became_for_ever(client, hub, moderator):
    for name in ("Soil", "Earth", "Ground"):
        make.TagFactory(name=name)
    tagged(hub, "ground", title="Found")
    merge("ground", into="earth", by=moderator)
    merge("earth", into="soil", by=moderator)

    answer = client.get("/catalogue/?tag=ground&tag=earth&country=ML&export=csv")
    assert answer.status_code == 301
    assert answer.headers["Location"] == "/catalogue/?tag=soil&country=ML&export=csv"
    assert client.get("/catalogue/tags/ground/").headers["Location"] == "/catalogue/?tag=soil"
    assert client.get("/api/v1/tags/ground/").headers["Location"].endswith("/api/v1/tags/soil/")
    for path in ("/api/v1/entries/", "/api/v1/search/"):
        assert [row["title"] for row in client.get(f"{path}?tag=ground").json()["results"]] == [
            "Found"
        ]
    assert client.get("/search/?tag=ground").context["count"] == 1


def test_versions_and_drafts_show_what_a_tag_became_and_are_not_rewritten(client, hub, moderator):
    make.TagFactory(name="Soil")
    make.TagFactory(name="Earth")
    entry = tagged(hub, "earth")
    draft = draft_with(hub, "earth", "soil")

    merge("earth", into="soil", by=moderator)

    page = client.get(f"{entry.get_absolute_url()}v/1/").content.decode()
    assert '<a href="/catalogue/?tag=soil" rel="tag"><bdi>Soil</bdi></a>' in page
    assert entry.versions.get().content["tags"] == ["earth"]
    writer = client_of(make_hubs.MembershipFactory(hub=hub).member)
    check = writer.get(f"/catalogue/drafts/{draft.pk}/check/").content.decode()
    assert check.count('rel="tag"') == 1
    assert 'value="Soil' in writer.get(f"/catalogue/drafts/{draft.pk}/codes/").content.decode()
    assert Draft.objects.get().content["tags"] == ["earth", "soil"]
    assert published(draft).tags == ["soil"]


@pytest.mark.parametrize("way", ["itself", "no reason", "unknown", "merged", "nothing"])
def test_what_cannot_be_merged_is_refused(moderator, way):
    for name in ("Soil", "Earth", "Ground"):
        make.TagFactory(name=name)
    merge("earth", into="soil", by=moderator)
    said = {
        "itself": (["soil"], "soil", "Why."),
        "no reason": (["ground"], "soil", " "),
        "unknown": (["water"], "soil", "Why."),
        "merged": (["ground"], "earth", "Why."),
        "nothing": ([], "soil", "Why."),
    }[way]

    with pytest.raises(DomainError):
        merge(*said[0], into=said[1], reason=said[2], by=moderator)

    assert Tag.objects.current().count() == 2


def test_the_database_refuses_chains_of_aliases():
    one, two, three = (make.TagFactory(name=name) for name in ("One", "Two", "Three"))
    Tag.objects.filter(pk=one.pk).update(merged_into=two)
    for tag, into in ((three, one), (two, three), (two, one), (two, two)):
        with pytest.raises(IntegrityError), transaction.atomic():
            Tag.objects.filter(pk=tag.pk).update(merged_into=into)


def test_the_database_refuses_another_name_in_addresses():
    make.TagFactory(name="Soil")
    with pytest.raises(IntegrityError), transaction.atomic():
        Tag.objects.update(slug="earth")


@pytest.mark.django_db(transaction=True)
def test_two_merges_in_opposite_directions_make_one_alias():
    moderator, hub = MemberFactory(moderator=True), make_hubs.HubFactory()
    make.TagFactory(name="Soil")
    make.TagFactory(name="Earth")
    tagged(hub, "soil", "earth")

    results = all_at_once(
        lambda: merge("soil", into="earth", by=moderator),
        lambda: merge("earth", into="soil", by=moderator),
    )

    assert sorted(type(each).__name__ for each in results) == ["DomainError", "int"]
    (kept,) = Tag.objects.current()
    assert Entry.objects.get().tags == [kept.slug]


@pytest.mark.django_db(transaction=True)
def test_a_tag_is_not_removed_under_a_text_that_is_published_with_it():
    moderator, hub = MemberFactory(moderator=True), make_hubs.HubFactory()
    tag = make.TagFactory(name="Soil")
    draft = draft_with(hub, "soil")
    services.submit_draft(draft, by=make_hubs.MembershipFactory(hub=hub).member)
    draft.refresh_from_db()
    reviewer = make.asked_reviewer(draft)
    make.passed(draft, reviewer)

    all_at_once(
        lambda: services.remove_tag(tag, by=moderator),
        lambda: services.publish_draft(draft, by=reviewer),
    )

    assert Tag.objects.filter(slug__in=Entry.objects.get().tags).count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_new_tag_of_two_texts_is_one():
    hub, drafts = make_hubs.HubFactory(), []
    for name in ("Seed banks", "seed BANKS"):
        draft = draft_with(hub, name)
        services.submit_draft(draft, by=make_hubs.MembershipFactory(hub=hub).member)
        draft.refresh_from_db()
        reviewer = make.asked_reviewer(draft)
        drafts.append((make.passed(draft, reviewer), reviewer))

    all_at_once(*(lambda one=one, by=by: services.publish_draft(one, by=by) for one, by in drafts))

    assert Tag.objects.get().slug == "seed-banks"
    assert {tuple(entry.tags) for entry in Entry.objects.all()} == {("seed-banks",)}


@pytest.mark.parametrize("named_by", ["entry", "version", "alias"])
def test_a_tag_that_something_names_is_not_removed(hub, moderator, named_by):
    tag = make.TagFactory(name="Soil")
    make.TagFactory(name="Water")
    if named_by == "alias":
        merge("water", into="soil", by=moderator)
    else:
        entry = tagged(hub, "soil")
        if named_by == "version":
            Entry.objects.filter(pk=entry.pk).update(tags=[])

    answer = client_of(moderator).post("/catalogue/tags/soil/remove/", follow=True)

    assert "Merge it into another one instead" in answer.content.decode()
    assert Tag.objects.filter(pk=tag.pk).exists()


def test_a_tag_that_nothing_names_is_removed(moderator):
    make.TagFactory(name="Soil")

    client_of(moderator).post("/catalogue/tags/soil/remove/")

    assert not Tag.objects.exists()


def test_the_desk_merges_after_it_has_said_what_will_change(hub, moderator):
    make.TagFactory(name="Soil")
    make.TagFactory(name="Earth")
    tagged(hub, "soil", "earth")
    tagged(hub, "earth")
    client = client_of(moderator)

    desk = client.get(DESK).content.decode()
    asked = client.get("/catalogue/tags/merge/?tag=soil&tag=earth")
    done = client.post(
        "/catalogue/tags/merge/",
        {"tag": ["soil", "earth"], "into": "soil", "reason": "The same."},
        follow=True,
    )

    assert "2 entries" in desk
    assert "2 entries have one of these tags" in asked.content.decode()
    assert "2 entries were changed" in done.content.decode()
    assert "was <bdi>Earth</bdi>" in done.content.decode()


def test_pages_of_the_desk_keep_its_words(moderator):
    for number in range(52):
        make.TagFactory(name=f"Soil {number}")

    desk = client_of(moderator).get(f"{DESK}?q=soil").content.decode()

    assert 'rel="next" href="?q=soil&amp;page=2"' in desk


@pytest.mark.parametrize(
    "sent",
    [
        {"tag": ["soil", "earth"], "into": "water", "reason": "x"},
        {"tag": ["soil", "earth"], "into": "soil", "reason": ""},
        {"tag": ["soil", "earth"], "into": "\0", "reason": "\0"},
        {"tag": ["soil", "earth"], "into": "soil", "reason": "x" * 10_000},
        {"tag": ["soil", "\0", "x" * 10_000], "into": "soil", "reason": "x"},
        {"tag": [], "into": "soil", "reason": "x"},
        {},
    ],
)
def test_junk_merges_nothing(moderator, sent):
    for name in ("Soil", "Earth", "Water"):
        make.TagFactory(name=name)

    answer = client_of(moderator).post("/catalogue/tags/merge/", sent)

    assert answer.status_code in (200, 302)
    assert Tag.objects.current().count() == 3


@pytest.mark.parametrize("name", ["", "a,b", "!!!", "\0", "x" * 51, "x" * 10_000, "soil"])
def test_what_is_no_name_of_a_new_tag_is_refused_at_its_field(moderator, name):
    make.TagFactory(name="Soil", names={"fr": "Sols"})
    client = client_of(moderator)

    for field in ("name", "name_fr"):
        if not (field == "name_fr" and name == ""):
            sent = {"name": "New", "language": "en"} | {field: name}
            page = client.post("/catalogue/tags/add/", sent)
            if not (field == "name" and name == "soil"):
                assert field in page.context["form"].errors
    assert Tag.objects.count() == 1


@pytest.mark.parametrize(
    "query", ["?page=0", "?page=x", "?page=99999999", "?q=%00", f"?q={500 * 'x'}"]
)
def test_junk_does_not_break_the_desk(moderator, query):
    make.TagFactory(name="Soil")

    assert client_of(moderator).get(f"{DESK}{query}").status_code == (
        400 if "%00" in query else 200
    )


def test_the_list_names_what_has_entries_by_letter_with_counts(client, hub):
    make.TagFactory(name="Água")
    make.TagFactory(name="Soil")
    make.TagFactory(name="Unused")
    tagged(hub, "agua", "soil")
    tagged(hub, "soil")

    letters = client.get("/catalogue/tags/").context["letters"]

    told = {
        letter: [(line["tag"].name, line["count"]) for line in lines]
        for letter, lines in letters.items()
    }
    assert told == {"A": [("Água", 1)], "S": [("Soil", 2)]}


def test_programs_read_the_vocabulary(client, hub):
    make.TagFactory(name="Soil", names={"fr": "Sols"})
    make.TagFactory(name="Water")
    tagged(hub, "soil")

    (row,) = client.get("/api/v1/tags/?q=sol").json()["results"]

    assert (row["slug"], row["name"], row["names"]) == ("soil", "Soil", {"fr": "Sols"})
    assert row["entries"] == 1
    assert client.get(row["url"]).headers["Location"] == "/catalogue/?tag=soil"
    assert client.get("/api/v1/tags/soil/").json() == row
    assert b"Water" in b"".join(client.get("/api/v1/tags/?format=csv"))


def test_entries_are_counted_only_for_programs_that_ask(client, hub):
    tagged(hub, make.TagFactory(name="Soil").slug)

    def asked(fields):
        with CaptureQueriesContext(connection) as queries:
            (row,) = client.get(f"/api/v1/tags/?fields={fields}").json()["results"]
        return row, len(queries)

    (named, few), (counted, more) = asked("slug"), asked("slug,entries")
    assert (named, counted) == ({"slug": "soil"}, {"slug": "soil", "entries": 1})
    assert few < more


def test_lists_of_tags_ask_the_same_number_of_questions_for_few_and_many(hub, moderator):
    client = client_of(moderator)

    def asked(number):
        tags = make.TagFactory.create_batch(number)
        tagged(hub, *(tag.slug for tag in tags[:10]))
        with CaptureQueriesContext(connection) as queries:
            for path in (DESK, "/catalogue/tags/", "/api/v1/tags/"):
                assert client.get(path).status_code == 200
        return len(queries)

    asked(1)
    assert asked(2) == asked(60)
