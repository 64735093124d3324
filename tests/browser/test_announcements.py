"""Announcements in a real browser: written, tried, sent and stopped; found again by who got them
and never wanted again; and axe.
"""

import re
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import MailAddress, MailKind, MailPace, OutgoingMail
from accounts.services import off_address
from accounts.tasks import send_outgoing_mail
from community.models import Announcement, AnnouncementState
from community.services import announcements
from community.services.announcement_sending import send_announcements
from portal.celery import app as celery_app
from tests.browser.conftest import LOOKS, faults, sign_in
from tests.browser.hands import Hand, Keys
from tests.factories.accounts import MemberFactory
from tests.factories.announcements import AnnouncementFactory, RecipientFactory
from tests.factories.community import SpaceFactory
from tests.factories.hubs import HubFactory, MembershipFactory

pytestmark = pytest.mark.django_db(transaction=True)
ARABIC = {"width": 320, "scripts": False, "language": "ar"}
AS = pytest.mark.parametrize(
    ("hand", "options"),
    [
        pytest.param(
            Hand,
            {"width": 320, "scripts": False, "language": "ar"},
            id="Arabic, narrow, no scripts",
        ),
        pytest.param(Keys, {}, id="keyboard, English, scripts"),
    ],
)
LIST = "/community/announcements/"
GOT = "/community/my/announcements/"
NOTICES = "/community/notifications/"
SAVE = "main form:has([name=subject]) button[type=submit]"
SEND = "main form:has([name=version]) button[type=submit]"


@pytest.fixture
def no_worker():
    """Leave to the test who works when: tasks wait at the broker, where nobody takes them."""
    celery_app.conf.task_always_eager = False
    yield
    celery_app.conf.task_always_eager = True


@pytest.fixture
def moderator(texts, settings):
    """Return who moderates, as in a demonstration: without a second factor."""
    settings.DEMO = True
    return MemberFactory(
        moderator=True, email="moderator@demo.example", mail_choices={"announcements": "off"}
    )


@AS
def test_a_moderator_writes_tries_sends_watches_and_stops(
    open_page, moderator, no_worker, hand, options
):
    MemberFactory.create_batch(2, country="BR")
    MemberFactory(country="BR", mail_choices={"announcements": "off"})
    returned = MemberFactory(country="BR")
    MailAddress.objects.create(address=returned.email, state="dead")
    MemberFactory(country="KE")
    page = open_page(**options)
    sign_in(page, moderator, "/community/moderation/")
    writer = hand(page)
    writer.go("/community/moderation/")

    writer.follow(f"main a[href='{LIST}']")
    writer.follow(f"main a[href='{LIST}new/']")
    writer.write("[name=subject]", "The rains come early")
    writer.write("[name=body]", "Look at the [hubs](/hubs/).")
    writer.choose("[name=countries]", "BR")
    writer.follow(SAVE)
    announcement = Announcement.objects.get()
    assert page.locator("main strong").first.inner_text().startswith("2 ")
    assert page.locator("main .stack > ul:not(.meta) li").count() == 2  # why two are left out
    assert page.locator("main .prose a[href$='/hubs/']").count() == 1

    writer.follow("main form[action$='/test/'] button")
    tried = OutgoingMail.objects.get()
    assert (tried.to, "The rains come early" in tried.subject) == (moderator.email, True)
    writer.follow("main a[href$='/send/']")
    assert page.locator("main strong").first.inner_text().startswith("2 ")
    writer.follow(SEND)
    assert page.locator("main progress").get_attribute("max") == "2"
    assert page.locator("main progress").get_attribute("value") == "0"

    send_announcements()  # as a worker would
    first = OutgoingMail.objects.exclude(pk=tried.pk).order_by("pk").first()
    send_outgoing_mail(first.pk)
    send_announcements()
    writer.follow(f"main a[href='{announcement.get_absolute_url()}']")
    assert figures(page) == ["2", "1", "0", "0", "0", "1"]  # all, mailed, …, not yet
    writer.follow("main form[action$='/stop/'] button")
    assert figures(page) == ["2", "1", "0", "0", "0", "1"]  # …, not mailed
    announcement.refresh_from_db()
    assert announcement.state == AnnouncementState.STOPPED
    assert [each.to for each in mail.outbox if announcement.subject in each.subject] == [[first.to]]


def test_progress_is_told_where_the_focus_is_and_the_end_too(open_page, moderator, no_worker):
    announcement = AnnouncementFactory(sending=True)
    RecipientFactory(announcement=announcement)
    page = open_page("/")
    sign_in(page, moderator, announcement.get_absolute_url())
    page.goto(announcement.get_absolute_url())
    stop = page.locator("main form[action$='/stop/'] button")
    stop.focus()
    assert page.locator("main progress").get_attribute("value") == "0"

    announcement.recipients.update(state="mailed")
    expect(page.locator("main progress")).to_have_attribute("value", "1", timeout=10_000)
    expect(stop).to_be_focused()

    Announcement.objects.filter(pk=announcement.pk).update(state="sent", ended_at=timezone.now())
    expect(stop).to_have_count(0, timeout=10_000)
    expect(page.locator("main")).to_be_focused()
    assert announcement.subject in page.locator("#live").inner_text()


def figures(page):
    return page.locator("main td.num").all_inner_texts()


@AS
def test_a_member_finds_again_what_came_and_wants_no_more(open_page, texts, hand, options):
    announcement = AnnouncementFactory(subject="The rains come early")
    member = MemberFactory()
    announcements.send_announcement(
        announcement, expected_version=announcement.version, by=announcement.written_by
    )
    page = open_page("/", **options)
    sign_in(page, member, NOTICES)
    reader = hand(page)
    reader.go(NOTICES)

    reader.follow(f"main a[href='{GOT}']")
    reader.follow(f"main a[href='{GOT}{announcement.pk}/']")
    assert page.locator("main .prose em").inner_text() == "moves"

    (came,) = (each for each in mail.outbox if each.to == [member.email])
    address = re.search(r"\S+/mail/off/\S+", came.body)[0]
    signed_out = hand(open_page("/", **options))
    signed_out.go(urlsplit(address).path)
    signed_out.follow("main form button")
    member.refresh_from_db()
    assert member.mail_pace(MailKind.ANNOUNCEMENTS) == MailPace.OFF
    reader.go(GOT)
    assert page.locator(f"main a[href='{GOT}{announcement.pk}/']").count() == 1


@LOOKS
def test_axe_finds_nothing(open_page, moderator, width, language, dark):
    member = MembershipFactory(hub=HubFactory(name="A hub with a long name " * 4)).member
    draft = AnnouncementFactory(
        subject="A draft with a long subject " * 5, space=SpaceFactory(), language="es"
    )
    sending = AnnouncementFactory(sending=True)
    stopped = AnnouncementFactory(
        sending=True, state="stopped", stopped_by=moderator, ended_at=timezone.now()
    )
    for announcement in (sending, stopped):
        RecipientFactory(announcement=announcement, member=member, state="mailed")
        RecipientFactory(announcement=announcement)
    page = open_page(width=width, language=language, dark=dark)
    found = {}

    def look(*paths):
        for path in paths:
            page.goto(path)
            assert page.url.endswith(path)
            if problems := faults(page):
                found[path] = problems

    sign_in(page, moderator, "/community/")
    look(LIST, f"{LIST}?state=lost", f"{LIST}new/")
    look(*(f"{LIST}{draft.pk}/{act}" for act in ("", "edit/", "send/")))
    look(f"{LIST}{sending.pk}/", f"{LIST}{stopped.pk}/", GOT)
    page.context.clear_cookies()
    page.goto("/")
    sign_in(page, member, GOT)
    look(GOT, f"{GOT}{sending.pk}/", urlsplit(off_address(member, MailKind.ANNOUNCEMENTS)).path)

    assert found == {}
