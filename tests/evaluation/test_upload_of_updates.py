"""Figures from a table: checked without writing, taken all or not at all."""

from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from evaluation.models import Update, UpdateUpload
from tests.api_clients import client_of
from tests.evaluation.reporting import Setting
from tests.factories.evaluation import DimensionFactory

pytestmark = pytest.mark.django_db


def uploaded(setting, *rows, columns="indicator,period_start,hub,value,comment", **data):
    text = "\n".join([columns, *rows])
    file = SimpleUploadedFile("figures.csv", text.encode())
    client = client_of(setting.reporter)
    url = f"/evaluation/frameworks/{setting.framework.slug}/upload/"
    sent = client.post(url, {"file": file, "language": "en"} | data)
    return client, sent


def row(setting, *cells, day="2020-01-01"):
    return ",".join([setting.version.definition.code, day, setting.hub.slug, *cells])


def test_a_good_table_is_checked_then_taken_once():
    setting = Setting()
    sex = DimensionFactory(code="sex", parts=["women"])
    setting.version.dimensions.add(sex)
    columns = "indicator,period_start,hub,value,sex:women"
    client, sent = uploaded(setting, row(setting, "5", "2"), columns=columns, is_sent="on")
    assert sent.status_code == 302
    assert Update.objects.count() == 0

    page = client.get(sent["Location"])
    assert (len(page.context["report"].new), page.context["report"].problems) == (1, [])
    taken = client.post(sent["Location"])

    assert taken.status_code == 302
    update = Update.objects.get()
    assert (update.value, update.state, update.author) == (
        Decimal(5),
        "submitted",
        setting.reporter,
    )
    assert [part.value for part in update.cells.all()] == [Decimal(2)]
    assert client.post(sent["Location"]).status_code in (302, 404)
    assert Update.objects.count() == 1


@pytest.mark.parametrize(
    ("cells", "language", "column"),
    [
        (["many", ""], "en", "value"),
        (['"1.234,5"', ""], "en", "value"),
        (["-1", ""], "en", "value"),
        (["1.5", ""], "en", "value"),
    ],
)
def test_bad_cells_are_told_by_row_and_column(cells, language, column):
    setting = Setting()
    client, sent = uploaded(
        setting, row(setting, *cells), row(setting, "1", "", day="2021-01-01"), language=language
    )

    report = client.get(sent["Location"]).context["report"]
    client.post(sent["Location"])

    assert [(number, name) for number, name, _text in report.problems] == [(2, column)]
    assert Update.objects.count() == 0


def test_duplicate_rows_odd_dates_and_other_hubs_are_told():
    setting = Setting()
    other = Setting()
    code = setting.version.definition.code
    client, sent = uploaded(
        setting,
        row(setting, "5", ""),
        row(setting, "6", ""),
        row(setting, "6", "", day="1999-01-01"),
        f"{code},2020-01-01,{other.hub.slug},5,",
        f"no-such,2020-01-01,{setting.hub.slug},5,",
    )

    report = client.get(sent["Location"]).context["report"]

    assert [(number, name) for number, name, _text in report.problems] == [
        (3, "indicator"),
        (4, "period_start"),
        (5, "hub"),
        (6, "indicator"),
    ]


def test_rows_that_say_what_is_approved_are_told_and_left():
    setting = Setting()
    setting.approved()
    client, sent = uploaded(setting, row(setting, "5", ""))

    report = client.get(sent["Location"]).context["report"]

    assert (report.same, report.new, report.problems) == (1, [], [])


def test_an_unknown_column_or_no_table_is_refused_at_the_file():
    setting = Setting()
    for columns in ("indicator,period_start,colour", "value", ""):
        _client, sent = uploaded(setting, columns=columns)
        assert sent.status_code == 200
        assert "file" in sent.context["form"].errors
    assert UpdateUpload.objects.count() == 0


def test_nobody_else_sees_an_upload():
    setting = Setting()
    _client, sent = uploaded(setting, row(setting, "5", ""))

    assert client_of(setting.head).get(sent["Location"]).status_code == 404


def test_the_template_can_be_filled_in():
    setting = Setting()
    url = f"/evaluation/frameworks/{setting.framework.slug}/upload/template/"

    answer = client_of(setting.reporter).get(f"{url}?period={setting.year.pk}")

    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert lines[0].startswith("indicator,period_start,hub,exchange,value")
    assert lines[1].startswith(f"{setting.version.definition.code},2020-01-01,{setting.hub.slug}")
