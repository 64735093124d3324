"""The mail of the day and of the week: at each member's morning, of limited length."""

import datetime
from datetime import UTC

import pytest
from django.utils import timezone

from accounts import registers, services
from accounts.models import DigestItem, MailKind, OutgoingMail
from accounts.registers import DigestSource
from accounts.services import digests
from accounts.services.digest_text import MOST_BYTES
from tests.factories.accounts import MemberFactory

pytestmark = pytest.mark.django_db
MESSAGES, IMPORTS = MailKind.REVIEW_MESSAGES, MailKind.IMPORTS
HOUR, DAY = datetime.timedelta(hours=1), datetime.timedelta(days=1)
MONDAY = datetime.datetime(2030, 7, 1, tzinfo=UTC)  # a Monday, 0:00
CREATED = MONDAY - 2 * DAY


def wait(member, key, kind=MESSAGES, body="Words", at=CREATED):
    """Let something of a kind wait for the member's next mail since `at`."""
    DigestItem.objects.create(
        member=member, key=key, kind=kind, subject=f"About {key}", body=body, created_at=at
    )


def daily(**columns):
    return MemberFactory(mail_choices={MESSAGES: "daily", IMPORTS: "weekly"}, **columns)


@pytest.mark.parametrize(
    ("zone", "morning"),
    [
        ("UTC", datetime.time(6)),
        ("America/Sao_Paulo", datetime.time(9)),
        ("Asia/Kathmandu", datetime.time(0, 15)),
        ("Asia/Tokyo", datetime.time(21)),
    ],
)
def test_mail_comes_at_the_members_morning(zone, morning):
    wait(daily(time_zone=zone), "k", at=MONDAY - 2 * HOUR)
    moment = datetime.datetime.combine(MONDAY, morning, tzinfo=UTC)
    if moment - MONDAY > 20 * HOUR:
        moment -= DAY  # it was morning there before it was Monday here
        wait_since = moment - HOUR
        DigestItem.objects.update(created_at=wait_since)

    assert services.send_digests(moment - HOUR / 60) == 0
    assert services.send_digests(moment) == 1
    assert services.send_digests(moment + HOUR) == 0


def test_what_comes_weekly_comes_on_mondays_together_with_what_comes_daily():
    member = daily()
    wait(member, "weekly", kind=IMPORTS, at=MONDAY - 6 * DAY)
    for day in (5, 4, 3, 2, 1):
        assert services.send_digests(MONDAY - day * DAY + 7 * HOUR) == 0
    wait(member, "daily", at=MONDAY - HOUR)

    assert services.send_digests(MONDAY + 7 * HOUR) == 1

    (mail,) = OutgoingMail.objects.all()
    assert "About weekly" in mail.body
    assert "About daily" in mail.body
    assert "2 items" in mail.subject


def test_a_monday_without_a_scheduler_is_made_up_for():
    wait(daily(), "k", kind=IMPORTS)

    assert services.send_digests(MONDAY + 2 * DAY) == 1


def test_a_mail_is_never_empty_and_nothing_comes_of_what_is_off():
    member = MemberFactory(mail_choices={MESSAGES: "off"})
    wait(member, "k")

    assert services.send_digests(MONDAY + 7 * HOUR) == 0
    assert not OutgoingMail.objects.exists()
    assert not DigestItem.objects.filter(told_at=None).exists()
    assert services.send_digests(MONDAY + 8 * DAY) == 0


def test_a_mail_is_not_too_long_and_what_has_no_room_comes_next_time():
    member = daily()
    for number in range(5):
        wait(member, f"{number}", body=f"Words of {number}. " + "ü" * 4_500)
    wait(member, "long", body="é" * 40_000, at=MONDAY - HOUR)
    bodies = []
    for day in range(4):
        services.send_digests(MONDAY + day * DAY + 7 * HOUR)
    bodies = list(OutgoingMail.objects.order_by("pk").values_list("body", flat=True))

    assert len(bodies) == 3
    assert all(len(body.encode()) <= MOST_BYTES for body in bodies)
    assert [sum(f"Words of {number}." in body for body in bodies) for number in range(5)] == [1] * 5
    assert "About long" in bodies[-1]
    assert bodies[-1].count("[…]") == 1


def source(said, seen):
    """Return a source that has something to say to `seen`, once."""
    waiting = dict(seen)

    def take(members, until):
        return {
            (pk, kind): waiting.pop((pk, kind)) and said
            for pk, kind in list(waiting)
            if (pk, kind) in until
        }

    return DigestSource(
        waiting=lambda: [(pk, kind, CREATED) for pk, kind in waiting],
        take=take,
        more=lambda: "/more/",
    )


def test_what_apps_above_say_is_cut_where_it_is_too_much_and_says_where_the_rest_is(monkeypatch):
    member = MemberFactory(mail_choices={"news": "daily"}, language="ar", time_zone="Asia/Tokyo")
    said = [lambda number=number: f"No. {number} " + "x" * 1_000 for number in range(100)]
    said.append(lambda: f"{timezone.get_current_timezone_name()} {0}")
    said.insert(0, said[-1])
    news = source(said, {(member.pk, "news"): True})
    monkeypatch.setattr(digests, "DIGEST_SOURCES", [news])

    assert services.send_digests(MONDAY) == 1

    (mail,) = OutgoingMail.objects.all()
    assert "Asia/Tokyo" in mail.body
    assert mail.body.count("No. ") < 30
    assert "/more/" in mail.body
    assert len(mail.body.encode()) <= MOST_BYTES
    assert "101" in mail.subject


def test_what_may_not_be_read_any_more_makes_no_mail(monkeypatch):
    member = MemberFactory(mail_choices={"news": "daily"})
    monkeypatch.setattr(digests, "DIGEST_SOURCES", [source([], {(member.pk, "news"): True})])

    assert services.send_digests(MONDAY) == 0
    assert not OutgoingMail.objects.exists()


def test_one_whose_mail_cannot_be_made_keeps_nobody_waiting(monkeypatch):
    bad, good = daily(), daily()
    for member in (bad, good):
        wait(member, f"{member.pk}")
    write = digests.write_digest

    def breaks(member, *rest):
        if member == bad:
            raise ValueError
        return write(member, *rest)

    monkeypatch.setattr(digests, "write_digest", breaks)

    assert services.send_digests(MONDAY) == 1
    assert OutgoingMail.objects.get().to == good.email
    assert DigestItem.objects.get(told_at=None).member == bad


def test_statements_do_not_grow_with_members(django_assert_max_num_queries):
    for _ in range(30):
        wait(daily(), f"{MemberFactory().pk}")

    with django_assert_max_num_queries(20):
        assert services.send_digests(MONDAY) == 30


def test_the_register_holds_the_communitys_news_its_queue_and_announcements():
    assert len(registers.DIGEST_SOURCES) == 3
