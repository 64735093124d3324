"""What a member contributed: on their page and in the API, each thing for those who may see it,
all of it for those to whom the member shows it; nobody is ranked.
"""

import datetime

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from accounts.models import Member
from accounts.services import record_activity
from catalogue.models import GateVerdict, ReviewRound
from community.models import EventAttendance
from core.images import cleaned_photo
from evaluation.models import Confirmation
from tests.api_clients import client_of
from tests.factories import catalogue, community, evaluation, evaluation_stories, events
from tests.factories import hubs as make
from tests.factories.accounts import MemberFactory
from tests.pictures import picture, upload

pytestmark = pytest.mark.django_db
PAGE, API = "/community/members/owner/", "/api/v1/members/owner/"
# Kind -> the words of the thing that everybody may see, and of the one that few may.
OPEN = {
    "entries": "Open entry",
    "resources": "Open resource",
    "expert": "Open expertise",
    "exchanges": "Open exchange",
    "stories": "Open story",
    "threads": "Open thread",
    "answers": "Open question",
    "posts": "Open talk",
    "events": "Open event",
}
SECRET = {
    "entries": "Secret entry",
    "reviews": "Secret draft",
    "resources": "Secret resource",
    "exchanges": "Secret exchange",
    "stories": "Secret story",
    "threads": "Secret thread",
    "answers": "Secret question",
    "posts": "Secret talk",
    "events": "Secret event",
    "attended": "Attended event",
}


def published_entry(author, title, hub):
    entry = catalogue.EntryFactory(title=title, hub=hub, published=True)
    catalogue.DraftFactory(entry=entry, hub=hub, authors=[author], state="published")
    return entry


def added_resource(author, title, hub):
    resource = catalogue.ResourceFactory(title=title, hub=hub)
    record_activity("resource.added", resource, by=author, audience="moderators")


def answered(author, title, **place):
    thread = community.ThreadFactory(title=title, question=True, **place)
    thread.accepted = community.PostFactory(thread=thread, author=author)
    thread.save(update_fields=["accepted"])


def reviewed(reviewer, title):
    draft = catalogue.DraftFactory(content={"title": title, "language": "en"})
    found = ReviewRound.objects.create(
        draft=draft, number=1, content=draft.content, submitted_by=draft.created_by
    )
    GateVerdict.objects.create(
        round=found, gate="relevant", verdict="pass", note="Good.", reviewer=reviewer
    )


def attended(member, title):
    event = events.EventFactory(title=title, past=True)
    seat = events.EnrolmentFactory(event=event, member=member)
    EventAttendance.objects.create(enrolment=seat, marked_by=MemberFactory())


def contribute(owner, hub, words, *, closed):
    """Give `owner` a thing of each kind whose title begins with `words`, in `hub`."""
    space = {"space": community.SpaceFactory(closed=closed)}
    published_entry(owner, f"{words} entry", hub)
    added_resource(owner, f"{words} resource", hub)
    kept = {"confidential": True} if closed else {}
    exchange = evaluation.ExchangeFactory(title=f"{words} exchange", created_by=owner, **kept)
    evaluation_stories.StoryFactory(
        title=f"{words} story", exchange=exchange, author=owner, published=True
    )
    community.ThreadFactory(title=f"{words} thread", author=owner, **space)
    answered(owner, f"{words} question", **space)
    community.PostFactory(
        thread=community.ThreadFactory(title=f"{words} talk", **space), author=owner
    )
    events.EventFactory(title=f"{words} event", author=owner, draft=closed)


@pytest.fixture
def owner():
    """Return somebody who did something of every kind, open and secret."""
    member = MemberFactory(slug="owner", visibility={"contributions": "public"})
    contribute(member, make.HubFactory(), "Open", closed=False)
    contribute(member, make.HubFactory(unpublished=True), "Secret", closed=True)
    catalogue.ExpertFactory(own=True, member=member, headline="Open expertise", consented=True)
    reviewed(member, "Secret draft")
    attended(member, "Attended event")
    return member


def told(client):
    """Return kind -> titles, as the API says; and check that the page says the same."""
    rows = client.get(API).json()["contributions"]
    page = client.get(PAGE).context["contributions"]
    found = {}
    for row in rows:
        found.setdefault(row["kind"], set()).add(row["title"])
    assert {group.kind: {thing.title for thing in group.things} for group in page} == found
    return found


@pytest.mark.parametrize("who", ["anonymous", "member", "editor elsewhere"])
def test_others_are_shown_what_they_may_see_of_each_kind(owner, who):
    people = {
        "anonymous": lambda: None,
        "member": MemberFactory,
        "editor elsewhere": lambda: make.MembershipFactory(role="editor").member,
    }

    found = told(client_of(people[who]()))

    # The posts that began open threads, too, are posts of theirs.
    posts = found.pop("posts")
    assert found == {kind: {title} for kind, title in OPEN.items() if kind != "posts"}
    assert {title for title in posts if title.startswith("Secret")} == set()
    assert "Open talk" in posts


def test_pages_name_nothing_secret_and_no_number(owner):
    page = client_of(MemberFactory()).get(PAGE).text

    assert [title for title in SECRET.values() if title in page] == []
    assert [title for title in OPEN.values() if title not in page] == []


def test_moderators_see_reviews_but_nothing_confidential(owner):
    found = told(client_of(MemberFactory(moderator=True)))

    assert found["reviews"] == {"Secret draft"}
    assert found["attended"] == {"Attended event"}
    assert "Secret exchange" not in found["exchanges"]
    assert "Secret thread" not in found["threads"]


LEVELS = {
    "public": {"anonymous", "pending", "member", "colleague", "self"},
    "members": {"member", "colleague", "self"},
    "hubs": {"colleague", "self"},
    "nobody": {"self"},
}


@pytest.mark.parametrize(("level", "expected"), [*LEVELS.items(), (None, LEVELS["members"])])
def test_who_sees_contributions_is_the_choice_of_the_member(owner, level, expected):
    hub = make.HubFactory()
    make.MembershipFactory(hub=hub, member=owner)
    people = {
        "anonymous": None,
        "pending": MemberFactory(pending=True),
        "member": MemberFactory(),
        "colleague": make.MembershipFactory(hub=hub, correspondent=True).member,
        "self": owner,
    }
    Member.objects.filter(pk=owner.pk).update(
        visibility={"contributions": level} if level else {},
    )

    seen = {who for who, member in people.items() if told(client_of(member))}

    assert seen == expected


def test_what_is_secret_changes_not_one_byte(owner):
    reader = client_of(MemberFactory())
    before = (reader.get(API).content, reader.get(PAGE).context["contributions"])

    contribute(owner, make.HubFactory(unpublished=True), "Other", closed=True)
    reviewed(owner, "Other draft")
    attended(owner, "Other event")

    assert (reader.get(API).content, reader.get(PAGE).context["contributions"]) == before


def test_what_was_withdrawn_or_removed_is_gone(owner):
    evaluation_stories.StoryFactory(author=owner, title="Taken back", withdrawn=True)
    thread = community.ThreadFactory(title="Held thread", author=owner, held=True)
    removed = community.ThreadFactory(
        title="Removed", author=owner, state="removed", removed_reason="Off topic."
    )

    titles = {title for group in told(client_of(MemberFactory())).values() for title in group}

    assert titles & {"Taken back", thread.title, removed.title} == set()


def test_the_newest_come_first_and_few_are_shown(owner):
    now = timezone.now()
    for number in range(7):
        entry = published_entry(owner, f"Later {number}", make.HubFactory())
        entry.published_at = now + datetime.timedelta(days=number)
        entry.save(update_fields=["published_at"])

    rows = client_of(MemberFactory()).get(API).json()["contributions"]

    titles = [row["title"] for row in rows if row["kind"] == "entries"]
    assert titles == [f"Later {number}" for number in (6, 5, 4, 3, 2)]


def test_confirming_facts_for_a_party_is_taking_part():
    member = MemberFactory(slug="owner")
    party = evaluation.PartyFactory(exchange__title="Confirmed")
    Confirmation.objects.create(
        exchange=party.exchange, party=party, fact="title", value="x", state="confirmed", by=member
    )

    assert told(client_of(MemberFactory())) == {"exchanges": {"Confirmed"}}


def test_the_page_costs_the_same_for_few_and_many(owner, django_assert_max_num_queries):
    reader = client_of(MemberFactory())
    costs = []
    reader.get(PAGE)
    for _ in range(2):
        contribute(owner, make.HubFactory(), "More", closed=False)
        with django_assert_max_num_queries(20) as page:
            reader.get(PAGE)
        with django_assert_max_num_queries(20) as api:
            reader.get(API)
        costs.append((len(page), len(api)))

    assert costs[0] == costs[1]


@pytest.fixture
def pictured(settings, tmp_path):
    """Return a member with a photo."""
    settings.MEDIA_ROOT = tmp_path
    member = MemberFactory(slug="pictured")
    member.photo.save(
        "x.jpg", ContentFile(cleaned_photo(upload(picture("JPEG", (900, 700)))).read())
    )
    return member


def test_photos_in_the_list_are_for_those_who_may_see_them(pictured):
    address = "/accounts/photos/pictured/?size=small"
    MemberFactory(slug="without")
    member, nobody = client_of(MemberFactory()), client_of(None)

    seen = member.get("/community/members/").text

    assert seen.count("<img") == 1
    assert f'src="{address}" alt="" width="48" height="48" loading="lazy"' in seen
    assert "<img" not in nobody.get("/community/members/").text
    assert nobody.get(address).status_code == 404
    Member.objects.filter(pk=pictured.pk).update(visibility={"photo": "nobody"})
    assert "<img" not in member.get("/community/members/").text


def test_with_low_data_the_list_has_no_photos(pictured):
    reader = client_of(MemberFactory())
    reader.post("/display/", {"low_data": "on"})

    assert "<img" not in reader.get("/community/members/").text


def test_a_small_photo_has_few_bytes_and_runs_nothing(pictured):
    reader = client_of(MemberFactory())

    small = reader.get("/accounts/photos/pictured/?size=small")

    assert small["Content-Type"] == "image/jpeg"
    assert small["Content-Security-Policy"] == "default-src 'none'"
    assert small["X-Content-Type-Options"] == "nosniff"
    assert len(small.content) < 8_000
    pictured.photo.storage.delete(pictured.photo.name)
    assert reader.get("/accounts/photos/pictured/?size=small").status_code == 404
