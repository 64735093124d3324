"""Statements with more values than the protocol carries beside them are answered all the same."""

import pytest
from django.db import connection

from accounts.models import Member
from core.cursors import MOST_VALUES

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("number", [MOST_VALUES, MOST_VALUES + 1])
def test_keys_without_end_are_looked_for(number):
    assert not Member.objects.filter(pk__in=range(-number, 0)).exists()


def test_values_of_every_kind_are_written_as_they_are():
    places = ", ".join(["%s"] * (MOST_VALUES + 1))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*), max(word) FROM unnest(ARRAY[{places}]) AS word",  # noqa: S608
            ["O'Neil 100 %"] * (MOST_VALUES + 1),
        )
        assert cursor.fetchone() == (MOST_VALUES + 1, "O'Neil 100 %")
