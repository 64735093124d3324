"""Importing experts: new and changed ones, private fields, consent, rights, round trip."""

from functools import partial

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile

from catalogue import services
from catalogue.expert_cells import expert_cells
from catalogue.models import Expert, ExpertLanguage
from catalogue.services.import_kinds import Row
from core.codes import LANGUAGES
from tests.api_clients import client_of
from tests.catalogue.importing import carried_out, checked_table, table
from tests.factories import catalogue as make
from tests.factories import hubs as make_hubs
from tests.factories.accounts import MemberFactory
from tests.hubs.people import MODERATORS, PEOPLE, person

pytestmark = pytest.mark.django_db
NEW = {"name": "Ada Example", "agreed_on": "2026-01-02", "headline": "Wells"}


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def head():
    return make_hubs.MembershipFactory(role="head")


@pytest.fixture
def checked(head):
    """Return a function that uploads rows and checks them."""
    return partial(checked_table, "experts", head)


@pytest.fixture
def imported(checked):
    """Return a function that uploads, checks and imports rows."""
    return lambda *rows: carried_out(checked(*rows))


def exported(expert):
    found = Expert.objects.with_cells().get(pk=expert.pk)
    return expert_cells(found) | {"slug": found.slug, "version": str(found.version)}


@pytest.mark.parametrize("who", PEOPLE)
def test_heads_of_the_hub_import(who):
    hub = make_hubs.HubFactory()
    user = person(who, hub)
    upload = SimpleUploadedFile("t.csv", table(NEW))

    if who in {"head"} | MODERATORS:
        assert services.begin_import("experts", hub, upload, by=user).state == "checking"
    else:
        with pytest.raises(PermissionDenied):
            services.begin_import("experts", hub, upload, by=user)


def test_an_editor_is_told_at_the_field_that_only_a_head_imports(client):
    editor = make_hubs.MembershipFactory()
    data = {"kind": "experts", "hub": editor.hub.slug}
    data["file"] = SimpleUploadedFile("t.csv", table(NEW))

    response = client_of(editor.member).post("/catalogue/import/", data)

    assert "Only a head of this hub imports this." in response.content.decode()


def test_a_new_row_is_somebody_who_waits_for_the_consent(head, imported):
    row = NEW | {
        "languages": "en: fluent; fr: basic",
        "years": "12",
        "contact": "ada@example.org",
        "contact_audience": "nobody",
        "sectors": "140",
    }

    assert imported(row).state == "done"

    expert = Expert.objects.get()
    assert (expert.name, expert.hub, expert.years) == ("Ada Example", head.hub, 12)
    assert (expert.contact_audience, expert.sectors) == ("nobody", ["140"])
    spoken = dict(expert.spoken.values_list("language", "level"))
    assert spoken == {"en": "fluent", "fr": "basic"}
    assert expert.consented_on is None
    assert not Expert.objects.published().exists()
    assert not Expert.objects.decidable_by(head.member).exists()


@pytest.mark.parametrize("column", ["consented_on", "consented_by", "member", "employer"])
def test_no_column_gives_a_consent_or_makes_somebody_else_of_them(checked, column):
    found = checked(NEW | {column: "2026-01-02"})

    assert found.state == "failed"
    assert column in found.report["failure"]


def test_a_changed_row_changes_only_its_columns_and_keeps_the_consent(head, imported):
    expert = make.ExpertFactory(hub=head.hub, consented=True, biography="Kept.", years=3)
    ExpertLanguage.objects.create(expert=expert, language="en", level="fluent")

    found = imported({"slug": expert.slug, "availability": "limited"})

    assert found.report["changed"] == 1
    expert.refresh_from_db()
    assert (expert.availability, expert.biography, expert.years) == ("limited", "Kept.", 3)
    assert expert.consented_on is not None
    assert expert.spoken.count() == 1


def test_the_exported_list_imported_again_changes_nothing(head, checked):
    expert = make.ExpertFactory(
        hub=head.hub,
        name="=Ada",
        biography="Two\r\nlines; and more",
        contact="ada@example.org",
        contact_audience="nobody",
        sectors=["140", "111"],
    )
    ExpertLanguage.objects.create(expert=expert, language="fr", level="basic")
    make.ExpertFactory(hub=head.hub, consented=True)
    query = f"/catalogue/experts/?hub={head.hub.slug}&export=editing"
    file = b"".join(client_of(head.member).get(query).streaming_content)

    found = checked(text=file)

    assert found.report["problems"] == []
    assert (found.report["same"], found.report["changed"]) == (2, 0)


def test_a_workbook_of_the_list_imported_again_changes_nothing(head, checked):
    make.ExpertFactory(hub=head.hub, years=7)
    response = client_of(head.member).get("/catalogue/experts/?export=xlsx")
    file = b"".join(response) if response.streaming else response.content

    found = checked(text=file)

    assert found.report["problems"] == []
    assert found.report["same"] == 1


def test_the_list_to_be_edited_holds_nobody_whose_fields_are_hidden(head):
    make.ExpertFactory(hub=head.hub, consented=True, contact="secret", contact_audience="hub")
    make.ExpertFactory(hub=head.hub, consented=True, own=True, contact="own")

    for who, lines in ((MemberFactory(), 1), (head.member, 2)):
        response = client_of(who).get("/catalogue/experts/?export=editing")
        text = b"".join(response.streaming_content).decode()
        assert len(text.strip().splitlines()) == lines
        assert "own" not in text


def test_cells_that_may_be_hidden_are_emptied_only_with_the_version(head, imported, checked):
    texts = {"biography": "Long.", "years": 9, "contact": "ada@example.org"}
    expert = make.ExpertFactory(hub=head.hub, **texts)
    emptied = {"slug": expert.slug, "biography": "", "years": "", "contact": ""}

    assert checked(emptied).report["same"] == 1

    assert imported(emptied | {"version": "1"}).report["changed"] == 1
    expert.refresh_from_db()
    assert (expert.biography, expert.years, expert.contact) == ("", None, "")


@pytest.mark.parametrize(
    ("column", "cell", "words"),
    [
        ("name", "", "Fill this in"),
        ("name", "x" * 151, "Shorten it to 150"),
        ("headline", "", "Fill this in"),
        ("agreed_on", "", "Write a day"),
        ("agreed_on", "2026-13-01", "Write a day"),
        ("agreed_on", "2099-01-01", "still to come"),
        ("years", "81", "from 0 to 80"),
        ("years", "9" * 500, "from 0 to 80"),
        ("years", "²", "from 0 to 80"),
        ("languages", "en", "Unknown code"),
        ("languages", "xx: fluent", "Unknown code: xx"),
        ("languages", "en: fluent; en: basic", "one level only"),
        ("languages", "; ".join(f"{code}: basic" for code in LANGUAGES[:21]), "at most 20"),
        ("contact_audience", "all", "public, members"),
        ("sectors", "000", "Unknown code: 000"),
        ("is_published", "perhaps", "true, false"),
        ("hub", "another", "belongs to another hub"),
        ("slug", "nobody", "no profile nobody"),
    ],
)
def test_a_wrong_cell_is_named_with_what_to_do(checked, column, cell, words):
    found = checked(NEW | {column: cell})

    _row, where, text = found.report["problems"][0]
    assert where == column
    assert words in text


@pytest.mark.parametrize("whose", ["another hub", "a member's own"])
def test_profiles_that_one_does_not_write_are_refused(head, checked, whose):
    other = make.ExpertFactory(
        hub=head.hub if whose == "a member's own" else make_hubs.HubFactory(),
        own=whose == "a member's own",
    )

    row = {"slug": other.slug, "headline": "Mine"}
    assert checked(row).report["problems"][0][1] == "slug"


def test_the_head_may_change_the_own_profile_but_not_the_name_in_it(head, checked, imported):
    own = make.ExpertFactory(hub=head.hub, own=True, member=head.member)
    row = {"slug": own.slug, "headline": "Seeds"}

    assert imported(row).state == "done"
    own.refresh_from_db()
    assert own.headline == "Seeds"
    assert checked(row | {"name": "Somebody else"}).report["problems"][0][1] == "name"


def test_what_was_changed_meanwhile_is_not_overwritten(head, checked):
    expert = make.ExpertFactory(hub=head.hub)
    row = exported(expert) | {"headline": "Mine"}
    Expert.objects.update(headline="Theirs", version=2)

    assert checked(row).report["problems"][0][1] == "version"


def test_comparing_costs_the_same_for_any_number(head, django_assert_max_num_queries):
    cells = [exported(make.ExpertFactory(hub=head.hub)) for _ in range(10)]
    kind = services.ExpertImport(head.hub, head.member, is_writing=False)

    for some in (cells[:1], cells[1:]):
        with django_assert_max_num_queries(1):
            kind.plan([Row(number, each) for number, each in enumerate(some, start=2)])
