"""The bell, its page, the way to follow, and the same for programs."""

import csv

import pytest

from accounts.models import MailAddress
from accounts.returned import note_bounce
from accounts.services import close_account, export_own_data, record_activity
from community.models import Follow, Notification
from community.services.telling import tell_followers
from tests.api_clients import client_of
from tests.factories.accounts import MemberFactory
from tests.factories.catalogue import BuildingBlockFactory, EntryFactory, ResourceFactory
from tests.factories.community_notices import FollowFactory, NotificationFactory
from tests.factories.evaluation import ExchangeFactory, FrameworkFactory
from tests.factories.evaluation_stories import StoryFactory
from tests.factories.hubs import HubFactory, MembershipFactory

pytestmark = pytest.mark.django_db
PAGE, FOLLOWING = "/community/notifications/", "/community/following/"
API, FOLLOWS = "/api/v1/notifications/", "/api/v1/follows/"
JSON = {"content_type": "application/json"}


def told(member, number=1, hub=None, **columns):
    """Tell a member of so many changes of a hub; return the notices, oldest first."""
    hub = hub or HubFactory()
    return [
        NotificationFactory(
            member=member, activity=record_activity("hub.changed", hub, by=None), **columns
        )
        for _ in range(number)
    ]


def bell(page):
    """Return what the header says of unread notices."""
    menu = page.content.decode().partition('class="site-tools"')[2].partition("</header>")[0]
    return menu.partition(f'href="{PAGE}">')[2].partition("</a>")[0]


def table(client, query=""):
    text = client.get(f"{PAGE}?export=csv{query}").getvalue().decode("utf-8-sig")
    return list(csv.DictReader(text.splitlines()))


def test_the_bell_counts_what_is_unread_and_may_be_read(client):
    member, hub = MemberFactory(), HubFactory()
    client = client_of(member)
    assert bell(client.get("/hubs/")).strip() == "Notices"
    (gone,) = told(member, hub=hub)
    told(member, 2)
    told(member, is_quiet=True)
    told(MemberFactory())
    assert ">3<" in bell(client.get("/hubs/"))
    assert "3 unread" in bell(client.get("/hubs/"))

    hub.is_published = False
    hub.save()

    assert ">2<" in bell(client.get("/hubs/"))
    assert str(gone.pk) not in {row["id"] for row in table(client, "&show=all")}
    assert len(table(client)) == 2
    told(member, 100)
    assert ">99+<" in bell(client.get("/hubs/"))


def test_visitors_have_no_bell_and_those_who_wait_neither(client):
    assert bell(client.get("/hubs/")) == ""
    waiting = client_of(MemberFactory(pending=True))
    assert bell(waiting.get("/hubs/")) == ""
    assert waiting.get(PAGE).status_code == 403
    assert client.get(PAGE).status_code == 302


def test_the_page_shows_the_newest_first_and_goes_on_by_position():
    member = MemberFactory()
    client = client_of(member)
    assert "Nothing is unread" in client.get(PAGE).content.decode()
    assert "not told anything yet" in client.get(f"{PAGE}?show=all").content.decode()
    rows = told(member, 27)

    first = client.get(PAGE)
    assert [line["notice"] for line in first.context["lines"]] == rows[:1:-1]
    rest = client.get(f"{PAGE}?before={first.context['older']}")
    assert [line["notice"] for line in rest.context["lines"]] == rows[1::-1]
    assert rest.context["older"] is None
    for odd in ("x", "-1", "9" * 30):
        assert len(client.get(PAGE, {"before": odd}).context["lines"]) == 25


def test_notices_are_read_one_by_one_and_all_that_were_shown():
    member, other = MemberFactory(), MemberFactory()
    client = client_of(member)
    first, second, third = told(member, 3)
    (foreign,) = told(other)
    read = f"{PAGE}read/"

    assert client.post(read, {"notice": second.pk}).status_code == 302
    client.post(read, {"notice": foreign.pk})
    assert {row["id"] for row in table(client)} == {str(first.pk), str(third.pk)}
    (late,) = told(member)
    client.post(read, {"up_to": third.pk})
    assert [row["id"] for row in table(client)] == [str(late.pk)]
    for odd in ({}, {"notice": "x"}, {"up_to": "9" * 40}):
        assert client.post(read, odd).status_code == 302
    assert Notification.objects.filter(read_at=None).count() == 2
    assert len(client.get(f"{PAGE}?show=all").context["lines"]) == 4
    assert client.get(read).status_code == 405


@pytest.mark.parametrize("query", ["", "&show=all"])
def test_page_csv_and_api_tell_the_same(query):
    member = MemberFactory()
    client = client_of(member)
    hidden = HubFactory(unpublished=True)
    told(member, 3)
    told(member, hub=hidden)
    row = told(member)[0]
    client.post(f"{PAGE}read/", {"notice": row.pk})

    page = [line["notice"].pk for line in client.get(f"{PAGE}?x=1{query}").context["lines"]]
    rows = client.get(API, {} if query else {"is_unread": "yes"}).json()["results"]
    file = table(client, query)

    assert page == [each["id"] for each in rows] == [int(each["id"]) for each in file]
    assert len(page) == (4 if query else 3)
    assert [each["text"] for each in rows] == [each["text"] for each in file]
    meanings = client.get(f"{PAGE}?export=dictionary").getvalue().decode("utf-8-sig")
    assert [line.partition(",")[0] for line in meanings.splitlines()[1:]] == list(file[0])


@pytest.mark.parametrize("number", [1, 30])
def test_the_pages_cost_the_same_for_few_and_many(number, django_assert_max_num_queries):
    member = MemberFactory()
    client = client_of(member)
    told(member, number)
    for _ in range(number):
        FollowFactory(member=member)
        FollowFactory(member=member, hub=None, entry=EntryFactory(published=True))
    client.get(PAGE)

    with django_assert_max_num_queries(6) as page:
        client.get(PAGE)
    with django_assert_max_num_queries(5) as followed:
        client.get(FOLLOWING)
    with django_assert_max_num_queries(3) as api:
        client.get(API)
    with django_assert_max_num_queries(3) as follows:
        client.get(FOLLOWS)
    assert [len(each) for each in (page, followed, api, follows)] == [6, 5, 3, 3]


THINGS = {
    "hub": lambda: HubFactory(),
    "entry": lambda: EntryFactory(published=True),
    "resource": lambda: ResourceFactory(),
    "block": lambda: BuildingBlockFactory(),
    "exchange": lambda: ExchangeFactory(),
    "framework": lambda: FrameworkFactory(),
    "story": lambda: StoryFactory(published=True),
}


@pytest.mark.parametrize("kind", THINGS)
def test_every_page_lets_its_thing_be_followed(client, kind, django_assert_num_queries):
    thing, member = THINGS[kind](), MemberFactory()
    url, address = thing.get_absolute_url(), f"/community/follow/{kind}/{thing.slug}/"
    mine = client_of(member)
    assert f'href="{address}"' in client.get(url).content.decode()
    assert client.get(address).headers["Location"].startswith("/accounts/login/?next=")
    page = mine.get(url).content.decode()
    assert f'action="{address}"' in page
    assert "Stop following" not in page

    answer = mine.post(address, {"level": "watch"}, follow=True)

    assert "You follow it now." in answer.content.decode()
    assert "Stop following" in answer.content.decode()
    assert (Follow.objects.get().member, Follow.objects.get().thing) == (member, thing)
    assert str(thing) in mine.get(FOLLOWING).content.decode()
    mine.post(address, {"level": "mute"})
    assert "told nothing of this" in mine.get(url).content.decode()
    assert Follow.objects.get().level == "mute"
    (row,) = mine.get(FOLLOWS).json()["results"]
    assert (row["kind"], row["key"], row["level"]) == (kind, thing.slug, "mute")
    assert mine.get(FOLLOWS, {"kind": kind}).json()["results"] == [row]
    mine.post(address, {"level": "stop"})
    assert not Follow.objects.exists()
    assert "You follow nothing yet" in mine.get(FOLLOWING).content.decode()


def test_following_is_refused_where_it_must_be():
    member = client_of(MemberFactory())
    waiting = client_of(MemberFactory(pending=True))
    hub, hidden = HubFactory(), HubFactory(unpublished=True)
    draft = EntryFactory()

    def answers(client, address):
        data = {"level": "watch"}
        api = client.put(f"{FOLLOWS}{address}/", data, **JSON).status_code
        return client.post(f"/community/follow/{address}/", data).status_code, api

    for address in (f"hub/{hidden.slug}", f"entry/{draft.slug}", f"story/{hub.slug}", "moon/x"):
        assert answers(member, address) == (404, 404)
    assert answers(waiting, f"hub/{hub.slug}") == (403, 403)
    for odd in ({}, {"level": "loud"}, {"level": "\0"}):
        page = member.post(f"/community/follow/hub/{hub.slug}/", odd)
        assert page.context["form"].errors["level"]
        assert member.put(f"{FOLLOWS}hub/{hub.slug}/", odd, **JSON).status_code == 400
    assert not Follow.objects.exists()


def test_programs_follow_and_read():
    member = MemberFactory()
    client = client_of(member)
    hub = HubFactory(name="Agency")
    address = f"{FOLLOWS}hub/{hub.slug}/"

    for level in ("watch", "digest", "watch"):
        answer = client.put(address, {"level": level}, **JSON)
        assert (answer.status_code, answer.json()["level"]) == (200, level)
    record_activity("hub.changed", hub, by=None)
    tell_followers()
    (row,) = client.get(API).json()["results"]
    assert row["text"] == "Changed page: Agency"
    assert row["url"].endswith(hub.get_absolute_url())
    assert client.get(f"{API}{row['id']}/").json() == row
    done = client.post(f"{API}{row['id']}/read/", **JSON).json()
    assert done["read_at"] is not None
    assert client.post(f"{API}{row['id']}/read/", **JSON).json() == done
    late = told(member, 2)
    answer = client.post(f"{API}read/", {"up_to": late[0].pk}, **JSON)
    assert answer.json() == {"number": 1}
    assert client.post(f"{API}read/", {}, **JSON).status_code == 400
    assert [each["id"] for each in client.get(API, {"is_unread": "yes"}).json()["results"]] == [
        late[1].pk
    ]
    stranger = client_of(MemberFactory())
    assert stranger.get(f"{API}{row['id']}/").status_code == 404
    assert stranger.post(f"{API}{row['id']}/read/", **JSON).status_code == 404
    assert client.get(API, {"x": "1"}).status_code == 400
    for _ in range(2):
        assert client.delete(address).status_code == 204
    assert client.get(f"{API}?format=csv").getvalue().decode("utf-8-sig").count("\n") == 4


def test_what_is_private_of_one_changes_nothing_for_another():
    watcher, other = MemberFactory(), MemberFactory()
    theirs = client_of(other)
    urls = ("/hubs/", PAGE, FOLLOWING, f"{PAGE}?export=csv", API, FOLLOWS)

    def seen():
        return [theirs.get(url).getvalue() for url in urls[3:]] + [bell(theirs.get(urls[0]))]

    before = seen()
    hub = FollowFactory(member=watcher).hub
    told(watcher, 3, hub=hub)
    assert seen() == before


def test_a_member_takes_all_away_and_all_goes_with_the_account():
    member = MembershipFactory().member
    FollowFactory(member=member)
    told(member, 2)
    assert b"my-data.json" in export_own_data(member)

    close_account(member, by=member)

    assert not Follow.objects.exists()
    assert not Notification.objects.exists()


def test_who_gets_no_mail_is_told_how_to_put_it_right():
    member = MemberFactory()
    client = client_of(member)
    for number in range(3):
        note_bounce(member.email, key=f"mail:{number}", code="5.1.1", reason="No such box")

    assert "No such box" in client.get("/accounts/profile/").content.decode()
    for page in (PAGE, "/accounts/profile/"):
        assert "Mail does not reach you" in client.get(page).content.decode()
    assert client.post("/accounts/mail/try-again/").status_code == 302
    assert not MailAddress.objects.exists()
    for page in (PAGE, "/accounts/profile/"):
        assert "Mail does not reach you" not in client.get(page).content.decode()
