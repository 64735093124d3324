"""Pages, API and CSV of reported figures; reporting by a link."""

import csv
import datetime
import io
import re
from decimal import Decimal

import pytest
from django.core import mail
from django.utils import timezone

from accounts.models import OutgoingMail
from evaluation.models import Evidence, ReportingLink, Update, UpdateCell
from evaluation.services.reporting_links import (
    LinkGone,
    Reporter,
    make_link,
    report_by_link,
    revoke_link,
)
from evaluation.services.update_checks import Stated
from tests.api_clients import client_of
from tests.evaluation.reporting import Setting, states
from tests.factories.evaluation import DimensionFactory, UpdateFactory
from tests.races import all_at_once

pytestmark = pytest.mark.django_db

LIST = "/evaluation/updates/"
API = "/api/v1/updates/"


def report_url(setting, period=None):
    period = period or setting.year
    return (
        f"/evaluation/frameworks/{setting.framework.slug}/report/"
        f"?indicator={setting.indicator.pk}&period={period.pk}&unit=hub:{setting.hub.slug}"
    )


def test_a_figure_goes_from_the_form_to_approval():
    setting = Setting()
    sex = DimensionFactory(code="sex", parts=["women", "men"])
    setting.version.dimensions.add(sex)
    women, men = sex.cells.order_by("pk")
    reporter, head = client_of(setting.reporter), client_of(setting.head)
    assert reporter.get(report_url(setting)).status_code == 200

    typed = {"value": "1,234", f"cell-{women.pk}": "1,000", f"cell-{men.pk}": "", "submit": "1"}
    sent = reporter.post(report_url(setting), typed)

    update = Update.objects.get()
    assert (sent.status_code, sent["Location"]) == (302, update.get_absolute_url())
    assert (update.state, update.value) == ("submitted", Decimal(1234))
    assert list(UpdateCell.objects.values_list("cell", "value")) == [(women.pk, Decimal(1000))]
    page = head.get(update.get_absolute_url()).content.decode()
    assert "unknown" in page
    head.post(f"{LIST}{update.pk}/approve/", {"version": update.version})
    assert states() == {update.pk: "approved"}
    assert client_of(None).get(update.get_absolute_url()).status_code == 200


@pytest.mark.parametrize(
    ("language", "typed", "value"),
    [("en", "1,234.5", "1234.5"), ("es", "1.234,5", "1234.5"), ("ar", "١٢٣٤٫٥", "1234.5")],
)
def test_the_form_reads_numbers_in_the_readers_language(language, typed, value):
    setting = Setting(kind="measure")
    setting.reporter.language = language
    setting.reporter.save()
    client = client_of(setting.reporter, headers={"Accept-Language": language})
    client.cookies["django_language"] = language

    client.post(report_url(setting), {"value": typed})

    assert list(Update.objects.values_list("value", flat=True)) == [Decimal(value)]


@pytest.mark.parametrize(
    "typed",
    ["twelve", "1.234,5", "-5", "1.5", "9" * 59, "9" * 900, "1\x00", "NaN", "1e5"],
)
def test_bad_numbers_are_told_at_the_field_and_kept(typed):
    setting = Setting()

    page = client_of(setting.reporter).post(report_url(setting), {"value": typed})

    assert page.status_code == 200
    assert page.context["form"].errors.keys() == {"value"}
    assert states() == {}


def test_somebody_else_who_saved_meanwhile_is_told_and_nothing_is_lost():
    setting = Setting()
    update = setting.draft()
    client = client_of(setting.reporter)
    url = f"{LIST}{update.pk}/edit/"
    client.post(url, {"value": "6", "version": "1"})

    late = client.post(url, {"value": "7", "version": "1"})

    assert late.status_code == 409
    assert 'value="7"' in late.content.decode()
    assert Update.objects.get().value == 6


def test_evidence_comes_with_the_report_and_confidential_evidence_is_not_told():
    setting = Setting()
    typed = {
        "value": "5",
        "evidence_title": "Attendance of May",
        "evidence_address": "https://example.org/list",
        "evidence_is_confidential": "on",
        "submit": "1",
    }
    client_of(setting.reporter).post(report_url(setting), typed)
    update = Update.objects.get()
    client_of(setting.head).post(f"{LIST}{update.pk}/approve/", {"version": update.version})

    assert Evidence.objects.get().is_confidential
    insider = client_of(setting.head).get(update.get_absolute_url()).content.decode()
    anybody = client_of(None).get(update.get_absolute_url()).content.decode()
    assert "Attendance of May" in insider
    assert "Attendance of May" not in anybody


def test_a_batch_says_of_each_what_became_of_it():
    setting = Setting()
    good = setting.submitted()
    client = client_of(setting.head)
    assert f'value="{good.pk}:{good.version}"' in client.get(LIST).content.decode()

    sent = {"update": [f"{good.pk}:{good.version}", "x:1", "99999999:1", "1:" + "9" * 40]}
    page = client.post(f"{LIST}approve/", sent, follow=True)

    assert "1 figure is approved." in page.content.decode()
    assert states() == {good.pk: "approved"}


def ids_in_page(client, query):
    page = client.get(LIST + query).content.decode()
    return [int(pk) for pk in re.findall(r'<h2><a href="/evaluation/updates/(\d+)/"', page)]


def ids_in_csv(client, query):
    text = b"".join(client.get(f"{LIST}{query}&export=csv").streaming_content).decode("utf-8-sig")
    return [int(row["id"]) for row in csv.DictReader(io.StringIO(text))]


def ids_in_api(client, query):
    return [row["id"] for row in client.get(API + query).json()["results"]]


@pytest.mark.parametrize("ids_in", [ids_in_page, ids_in_csv, ids_in_api])
def test_page_api_and_csv_give_the_same(ids_in):
    setting = Setting()
    first = setting.approved()
    second = setting.approved(setting.next_year)
    waiting = setting.submitted(source_name="other", value=Decimal(1))
    UpdateFactory(approved=True)
    framework = f"framework={setting.framework.slug}"
    member, visitor = client_of(setting.reporter), client_of(None)

    assert set(ids_in(visitor, f"?{framework}")) == {first.pk, second.pk}
    assert set(ids_in(member, f"?{framework}")) == {first.pk, second.pk, waiting.pk}
    assert ids_in(member, f"?{framework}&state=submitted") == [waiting.pk]
    assert ids_in(visitor, f"?{framework}&period_from=2021-01-01") == [second.pk]
    assert ids_in(visitor, f"?hub={setting.hub.slug}&period_to=2020-12-31") == [first.pk]
    assert ids_in(visitor, "?framework=no-such") == []


@pytest.mark.parametrize("query", ["state=no", "period_from=yesterday", "hub=no-such"])
def test_a_bad_filter_never_widens(query):
    Setting().approved()
    client = client_of(None)

    assert ids_in_page(client, f"?{query}") == []
    assert client.get(f"{LIST}?{query}&export=csv").status_code == 400
    assert client.get(f"{API}?{query}").status_code == 400


@pytest.mark.parametrize("number", [1, 3])
def test_lists_ask_as_often_whatever_their_length(number, django_assert_max_num_queries):
    for _each in range(number):
        Setting().approved()
    client = client_of(Setting().reporter)
    client.get(LIST)

    with django_assert_max_num_queries(16):
        client.get(LIST)


def test_to_report_lists_what_nobody_has_begun():
    setting = Setting()
    setting.draft()

    page = client_of(setting.reporter).get(f"{LIST}to-report/")

    found = [(due.indicator, due.period) for due in page.context["page_obj"]]
    assert found == [(setting.indicator, setting.next_year)]


def test_programs_report_and_approve():
    setting = Setting()
    reporter, head = client_of(setting.reporter), client_of(setting.head)
    body = {
        "framework": setting.framework.slug,
        "indicator": setting.version.definition.code,
        "period_start": "2020-01-01",
        "hub": setting.hub.slug,
        "value": "12",
    }
    made = reporter.post(API, body, content_type="application/json")
    assert made.status_code == 201, made.content
    url, etag = made["Location"], made["ETag"]

    def press(client, act, tag):
        kind = "application/json"
        return client.post(f"{url}{act}/", content_type=kind, headers={"If-Match": tag})

    sent = press(reporter, "submit", etag)
    assert sent.json()["state"] == "submitted"
    stale = press(head, "approve", etag)
    done = press(head, "approve", sent["ETag"])

    assert (stale.status_code, done.status_code) == (412, 200)
    assert (done.json()["state"], done.json()["value"]) == ("approved", "12.000000")
    assert (
        reporter.post(API, body | {"value": "x"}, content_type="application/json").status_code
        == 400
    )


def link_of(setting, **changes):
    reporter = Reporter("Ana", "ana@example.org", "en")
    details = {"reporter": reporter, "days": 7, "by": setting.reporter} | changes
    return make_link([setting.indicator], setting.year, setting.unit, **details)


def token_in(address):
    return address.rstrip("/").rpartition("/")[2]


def test_a_link_is_mailed_used_once_and_kept_as_a_hash(django_capture_on_commit_callbacks):
    setting = Setting()
    with django_capture_on_commit_callbacks(execute=True):
        link, address = link_of(setting)
    token = token_in(address)
    assert token not in link.token_hash
    assert [each.to for each in mail.outbox] == [["ana@example.org"]]
    assert address in mail.outbox[0].body
    assert OutgoingMail.objects.filter(body__contains=token).count() == 0
    client, url = client_of(None), f"/evaluation/report/{token}/"
    page = client.get(url)
    assert "no-store" in page["Cache-Control"]
    assert page["Referrer-Policy"] == "same-origin"

    wrong = client.post(url, {"author_name": "Ana", f"{setting.indicator.pk}-value": "many"})
    done = client.post(url, {"author_name": "Ana B", f"{setting.indicator.pk}-value": "42"})
    again = client.post(url, {"author_name": "Ana B", f"{setting.indicator.pk}-value": "43"})
    thanks = client.get(done["Location"])

    assert (wrong.status_code, done.status_code, again.status_code) == (200, 302, 410)
    assert "Thank you" in thanks.content.decode()
    assert "no-store" in thanks["Cache-Control"]
    ReportingLink.objects.update(used_at=timezone.now() - datetime.timedelta(hours=2))
    assert client.get(done["Location"]).status_code == 410
    rows = Update.objects.values_list("value", "state", "author", "author_name")
    assert list(rows) == [(Decimal(42), "submitted", None, "Ana B")]
    update = Update.objects.get()
    client_of(setting.head).post(f"{LIST}{update.pk}/approve/", {"version": update.version})
    assert states() == {update.pk: "approved"}


def test_links_that_are_over_are_not_told_apart():
    setting = Setting()
    revoked, revoked_at = link_of(setting)
    revoke_link(revoked, by=setting.reporter)
    ended, ended_at = link_of(setting)
    ReportingLink.objects.filter(pk=ended.pk).update(
        expires_at=timezone.now() - datetime.timedelta(seconds=1)
    )
    client = client_of(None)

    tokens = ("never-was", token_in(revoked_at), token_in(ended_at))
    answers = [client.get(f"/evaluation/report/{token}/") for token in tokens]

    assert [answer.status_code for answer in answers] == [410, 410, 410]
    texts = {re.search(r"<h1>.*?</div>", a.content.decode(), re.S)[0] for a in answers}
    assert len(texts) == 1


def test_a_link_reports_on_its_own_indicators_only():
    setting = Setting()
    _link, address = link_of(setting)
    other = setting.another()

    client_of(None).post(
        f"/evaluation/report/{token_in(address)}/",
        {"author_name": "Ana", f"{setting.indicator.pk}-value": "1", f"{other.pk}-value": "2"},
    )

    assert list(Update.objects.values_list("indicator", flat=True)) == [setting.indicator.pk]


def test_two_presses_of_send_all_are_thanked_for_one_report():
    setting = Setting()
    _link, address = link_of(setting)
    client = client_of(None)
    body = {
        "csrfmiddlewaretoken": "of-one-page",
        "author_name": "Ana",
        f"{setting.indicator.pk}-value": "42",
    }

    answers = [client.post(f"/evaluation/report/{token_in(address)}/", body) for _ in range(2)]
    other = client.post(f"/evaluation/report/{token_in(address)}/", body | {"author_name": "B"})

    assert [answer.status_code for answer in answers] == [302, 302]
    assert answers[0]["Location"] == answers[1]["Location"]
    assert other.status_code == 410
    assert list(states().values()) == ["submitted"]


def test_a_link_ends_when_its_maker_leaves_the_hub():
    setting = Setting()
    _link, address = link_of(setting)
    client, url = client_of(None), f"/evaluation/report/{token_in(address)}/"
    assert client.get(url).status_code == 200

    setting.reporter.memberships.update(
        valid_from=None, valid_to=timezone.localdate() - datetime.timedelta(days=1)
    )

    body = {"author_name": "Ana", f"{setting.indicator.pk}-value": "42"}
    assert [client.get(url).status_code, client.post(url, body).status_code] == [410, 410]
    assert states() == {}
    page = client_of(setting.head).get(f"/evaluation/frameworks/{setting.framework.slug}/links/")
    assert "ended: who made it left the hub" in page.content.decode()


@pytest.mark.django_db(transaction=True)
def test_a_link_used_twice_at_once_is_one_report():
    setting = Setting()
    _link, address = link_of(setting)
    reports = {setting.indicator.pk: Stated({"value": Decimal(1)})}

    def act():
        return report_by_link(token_in(address), reports, author_name="Ana")

    results = all_at_once(act, act)

    assert sorted(isinstance(each, LinkGone) for each in results) == [False, True]
    assert list(states().values()) == ["submitted"]


@pytest.mark.django_db(transaction=True)
def test_a_link_and_a_report_on_one_of_its_indicators_at_once_wait_for_each_other():
    setting = Setting()
    others = [setting.another() for _each in range(6)]
    reports = {each.pk: Stated({"value": Decimal(1)}) for each in [setting.indicator, *others]}
    _link, address = make_link(
        [setting.indicator, *others[:-1]],
        setting.year,
        setting.unit,
        reporter=Reporter("Ana"),
        days=7,
        by=setting.reporter,
    )
    setting.indicator = others[-2]

    results = all_at_once(
        lambda: report_by_link(token_in(address), reports, author_name="Ana"), setting.draft
    )

    # One of the two was first; neither was broken off by the database.
    assert sorted(type(each).__name__ for each in results) in (
        ["DomainError", "Update"],
        ["DomainError", "list"],
    )


@pytest.mark.parametrize(
    ("address", "states_after"),
    [("", "submitted"), ("own", "submitted"), ("ana@example.org", "approved")],
)
def test_who_had_the_link_does_not_approve_what_was_reported_by_it(address, states_after):
    setting = Setting()
    mailed_to = setting.head.email.upper() if address == "own" else address
    _link, url = link_of(setting, reporter=Reporter("Ana", mailed_to), by=setting.head)
    reports = {setting.indicator.pk: Stated({"value": Decimal(1)})}
    (update,) = report_by_link(token_in(url), reports, author_name="Ana")

    answer = client_of(setting.head).post(
        f"{LIST}{update.pk}/approve/", {"version": update.version}
    )

    assert answer.status_code == (302 if states_after == "approved" else 403)
    assert states() == {update.pk: states_after}


def test_a_figure_is_shown_with_the_decimals_that_were_stated():
    setting = Setting(kind="measure", unit="km")
    update = setting.approved(value=Decimal("1234.5"))

    for url in (update.get_absolute_url(), LIST):
        page = client_of(None).get(url).content.decode()
        assert '<span class="figure">1,234.5 <bdi>km</bdi></span>' in page


def test_an_additive_figure_without_a_source_is_refused_at_its_field():
    setting = Setting()

    page = client_of(setting.reporter).post(
        report_url(setting), {"value": "5", "is_additive": "on"}
    )

    assert page.context["form"].errors.keys() == {"source_name"}
    assert "<title>Error:" in page.content.decode()
    assert states() == {}


def test_programs_withdraw_a_draft_without_a_reason_and_an_approved_figure_with_one():
    setting = Setting()
    draft, approved = setting.draft(setting.next_year), setting.approved()
    head = client_of(setting.head)

    def withdraw(update, reason):
        url = f"{API}{update.pk}/"
        return head.post(
            f"{url}withdraw/",
            {"reason": reason},
            content_type="application/json",
            headers={"If-Match": head.get(url)["ETag"]},
        ).status_code

    answers = [withdraw(draft, ""), withdraw(approved, " "), withdraw(approved, "Wrong")]

    assert answers == [200, 400, 200]
    assert states() == {draft.pk: "withdrawn", approved.pk: "withdrawn"}


# What a framework, or a unit, has twice


def test_a_second_source_is_begun_while_the_first_is_open():
    setting = Setting()
    first = setting.draft()
    client = client_of(setting.reporter)
    edit = f"{first.get_absolute_url()}edit/"

    assert client.get(report_url(setting))["Location"] == edit
    another = client.get(edit).context["another_url"]
    assert client.get(first.get_absolute_url()).context["another_url"] == another
    assert client.get(another).status_code == 200
    unnamed = client.post(another, {"value": "7"})
    assert unnamed.context["form"].errors.keys() == {"source_name"}
    client.post(another, {"value": "7", "source_name": "Register", "is_additive": "on"})

    sources = Update.objects.order_by("pk").values_list("source_name", "value")
    assert list(sources) == [("", 5), ("Register", 7)]


def test_the_api_names_one_of_two_indicators_of_one_definition_by_its_number():
    setting = Setting()
    second = setting.another()
    client = client_of(setting.reporter)
    body = {
        "framework": setting.framework.slug,
        "indicator": setting.version.definition.code,
        "period_start": "2020-01-01",
        "hub": setting.hub.slug,
        "value": "3",
    }

    def sent(**more):
        return client.post(API, body | more, "application/json")

    unnamed, odd = sent(), sent(indicator_id=2**40)
    made = sent(indicator_id=second.pk)

    assert unnamed.json()["errors"].keys() == {"indicator_id"}
    assert odd.json()["errors"].keys() == {"indicator"}
    assert (made.status_code, made.json()["indicator_id"]) == (201, second.pk)
    assert [update.indicator for update in Update.objects.all()] == [second]
