"""New rows by COPY are what `bulk_create` would have made of them."""

import datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Activity
from accounts.services import new_activity
from core.copying import copy_create
from evaluation.models import Update, UpdateState
from tests.evaluation.reporting import Setting

pytestmark = pytest.mark.django_db


def made(setting, period, **columns):
    return Update(indicator=setting.indicator, period=period, hub=setting.hub, **columns)


def test_rows_say_what_the_things_say_and_the_database_fills_in_the_rest():
    setting = Setting()
    told = {
        "value": Decimal("-1.5"),
        "narrative": "Tab\t, break\n, \\N, “é” and \\",
        "state": UpdateState.SUBMITTED,
        "submitted_at": datetime.datetime(2020, 1, 2, tzinfo=datetime.UTC),
        "author": setting.reporter,
    }
    things = [made(setting, setting.year, **told), made(setting, setting.next_year)]

    copy_create(things)

    first, second = Update.objects.order_by("pk")
    assert [first, second] == things
    assert {name: getattr(first, name) for name in told} == told
    assert (second.value, second.state, second.narrative) == (None, "draft", "")
    assert second.author is None
    assert first.created_at is not None
    assert first.updated_at is not None
    things[1].value = 3
    things[1].save()
    assert Update.objects.count() == 2


def test_what_the_database_refuses_is_refused_and_nothing_is_nothing():
    setting = Setting()
    with pytest.raises(IntegrityError), transaction.atomic():
        copy_create([made(setting, setting.year), made(setting, setting.year, state="odd")])
    copy_create([])
    assert not Update.objects.exists()


def test_texts_with_structure_are_kept():
    setting = Setting()
    changes = [{"field": "value", "old": None, "new": "“5”"}]
    copy_create([new_activity("update.begun", setting.hub, by=None, changes=changes)])
    assert Activity.objects.get(verb="update.begun").changes == changes
