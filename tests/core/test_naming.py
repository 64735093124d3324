"""Names in addresses: each once, whatever the texts have in common."""

import pytest

from core.naming import free_slugs
from hubs.models import Organisation
from tests.factories.hubs import OrganisationFactory

pytestmark = pytest.mark.django_db


def named(*texts, most=20, taken=()):
    return free_slugs(Organisation.objects, texts, most=most, otherwise="body", taken=taken)


def test_a_name_that_is_taken_gets_a_number():
    OrganisationFactory(slug="seed-bank")
    OrganisationFactory(slug="seed-bank-2")

    assert named("Seed Bank", "Seed bank!", "Tags", taken=["tags"]) == [
        "seed-bank-3",
        "seed-bank-4",
        "tags-2",
    ]


def test_a_text_that_looks_numbered_takes_no_number_from_others():
    assert named("Seed 2", "Seed", "Seed") == ["seed-2", "seed", "seed-3"]


def test_a_text_without_letters_of_addresses_has_a_name_all_the_same():
    assert named("水", "!", "") == ["body", "body-2", "body-3"]


def test_a_long_text_is_cut_to_whole_characters_of_a_name():
    assert named("Seed bank of the north", most=10) == ["seed-bank"]


def test_many_names_take_one_query(django_assert_num_queries):
    with django_assert_num_queries(1):
        assert len(set(named(*["Seed"] * 30, *map(str, range(30))))) == 60
