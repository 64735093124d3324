"""Writing through the API: facts and hubs, by whom, and without losing anybody's change."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client

from accounts.models import Activity, IdempotentRequest
from hubs.models import FACT_MODELS, Hub, Source, Statement
from hubs.serializers import FACT_SERIALIZERS
from tests.api_clients import client_of
from tests.factories.accounts import MemberFactory
from tests.factories.hubs import (
    FACT_FACTORIES,
    HubFactory,
    InstitutionalModelFactory,
    MembershipFactory,
    OrganisationFactory,
    SourceFactory,
    StatementFactory,
)
from tests.hubs.people import PEOPLE, person

HUB = "/api/v1/hubs/abc/"
STATEMENTS = f"{HUB}statements/"
SOURCE = {"title": "Report", "address": "https://source.example/report"}
BODIES = {
    "statements": {"topic": "size", "text": "It has 12 staff."},
    "institutional-arrangements": {"model": "public-body", "valid_from": "1987"},
    "coordination-links": {
        "organisation": "ministry",
        "role": "lead",
        "government_level": "central",
    },
    "expertise-sources": {"kind": "public", "engagement": "main"},
    "funding-streams": {
        "source_type": "foundation",
        "provider": "ministry",
        "pledged": "12.50",
        "currency": "EUR",
        "share": "40",
    },
    "monitoring-practices": {"approach": "guideline"},
    "presences": {"country": "GH", "kind": "office"},
}


@pytest.fixture
def abc(db):
    InstitutionalModelFactory(code="public-body", name="Public body")
    OrganisationFactory(slug="ministry", name="Ministry of Planning")
    return HubFactory(slug="abc", name="Agency")


@pytest.fixture
def editor(abc):
    return client_of(MembershipFactory(hub=abc).member)


def send(client, method, path, body=None, **headers):
    options = {"headers": {name.replace("_", "-"): value for name, value in headers.items()}}
    if body is not None:
        options |= {"data": body, "content_type": "application/json"}
    return getattr(client, method)(path, **options)


def test_every_kind_has_a_body_here():
    assert list(BODIES) == list(FACT_SERIALIZERS)


@pytest.mark.parametrize("kind", BODIES)
def test_a_fact_of_each_kind_is_stated_read_changed_and_removed(abc, editor, kind):
    body = BODIES[kind] | {"sources": [SOURCE | {"dated_on": "2012-07"}], "stated_on": "2012"}

    made = send(editor, "post", f"{HUB}{kind}/", body)

    assert made.status_code == 201, made.content
    fact = made.json()
    assert {name: fact[name] for name in BODIES[kind] if name not in ("pledged", "share")} == {
        name: value for name, value in BODIES[kind].items() if name not in ("pledged", "share")
    }
    assert (fact["stated_on"], fact["version"]) == ("2012", 1)
    assert fact["sources"] == [SOURCE | {"publisher": "", "dated_on": "2012-07", "seen_on": None}]
    where = made["Location"].removeprefix("http://testserver")
    read = Client().get(where)
    assert (read.json(), read["ETag"]) == (fact, made["ETag"])

    changed = send(editor, "patch", where, {"note": "Checked."}, if_match=made["ETag"])

    assert changed.status_code == 200, changed.content
    assert changed.json() == fact | {
        "note": "Checked.",
        "version": 2,
        "updated_at": changed.json()["updated_at"],
    }

    gone = send(editor, "delete", f"{where}?reason=A%20mistake", if_match=changed["ETag"])

    assert (gone.status_code, gone.content) == (204, b"")
    assert Client().get(where).status_code == 404
    assert list(Activity.objects.order_by("pk").values_list("verb", flat=True)) == [
        "fact.added",
        "fact.changed",
        "fact.removed",
    ]


MAY_WRITE = {"editor", "head", "moderator", "administrator"}


@pytest.mark.parametrize("who", PEOPLE)
def test_each_role_writes_what_it_may(abc, who):
    statement = StatementFactory(hub=abc, sources=[SourceFactory()])
    user = person(who, abc)
    client = client_of(user if user.is_authenticated else None)
    refusal = 401 if who in ("anonymous", "suspended", "suspended_editor") else 403
    body = BODIES["statements"] | {"sources": [SOURCE]}

    answers = [
        send(client, "post", STATEMENTS, body),
        send(client, "patch", f"{STATEMENTS}{statement.pk}/", {"note": "x"}, if_match='"1"'),
        send(client, "delete", f"{STATEMENTS}{statement.pk}/?reason=x", if_match='"2"'),
        send(client, "patch", HUB, {"acronym": "AB"}, if_match='"1"'),
    ]

    statuses = [answer.status_code for answer in answers]
    assert statuses == ([201, 200, 204, 200] if who in MAY_WRITE else [refusal] * 4)
    if who not in MAY_WRITE:
        statement.refresh_from_db()
        assert (statement.note, Statement.objects.count()) == ("", 1)
        assert not Hub.objects.filter(acronym="AB").exists()
        assert {answer["Content-Type"] for answer in answers} == {"application/problem+json"}
    if refusal == 401 and who not in MAY_WRITE:
        assert {answer["WWW-Authenticate"] for answer in answers} == {'Session realm="api"'}


def test_who_may_not_see_a_hub_is_not_told_that_it_is_there(abc):
    Hub.objects.update(is_published=False)
    stranger = client_of(MembershipFactory().member)
    body = BODIES["statements"] | {"sources": [SOURCE]}

    assert send(stranger, "post", STATEMENTS, body).status_code == 404
    assert send(stranger, "patch", HUB, {"acronym": "AB"}, if_match="*").status_code == 404


def test_a_fact_is_not_reached_through_another_hub(abc, editor):
    other = StatementFactory(hub=HubFactory(slug="other"))

    for method, options in (("get", {}), ("patch", {"body": {}, "if_match": "*"})):
        assert send(editor, method, f"{STATEMENTS}{other.pk}/", **options).status_code == 404


def test_writing_by_session_needs_the_token(abc):
    member = MembershipFactory(hub=abc).member
    client = client_of(member, enforce_csrf_checks=True)
    body = BODIES["statements"] | {"sources": [SOURCE]}

    without = send(client, "post", STATEMENTS, body)
    client.cookies["csrftoken"] = "a" * 32
    with_it = send(client, "post", STATEMENTS, body, x_csrftoken="a" * 32)

    assert (without.status_code, without.json()["status"]) == (403, 403)
    assert with_it.status_code == 201


def test_a_hub_is_changed(abc, editor):
    read = editor.get(HUB)

    changed = send(
        editor,
        "patch",
        HUB,
        {"name": "New agency", "countries": ["GH", "BR", "GH"], "founded_year": 1987},
        if_match=read["ETag"],
    )

    assert changed.status_code == 200
    assert changed.json()["name"] == "New agency"
    assert changed.json()["countries"] == ["BR", "GH"]
    assert changed.json()["version"] == 2
    assert Hub.objects.get(pk=abc.pk).founded_year == 1987
    assert editor.get(HUB)["ETag"] == changed["ETag"] != read["ETag"]


def test_a_change_based_on_an_old_version_is_refused(abc, editor):
    statement = StatementFactory(hub=abc, sources=[SourceFactory()], text="First")
    where = f"{STATEMENTS}{statement.pk}/"
    tag, hub_tag = editor.get(where)["ETag"], editor.get(HUB)["ETag"]
    send(editor, "patch", where, {"text": "Second"}, if_match=tag)
    send(editor, "patch", HUB, {"acronym": "ONE"}, if_match=hub_tag)

    late = [
        send(editor, "patch", where, {"text": "Third"}, if_match=tag),
        send(editor, "delete", f"{where}?reason=x", if_match=tag),
        send(editor, "patch", HUB, {"acronym": "TWO"}, if_match=hub_tag),
    ]

    assert [answer.status_code for answer in late] == [412] * 3
    assert {answer.json()["type"] for answer in late} == {"http://testserver/api/problems/stale/"}
    statement.refresh_from_db()
    abc.refresh_from_db()
    assert (statement.text, abc.acronym) == ("Second", "ONE")


def test_a_change_without_a_version_is_refused(abc, editor):
    statement = StatementFactory(hub=abc)
    where = f"{STATEMENTS}{statement.pk}/"

    answers = [
        send(editor, "patch", where, {"text": "x"}),
        send(editor, "delete", f"{where}?reason=x"),
        send(editor, "patch", HUB, {"acronym": "x"}),
    ]

    assert [answer.status_code for answer in answers] == [428] * 3


@pytest.mark.django_db(transaction=True)
def test_of_two_changes_at_once_one_is_made(abc, editor):
    statement = StatementFactory(hub=abc, sources=[SourceFactory()])
    where = f"{STATEMENTS}{statement.pk}/"
    tag = editor.get(where)["ETag"]
    clients = [client_of(MembershipFactory(hub=abc).member) for _ in range(2)]

    statuses = at_once(
        [
            lambda c=client, text=text: send(c, "patch", where, {"text": text}, if_match=tag)
            for client, text in zip(clients, ("One", "Two"), strict=True)
        ]
    )

    assert sorted(answer.status_code for answer in statuses) == [200, 412]
    statement.refresh_from_db()
    assert statement.version == 2


def at_once(acts):
    barrier = threading.Barrier(len(acts))

    def run(act):
        barrier.wait()
        try:
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


REFUSED = [
    ("post", "statements", {"topic": "size"}, 400, {"text", "sources"}),
    ("post", "statements", {"text": "x" * 10_000}, 400, {"text"}),
    ("post", "statements", {"text": ""}, 400, {"text"}),
    ("post", "statements", {"text": None}, 400, {"text"}),
    ("post", "statements", {"text": {"a": 1}}, 400, {"text"}),
    ("post", "statements", {"topic": "gossip"}, 400, {"topic"}),
    ("post", "statements", {"topic": ["size"]}, 400, {"topic"}),
    ("post", "statements", {"colour": "red"}, 400, {"colour"}),
    ("post", "statements", {"valid_from": "2012-02-30"}, 400, {"valid_from"}),
    ("post", "statements", {"valid_from": 2012}, 400, {"valid_from"}),
    ("post", "statements", {"valid_from": ["2012"]}, 400, {"valid_from"}),
    ("post", "statements", {"valid_from": "2013", "valid_to": "2012"}, 400, {"request"}),
    ("post", "statements", {"is_published": "perhaps"}, 400, {"is_published"}),
    ("post", "statements", {"sources": []}, 409, None),
    ("post", "statements", {"sources": [SOURCE] * 21}, 400, {"sources"}),
    ("post", "statements", {"sources": "none"}, 400, {"sources"}),
    ("post", "statements", {"sources": ["none"]}, 400, {"sources.0"}),
    ("post", "statements", {"sources": [{"title": "No address"}]}, 400, {"sources.0.address"}),
    (
        "post",
        "statements",
        {"sources": [SOURCE, {"title": "x", "address": "javascript:alert(1)"}]},
        400,
        {"sources.1.address"},
    ),
    (
        "post",
        "statements",
        {"sources": [SOURCE | {"address": "ftp://source.example/"}]},
        400,
        {"sources.0.address"},
    ),
    ("post", "institutional-arrangements", {"model": "unknown"}, 400, {"model"}),
    ("post", "institutional-arrangements", {"model": 7}, 400, {"model"}),
    ("post", "institutional-arrangements", {"staff_number": -1}, 400, {"staff_number"}),
    ("post", "institutional-arrangements", {"staff_number": 10**30}, 400, {"staff_number"}),
    ("post", "institutional-arrangements", {"staff_number": "many"}, 400, {"staff_number"}),
    ("post", "coordination-links", {"organisation": "nobody"}, 400, {"organisation"}),
    ("post", "coordination-links", {"organisation": ["ministry"]}, 400, {"organisation"}),
    ("post", "coordination-links", {"organisation": {}}, 400, {"organisation"}),
    ("post", "funding-streams", {"share": "100.01"}, 400, {"share"}),
    ("post", "funding-streams", {"share": "-1"}, 400, {"share"}),
    ("post", "funding-streams", {"share": "NaN"}, 400, {"share"}),
    ("post", "funding-streams", {"pledged": "1e400"}, 400, {"pledged"}),
    ("post", "funding-streams", {"pledged": -5}, 400, {"request"}),
    ("post", "funding-streams", {"currency": ""}, 400, {"request"}),
    ("post", "funding-streams", {"currency": "XXX"}, 400, {"currency"}),
    ("post", "funding-streams", {"confidentiality": "secret"}, 400, {"confidentiality"}),
    ("post", "presences", {"country": "XX"}, 400, {"country"}),
    ("post", "presences", {"country": "Ghana"}, 400, {"country"}),
]


@pytest.mark.parametrize(("method", "kind", "change", "status", "fields"), REFUSED)
def test_what_is_wrong_is_named_and_nothing_is_saved(
    abc, editor, method, kind, change, status, fields
):
    body = BODIES[kind] | {"sources": [SOURCE]} | change
    for name in fields or ():
        if change.keys() == {"topic"} and name in ("text", "sources") and len(fields) == 2:
            body.pop(name)

    answer = send(editor, method, f"{HUB}{kind}/", body)

    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    assert set(answer.json().get("errors", ())) == (fields or set())
    assert not any(model.objects.exists() for model in FACT_MODELS)
    assert not Source.objects.exists()


WRONG_FOR_A_HUB = [
    ({"name": ""}, "name"),
    ({"name": "x" * 10_000}, "name"),
    ({"level": "galactic"}, "level"),
    ({"countries": ["XX"]}, "countries.0"),
    ({"countries": "BR"}, "countries"),
    ({"countries": [["BR"]]}, "countries.0"),
    ({"countries": ["BR"] * 10_000}, "countries"),
    ({"founded_year": 10**30}, "founded_year"),
    ({"founded_year": 1066}, "founded_year"),
    ({"founded_year": True}, "founded_year"),
    ({"website": "javascript:alert(1)"}, "website"),
    ({"successor": "abc"}, "request"),
    ({"successor": "hidden"}, "successor"),
    ({"iati_identifier": "&?"}, "iati_identifier"),
    ({"review_due": "soon"}, "review_due"),
    ({"colour": "red"}, "colour"),
]


@pytest.mark.parametrize(("change", "field"), WRONG_FOR_A_HUB)
def test_a_hub_is_not_changed_to_what_cannot_be(abc, editor, change, field):
    HubFactory(slug="hidden", unpublished=True)

    answer = send(editor, "patch", HUB, change, if_match="*")

    assert answer.status_code == 400, answer.content
    assert set(answer.json()["errors"]) == {field}
    abc.refresh_from_db()
    assert (abc.version, abc.name) == (1, "Agency")


def test_what_a_service_changes_cannot_be_written(abc, editor):
    body = {"slug": "other", "is_published": False, "version": 9, "verified_on": "2020-01-01"}

    answer = send(editor, "patch", HUB, body | {"acronym": "AB"}, if_match="*")

    assert answer.status_code == 200
    abc.refresh_from_db()
    assert (abc.slug, abc.is_published, abc.version, abc.verified_on) == ("abc", True, 2, None)


ODD_BODIES = [
    (b"", 400),
    (b"{", 400),
    (b"[]", 400),
    (b"\xff\xfe", 400),
    (b'{"text": "\\u0000"}', 400),
    (b'{"topic": "\\ud800"}', 400),
    (b'{"a": ' + b"[" * 200_000, 400),
    (b'{"text": "' + b"x" * 10_000_000 + b'"}', 413),
    (b'{"text": ' + b"9" * 100_000 + b"}", 400),
]


@pytest.mark.parametrize(("body", "status"), ODD_BODIES, ids=range(len(ODD_BODIES)))
def test_odd_bodies_are_refused(abc, editor, body, status):
    answers = [
        editor.post(STATEMENTS, body, content_type="application/json"),
        editor.patch(HUB, body, content_type="application/json", headers={"if-match": "*"}),
    ]

    assert [answer.status_code for answer in answers] == [status] * 2
    assert [answer.json()["status"] for answer in answers] == [status] * 2


@pytest.mark.parametrize("content_type", ["text/plain", "application/xml", "", "multipart/x"])
def test_other_kinds_of_bodies_are_415(abc, editor, content_type):
    answer = editor.post(STATEMENTS, b"x", content_type=content_type)

    assert (answer.status_code, answer.json()["status"]) == (415, 415)


def test_methods_that_an_address_does_not_have_are_405(abc, editor):
    for path, method in ((HUB, "delete"), (HUB, "put"), ("/api/v1/hubs/", "post")):
        answer = getattr(editor, method)(path)

        assert (answer.status_code, answer.json()["status"]) == (405, 405)
        assert "GET" in answer["Allow"]


def test_a_removal_needs_a_reason(abc, editor):
    statement = StatementFactory(hub=abc)

    answer = send(editor, "delete", f"{STATEMENTS}{statement.pk}/", if_match="*")

    assert (answer.status_code, set(answer.json()["errors"])) == (400, {"reason"})
    assert Statement.objects.filter(pk=statement.pk).exists()


def test_a_source_is_found_again_by_its_address(abc, editor):
    known = SourceFactory(address=SOURCE["address"], title="As the moderators wrote it")

    answer = send(editor, "post", STATEMENTS, BODIES["statements"] | {"sources": [SOURCE]})

    assert answer.json()["sources"][0]["title"] == "As the moderators wrote it"
    assert list(Source.objects.all()) == [known]


def test_sources_stay_unless_they_are_given(abc, editor):
    statement = StatementFactory(hub=abc, sources=[SourceFactory(title="Old")])
    where = f"{STATEMENTS}{statement.pk}/"

    kept = send(editor, "patch", where, {"note": "x"}, if_match="*").json()
    replaced = send(editor, "patch", where, {"sources": [SOURCE]}, if_match="*").json()

    assert [source["title"] for source in kept["sources"]] == ["Old"]
    assert [source["title"] for source in replaced["sources"]] == ["Report"]


STATEMENT = BODIES["statements"] | {"sources": [SOURCE]}


def test_the_same_request_with_the_same_key_has_one_effect(abc, editor):
    first, second = (
        send(editor, "post", STATEMENTS, STATEMENT, idempotency_key="a-1") for _ in range(2)
    )

    assert first.status_code == second.status_code == 201
    assert first.content == second.content
    assert first["Location"] == second["Location"]
    assert first["ETag"] == second["ETag"]
    assert second["Idempotent-Replayed"] == "true"
    assert Statement.objects.count() == 1
    assert Activity.objects.filter(verb="fact.added").count() == 1


def test_another_request_with_the_same_key_is_refused(abc, editor):
    send(editor, "post", STATEMENTS, STATEMENT, idempotency_key="a-1")

    other_body = send(
        editor, "post", STATEMENTS, STATEMENT | {"text": "Other"}, idempotency_key="a-1"
    )
    other_place = send(
        editor,
        "post",
        f"{HUB}presences/",
        BODIES["presences"] | {"sources": [SOURCE]},
        idempotency_key="a-1",
    )

    assert (other_body.status_code, other_place.status_code) == (422, 422)
    assert other_body.json()["type"] == "http://testserver/api/problems/key-reused/"
    assert Statement.objects.count() == 1


def test_a_key_is_its_member_s_own(abc, editor):
    colleague = client_of(MembershipFactory(hub=abc).member)

    for client in (editor, colleague):
        answer = send(client, "post", STATEMENTS, STATEMENT, idempotency_key="a-1")
        assert (answer.status_code, "Idempotent-Replayed" in answer) == (201, False)

    assert Statement.objects.count() == 2


def test_a_refused_request_may_be_tried_again_with_its_key(abc, editor):
    wrong = send(editor, "post", STATEMENTS, STATEMENT | {"text": ""}, idempotency_key="a-1")
    right = send(editor, "post", STATEMENTS, STATEMENT, idempotency_key="a-1")

    assert (wrong.status_code, right.status_code) == (400, 201)


@pytest.mark.parametrize("key", ["", "x" * 256, "\u00e9", "a\tb"])
def test_odd_keys_are_refused(abc, editor, key):
    answer = send(editor, "post", STATEMENTS, STATEMENT, idempotency_key=key)

    assert (answer.status_code, set(answer.json()["errors"])) == (400, {"Idempotency-Key"})


def test_a_replayed_answer_is_only_for_those_who_may_still_write(abc):
    membership = MembershipFactory(hub=abc)
    client = client_of(membership.member)
    send(client, "post", STATEMENTS, STATEMENT, idempotency_key="a-1")
    membership.delete()

    again = send(client, "post", STATEMENTS, STATEMENT, idempotency_key="a-1")

    assert again.status_code == 403


def test_keys_are_forgotten_after_a_day(abc, editor):
    send(editor, "post", STATEMENTS, STATEMENT, idempotency_key="a-1")
    IdempotentRequest.objects.update(created_at="2020-01-01T00:00:00Z")

    again = send(editor, "post", STATEMENTS, STATEMENT, idempotency_key="a-1")

    assert (again.status_code, "Idempotent-Replayed" in again) == (201, False)
    assert IdempotentRequest.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_requests_at_once_with_one_key_have_one_effect(abc):
    member = MembershipFactory(hub=abc).member
    clients = [client_of(member) for _ in range(4)]

    answers = at_once(
        [
            lambda c=client: send(c, "post", STATEMENTS, STATEMENT, idempotency_key="race")
            for client in clients
        ]
    )

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert Statement.objects.count() == 1


def test_editing_members_of_a_hub_see_its_drafts_in_the_list(abc, editor):
    for factory in FACT_FACTORIES:
        factory(hub=abc, draft=True)

    for kind in BODIES:
        assert len(editor.get(f"{HUB}{kind}/").json()["results"]) == 1
        assert Client().get(f"{HUB}{kind}/").json()["results"] == []


def test_a_member_who_has_to_accept_terms_first_is_told_so_as_a_problem(abc):
    moderator = MemberFactory(moderator=True)  # without a second factor
    client = Client()
    client.force_login(moderator, "allauth.account.auth_backends.AuthenticationBackend")

    answer = client.get("/api/v1/hubs/")

    assert (answer.status_code, answer.json()["status"]) == (403, 403)
    assert "http://testserver/accounts/2fa/" in answer.json()["detail"]
