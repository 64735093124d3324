"""Mail that comes back: what is believed, when an address counts as dead, and how it recovers."""

import datetime
from functools import partial
from smtplib import SMTPDataError, SMTPRecipientsRefused

import pytest
from django.core.mail import EmailMessage
from django.utils import timezone

from accounts.models import Bounce, DigestItem, MailAddress, MailKind, OutgoingMail
from accounts.returned import WITHIN, is_dead, mail_of, message_id, note_bounce
from accounts.services import bounce_of, notify, queue_mail, receive_bounce, send_digests
from accounts.tasks import MAX_ATTEMPTS, send_outgoing_mail
from tests.factories.accounts import MemberFactory
from tests.races import all_at_once

pytestmark = pytest.mark.django_db
ADDRESS = "agnes@example.org"
REPORT = """\
From: MAILER-DAEMON@mail.example
To: portal@localhost
Subject: Undelivered Mail Returned to Sender
Content-Type: multipart/report; report-type=delivery-status; boundary="b"
MIME-Version: 1.0

--b
Content-Type: text/plain

It could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example

Final-Recipient: rfc822; {recipient}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 5.1.1 no such user here

--b
Content-Type: {kind}

{quoted}
--b--
"""


def owe(key="k", to=ADDRESS, unsubscribe="https://portal.example/off/"):
    return queue_mail(key=key, to=to, subject="Hello", body="Words", unsubscribe=unsubscribe)


def report(mail, *, action="failed", status="5.1.1", kind="text/rfc822-headers", quoted=None):
    quoted = (
        quoted or f"From: portal@localhost\nMessage-ID: {message_id(mail.pk)}\nSubject: Hello\n"
    )
    words = {"action": action, "status": status, "kind": kind, "quoted": quoted}
    return REPORT.format(recipient="somebody.else@example.org", **words).encode()


def state():
    return MailAddress.objects.values_list("state", flat=True).get(address=ADDRESS)


@pytest.mark.parametrize("kind", ["text/rfc822-headers", "message/rfc822"])
def test_a_report_about_our_mail_is_understood_and_counts_once(kind):
    mail = owe()

    found = bounce_of(report(mail, kind=kind))

    # The address is that of our mail, whatever the report says.
    assert (found.mail, found.address, found.code) == (mail.pk, ADDRESS, "5.1.1")
    assert "no such user" in found.reason
    assert receive_bounce(report(mail, kind=kind))
    assert receive_bounce(report(mail, kind=kind))
    assert Bounce.objects.count() == 1
    assert state() == "bouncing"


def test_what_is_no_such_report_changes_nothing():
    mail = owe()
    forged = message_id(mail.pk).replace(f"<{mail.pk}.", f"<{mail.pk + 1}.")
    gone = message_id(mail.pk + 1)
    wrong = [
        report(mail, action="delayed"),
        report(mail, status="4.2.2"),
        report(mail, quoted=f"Message-ID: {forged}\n"),
        report(mail, quoted=f"Message-ID: {gone}\n"),
        report(mail, quoted="Message-ID: <1@elsewhere.example>\n"),
        report(mail, quoted="Subject: none\n"),
        b"",
        b"\x00\xff\xfe" * 1_000,
        b"Content-Type: multipart/report; boundary=b\n\n--b\n" * 50,
        b"Content-Type: message/delivery-status\n\n\n\nStatus: 5.1.1\nAction: failed\n",
        EmailMessage("Out of office", "I am away.", to=[ADDRESS]).message().as_bytes(),
        report(mail)[:400],
    ]

    for message in wrong:
        assert not receive_bounce(message)
    assert not MailAddress.objects.exists()


def test_the_name_of_a_mail_cannot_be_made_up():
    assert mail_of(message_id(7)) == 7
    for odd in ("", "<>", "<7@x>", "<7.abc@x>", "7", "<x.y@z>", "\0"):
        assert mail_of(odd) is None


def test_three_in_two_weeks_and_only_mail_about_the_account_goes_there(mailoutbox):
    member = MemberFactory(email=ADDRESS)
    long_ago = timezone.now() - WITHIN - datetime.timedelta(days=1)
    for number in range(5):
        note_bounce(ADDRESS, key=f"old:{number}", code="550", reason="")
        Bounce.objects.update(at=long_ago)
    assert state() == "bouncing"
    for number in range(2):
        note_bounce(ADDRESS, key=f"new:{number}", code="550", reason="")
    assert (state(), is_dead(ADDRESS)) == ("bouncing", False)

    note_bounce(ADDRESS.upper(), key="last", code="550", reason="No\nsuch user")

    assert is_dead(ADDRESS)
    news, account = owe(), owe("account", unsubscribe="")
    assert [send_outgoing_mail(mail.pk) for mail in (news, account)] == [0, 1]
    news.refresh_from_db()
    assert news.attempts == MAX_ATTEMPTS
    assert len(mailoutbox) == 1
    notify(member, MailKind.IMPORTS, key="k2", subject="Ready", body="Words")
    assert send_digests(timezone.now() + datetime.timedelta(days=1)) == 0
    assert DigestItem.objects.get().told_at is None  # it waits until the address is put right


def refused(code):
    return SMTPRecipientsRefused({ADDRESS: (code, b"5.1.1 no such user")})


@pytest.mark.parametrize(
    ("error", "attempts", "bounces"),
    [
        (refused(550), MAX_ATTEMPTS, 1),
        (refused(450), 1, 0),
        (SMTPDataError(554, b"looks like spam"), 1, 0),
        (OSError("away"), 1, 0),
    ],
)
def test_only_an_address_that_is_refused_for_good_counts(monkeypatch, error, attempts, bounces):
    def fails(message):
        raise error

    monkeypatch.setattr(EmailMessage, "send", fails)
    mail = owe()

    assert send_outgoing_mail(mail.pk) == 0

    mail.refresh_from_db()
    assert (mail.attempts, Bounce.objects.count()) == (attempts, bounces)
    assert "no such user" in mail.last_error or not bounces


def test_a_mail_bears_the_name_that_reports_quote(mailoutbox):
    mail = owe()
    send_outgoing_mail(mail.pk)

    assert mailoutbox[0].message()["Message-ID"] == message_id(mail.pk)


def test_an_address_that_is_verified_again_is_trusted(client):
    member = MemberFactory(email=ADDRESS, verified=False)
    for number in range(3):
        note_bounce(ADDRESS, key=f"{number}", code="550", reason="")
    client.force_login(member)
    client.post("/accounts/email/", {"action_send": "", "email": ADDRESS})
    body = OutgoingMail.objects.get().body
    path = body[body.index("/accounts/confirm-email/") :].split()[0]

    client.post(path)

    assert not MailAddress.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_several_at_once_are_all_counted():
    notes = [
        partial(note_bounce, ADDRESS, key=f"{number}", code="550", reason="") for number in range(3)
    ]

    all_at_once(*notes)

    assert is_dead(ADDRESS)
    assert Bounce.objects.count() == 3
