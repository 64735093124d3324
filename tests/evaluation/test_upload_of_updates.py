"""Figures from a table: checked without writing, taken all or not at all."""

import datetime
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import OutgoingMail
from core.owed import MOST_ATTEMPTS, SWEEP_AFTER
from evaluation.models import LockException, Update, UpdateUpload
from evaluation.services import upload_steps
from evaluation.services.update_upload import check_upload
from evaluation.services.upload_steps import work_on_upload
from evaluation.tasks import drop_old_uploads, sweep_uploads
from tests.api_clients import client_of
from tests.evaluation.reporting import Setting
from tests.factories.evaluation import DimensionFactory, PeriodFactory

pytestmark = pytest.mark.django_db


def uploaded(setting, *rows, columns="indicator,period_start,hub,value,comment", **data):
    text = "\n".join([columns, *rows])
    file = SimpleUploadedFile("figures.csv", text.encode())
    client = client_of(setting.reporter)
    url = f"/evaluation/frameworks/{setting.framework.slug}/upload/"
    sent = client.post(url, {"file": file, "language": "en"} | data)
    return client, sent


def worked_on():
    """Let the worker do what is owed for the latest table; return the table's state then."""
    return work_on_upload(UpdateUpload.objects.latest("pk").pk)


def taken(client, sent):
    """Confirm the latest table and let the worker do what is owed."""
    client.post(sent["Location"])
    return worked_on()


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

    report = client.get(sent["Location"]).context["report"]
    assert (report["new"], report["problems"]) == (1, [])
    taken = client.post(sent["Location"])
    assert taken.status_code == 302
    assert Update.objects.count() == 0
    waiting = client.get(sent["Location"])
    assert "data-again" in waiting.text
    assert "0 of 1 rows" in waiting.text
    worked_on()

    update = Update.objects.get()
    assert (update.value, update.state, update.author) == (
        Decimal(5),
        "submitted",
        setting.reporter,
    )
    assert [part.value for part in update.cells.all()] == [Decimal(2)]
    done = client.get(sent["Location"])
    assert "1 figure is taken." in done.text
    assert "data-again" not in done.text
    assert client.post(sent["Location"]).status_code == 302
    assert "This table was taken already." in client.get(sent["Location"]).text
    assert worked_on() == ""
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

    found = problems_of(client, sent)
    taken(client, sent)

    assert found == [(2, column)]
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

    assert problems_of(client, sent) == [
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

    assert (report["same"], report["new"], report["problems"]) == (1, 0, [])


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
    assert lines[0].startswith("indicator,indicator_id,period_start,hub,exchange,value")
    which = f"{setting.version.definition.code},{setting.indicator.pk},2020-01-01"
    assert lines[1].startswith(f"{which},{setting.hub.slug}")


def test_each_of_two_indicators_of_one_definition_is_reached_by_its_number():
    setting = Setting()
    second = setting.another()
    columns = "indicator,period_start,hub,value,indicator_id"
    numbers = ("", "17x", second.pk, setting.indicator.pk)
    rows = [row(setting, str(value), str(pk)) for value, pk in enumerate(numbers)]
    client, sent = uploaded(setting, *rows, columns=columns)
    assert problems_of(client, sent) == [(2, "indicator_id"), (3, "indicator_id")]

    client, sent = uploaded(setting, *rows[2:], columns=columns)
    taken(client, sent)

    found = Update.objects.values_list("indicator", "value")
    assert set(found) == {(second.pk, 2), (setting.indicator.pk, 3)}


def problems_of(client, sent):
    """Return the row and column of each problem that the page of an upload tells."""
    report = client.get(sent["Location"]).context["report"]
    return [(number, name) for number, name, _text in report["problems"]]


SOURCED = "indicator,period_start,hub,value,source_name,is_additive"


def test_a_unit_reports_from_several_sources_in_one_table():
    setting = Setting()
    client, sent = uploaded(
        setting,
        row(setting, "5", "", ""),
        row(setting, "2", "Survey", "true"),
        row(setting, "3", "Register", "TRUE"),
        columns=SOURCED,
    )

    taken(client, sent)

    assert set(Update.objects.values_list("value", "source_name", "is_additive")) == {
        (5, "", False),
        (2, "Survey", True),
        (3, "Register", True),
    }


def test_sources_that_cannot_be_told_apart_are_told_by_row_and_column():
    setting = Setting()
    client, sent = uploaded(
        setting,
        row(setting, "5", "", "true"),
        row(setting, "2", "Survey", "perhaps"),
        row(setting, "3", "Register", "true"),
        row(setting, "3", "Register", "true"),
        row(setting, "3", "x" * 121, "true"),
        columns=SOURCED,
    )

    assert problems_of(client, sent) == [
        (2, "source_name"),
        (3, "is_additive"),
        (5, "indicator"),
        (6, "source_name"),
    ]


def test_columns_without_a_name_are_left_out_and_the_same_name_twice_is_refused():
    setting = Setting()
    columns = "indicator,period_start,hub,value"
    client, sent = uploaded(setting, row(setting, "5", "", ""), columns=f"{columns},,")
    taken(client, sent)
    _client, twice = uploaded(setting, row(setting, "5", "6"), columns=f"{columns},value")

    assert list(Update.objects.values_list("value", flat=True)) == [Decimal(5)]
    assert "Look at: value." in twice.context["form"].errors["file"][0]


def test_rule_3_a_falling_running_total_of_a_table_needs_a_comment():
    setting = Setting(accumulates=True, time_op="last")
    setting.approved(value=Decimal(120))
    falling = row(setting, "100", "", day="2021-01-01")
    told = row(setting, "100", "Recount", day="2021-01-01")

    assert problems_of(*uploaded(setting, falling, is_sent="on")) == [(2, "comment")]
    assert problems_of(*uploaded(setting, told, is_sent="on")) == []
    assert problems_of(*uploaded(setting, falling)) == []


def test_a_locked_period_takes_no_row_until_leave_is_given():
    setting = Setting()
    client, sent = uploaded(setting, row(setting, "5", ""))
    setting.year.locked_at = timezone.now()
    setting.year.save()
    assert problems_of(client, sent) == [(2, "period_start")]
    assert taken(client, sent) == ""
    assert Update.objects.count() == 0

    until = timezone.now() + datetime.timedelta(hours=1)
    LockException.objects.create(
        period=setting.year,
        indicator=setting.indicator,
        until=until,
        reason="Late",
        by=setting.head,
    )
    assert problems_of(client, sent) == []
    taken(client, sent)
    assert Update.objects.count() == 1


def test_a_long_table_asks_the_database_as_often_as_a_short_one():
    setting = Setting(accumulates=True, time_op="last")
    days = [datetime.date(year, 1, 1) for year in range(1990, 2010)]
    for day in days:
        PeriodFactory(
            framework=setting.framework, starts_on=day, ends_on=day.replace(month=12, day=31)
        )
    setting.approved(value=Decimal(1))

    def statements(number):
        rows = [row(setting, "5", "", day=day.isoformat()) for day in days[:number]]
        _client, _sent = uploaded(setting, *rows, is_sent="on")
        upload = UpdateUpload.objects.select_related("member", "framework").latest("pk")
        with CaptureQueriesContext(connection) as asked:
            assert len(check_upload(upload).new) == number
        with CaptureQueriesContext(connection) as taking:
            upload_steps.confirm_upload(upload, by=setting.reporter)
            assert worked_on() == "done"
        Update.objects.filter(state="submitted").delete()
        return len(asked), len(taking)

    assert statements(2) == statements(20)


def test_tables_that_nobody_confirmed_are_dropped_after_two_weeks():
    setting = Setting()
    uploaded(setting, row(setting, "5", ""))
    uploaded(setting, row(setting, "6", ""))
    old, new = UpdateUpload.objects.order_by("pk")
    fifteen_days_ago = timezone.now() - datetime.timedelta(days=15)
    UpdateUpload.objects.filter(pk=old.pk).update(created_at=fifteen_days_ago)

    assert drop_old_uploads() == 1
    assert list(UpdateUpload.objects.all()) == [new]


def forgotten(**columns):
    """Have the step of every table asked for so long ago that the sweeper takes it up."""
    long_ago = timezone.now() - SWEEP_AFTER - datetime.timedelta(seconds=1)
    UpdateUpload.objects.update(asked_at=long_ago, **columns)


@pytest.fixture
def _two_are_long(monkeypatch):
    monkeypatch.setattr(upload_steps, "AT_ONCE", 1)


@pytest.mark.usefixtures("_two_are_long")
def test_a_long_table_is_checked_and_taken_by_the_worker():
    setting = Setting()
    rows = (row(setting, "5", ""), row(setting, "6", "", day="2021-01-01"))
    client, sent = uploaded(setting, *rows)
    waiting = client.get(sent["Location"])
    assert "data-again" in waiting.text
    assert "0 of 2 rows" in waiting.text
    client.post(sent["Location"])
    assert "This table cannot be taken now." in client.get(sent["Location"]).text

    assert worked_on() == "checked"
    report = client.get(sent["Location"]).context["report"]
    assert (report["rows"], report["new"], report["problem_count"]) == (2, 2, 0)
    assert Update.objects.count() == 0
    assert taken(client, sent) == "done"

    assert Update.objects.count() == 2
    assert UpdateUpload.objects.get().rows == []


@pytest.mark.usefixtures("_two_are_long")
def test_what_changed_since_a_long_check_is_told_and_nothing_is_taken():
    setting = Setting()
    rows = (row(setting, "5", ""), row(setting, "6", "", day="2021-01-01"))
    client, sent = uploaded(setting, *rows)
    worked_on()
    client.post(sent["Location"])
    setting.year.locked_at = timezone.now()
    setting.year.save()

    assert worked_on() == "checked"

    page = client.get(sent["Location"])
    assert "Something changed since the check. Look at the report again." in page.text
    assert problems_of(client, sent) == [(2, "period_start")]
    assert Update.objects.count() == 0
    assert taken(client, sent) == ""


def test_a_worker_lost_on_the_way_leaves_nothing_and_the_sweeper_goes_on(monkeypatch):
    setting = Setting()
    client, sent = uploaded(setting, row(setting, "5", ""))
    client.post(sent["Location"])

    def killed(*_args, **_kwargs):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(upload_steps, "tell_when_ready", killed)
        with pytest.raises(KeyboardInterrupt):
            worked_on()
    assert Update.objects.count() == 0
    assert sweep_uploads() == 0
    forgotten()

    assert sweep_uploads() == 1

    assert (Update.objects.count(), UpdateUpload.objects.get().state) == (1, "done")
    mail = OutgoingMail.objects.get()
    assert (mail.to, sent["Location"] in mail.body) == (setting.reporter.email, True)
    assert sweep_uploads() == 0


def test_a_table_that_ends_every_worker_is_given_up_and_can_be_tried_again():
    setting = Setting()
    client, sent = uploaded(setting, row(setting, "5", ""))
    client.post(sent["Location"])
    UpdateUpload.objects.update(attempts=MOST_ATTEMPTS)

    assert worked_on() == ""

    page = client.get(sent["Location"])
    assert "The table could not be worked on; nothing of it was taken." in page.text
    assert Update.objects.count() == 0
    client.post(sent["Location"])
    assert worked_on() == "checked"
    assert taken(client, sent) == "done"
    assert Update.objects.count() == 1


def test_who_may_report_no_more_when_the_worker_comes_takes_nothing():
    setting = Setting()
    client, sent = uploaded(setting, row(setting, "5", ""))
    client.post(sent["Location"])
    setting.reporter.memberships.all().delete()

    assert worked_on() == "checked"

    page = client.get(sent["Location"])
    assert "Something changed since the check. Look at the report again." in page.text
    assert page.context["report"]["problems"][0][:2] == [2, "indicator"]
    assert Update.objects.count() == 0
