"""Explain this number: for every figure, for every reader, as of every moment (rules 11, 12)."""

import csv
import datetime
import io

import pytest
from django.utils import timezone

from evaluation.models import Figure, FigureLine, Update
from hubs.models import Membership
from tests.api_clients import client_of
from tests.evaluation.trees import a_tree, compute, figure, report, years
from tests.factories import evaluation as make
from tests.factories.accounts import MemberFactory
from tests.factories.hubs import MembershipFactory

pytestmark = pytest.mark.django_db


def page(client, of, query=""):
    response = client.get(f"/evaluation/figures/{of.pk}/explain/{query}")
    assert response.status_code == 200
    return response.content.decode()


def api(client, of):
    response = client.get(f"/api/v1/figures/{of.pk}/")
    assert response.status_code == 200
    return response.json()


def leaves(client, of):
    response = client.get(f"/evaluation/figures/{of.pk}/explain/?export=csv")
    assert response.status_code == 200
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


@pytest.fixture
def tree():
    """A community indicator; one hub reported 4 for 2020, another one 5."""
    parent, (one, two) = a_tree()
    report(one, 4)
    report(two, 5)
    compute(one, two)
    return parent, one, two


def test_the_page_says_what_a_total_is_made_of(client, tree):
    parent, one, _two = tree

    text = page(client, figure(parent, 2020))

    assert "The counted lines add up to 9." in text
    assert "2 of 2 reported" in text
    assert "The sum of what is reported." in text
    assert f"/evaluation/figures/{figure(one, 2020).pk}/explain/" in text


def test_a_leaf_names_its_reporter_approver_and_evidence(client, tree):
    _parent, one, _two = tree
    update = one.updates.get()
    make_evidence(update)
    make_evidence(update, is_confidential=True)

    text = page(client, figure(one, 2020))

    assert update.hub.short_name in text
    assert update.approver.name in text
    (line,) = api(client, figure(one, 2020))["lines"]
    assert (line["hub"], line["value"], line["evidence"]) == (update.hub.slug, "4.000000", 1)


def make_evidence(update, **more):
    return update.evidence.create(kind="link", title="Report", address="https://a.example/", **more)


def test_every_leaf_of_a_total_is_in_the_file_and_they_add_up(client, tree):
    parent, _one, _two = tree

    rows = leaves(client, figure(parent))

    counted = [row for row in rows if row["role"] == "counted"]
    assert sorted(float(row["value"]) for row in counted) == [4, 5]
    assert all(row["explain_url"].startswith("http://testserver/") for row in rows)


def test_what_the_reader_may_not_see_is_counted_and_never_named(client):
    parent, (one, _two) = a_tree()
    secret = make.ExchangeFactory(confidential=True, title="Very secret", slug="very-secret")
    report(one, 4)
    report(one, 7, hub=None, exchange=secret)
    compute(one)
    of = figure(one, 2020)

    text = page(client, of)
    told = api(client, of)
    rows = leaves(client, figure(parent))

    assert "1 report not shown, together 7" in text
    assert "secret" not in text.lower()
    assert [line["value"] for line in told["lines"] if line["role"] == "counted"] == ["4.000000"]
    assert told["hidden"] == [
        {"role": "counted", "lines": 1, "value": "7.000000", "numerator": None, "denominator": None}
    ]
    assert "secret" not in str(told).lower()
    assert [row["lines"] for row in rows if row["reason"] == "not-shown"] == ["1"]
    assert not any("secret" in value.lower() for row in rows for value in row.values())


def test_those_who_may_see_it_see_it(client):
    _parent, (one, _two) = a_tree()
    secret = make.ExchangeFactory(confidential=True, title="Very secret")
    report(one, 7, hub=None, exchange=secret)
    compute(one)
    head = MembershipFactory(head=True, hub=secret.hub).member
    client.force_login(head)

    assert "Very secret" in page(client, figure(one, 2020))


@pytest.fixture
def waiting():
    """A figure of approved reports, and its sibling with what waits."""
    _parent, (one, _two) = a_tree()
    report(one, 4)
    compute(one)
    before = figure(one, 2020).pk
    report(one, 9, source_name="other", is_additive=True, approved=False, submitted=True)
    compute(one)
    assert figure(one, 2020).pk == before
    return one


VISIBLE = {
    "anonymous": {"approved"},
    "member": {"approved"},
    "stranger": {"approved"},
    "correspondent": {"approved", "with-pending"},
    "me_focal_point": {"approved", "with-pending"},
    "editor": {"approved", "with-pending"},
    "head": {"approved", "with-pending"},
    "moderator": {"approved", "with-pending"},
}


def test_each_role_sees_its_series(waiting):
    pages = {
        series: figure(waiting, 2020, series).get_absolute_url()
        for series in ("approved", "with-pending")
    }
    seen, listed = {}, {}
    for who in VISIBLE:
        client = client_of(member_of(who, waiting.result.framework.hub))
        seen[who] = {
            series for series, address in pages.items() if client.get(address).status_code == 200
        }
        rows = client.get(f"/api/v1/figures/?indicator={waiting.pk}").json()["results"]
        listed[who] = {row["series"] for row in rows}

    assert seen == listed == VISIBLE


def member_of(who, hub):
    """Return somebody of a role in the hub, or of the portal; None for a visitor."""
    if who == "anonymous":
        return None
    if who in Membership.Role.values:
        return MembershipFactory(hub=hub, role=who).member
    if who == "stranger":
        return MembershipFactory(head=True).member
    return MemberFactory(moderator=who == "moderator")


def test_what_somebody_hands_in_changes_not_one_byte_for_others():
    parent, (one, two) = a_tree()
    report(one, 4)
    compute(one)
    hub = one.result.framework.hub
    clients = [client_of(member_of(who, hub)) for who in ("anonymous", "member", "stranger")]
    things = (
        figure(parent, 2020).get_absolute_url(),
        f"/api/v1/figures/{figure(parent).pk}/",
        f"/api/v1/figures/?framework={parent.result.framework.slug}",
        "/api/v1/figures/",
    )

    def seen():
        return [without_token(client.get(thing)) for client in clients for thing in things]

    before = seen()
    report(two, 9, approved=False, submitted=True)
    report(one, 8, approved=False)
    compute(one, two)

    assert seen() == before


def without_token(response):
    """Return what is shown; a page for members has a new token each time."""
    lines = response.content.decode().splitlines()
    return [line for line in lines if "csrfmiddlewaretoken" not in line]


def test_a_hidden_framework_has_no_figures(client):
    _parent, (one, _two) = a_tree()
    report(one, 4)
    framework = one.result.framework
    framework.is_published = False
    framework.save()
    compute(one)

    assert client.get(figure(one, 2020).get_absolute_url()).status_code == 404
    assert client.get(f"/api/v1/figures/{figure(one, 2020).pk}/").status_code == 404


def test_rule_12_a_past_moment_gives_what_was_published_then(client):
    _parent, (one, _two) = a_tree()
    first = report(one, 4)
    compute(one)
    old = figure(one, 2020)
    Update.objects.filter(pk=first.pk).update(state="superseded", ended_at=timezone.now())
    report(one, 6, supersedes=first)
    compute(one)
    now = figure(one, 2020)
    last_year = timezone.now() - datetime.timedelta(days=400)
    Figure.objects.filter(pk=old.pk).update(computed_at=last_year)
    day = (last_year + datetime.timedelta(days=10)).date().isoformat()

    then = page(client, now, f"?as_of={day}")
    long_before = page(client, now, "?as_of=1999")

    assert "The counted lines add up to 4." in then
    assert "This figure was superseded." in then
    assert "Nothing was published for this at that time." in long_before
    rows = client.get(f"/api/v1/figures/?indicator={one.pk}&whole=yes&as_of={day}").json()
    assert [row["value"] for row in rows["results"]] == ["4.000000"]
    assert "This figure was superseded." in page(client, old)


@pytest.mark.parametrize("text", ["yesterday", "2026-13-01", "0", "9" * 39, "2026-01-31T"])
def test_a_moment_that_is_none_is_refused_in_words(client, tree, text):
    of = figure(tree[0])

    told = page(client, of, f"?as_of={text}")
    refused = client.get(f"/api/v1/figures/?as_of={text}")

    assert "Give a date as in 2026-01-31." in told
    assert "add up to" not in told
    assert refused.status_code == 400


@pytest.mark.parametrize(
    "query", ["indicator=x", "indicator=" + "9" * 30, "framework=nowhere", "series=x", "whole=x"]
)
def test_a_bad_filter_never_widens_the_list(client, tree, query):
    assert client.get(f"/api/v1/figures/?{query}").status_code == 400


def test_the_list_is_the_same_in_json_and_csv(client, tree):
    parent, _one, _two = tree
    query = f"framework={parent.result.framework.slug}"

    rows = client.get(f"/api/v1/figures/?{query}").json()["results"]
    text = b"".join(client.get(f"/api/v1/figures/?{query}&format=csv").streaming_content)

    found = list(csv.DictReader(io.StringIO(text.decode("utf-8-sig"))))
    assert [row["id"] for row in found] == [str(row["id"]) for row in rows]
    of_parent = Figure.objects.current().filter(indicator=parent)
    assert {row["id"] for row in rows} == set(of_parent.values_list("pk", flat=True))


@pytest.mark.parametrize("number", ["0", "999999999", "9" * 18, "9" * 40])
def test_a_number_that_is_no_figure_is_not_found(client, number):
    assert client.get(f"/evaluation/figures/{number}/explain/").status_code == 404
    assert client.get(f"/api/v1/figures/{number}/").status_code == 404


def test_lines_that_do_not_add_up_are_said_to(client, tree):
    of = figure(tree[0], 2020)
    FigureLine.objects.filter(figure=of, value=4).update(value=3)

    assert "The counted lines do not add up to the figure." in page(client, of)


def test_statements_do_not_grow_with_lines(client, django_assert_max_num_queries):
    parent, children = a_tree(hubs=8)
    for child in children:
        report(child, 1)
    compute(*children)
    client.force_login(MemberFactory())
    for of in (figure(children[0], 2020), figure(parent, 2020)):
        with django_assert_max_num_queries(14):
            page(client, of)
        with django_assert_max_num_queries(9):
            api(client, of)


def test_reports_of_exchanges_that_one_side_reported_are_said_to_be(client):
    parent, (hub_level, _other) = a_tree()
    frameworks = []
    for is_confirmed in (True, False):
        exchange = make.ExchangeFactory(is_confirmed=is_confirmed)
        framework = make.FrameworkFactory(layer="exchange", hub=None, exchange=exchange)
        indicator = make.IndicatorFactory(
            result__framework=framework, definition=parent.definition, rolls_up_to=parent
        )
        years(indicator)
        report(indicator, 3, exchange=exchange, hub=None)
        frameworks.append(indicator)
    report(hub_level, 4)
    compute(hub_level, *frameworks)

    text = page(client, figure(parent, 2020))

    # Confirmation is of an exchange's facts: what was approved counts (rule 1), and is marked.
    assert figure(parent, 2020).value == 10
    assert "3 counted reports" in text
    assert "1 of them of an exchange that one side reported" in text
    rows = leaves(client, figure(parent, 2020))
    assert sorted(row["exchange_is_confirmed"] for row in rows if row["role"] == "counted") == [
        "",
        "false",
        "true",
    ]
    assert "Reported by one side" in page(client, figure(frameworks[1], 2020))
    assert "Reported by one side" not in page(client, figure(frameworks[0], 2020))
    told = api(client, figure(frameworks[1], 2020))["lines"]
    assert [line["exchange_is_confirmed"] for line in told] == [False]
