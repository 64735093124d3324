"""The outbox: what is owed leaves once, by a real worker over a real mail server."""

import datetime
import re
import socket
import socketserver
import threading
import time

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone, translation
from django.utils.translation import gettext, gettext_lazy

from accounts.models import DigestItem, MailKind, MailPace, OutgoingMail
from accounts.services import notify, notify_each, queue_mail
from accounts.tasks import MAX_ATTEMPTS, send_digests, send_outgoing_mail, sweep_outgoing_mail
from tests.accounts.test_joining import TYPED
from tests.factories.accounts import MemberFactory

LONG_AGO = datetime.timedelta(days=3)


class _Talk(socketserver.StreamRequestHandler):
    """The few words of SMTP (RFC 5321) that one plain message needs."""

    def handle(self):
        self.say("220 test")
        lines = []
        while line := self.rfile.readline().decode().rstrip("\r\n"):
            word = line.split(":")[0].upper()
            if word == "DATA":
                self.say("354 go on")
                while (text := self.rfile.readline().decode().rstrip("\r\n")) != ".":
                    lines.append(text)
                self.server.received.append("\n".join(lines))
            if word == "QUIT":
                self.say("221 bye")
                return
            self.say("250 ok")

    def say(self, text):
        self.wfile.write(f"{text}\r\n".encode())


@pytest.fixture
def smtp_server():
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Talk) as server:
        server.received = []
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def process_environment(process_environment, smtp_server):
    """Give the worker the mail server of this test."""
    port = smtp_server.server_address[1]
    return process_environment | {"EMAIL_URL": f"smtp://127.0.0.1:{port}"}


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_worker_sends_the_verification_mail(client, smtp_server, celery_worker):
    client.post("/accounts/signup/", TYPED)

    end = time.monotonic() + 60
    while not smtp_server.received and time.monotonic() < end:
        time.sleep(0.1)
    while OutgoingMail.objects.filter(sent_at=None).exists() and time.monotonic() < end:
        time.sleep(0.1)
    (mail,) = smtp_server.received
    assert f"To: {TYPED['email']}" in mail
    assert "/accounts/confirm-email/" in mail
    row = OutgoingMail.objects.get()
    assert row.sent_at is not None
    assert row.body == ""


def owe(key="k", **columns):
    mail = queue_mail(key=key, to="a@example.org", subject="Hello", body="A link")
    OutgoingMail.objects.filter(pk=mail.pk).update(**columns)
    return mail


@pytest.mark.django_db
def test_one_effect_is_one_mail():
    first = queue_mail(key="k", to="a@example.org", subject="One\r\nBcc: x@y.example", body="")
    again = queue_mail(key="k", to="b@example.org", subject="Two", body="")

    assert first == again
    assert OutgoingMail.objects.get().subject == "One Bcc: x@y.example"


@pytest.mark.django_db
def test_a_mail_leaves_once_and_its_links_are_forgotten(mailoutbox):
    mail = owe()

    assert [send_outgoing_mail(mail.pk), send_outgoing_mail(mail.pk)] == [1, 0]

    mail.refresh_from_db()
    assert [sent.body for sent in mailoutbox] == ["A link"]
    assert mail.body == ""


@pytest.mark.django_db
def test_a_mail_that_fails_is_kept_with_the_reason(settings):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    mail = owe()

    assert send_outgoing_mail(mail.pk) == 0

    mail.refresh_from_db()
    assert (mail.sent_at, mail.attempts, mail.body) == (None, 1, "A link")
    assert "refused" in mail.last_error


@pytest.mark.django_db
def test_the_sweeper_sends_what_was_forgotten_and_nothing_else(mailoutbox):
    now = timezone.now()
    owe("forgotten", created_at=now - LONG_AGO)
    owe("tried", created_at=now - LONG_AGO, attempts=2)
    owe("new")
    owe("just tried", created_at=now - datetime.timedelta(seconds=40), attempts=2)
    owe("given up", created_at=now - LONG_AGO, attempts=MAX_ATTEMPTS)
    owe("sent", created_at=now - LONG_AGO, sent_at=now)

    assert sweep_outgoing_mail() == 2
    assert len(mailoutbox) == 2
    left = OutgoingMail.objects.filter(sent_at=None).values_list("key", flat=True)
    assert set(left) == {"new", "just tried", "given up"}


@pytest.fixture
def real_mail(settings, smtp_server):
    """Let mail leave over a real connection; return what arrived."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = smtp_server.server_address
    return smtp_server.received


@pytest.mark.django_db
def test_a_notice_arrives_with_a_one_click_end(client, real_mail):
    member = MemberFactory()
    notify(member, MailKind.REVIEW_MESSAGES, key="m", subject="About it", body="Words")
    send_outgoing_mail(OutgoingMail.objects.get().pk)

    (mail,) = real_mail
    unfolded = mail.replace("\n ", " ")
    assert "\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\n" in unfolded
    address = re.search(r"\nList-Unsubscribe: +<(\S+)>\n", unfolded)[1]
    assert address.startswith(f"{settings.SITE_URL}/accounts/mail/off/")
    path = address.removeprefix(settings.SITE_URL)

    client.get(path)
    member.refresh_from_db()
    assert member.mail_pace(MailKind.REVIEW_MESSAGES) == "at_once"
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post(path, {"List-Unsubscribe": "One-Click"})
    member.refresh_from_db()
    assert answer.status_code == 200
    assert member.mail_pace(MailKind.REVIEW_MESSAGES) == "off"
    assert member.mail_pace(MailKind.REVIEW_REQUESTS) == "at_once"


@pytest.mark.django_db
def test_mail_about_the_account_itself_has_no_such_end(real_mail):
    send_outgoing_mail(queue_mail(key="k", to="a@example.org", subject="Verify", body="A link").pk)

    assert "List-Unsubscribe" not in real_mail[0]


@pytest.mark.django_db
def test_the_mail_of_the_day_arrives_once_with_all(real_mail):
    member = MemberFactory(mail_choices={"review_messages": "daily"})
    for number in range(3):
        words = {"subject": f"Text {number}", "body": f"Words {number}"}
        notify(member, MailKind.REVIEW_MESSAGES, key=f"m{number}", **words)
    assert not OutgoingMail.objects.exists()

    DigestItem.objects.update(created_at=timezone.now() - LONG_AGO)
    assert [send_digests(), send_digests()] == [1, 0]
    for mail in OutgoingMail.objects.all():
        send_outgoing_mail(mail.pk)

    (mail,) = real_mail
    assert all(f"Words {number}" in mail for number in range(3))
    assert "List-Unsubscribe: " in mail


@pytest.mark.django_db
def test_each_is_told_once_in_their_language_but_who_did_it():
    english, arabic = MemberFactory(language="en"), MemberFactory(language="ar")
    does = MemberFactory(name="Ana 100 %")
    required = gettext_lazy("This field is required.")  # Django's own, in every language

    for _twice in range(2):
        notify_each(
            [english, arabic, does, english],
            MailKind.DECISIONS,
            key="told",
            subject=required,
            body="%(when)s %(again)s %(by)s %(address)s",
            words=lambda member: {"when": f"{member.language} {gettext('Yes')}", "again": required},
            path="/there/",
            by=does,
        )

    told = {mail.to: mail for mail in OutgoingMail.objects.order_by("pk")}
    assert list(told) == [english.email, arabic.email]
    assert told[english.email].key == f"told:{english.pk}"
    for person in (english, arabic):
        with translation.override(person.language):
            said, yes = str(required), gettext("Yes")
        assert told[person.email].subject == said
        whole = f"{person.language} {yes} {said} Ana 100 % {settings.SITE_URL}/there/"
        assert told[person.email].body.startswith(whole)
    assert told[english.email].subject != told[arabic.email].subject


@pytest.mark.django_db
def test_what_is_told_at_once_waits_for_no_digest():
    daily = MemberFactory(mail_choices={MailKind.QUEUE: MailPace.DAILY})
    never = MemberFactory(mail_choices={MailKind.QUEUE: MailPace.OFF})
    texts = {"subject": "Said", "body": "%(what)s", "words": {"what": "All"}}

    notify_each([daily, never], MailKind.QUEUE, key="later", **texts)
    assert DigestItem.objects.get().member == daily
    notify_each([daily, never], MailKind.QUEUE, key="now", at_once=True, **texts)
    assert OutgoingMail.objects.get().to == daily.email
