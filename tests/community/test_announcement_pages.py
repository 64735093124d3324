"""Announcements on pages and for programs: the same things, the same rights, nothing lost."""

import csv
import io
import json

import pytest
from django.utils import timezone

from accounts.models import MailAddress, OutgoingMail
from community.models import Announcement
from community.services import announcements
from community.services.announcement_sending import send_announcements
from tests.api_clients import client_of
from tests.factories.accounts import MemberFactory
from tests.factories.announcements import AnnouncementFactory, RecipientFactory
from tests.factories.hubs import HubFactory, MembershipFactory

pytestmark = pytest.mark.django_db
LIST = "/community/announcements/"
API = "/api/v1/announcements/"
TEXT = {"subject": "We move", "body": "On *Sunday*.", "language": "en", "ties": "both"}


@pytest.fixture
def moderator():
    return MemberFactory(moderator=True, mail_choices={"announcements": "off"})


@pytest.fixture
def client(moderator):
    return client_of(moderator)


def sent(client, method, url, body=None, **headers):
    return getattr(client, method)(
        url, json.dumps(body or {}), content_type="application/json", headers=headers
    )


def rows_of(response):
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def subjects_in_page(client, query):
    page = client.get(f"{LIST}{query}").content.decode()
    return [each for each in ("Alpha", "Beta", "Gamma") if f">{each}<" in page]


def subjects_in_csv(client, query):
    joint = "&" if query else "?"
    rows = rows_of(client.get(f"{LIST}{query}{joint}export=csv"))
    return sorted(row["subject"] for row in rows)


def subjects_in_api(client, query):
    return sorted(row["subject"] for row in client.get(f"{API}{query}").json()["results"])


@pytest.mark.parametrize("subjects_in", [subjects_in_page, subjects_in_csv, subjects_in_api])
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["Alpha", "Beta", "Gamma"]),
        ("?state=sent&state=sending", ["Beta", "Gamma"]),
        ("?hub=agency", ["Alpha"]),
        ("?by=ana", ["Beta"]),
        ("?q=moves+beta", ["Beta"]),
        ("?q=none", []),
    ],
)
def test_lists_are_the_same_as_page_api_and_file(client, subjects_in, query, expected):
    AnnouncementFactory(subject="Alpha", hub=HubFactory(slug="agency"))
    AnnouncementFactory(subject="Beta", sent=True, written_by__slug="ana")
    AnnouncementFactory(subject="Gamma", sending=True)

    assert subjects_in(client, query) == expected


def test_a_wrong_filter_finds_nothing_and_is_refused_in_files(client):
    AnnouncementFactory(subject="Alpha")

    assert subjects_in_page(client, "?state=lost") == []
    assert client.get(f"{LIST}?state=lost&export=csv").status_code == 400
    assert client.get(f"{API}?state=lost").status_code == 400
    columns = {row["column"] for row in rows_of(client.get(f"{LIST}?export=dictionary"))}
    assert columns == set(rows_of(client.get(f"{LIST}?export=csv"))[0])


@pytest.mark.parametrize("number", [1, 4])
def test_lists_ask_the_same_number_of_times_whatever_they_hold(
    client, number, django_assert_max_num_queries, django_assert_num_queries
):
    for _each in range(number):
        announcement = AnnouncementFactory(sent=True, hub=HubFactory())
        RecipientFactory.create_batch(3, announcement=announcement, state="mailed")
    client.get(LIST)

    with django_assert_max_num_queries(16) as page:
        client.get(LIST)
    with django_assert_max_num_queries(12) as api:
        client.get(API)

    rows = [each["sql"] for each in page.captured_queries]
    assert len([sql for sql in rows if "community_announcement" in sql]) == 2  # count and rows
    rows = [each["sql"] for each in api.captured_queries]
    assert len([sql for sql in rows if "community_announcement" in sql]) == 1


def test_nobody_else_knows_of_them():
    hub = HubFactory()
    announcement = AnnouncementFactory(hub=hub)
    of_portal = AnnouncementFactory()
    acts = ("", "edit/", "send/")
    for by in (MemberFactory(), MembershipFactory(hub=hub).member):
        other = client_of(by)
        assert other.get(LIST).status_code == other.get(API).status_code == 403
        assert [other.get(f"{LIST}{announcement.pk}/{act}").status_code for act in acts] == [
            404
        ] * 3
        assert other.get(f"{API}{announcement.pk}/").status_code == 403
        for verb in ("test", "send", "stop", "discard"):
            assert other.post(f"{LIST}{announcement.pk}/{verb}/").status_code == 404
    stranger = client_of(MembershipFactory(head=True).member)
    assert stranger.get(LIST).status_code == 200
    assert stranger.get(API).json()["results"] == []
    head = client_of(MembershipFactory(hub=hub, head=True).member)
    assert [row["id"] for row in head.get(API).json()["results"]] == [announcement.pk]
    for asks, pk in ((stranger, announcement.pk), (head, of_portal.pk)):
        assert asks.get(f"{LIST}{pk}/").status_code == asks.get(f"{API}{pk}/").status_code == 404
    assert client_of(None).get(f"{LIST}{announcement.pk}/").status_code == 302
    assert client_of(None).get(API).status_code == 401


def test_a_moderator_drafts_sees_tries_sends_and_watches(client, moderator):
    MemberFactory(country="BR")
    MemberFactory(country="BR", mail_choices={"announcements": "off"})
    dead = MemberFactory(country="BR")
    MailAddress.objects.create(address=dead.email, state="dead")
    MemberFactory(country="KE")

    response = client.post(f"{LIST}new/", TEXT | {"countries": ["BR"]})
    url = response["Location"]
    page = client.get(url).content.decode()
    assert "1 member will get this" in page
    assert "Members in Brazil" in page
    assert "1 is left out: wants no announcements" in page
    assert "1 is left out: mail to the address comes back" in page
    assert "<em>Sunday</em>" in page
    assert "On *Sunday*." in page

    assert client.post(f"{url}test/", follow=True).status_code == 200
    test = OutgoingMail.objects.get(key__startswith="announcement-test:")
    assert (test.to, test.subject) == (moderator.email, "[Test] We move")

    page = client.get(f"{url}send/").content.decode()
    assert "Send it to 1 member" in page
    response = client.post(f"{url}send/", {"version": 1}, follow=True)
    page = response.content.decode()
    assert "The announcement is being sent." in page
    assert "Stop sending" in page
    assert "0 of 1 members" in page
    assert "data-again" in page
    again = client.post(f"{url}send/", {"version": 1}, follow=True).content.decode()
    assert "sent this announcement on" in again

    send_announcements()
    OutgoingMail.objects.filter(sent_at=None).update(sent_at=timezone.now())
    send_announcements()
    response = client.get(url)
    assert "data-again" not in response.content.decode()
    assert "Stop sending" not in response.content.decode()
    assert Announcement.objects.get().state == "sent"
    assert client.get(f"{url}edit/")["Location"] == client.get(f"{url}send/")["Location"] == url


def test_to_everybody_is_said_so_and_stopping_says_to_how_many_it_went(client):
    announcement = AnnouncementFactory()
    RecipientFactory.create_batch(2)
    url = f"{LIST}{announcement.pk}/"

    assert "it goes to all members" in client.get(url).content.decode()
    assert "it goes to all members" in client.get(f"{url}send/").content.decode()
    client.post(f"{url}send/", {"version": 1})
    page = client.post(f"{url}stop/", follow=True).content.decode()

    number = announcement.recipients.count()
    assert f"It went to 0 of {number} members" in page
    assert "is not being sent" in client.post(f"{url}stop/", follow=True).content.decode()


def test_a_head_is_asked_for_the_hub_and_not_for_more():
    hub = HubFactory(slug="agency", name="Agency")
    head = MembershipFactory(hub=hub, head=True).member
    MembershipFactory(hub=hub, member__mail_choices={"announcements": "off"})
    client = client_of(head)

    page = client.get(f"{LIST}new/?hub=agency").content.decode()
    assert f'<option value="{hub.pk}" selected>Agency' in page
    for name in ("countries", "languages", "sectors", "roles", "joined_since", "events"):
        assert f'name="{name}"' not in page
    refused = client.post(f"{LIST}new/", TEXT)
    assert refused.status_code == 200
    assert "We move" in refused.content.decode()
    url = client.post(f"{LIST}new/", TEXT | {"hub": hub.pk})["Location"]
    page = client.get(url).content.decode()
    assert "1 member will get this" in page
    assert "wants no announcements" not in page
    told = client.get(url.replace("/community/", "/api/v1/")).json()
    assert told["reach"] == {"reached": 1}
    assert told["segment"] == "People and followers of Agency"


def test_two_who_edit_see_both_texts_and_what_was_typed_is_kept(client, moderator):
    announcement = AnnouncementFactory(written_by=moderator, countries=["BR"])
    announcements.change_announcement(
        announcement,
        changes={"subject": "Theirs", "countries": ["KE"]},
        expected_version=1,
        by=MemberFactory(moderator=True),
    )
    typed = TEXT | {"subject": "Mine", "countries": ["MX"], "version": 1}

    response = client.post(f"{LIST}{announcement.pk}/edit/", typed)

    page = response.content.decode()
    assert response.status_code == 409
    assert "Theirs" in page
    assert 'value="Mine"' in page
    assert "Kenya" in page
    assert Announcement.objects.get().subject == "Theirs"
    response = client.post(f"{LIST}{announcement.pk}/edit/", typed | {"version": 2})
    assert response.status_code == 302
    assert Announcement.objects.get().countries == ["MX"]


def test_a_text_that_is_too_long_is_refused_at_its_field(client):
    response = client.post(f"{LIST}new/", TEXT | {"body": "قرية " * 1_900})

    assert response.status_code == 200
    assert "Shorten the text" in response.content.decode()


def test_programs_write_try_send_and_stop(client, moderator):
    MemberFactory(country="BR")
    body = {"subject": "We move", "body": "On Sunday.", "countries": ["BR"]}

    assert sent(client, "post", API, body | {"hub": "none"}).status_code == 400
    assert sent(client, "post", API, body | {"countries": ["XX"]}).status_code == 400
    assert sent(client, "post", API, body | {"hubs": ["none"]}).status_code == 400
    made = sent(client, "post", API, body, **{"Idempotency-Key": "a"})
    again = sent(client, "post", API, body, **{"Idempotency-Key": "a"})
    assert made.status_code == again.status_code == 201
    url = made["Location"]
    assert Announcement.objects.count() == 1
    told = client.get(url).json()
    assert told["segment"] == "Members in Brazil"
    assert told["reach"] == {"reached": 1, "none": 0, "dead": 0, "unconfirmed": 0}

    change = {"regions": ["005"]}
    assert sent(client, "patch", url, change).status_code == 428
    assert sent(client, "patch", url, change, **{"If-Match": '"9"'}).status_code == 412
    assert sent(client, "patch", url, change, **{"If-Match": '"1"'}).json()["version"] == 2
    assert sent(client, "post", f"{url}test/").status_code == 200
    assert OutgoingMail.objects.get().to == moderator.email
    assert sent(client, "post", f"{url}send/").status_code == 428
    assert sent(client, "post", f"{url}send/", **{"If-Match": '"1"'}).status_code == 412
    keyed = {"If-Match": '"2"', "Idempotency-Key": "b"}
    first = sent(client, "post", f"{url}send/", **keyed)
    second = sent(client, "post", f"{url}send/", **keyed)
    assert (first.json()["state"], first.json()["recipients"]) == ("sending", 1)
    assert second.content == first.content
    assert sent(client, "post", f"{url}send/", **{"If-Match": '"3"'}).status_code == 409
    assert sent(client, "patch", url, change, **{"If-Match": '"3"'}).status_code == 409
    assert sent(client, "delete", url, **{"If-Match": '"3"'}).status_code == 409
    stopped = sent(client, "post", f"{url}stop/").json()
    assert (stopped["state"], stopped["stopped"], stopped["reach"]) == ("stopped", 1, None)
    assert sent(client, "post", f"{url}stop/").status_code == 409


def test_programs_throw_a_draft_away(client):
    announcement = AnnouncementFactory()
    url = f"{API}{announcement.pk}/"

    assert sent(client, "delete", url).status_code == 428
    assert sent(client, "delete", url, **{"If-Match": '"1"'}).status_code == 204
    assert client.get(url).status_code == 404


def test_a_draft_is_thrown_away_on_its_page_unless_it_was_changed(client):
    announcement = AnnouncementFactory()
    url = f"{LIST}{announcement.pk}/discard/"

    client.post(url, {"version": "7"})
    assert Announcement.objects.count() == 1
    assert client.post(url, {"version": "1"})["Location"] == LIST
    assert not Announcement.objects.exists()


def test_who_got_it_reads_it_again_and_nobody_else():
    row = RecipientFactory(
        state="mailed", announcement__subject="We move", announcement__body="*Soon* <b>x</b>"
    )
    client = client_of(row.member)
    url = f"/community/my/announcements/{row.announcement.pk}/"

    page = client.get("/community/my/announcements/").content.decode()
    assert "We move" in page
    page = client.get(url).content.decode()
    assert "<em>Soon</em>" in page
    assert "<b>" not in page
    assert client_of(MemberFactory()).get(url).status_code == 404
    assert client_of(MemberFactory(moderator=True)).get(url).status_code == 404
    assert client_of(None).get(url).status_code == 302


def test_moderators_and_heads_are_led_there(client):
    hub = HubFactory(slug="agency")
    head = client_of(MembershipFactory(hub=hub, head=True).member)

    assert f'href="{LIST}"' in client.get("/community/moderation/").content.decode()
    mine = head.get("/hubs/memberships/").content.decode()
    assert f'href="{LIST}new/?hub=agency"' in mine


def test_one_press_in_the_mail_program_ends_them(client):
    member = MemberFactory()
    announcement = AnnouncementFactory()
    client.post(f"{LIST}{announcement.pk}/send/", {"version": 1})
    send_announcements()
    off = OutgoingMail.objects.get(to=member.email).unsubscribe

    client_of(None).post("/" + off.split("/", 3)[3], {"List-Unsubscribe": "One-Click"})

    member.refresh_from_db()
    assert member.mail_choices == {"announcements": "off"}
