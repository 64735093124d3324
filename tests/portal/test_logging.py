"""One request id from the request into the tasks that it starts."""

import json

import pytest
from django.conf import settings
from kombu import Connection

from accounts.models import Activity, OutgoingMail
from portal.celery import app

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def broker():
    """The real broker, to which tasks are really sent; nobody takes them."""
    app.conf.task_always_eager = False
    app.control.purge()
    with Connection(settings.CELERY_BROKER_URL) as connection:
        yield connection
    app.conf.task_always_eager = True


def test_a_requests_id_goes_on_into_its_tasks_and_its_activities(client, broker):

    client.post(
        "/accounts/signup/",
        {
            "name": "Ana",
            "email": "ana@ministry.example",
            "password1": "a-long-enough-password",
            "accept": "on",
        },
    )
    message = broker.SimpleQueue("celery").get(timeout=5)
    message.ack()

    mail = OutgoingMail.objects.get()
    assert message.headers["task"] == "accounts.tasks.send_outgoing_mail"
    assert json.loads(message.body)[0] == [mail.pk]
    request_id = Activity.objects.get(verb="member.joined").request_id
    assert len(request_id) >= 32
    assert message.headers["__django_structlog__"]["request_id"] == request_id
