"""How soon members are told: at once, in the mail of the day, or never; each thing once."""

import datetime
from functools import partial

import pytest
from django.utils import timezone

from accounts import services
from accounts.forms import MailForm
from accounts.models import DigestItem, MailKind, OutgoingMail
from core.errors import StaleEdit
from tests.factories.accounts import MemberFactory
from tests.races import all_at_once

pytestmark = pytest.mark.django_db
MESSAGES = MailKind.REVIEW_MESSAGES
REQUESTS = MailKind.REVIEW_REQUESTS
DAY = datetime.timedelta(days=1)


def send_digests(days=1):
    """Let the mornings of some days come."""
    return services.send_digests(timezone.now() + days * DAY)


def tell(member, key="k", kind=MESSAGES):
    member.refresh_from_db()
    services.notify(member, kind, key=key, subject=f"About {key}", body=f"Words {key}")


def owed():
    return list(OutgoingMail.objects.order_by("pk"))


def end_path(member, kind):
    return "/accounts/mail/off/" + services.off_address(member, kind).split("/")[-2] + "/"


@pytest.mark.parametrize("kind", [kind for kind in MailKind if kind not in ("news", "queue")])
def test_unless_chosen_otherwise_everything_comes_at_once(kind):
    tell(MemberFactory(), kind=kind)

    (mail,) = owed()
    assert mail.unsubscribe in mail.body
    assert "/accounts/mail/" in mail.body


def test_what_is_off_never_comes():
    tell(MemberFactory(mail_choices={MESSAGES: "off"}))
    send_digests()

    assert owed() == []
    assert not DigestItem.objects.exists()


def test_what_comes_meanwhile_waits_for_the_next_day():
    member = MemberFactory(mail_choices={MESSAGES: "daily"})
    tell(member, "a")
    send_digests(days=1)
    tell(member, "b")
    assert send_digests(days=1) == 0

    assert send_digests(days=2) == 1

    first, second = owed()
    assert "Words a" in first.body
    assert "Words b" in second.body
    assert "Words a" not in second.body


def test_the_same_effect_is_told_once_whatever_is_chosen_between():
    member = MemberFactory()
    tell(member)
    for day, pace in enumerate(("daily", "at_once", "daily"), start=1):
        member.refresh_from_db()
        services.change_mail_choices(member, {MESSAGES: pace}, expected_version=member.version)
        tell(member)
        tell(member, "other")
        send_digests(day)

    assert len(owed()) == 2
    assert sum("Words other" in each.body for each in owed()) == 1


def test_what_is_switched_off_before_the_day_ends_does_not_come():
    member = MemberFactory(mail_choices={MESSAGES: "daily"})
    tell(member)
    services.end_mail(member, MESSAGES)

    assert send_digests() == 0
    assert owed() == []


def test_who_takes_part_no_more_gets_no_mail_of_the_day():
    member = MemberFactory(mail_choices={MESSAGES: "daily"})
    tell(member)
    type(member).objects.filter(pk=member.pk).update(status="suspended")

    assert send_digests() == 0


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_owe_one_mail():
    tell(MemberFactory(mail_choices={MESSAGES: "daily"}))

    assert sorted(all_at_once(*[send_digests] * 3)) == [0, 0, 1]
    assert len(owed()) == 1


def test_the_end_of_the_daily_mail_ends_all_that_comes_daily(client):
    member = MemberFactory(mail_choices={MESSAGES: "daily", MailKind.IMPORTS: "daily"})

    client.post(end_path(member, services.DIGEST))

    member.refresh_from_db()
    assert member.mail_choices == dict.fromkeys((MESSAGES, MailKind.IMPORTS, "news"), "off")
    assert member.mail_pace(REQUESTS) == "at_once"


def test_a_link_scanner_ends_nothing(client):
    member = MemberFactory()
    path = end_path(member, MESSAGES)

    for ask in (client.get, client.head):
        assert ask(path).status_code == 200
    member.refresh_from_db()
    assert member.mail_choices == {}
    assert "Send no more such mail" in client.get(path).content.decode()
    assert "There will be no more such mail" in client.post(path).content.decode()
    assert "There will be no more such mail" in client.post(path).content.decode()


def test_who_must_accept_new_terms_first_can_end_mail_all_the_same(client):
    member = MemberFactory()
    services.load_legal_texts()
    client.force_login(member)

    client.post(end_path(member, MESSAGES))

    member.refresh_from_db()
    assert member.mail_pace(MESSAGES) == "off"


@pytest.mark.parametrize("token", ["x", "1", "W10:abc:def"])
def test_a_forged_address_ends_nothing(client, token):
    assert client.post(f"/accounts/mail/off/{token}/").status_code == 404


def test_the_address_of_a_closed_account_is_gone(client):
    member = MemberFactory()
    path = end_path(member, MESSAGES)
    services.close_account(member, by=member)

    assert client.get(path).status_code == 404


def test_closing_an_account_takes_along_what_waited():
    member = MemberFactory(mail_choices={MESSAGES: "daily"})
    tell(member)

    services.close_account(member, by=member)

    assert not DigestItem.objects.exists()
    member.refresh_from_db()
    assert member.mail_choices == {}


def test_members_choose_on_one_page(client):
    member = MemberFactory()
    client.force_login(member)
    page = client.get("/accounts/mail/").content.decode()
    assert "For moderators" not in page
    data = {kind.value: "at_once" for kind in MailKind} | {"review_reminders": "off", "version": 1}

    assert client.post("/accounts/mail/", data).status_code == 302
    late = client.post("/accounts/mail/", data | {"review_reminders": "daily"})

    member.refresh_from_db()
    assert late.status_code == 409
    assert (member.mail_pace(MailKind.REVIEW_REMINDERS), member.version) == ("off", 2)


@pytest.mark.parametrize("pace", ["", "hourly", "off\0", "x" * 10_000])
def test_a_pace_that_is_none_is_told_at_its_field(client, pace):
    client.force_login(MemberFactory())
    data = {kind.value: "daily" for kind in MailKind} | {"imports": pace, "version": 1}

    assert client.post("/accounts/mail/", data).context["form"].errors["imports"]


def test_moderators_choose_about_their_mail_too():
    assert "moderation" in MailForm(member=MemberFactory(moderator=True)).fields


@pytest.mark.django_db(transaction=True)
def test_of_two_choices_at_once_one_is_told():
    member = MemberFactory()
    choose = partial(services.change_mail_choices, member, expected_version=1)

    results = all_at_once(*(partial(choose, {MESSAGES: pace}) for pace in ("off", "daily")))

    assert sum(isinstance(each, StaleEdit) for each in results) == 1
