"""The same rows imported twice: told, decided, never by chance, not even by two at once."""

from functools import partial

import pytest

from catalogue import services
from catalogue.models import Draft, Expert, Import, Resource
from catalogue.services import import_report
from core.errors import DomainError
from tests.api_clients import client_of
from tests.catalogue.importing import carried_out, checked_table
from tests.catalogue.test_importing import published
from tests.factories import catalogue as make
from tests.factories import hubs as make_hubs
from tests.races import all_at_once

pytestmark = pytest.mark.django_db
ROWS = {
    "entries": {"title": "Wells", "countries": "ML; GH", "year_from": "2012"},
    "resources": {"title": "Wells", "type": "guide", "year": "2012"},
    "experts": {"name": "Ada Example", "agreed_on": "2026-01-02", "headline": "Wells"},
}
MADE = {"entries": Draft, "resources": Resource, "experts": Expert}


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def head():
    return make_hubs.MembershipFactory(head=True)


@pytest.fixture
def checked(head):
    """Return a function that uploads rows of a kind and checks them."""
    return lambda kind, *rows: checked_table(kind, head, *rows)


@pytest.mark.parametrize("kind", ROWS)
def test_what_is_there_already_is_imported_only_by_decision(kind, checked):
    carried_out(checked(kind, ROWS[kind]))
    name = "name" if kind == "experts" else "title"
    again = checked(kind, ROWS[kind], ROWS[kind] | {name: "Something else"})

    assert (again.report["known"], again.report["new"]) == (1, 1)
    with pytest.raises(DomainError, match="what becomes of the rows"):
        services.confirm_import(again, by=again.member)

    assert carried_out(again, known="skip").report["known"] == 1
    assert MADE[kind].objects.count() == 2
    assert carried_out(checked(kind, ROWS[kind]), known="add", again=True).report["new"] == 1
    assert MADE[kind].objects.count() == 3


def test_what_differs_in_country_or_year_is_something_else(checked, head):
    published(head.hub, title="Wells", countries=["ML"], year_from=2012)
    make.ResourceFactory(hub=head.hub, title="Wells", year=2012)
    make.ResourceFactory(title="Seeds", year=2012)  # of another hub

    row = {"title": "Wells", "countries": "ML", "year_from": "2012"}
    entries = checked("entries", row, row | {"year_from": "2013"}, row | {"countries": "GH"})
    assert (entries.report["known"], entries.report["new"]) == (1, 2)
    row = {"title": "Wells", "type": "guide", "year": "2012"}
    resources = checked("resources", row, row | {"year": ""}, row | {"title": "Seeds"})
    assert (resources.report["known"], resources.report["new"]) == (1, 2)


def test_a_row_twice_in_one_file_is_told_with_the_first(checked):
    found = checked("resources", ROWS["resources"], ROWS["resources"])

    assert found.report["new"] == 1
    assert found.report["known_rows"] == [[3, "Row 2 of this file", ""]]


def test_a_report_tells_no_more_rows_than_one_reads(checked, monkeypatch):
    monkeypatch.setattr(import_report, "MOST_KNOWN", 2)

    found = checked("resources", *(ROWS["resources"] for _ in range(5)))

    assert found.report["known"] == 4
    assert [row for row, *_like in found.report["known_rows"]] == [3, 4]


def test_the_very_same_file_needs_to_be_confirmed_as_such(checked, head):
    carried_out(checked("resources", ROWS["resources"]))
    Resource.objects.all().delete()
    again = checked("resources", ROWS["resources"])
    assert again.report["known"] == 0

    with pytest.raises(DomainError, match="very file"):
        services.confirm_import(again, by=again.member)

    assert carried_out(again, again=True).state == "done"


def test_where_nothing_is_left_nothing_can_be_left_out(checked, head):
    make.ResourceFactory(hub=head.hub, title="Wells", year=2012)
    found = checked("resources", ROWS["resources"])

    with pytest.raises(DomainError, match="nothing is left"):
        services.confirm_import(found, by=found.member, known="skip")


@pytest.mark.parametrize("known", ["", "x", "x\0", "x" * 10_000])
def test_a_decision_that_is_none_is_refused(known, checked, head):
    make.ResourceFactory(hub=head.hub, title="Wells", year=2012)
    found = checked("resources", ROWS["resources"], {"title": "Seeds", "type": "guide"})

    page = f"/catalogue/import/{found.pk}/"
    response = client_of(head.member).post(f"{page}confirm/", {"known": known}, follow=True)

    assert "Say what becomes of the rows" in response.content.decode()
    found.refresh_from_db()
    assert found.state == "checked"


@pytest.mark.parametrize("known", ["skip", "x\0", "x" * 10_000])
def test_a_decision_that_nothing_asked_for_is_none(known, checked, head):
    found = checked("resources", ROWS["resources"])

    client_of(head.member).post(f"/catalogue/import/{found.pk}/confirm/", {"known": known})

    found.refresh_from_db()
    assert (found.state, found.known) == ("running", "")


def test_the_page_shows_what_is_there_already_and_asks(checked, head):
    there = make.ResourceFactory(hub=head.hub, title="Wells", year=2012)
    found = checked("resources", ROWS["resources"], {"title": "Seeds", "type": "guide"})
    client = client_of(head.member)
    page = client.get(f"/catalogue/import/{found.pk}/").content.decode()

    assert there.get_absolute_url() in page
    assert 'value="skip"' in page
    client.post(f"/catalogue/import/{found.pk}/confirm/", {"known": "skip"})
    found.refresh_from_db()
    assert (found.state, found.known) == ("running", "skip")


def test_what_came_meanwhile_is_asked_about_and_nothing_is_written(checked, head):
    found = checked("resources", {"title": "Seeds", "type": "guide"}, ROWS["resources"])
    make.ResourceFactory(hub=head.hub, title="Wells", year=2012)

    assert carried_out(found).state == "checked"
    assert found.report["known"] == 1
    assert not Resource.objects.filter(title="Seeds").exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_that_confirm_the_same_file_at_once_one_is_asked(checked):
    one, two = (checked("resources", ROWS["resources"]) for _ in range(2))

    results = all_at_once(
        *(partial(services.confirm_import, each, by=each.member) for each in (one, two))
    )

    assert sorted(isinstance(each, DomainError) for each in results) == [False, True]
    assert sorted(Import.objects.values_list("state", flat=True)) == ["checked", "done"]


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_are_one_import(checked):
    one = checked("resources", ROWS["resources"])
    click = partial(services.confirm_import, one, by=one.member)

    results = all_at_once(click, click)

    assert sum(isinstance(each, DomainError) for each in results) == 1
    assert Resource.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", ROWS)
def test_two_files_with_the_same_row_at_once_write_it_once(kind, checked):
    other = {"experts": {"headline": "Seeds"}, "resources": {"note": "Seeds"}}
    rows = (ROWS[kind], ROWS[kind] | other.get(kind, {"summary": "Seeds"}))
    files = [checked(kind, row) for row in rows]

    # Each is carried out in its thread as soon as that is confirmed.
    all_at_once(*(partial(services.confirm_import, each, by=each.member) for each in files))

    assert sorted(Import.objects.values_list("state", flat=True)) == ["checked", "done"]
    assert MADE[kind].objects.count() == 1
