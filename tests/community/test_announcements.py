"""Announcements: who may, whom a segment means, one mail each, stopped, told in digests."""

import datetime
import io
import json
import zipfile

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from accounts import tasks
from accounts.models import Activity, MailAddress, Member, OutgoingMail
from accounts.services import close_account, export_own_data, send_digests, suspend_member
from accounts.services.notify import end_mail
from accounts.tasks import message_of
from community.models import Announcement, AnnouncementRecipient, Post, Thread
from community.querysets.announcements import meant_by, reach_of, reachable
from community.services import announcement_sending, announcements
from community.services.announcement_mail import mail_to, parts_of
from community.services.announcement_sending import send_announcements
from community.services.segments import words_of
from core.errors import DomainError, StaleEdit
from tests.factories.accounts import MemberFactory
from tests.factories.announcements import AnnouncementFactory, RecipientFactory
from tests.factories.community import SpaceFactory, SpacePersonFactory
from tests.factories.community_notices import FollowFactory
from tests.factories.events import EnrolmentFactory, EventFactory
from tests.factories.hubs import HubFactory, MembershipFactory

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


@pytest.fixture
def moderator():
    return MemberFactory(moderator=True, mail_choices={"announcements": "off"})


def draft(by, **columns):
    return announcements.begin_announcement(
        by=by, **{"subject": "We move", "body": "On *Sunday*."} | columns
    )


def send(announcement, by):
    return announcements.send_announcement(
        announcement, expected_version=announcement.version, by=by
    )


def names(members):
    return set(members.values_list("name", flat=True))


def states(announcement):
    rows = announcement.recipients.values_list("member__name", "state")
    return dict(rows)


def leave(number=None):
    """Let what is owed leave the outbox, all or some of it."""
    owed = OutgoingMail.objects.filter(sent_at=None).order_by("pk").values_list("pk", flat=True)
    return sum(tasks.send_outgoing_mail(pk) for pk in list(owed)[:number])


# Who may


def people():
    hub, other = HubFactory(slug="agency"), HubFactory(slug="other")
    head = MembershipFactory(hub=hub, head=True).member
    limited = MembershipFactory(hub=hub, head=True, member__limited=True).member
    return hub, {
        "anonymous": None,
        "member": MemberFactory(),
        "editor": MembershipFactory(hub=hub).member,
        "follower": FollowFactory(hub=hub).member,
        "stranger": MembershipFactory(hub=other, head=True).member,
        "limited head": limited,
        "head": head,
        "moderator": MemberFactory(moderator=True),
        "administrator": MemberFactory(administrator=True),
    }


def test_moderators_see_all_heads_those_of_their_hub_and_nobody_else_any():
    hub, who = people()
    of_hub = AnnouncementFactory(hub=hub)
    of_portal = AnnouncementFactory()
    everything = {of_hub.pk, of_portal.pk}

    seen = {
        name: set(
            Announcement.objects.visible_to(user or AnonymousUser()).values_list("pk", flat=True)
        )
        for name, user in who.items()
    }

    assert {name: pks for name, pks in seen.items() if pks} == {
        "head": {of_hub.pk},
        "moderator": everything,
        "administrator": everything,
    }


def test_who_may_not_write_is_refused_by_every_service():
    hub, who = people()
    announcement = AnnouncementFactory(hub=hub)
    for name in ("member", "editor", "follower", "stranger", "limited head"):
        by = who[name]
        acts = [
            lambda by=by: draft(by),
            lambda by=by: draft(by, hub=hub),
            lambda by=by: announcements.change_announcement(
                announcement, changes={"subject": "x"}, expected_version=1, by=by
            ),
            lambda by=by: announcements.test_announcement(announcement, by=by),
            lambda by=by: send(announcement, by),
            lambda by=by: announcements.stop_announcement(announcement, by=by),
            lambda by=by: announcements.discard_announcement(
                announcement, expected_version=1, by=by
            ),
        ]
        for act in acts:
            with pytest.raises(PermissionDenied):
                act()

    announcement.refresh_from_db()
    assert (announcement.version, announcement.state) == (1, "draft")
    assert Announcement.objects.count() == 1
    assert not OutgoingMail.objects.exists()


def test_a_head_writes_to_the_hub_and_to_nobody_else():
    hub = HubFactory()
    head = MembershipFactory(hub=hub, head=True).member

    assert draft(head, hub=hub).hub == hub
    with pytest.raises(PermissionDenied):
        draft(head)
    with pytest.raises(PermissionDenied):
        draft(head, hub=HubFactory())
    with pytest.raises(ValidationError, match="goes to its people and followers"):
        draft(head, hub=hub, countries=["BR"])


# Whom it means


@pytest.fixture
def crowd():
    """Members that each differ by one thing."""
    agency = HubFactory(slug="agency", name="Agency")
    space, event = SpaceFactory(slug="soil"), EventFactory(slug="visit")
    for name, columns in {
        "Plain": {},
        "Brazil": {"country": "BR"},
        "Mexico": {"country": "MX", "language": "es"},
        "Kenya": {"country": "KE"},
        "Spanish": {"language": "es"},
        "Farmer": {"sectors": ["311"]},
        "Silent farmer": {"sectors": ["311"], "visibility": {"sectors": "nobody"}},
        "Waiting": {"pending": True, "country": "BR"},
        "Suspended": {"suspended": True, "country": "BR"},
        "Closed": {"closed": True, "country": "BR"},
    }.items():
        MemberFactory(name=name, **columns)
    old = MemberFactory(name="Old")
    Member.objects.filter(pk=old.pk).update(joined_at=timezone.now() - 400 * DAY)
    MembershipFactory(hub=agency, member__name="Editor")
    MembershipFactory(hub=agency, member__name="Head", head=True)
    MembershipFactory(hub=agency, member__name="Asks", awaiting=True)
    MembershipFactory(member__name="Other head", head=True)
    FollowFactory(hub=agency, member__name="Follower")
    FollowFactory(hub=agency, member__name="Muted", level="mute")
    FollowFactory(hub=None, space=space, member__name="Space follower")
    EnrolmentFactory(event=event, member__name="Seated")
    EnrolmentFactory(event=event, member__name="In line", waiting=True)
    return agency


OUT = {"Waiting", "Suspended", "Closed"}


@pytest.mark.parametrize(
    ("segment", "expected"),
    [
        ({"hubs": ["agency"]}, {"Editor", "Head", "Follower"}),
        ({"hubs": ["agency"], "ties": "people"}, {"Editor", "Head"}),
        ({"hubs": ["agency"], "ties": "followers"}, {"Follower"}),
        ({"hubs": ["agency"], "roles": ["head"]}, {"Head"}),
        ({"roles": ["head"]}, {"Head", "Other head"}),
        ({"spaces": ["soil"]}, {"Space follower"}),
        ({"events": ["visit"]}, {"Seated"}),
        ({"countries": ["BR", "MX"]}, {"Brazil", "Mexico"}),
        ({"countries": ["KE"], "regions": ["005"]}, {"Kenya", "Brazil"}),
        ({"countries": ["BR", "MX"], "languages": ["es"]}, {"Mexico"}),
        ({"languages": ["es"]}, {"Mexico", "Spanish"}),
        ({"sectors": ["311"]}, {"Farmer"}),
        ({"hubs": ["gone"]}, set()),
    ],
)
def test_a_segment_means_who_fits_all_that_is_chosen(crowd, segment, expected):
    announcement = AnnouncementFactory.build(**segment)

    assert names(meant_by(announcement)) == expected


def test_with_nothing_chosen_it_means_all_who_take_part(crowd):
    announcement = AnnouncementFactory.build()

    assert names(meant_by(announcement)) == names(Member.objects.exclude(name__in=OUT))


def test_joined_since_leaves_out_who_was_there_before(crowd):
    day = timezone.now().date() - 30 * DAY
    everybody = names(meant_by(AnnouncementFactory.build()))

    found = names(meant_by(AnnouncementFactory.build(joined_since=day)))

    assert everybody - found == {"Old"}


def test_an_announcement_of_a_hub_means_its_people_and_followers(crowd):
    of = AnnouncementFactory.build

    assert names(meant_by(of(hub=crowd))) == {"Editor", "Head", "Follower"}
    assert names(meant_by(of(hub=crowd, ties="people"))) == {"Editor", "Head"}
    assert names(meant_by(of(hub=crowd, ties="followers"))) == {"Follower"}


def test_who_takes_no_mail_is_left_out_and_counted_once_with_the_reason():
    MemberFactory(name="Gets", mail_choices={"news": "off"})
    MemberFactory(name="Weekly", mail_choices={"announcements": "weekly"})
    MemberFactory(mail_choices={"announcements": "off"})
    MemberFactory(verified=False, mail_choices={"announcements": "off"})
    dead = MemberFactory(mail_choices={"announcements": "off"})
    MailAddress.objects.create(address=dead.email, state="dead")
    bouncing = MemberFactory(name="Bouncing")
    MailAddress.objects.create(address=bouncing.email, state="bouncing")
    meant = meant_by(AnnouncementFactory.build())

    assert reach_of(meant) == {"reached": 3, "unconfirmed": 1, "dead": 1, "none": 1}
    assert names(reachable(meant)) == {"Gets", "Weekly", "Bouncing"}


@pytest.mark.parametrize(
    ("segment", "words"),
    [
        ({}, "Everybody: all members"),
        (
            {"countries": ["BR", "MX"], "languages": ["es"]},
            "Members in Brazil or Mexico who read Spanish",
        ),
        ({"hubs": ["agency"], "ties": "people"}, "People of Agency"),
        ({"roles": ["head"], "regions": ["005"]}, "Members with a role in a hub (Head) in South"),
        ({"joined_since": datetime.date(2026, 1, 2)}, "Members who joined since Jan. 2, 2026"),
    ],
)
def test_a_segment_is_said_in_words(segment, words):
    HubFactory(slug="agency", name="Agency")

    assert words_of(AnnouncementFactory.build(**segment)).startswith(words)


def test_what_the_writer_may_not_see_cannot_be_chosen(moderator):
    SpaceFactory(slug="closed", closed=True)
    EventFactory(slug="secret", draft=True)

    with pytest.raises(ValidationError) as refusal:
        draft(
            moderator,
            hubs=["none"],
            spaces=["closed"],
            events=["secret"],
            languages=["sw"],
        )

    assert set(refusal.value.message_dict) == {"hubs", "spaces", "events", "languages"}
    assert not Announcement.objects.exists()


# The draft


def test_a_draft_is_changed_and_thrown_away_once(moderator):
    announcement = draft(moderator)
    change = {"changes": {"countries": ["BR"]}, "by": moderator}

    announcements.change_announcement(announcement, expected_version=1, **change)
    with pytest.raises(StaleEdit):
        announcements.change_announcement(announcement, expected_version=1, **change)
    with pytest.raises(StaleEdit):
        announcements.discard_announcement(announcement, expected_version=1, by=moderator)
    announcements.discard_announcement(announcement, expected_version=2, by=moderator)

    assert not Announcement.objects.exists()
    assert [each.history_type for each in Announcement.history.all()] == ["-", "~", "+"]
    told = Activity.objects.filter(verb__startswith="announcement.").order_by("pk")
    assert [each.verb for each in told] == [
        *("announcement.begun", "announcement.changed", "announcement.discarded"),
    ]
    assert {each.audience for each in told} == {"moderators"}


def test_a_mail_has_at_most_thirty_kilobytes_in_any_script(moderator):
    with pytest.raises(ValidationError, match="Shorten the text"):
        draft(moderator, body="قرية " * 1_900)
    long = draft(moderator, body="Village life goes on.\n\n" * 400)

    mail_ = mail_to(moderator, long, parts_of(long), key="k")
    mail_.pk = 1
    assert 15_000 < len(message_of(mail_).message().as_bytes()) <= 30_000


def test_a_mail_is_plain_first_harmless_and_leads_to_whole_addresses(moderator, settings):
    settings.SITE_URL = "https://portal.example"
    body = (
        "See [the hub](/hubs/agency/) and [us](https://a.example/).\n\n"
        "<script>alert(1)</script> [x](javascript:alert(1)) [y](//evil.example/)"
    )
    announcement = draft(moderator, subject="اجتماع", body=body, language="ar")
    member = MemberFactory(language="fr")

    mail_ = mail_to(member, announcement, parts_of(announcement), key="k")
    mail_.pk = 7
    message = message_of(mail_).message()
    plain, html = message.get_payload()
    text, form = (each.get_payload(decode=True).decode() for each in (plain, html))

    assert message.get_content_type() == "multipart/alternative"
    assert [plain.get_content_type(), html.get_content_type()] == ["text/plain", "text/html"]
    assert "[the hub](https://portal.example/hubs/agency/)" in text
    assert 'href="https://portal.example/hubs/agency/"' in form
    assert "<script" not in form
    assert "javascript:" not in form.replace("[x](javascript:", "")
    assert 'href="//' not in form
    assert '<main lang="ar" dir="rtl">' in form
    assert '<html lang="fr" dir="ltr">' in form
    assert mail_.unsubscribe in text
    assert mail_.unsubscribe in form
    assert message["List-Id"] == "<announcements.portal.example>"
    assert message["Precedence"] == "bulk"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["List-Unsubscribe"] == f"<{mail_.unsubscribe}>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_a_subject_cannot_add_a_header(moderator):
    announcement = draft(moderator, subject="Hello\r\nBcc: all@example.org")

    announcements.test_announcement(announcement, by=moderator)
    leave()

    (message,) = mail.outbox
    assert message.subject == "[Test] Hello Bcc: all@example.org"
    assert message.recipients() == [moderator.email]


def test_a_test_goes_to_its_author_alone_each_time(moderator):
    MemberFactory()
    announcement = draft(moderator)

    announcements.test_announcement(announcement, by=moderator)
    announcements.test_announcement(announcement, by=moderator)

    assert leave() == 2
    assert {tuple(message.recipients()) for message in mail.outbox} == {(moderator.email,)}
    assert not AnnouncementRecipient.objects.exists()
    assert not OutgoingMail.objects.exclude(body="", html="").exists()


# Sending


def test_everybody_meant_gets_one_mail(moderator):
    ana, ben = MemberFactory(name="Ana"), MemberFactory(name="Ben", language="es")
    announcement = send(draft(moderator), moderator)

    assert send_announcements() == 2
    assert send_announcements() == 0
    assert leave() == 2
    assert leave() == 0
    send_announcements()

    announcement.refresh_from_db()
    assert (announcement.state, announcement.ended_at is not None) == ("sent", True)
    assert states(announcement) == {"Ana": "mailed", "Ben": "mailed"}
    assert sorted(message.to[0] for message in mail.outbox) == sorted([ana.email, ben.email])
    verbs = Activity.objects.filter(object_model="announcement").values_list("verb", flat=True)
    assert list(verbs.order_by("pk")) == [
        *("announcement.begun", "announcement.sent", "announcement.ended"),
    ]


def test_it_is_sent_once_however_often_it_is_asked_for(moderator):
    MemberFactory()
    announcement = draft(moderator)
    send(announcement, moderator)

    for by in (moderator, MemberFactory(moderator=True)):
        with pytest.raises(DomainError, match=f"{moderator.name} sent this announcement on"):
            send(announcement, by)
    with pytest.raises(DomainError):
        announcements.change_announcement(
            announcement, changes={"subject": "x"}, expected_version=2, by=moderator
        )
    with pytest.raises(DomainError):
        announcements.test_announcement(announcement, by=moderator)
    with pytest.raises(DomainError):
        announcements.discard_announcement(announcement, expected_version=2, by=moderator)

    assert AnnouncementRecipient.objects.count() == 1


def test_what_was_changed_meanwhile_is_not_sent_and_nothing_to_nobody(moderator):
    announcement = draft(moderator, countries=["KE"])

    with pytest.raises(StaleEdit):
        announcements.send_announcement(announcement, expected_version=7, by=moderator)
    with pytest.raises(DomainError, match="Nobody would get this"):
        send(announcement, moderator)

    announcement.refresh_from_db()
    assert announcement.state == "draft"


def test_who_left_or_wants_none_by_their_turn_is_skipped(moderator):
    closes, suspended, off, dead, stays = (MemberFactory(name=each) for each in "abcde")
    announcement = send(draft(moderator), moderator)
    close_account(closes, by=closes)
    suspend_member(suspended, by=moderator, reason="Cars.")
    end_mail(off, "announcements")
    MailAddress.objects.create(address=dead.email, state="dead")
    later = MemberFactory()

    send_announcements()

    outcome = announcement.recipients.values_list("member", "state")
    skipped = dict.fromkeys([each.pk for each in (closes, suspended, off, dead)], "skipped")
    assert dict(outcome) == skipped | {stays.pk: "owed"}
    assert not OutgoingMail.objects.filter(to=later.email).exists()
    assert OutgoingMail.objects.filter(key__startswith="announcement:").get().to == stays.email


def test_the_outbox_is_never_filled_further_than_can_be_stopped(moderator, monkeypatch):
    monkeypatch.setattr(announcement_sending, "PORTION", 2)
    monkeypatch.setattr(announcement_sending, "UNDER_WAY", 3)
    MemberFactory.create_batch(7)
    send(draft(moderator), moderator)

    assert send_announcements() == 3
    assert send_announcements() == 0
    leave(2)
    assert send_announcements() == 2
    leave()
    assert send_announcements() == 2


def test_stopped_it_goes_to_nobody_else_and_says_to_how_many_it_went(moderator, monkeypatch):
    monkeypatch.setattr(announcement_sending, "UNDER_WAY", 3)
    MemberFactory.create_batch(6)
    gathers = MemberFactory(mail_choices={"announcements": "daily"})
    announcement = send(draft(moderator), moderator)
    turn = announcement.recipients.get(member=gathers)
    announcement.recipients.filter(pk=turn.pk).update(state="gathered", turned_at=timezone.now())
    send_announcements()
    leave(2)

    announcements.stop_announcement(announcement, by=moderator)

    assert send_announcements() == 0
    assert leave() == 0
    assert send_digests(timezone.now() + 2 * DAY) == 0
    found = Announcement.objects.with_figures().get(pk=announcement.pk)
    assert (found.state, found.stopped_by) == ("stopped", moderator)
    assert (found.recipient_count, found.mailed_count, found.stopped_count) == (7, 2, 5)
    assert found.waiting_count == found.gathered_count == 0
    assert len(mail.outbox) == 2
    with pytest.raises(DomainError, match="not being sent"):
        announcements.stop_announcement(announcement, by=moderator)


def test_mail_that_is_given_up_is_counted_and_ends_it(moderator):
    MemberFactory.create_batch(2)
    announcement = send(draft(moderator), moderator)
    send_announcements()
    OutgoingMail.objects.filter(pk=OutgoingMail.objects.last().pk).update(attempts=8)
    leave()
    before = Announcement.objects.with_figures().get(pk=announcement.pk)
    send_announcements()

    after = Announcement.objects.with_figures().get(pk=announcement.pk)
    assert (before.mailed_count, before.failed_count) == (1, 1)
    assert (after.mailed_count, after.failed_count, after.state) == (1, 1, "sent")


def test_one_that_cannot_be_sent_keeps_no_other_waiting(moderator):
    MemberFactory()
    broken = send(draft(moderator), moderator)
    fine = send(draft(moderator), moderator)
    key = f"announcement:{broken.pk}:{broken.recipients.get().member_id}"
    OutgoingMail.objects.create(key=key, to="a@example.org", subject="s", body="b")

    assert send_announcements() == 1

    assert set(broken.recipients.values_list("state", flat=True)) == {"waiting"}
    assert set(fine.recipients.values_list("state", flat=True)) == {"owed"}


# The mail of the day or of the week


def test_who_wants_one_mail_a_day_or_week_gets_it_there_once(moderator):
    member = MemberFactory(mail_choices={"announcements": "weekly"}, language="es")
    announcement = send(draft(moderator, body="See [it](/hubs/)."), moderator)
    send_announcements()
    send_announcements()

    assert send_digests(timezone.now()) == 0
    assert send_digests(timezone.now() + 8 * DAY) == 1
    assert send_digests(timezone.now() + 16 * DAY) == 0

    (owed,) = OutgoingMail.objects.all()
    assert owed.to == member.email
    assert "We move\n\nSee [it](http" in owed.body
    assert f"/community/my/announcements/{announcement.pk}/" in owed.body
    announcement.refresh_from_db()
    assert announcement.state == "sent"
    assert states(announcement) == {member.name: "told"}


def test_who_switches_off_before_the_morning_is_not_told(moderator):
    member = MemberFactory(mail_choices={"announcements": "daily"})
    announcement = send(draft(moderator), moderator)
    send_announcements()
    end_mail(member, "announcements")

    assert send_digests(timezone.now() + 2 * DAY) == 0
    assert states(announcement) == {member.name: "skipped"}


# The thread


def test_it_is_posted_once_where_it_can_be_talked_about(moderator):
    MemberFactory()
    space = SpaceFactory()
    announcement = send(draft(moderator, space=space, language="es"), moderator)
    with pytest.raises(DomainError):
        send(announcement, moderator)

    thread = Thread.objects.get(space=space)
    assert announcement.thread == thread
    assert (thread.title, thread.kind, thread.language) == ("We move", "announcement", "es")
    assert Post.objects.get(thread=thread).text == "On *Sunday*."


def test_it_is_posted_only_where_its_writer_may_and_all_may_read(moderator):
    hub = HubFactory()
    head = MembershipFactory(hub=hub, head=True).member
    own = SpacePersonFactory(moderator=True, member=head).space
    closed = SpacePersonFactory(moderator=True, member=head, space__closed=True).space

    assert draft(head, hub=hub, space=own).space == own
    for space in (SpaceFactory(), closed):
        with pytest.raises(ValidationError, match="cannot post announcements in this space"):
            draft(head, hub=hub, space=space)


def test_a_thread_that_cannot_be_begun_sends_nothing(moderator):
    MemberFactory()
    space = SpaceFactory()
    announcement = draft(moderator, space=space)
    type(space).objects.filter(pk=space.pk).update(is_archived=True)

    with pytest.raises(ValidationError):
        send(announcement, moderator)

    assert not AnnouncementRecipient.objects.exists()


# Too much


def test_who_writes_sees_what_the_same_people_got_lately(moderator):
    hub = HubFactory()
    head = MembershipFactory(hub=hub, head=True).member
    of_portal = RecipientFactory(member=head, state="mailed").announcement
    other = RecipientFactory(state="mailed").announcement
    old = RecipientFactory(member=head, state="mailed").announcement
    Announcement.objects.filter(pk=old.pk).update(started_at=timezone.now() - 30 * DAY)
    to_hub = draft(moderator, hubs=[hub.slug])
    of_hub = draft(head, hub=hub)

    found = announcements.overlap_of(to_hub, by=moderator)

    assert (found, found.overlap) == (of_portal, 1)
    # Of announcements that are not theirs heads learn nothing.
    assert announcements.overlap_of(of_hub, by=head) is None
    everybody = announcements.overlap_of(draft(moderator), by=moderator)
    assert everybody == other


# One's own


def test_ones_own_data_tell_what_one_wrote_and_got(moderator):
    hub = HubFactory()
    head = MembershipFactory(hub=hub, head=True).member
    draft(head, hub=hub, subject="Mine")
    RecipientFactory(member=head, state="mailed", announcement__subject="Theirs")

    with zipfile.ZipFile(io.BytesIO(export_own_data(head))) as archive:
        kept = {name: archive.read(name) for name in archive.namelist()}
    told = json.loads(next(text for name, text in kept.items() if name.endswith(".json")))

    assert [each["subject"] for each in told["announcements"]] == ["Mine"]
    assert [each["announcement__subject"] for each in told["announcements_received"]] == ["Theirs"]


def test_only_who_got_it_finds_it_again():
    got = {state: RecipientFactory(state=state) for state in ("owed", "mailed", "told", "gathered")}
    not_got = [RecipientFactory(state=state) for state in ("waiting", "skipped", "stopped")]

    for row in got.values():
        assert Announcement.objects.received_by(row.member).get() == row.announcement
    for row in not_got:
        assert not Announcement.objects.received_by(row.member).exists()
