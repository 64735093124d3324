"""/healthz and /readyz, and what a page answers while the database is away."""

import datetime

import pytest
from django.db import OperationalError
from django.db.models.functions import Now
from django.test import RequestFactory

from accounts.models import OutgoingMail
from portal import views


def test_healthz_needs_no_database(client, django_assert_num_queries):
    response = client.get("/healthz")

    assert (response.status_code, response.content) == (200, b"ok\n")
    assert response["Cache-Control"].startswith("max-age=0")


@pytest.mark.django_db
def test_readyz_names_each_check(client):
    response = client.get("/readyz")

    assert response.status_code == 200
    assert response.json() == {
        "status": "ok",
        "checks": {
            "database": "ok",
            "migrations": "ok",
            "queue_age_seconds": 0.0,
            "queue": "ok",
            "broker": "ok",
        },
    }


@pytest.mark.django_db
def test_readyz_is_503_when_mail_is_not_sent(client):
    mail = OutgoingMail.objects.create(key="late", to="a@b.example", subject="s", body="b")
    OutgoingMail.objects.filter(pk=mail.pk).update(created_at=Now() - datetime.timedelta(hours=1))

    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json()["checks"]["queue"] == "late"
    assert response.json()["checks"]["queue_age_seconds"] > 3500


@pytest.mark.django_db
def test_readyz_is_503_when_the_broker_is_away(client, settings):
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"

    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json()["checks"]["broker"] == "away"


def failing(error):
    raise error


def test_a_page_answers_503_with_retry_after_while_the_database_is_away():
    request = RequestFactory().get("/hubs/")
    try:
        failing(OperationalError("connection refused"))
    except OperationalError:
        response = views.server_error(request)

    assert response.status_code == 503
    assert response["Retry-After"] == "5"
    assert b"connection refused" not in response.content


def test_a_mistake_of_ours_answers_500_and_tells_nothing():
    request = RequestFactory().get("/hubs/")
    try:
        failing(ValueError("secret detail"))
    except ValueError:
        response = views.server_error(request)

    assert response.status_code == 500
    assert b"secret detail" not in response.content
