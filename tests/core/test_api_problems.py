"""Whatever goes wrong under /api/, a program gets problem details (RFC 9457)."""

import json

import pytest
from django.core.exceptions import PermissionDenied, RequestDataTooBig, ValidationError
from django.db import DataError, IntegrityError, InterfaceError, OperationalError
from django.http import Http404
from django.test import Client, RequestFactory
from django.utils.translation import override
from rest_framework import exceptions
from rest_framework.test import APIRequestFactory

from core.api import errors
from core.api.problems import KINDS, problem_for_api, problem_response
from core.errors import DomainError, StaleEdit

STATUSES = [
    (exceptions.ParseError(), 400),
    (exceptions.ValidationError({"name": ["Too long."]}), 400),
    (ValidationError({"name": ["Too long."]}), 400),
    (DataError("out of range"), 400),
    (exceptions.NotAuthenticated(), 401),
    (exceptions.PermissionDenied(), 403),
    (PermissionDenied(), 403),
    (Http404(), 404),
    (exceptions.MethodNotAllowed("PUT"), 405),
    (exceptions.NotAcceptable(), 406),
    (DomainError("Not so."), 409),
    (IntegrityError("duplicate key"), 409),
    (StaleEdit("Too late.", saved={"name": "Other"}, version=2), 412),
    (errors.Stale(), 412),
    (errors.TooLarge(), 413),
    (RequestDataTooBig(), 413),
    (exceptions.UnsupportedMediaType("text/plain"), 415),
    (errors.KeyReused(), 422),
    (errors.IfMatchMissing(), 428),
    (exceptions.Throttled(7.2), 429),
    (OperationalError("server closed the connection"), 503),
    (InterfaceError("connection already closed"), 503),
]


def handled(error):
    request = APIRequestFactory().get("/api/v1/hubs/")
    return errors.problem_handler(error, {"request": request})


def body_of(response):
    assert response["Content-Type"] == "application/problem+json"
    return json.loads(response.content)


@pytest.mark.parametrize(
    ("error", "status"), STATUSES, ids=[f"{type(e).__name__}-{s}" for e, s in STATUSES]
)
def test_every_error_has_its_status_and_says_what_it_is(error, status):
    response = handled(error)

    body = body_of(response)
    assert response.status_code == body["status"] == status
    assert body["type"]
    assert body["title"]
    assert body["detail"]


def test_what_nobody_foresaw_is_not_hidden():
    assert handled(RuntimeError("a bug")) is None


def test_database_errors_do_not_tell_what_the_database_said():
    for error in (OperationalError("secret"), IntegrityError("secret"), DataError("secret")):
        assert "secret" not in handled(error).content.decode()


@pytest.mark.parametrize(
    ("error", "wait"), [(OperationalError(), "5"), (exceptions.Throttled(7.2), "8")]
)
def test_who_should_wait_is_told_how_long(error, wait):
    assert handled(error)["Retry-After"] == wait


def test_a_rule_is_told_in_its_own_words():
    body = body_of(handled(DomainError("Nobody confirms their own membership.")))

    assert body["detail"] == "Nobody confirms their own membership."
    assert body["type"] == "http://testserver/api/problems/refused/"


def test_errors_name_their_field_however_deep():
    error = exceptions.ValidationError(
        {
            "name": ["Too long."],
            "sources": [{}, {"address": ["Not an address."], "dated_on": ["Not a date."]}],
            "non_field_errors": ["The end must not be before the start."],
        }
    )

    assert body_of(handled(error))["errors"] == {
        "name": ["Too long."],
        "sources.1.address": ["Not an address."],
        "sources.1.dated_on": ["Not a date."],
        "request": ["The end must not be before the start."],
    }


def test_errors_of_models_name_their_field_too():
    error = ValidationError({"__all__": ["Ends before it starts."], "share": ["Over 100 %."]})

    assert body_of(handled(error))["errors"] == {
        "request": ["Ends before it starts."],
        "share": ["Over 100 %."],
    }


def test_each_kind_of_problem_is_explained_at_its_type(client: Client):
    for name, kind in KINDS.items():
        response = client.get(f"/api/problems/{name}/")

        assert response.json()["status"] == kind.status
        assert response.json()["title"] == str(kind.title)


def test_unknown_addresses_are_problems_for_programs_and_pages_for_people(client: Client):
    for path in ("/api/nothing/", "/api/v1/nothing/", "/api/v2/hubs/", "/api/v1/a/b/c/d/"):
        for method in ("get", "post", "patch", "delete", "put"):
            response = getattr(client, method)(path)

            assert (response.status_code, body_of(response)["status"]) == (404, 404)
    assert client.get("/nothing/")["Content-Type"].startswith("text/html")


def test_a_missing_last_slash_is_put_right(client: Client):
    response = client.get("/api/v1?format=json")

    assert (response.status_code, response["Location"]) == (308, "/api/v1/?format=json")


@pytest.mark.parametrize("path", ["/api/", "/api/v1/", "/api/problems/stale/", "/api/v1/schema/"])
def test_methods_that_are_not_there_are_405(client: Client, path):
    response = client.delete(path)

    assert (response.status_code, body_of(response)["status"]) == (405, 405)
    assert "GET" in response["Allow"]


def test_methods_are_listed_by_options(client: Client):
    response = client.options("/api/v1/")

    assert (response.status_code, response["Allow"]) == (204, "GET, HEAD, OPTIONS")


@pytest.mark.parametrize("path", ["/api/%00", "/api/v1/?q=%00"])
def test_nul_bytes_in_the_address_are_400(client: Client, path):
    response = client.get(path)

    assert (response.status_code, body_of(response)["status"]) == (400, 400)


def test_unknown_parameters_are_400_and_named(client: Client):
    response = client.get("/api/v1/?formt=json")

    assert response.status_code == 400
    assert body_of(response)["errors"] == {
        "formt": ["Unknown parameter. There are: format."],
    }


def test_unknown_formats_are_400_and_formats_nobody_has_406(client: Client):
    assert client.get("/api/v1/?format=xml").status_code == 400
    assert body_of(client.get("/api/v1/", headers={"accept": "application/xml"}))["status"] == 406


def test_error_views_answer_programs_with_problems():
    answer = problem_for_api(
        lambda request: problem_response(request, 503, headers={"Retry-After": "5"})
    )

    response = answer(RequestFactory().get("/api/v1/"))

    assert (response.status_code, response["Retry-After"]) == (503, "5")
    assert body_of(response)["title"] == "Service Unavailable"


def test_problems_speak_the_language_of_the_reader():
    with override("en"):
        assert body_of(handled(Http404()))["detail"].startswith("There is nothing")
