"""The pages of moderation, the API and the CSV: what they show to whom, and what they do."""

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import OutgoingMail
from community.models import Appeal, Decision, Flag, MemberWarning, Post, WatchedWord
from community.services import posts
from community.services.deciding import decide
from tests.api_clients import client_of
from tests.factories import community as make
from tests.factories.accounts import MemberFactory
from tests.factories.catalogue import DraftFactory
from tests.factories.hubs import HubFactory, MembershipFactory
from tests.factories.moderation import AppealFactory, DecisionFactory, FlagFactory

pytestmark = pytest.mark.django_db
QUEUE = "/community/moderation/"


@pytest.fixture
def moderator():
    return MemberFactory(moderator=True, name="Mo", slug="mo")


def text_of(response):
    return response.content.decode()


def test_a_member_reports_without_javascript_and_loses_nothing():
    post, member = make.PostFactory(text="Mali has no sea."), MemberFactory()
    client = client_of(member)
    page = f"/community/flags/post/{post.pk}/"

    shown = text_of(client.get(page))
    assert post.thread.title in shown
    assert "Holds a watched word" not in shown
    refused = client.post(page, {"reason": "wrong-facts", "text": " "})
    assert "Say in a few words what is wrong." in text_of(refused)
    answer = client.post(page, {"reason": "wrong-facts", "text": "It is so."})
    assert answer["Location"] == post.get_absolute_url()
    client.post(page, {"reason": "wrong-facts", "text": "It is so."})
    assert Flag.objects.get().text == "It is so."
    assert client.get("/community/flags/planet/1/").status_code == 404
    assert client.get(f"/community/flags/person/{member.pk}/").status_code == 403


def test_the_queue_says_why_each_thing_waits(moderator):
    flagged = FlagFactory(text="Look at line two.").post
    make.PostFactory(state="held", text="My very first words.")
    MemberFactory(pending=True, name="Wanda")
    draft = DraftFactory(submitted=True)
    MembershipFactory(awaiting=True)
    AppealFactory()
    secret = FlagFactory(post=make.PostFactory(thread__space=make.SpaceFactory(closed=True)))
    client = client_of(moderator)

    page = text_of(client.get(QUEUE))

    for told in (
        "6 things wait",
        "Look at line two.",
        "My very first words.",
        "Wanda",
        "Asks for a role in a hub",
        "Rude or hurtful",
        f"{QUEUE}post/{flagged.pk}/",
        f"/catalogue/drafts/{draft.pk}/review/",
        "Decided on its own page",
    ):
        assert told in page, told
    assert secret.post.thread.title not in page
    held = text_of(client.get(f"{QUEUE}?why=held"))
    assert "1 thing waits" in held
    assert "Wanda" not in held
    assert "6 things wait" in text_of(client.get(f"{QUEUE}?why=nothing"))


def test_a_moderator_of_a_space_sees_the_things_of_that_space_alone():
    space = make.SpaceFactory(closed=True)
    keeper = make.SpacePersonFactory(space=space, moderator=True).member
    mine = FlagFactory(post=make.PostFactory(thread__space=space)).post
    FlagFactory()
    client = client_of(keeper)

    assert "1 thing waits" in text_of(client.get(QUEUE))
    item = f"{QUEUE}post/{mine.pk}/"
    page = text_of(client.get(item))
    assert "Watched words" not in page
    assert "Suspend" not in page
    client.post(item, {"act": "remove", "reason": "Off topic.", "version": "1", "measure": "warn"})
    assert Post.objects.get(pk=mine.pk).state == "removed"
    assert MemberWarning.objects.get().member == mine.author
    assert client.get("/community/moderation/words/").status_code == 403
    assert client_of(MemberFactory()).get(QUEUE).status_code == 403


def test_who_comes_second_keeps_what_they_typed_and_reads_who_decided(moderator):
    post = FlagFactory().post
    item = f"{QUEUE}post/{post.pk}/"
    client = client_of(MemberFactory(moderator=True))
    assert client.post(f"{item}claim/").status_code == 302
    assert "You have taken this on until" in text_of(client.get(item))
    assert "looks at it until" in text_of(client_of(moderator).get(item))
    client.post(f"{item}claim/", {"let_go": "1"})
    decide("post", post, act="remove", reason="Cars.", by=moderator)

    answer = client.post(item, {"act": "dismiss", "reason": "A long reason.", "version": "1"})

    page = text_of(answer)
    assert "Mo has decided already: Removed. Reason: Cars." in page
    assert "A long reason." in page
    assert Decision.objects.count() == 1


def test_an_edit_meanwhile_is_a_conflict_with_both_texts(moderator):
    post = make.PostFactory(text="Cars, cars.")
    FlagFactory(post=post)
    posts.change_post(post, text="Trains.", expected_version=1, by=post.author)
    client = client_of(moderator)
    item = f"{QUEUE}post/{post.pk}/"

    answer = client.post(item, {"act": "remove", "reason": "Cars.", "version": "1"})

    assert answer.status_code == 409
    page = text_of(answer)
    for told in ("Cars, cars.", "Trains.", 'name="version" value="2"', "Cars.</textarea>"):
        assert told in page, told
    answer = client.post(item, {"act": "dismiss", "reason": "Trains.", "version": "2"})
    assert answer.status_code == 302


def test_a_decision_is_shown_taken_back_and_kept_in_the_log(moderator):
    post = FlagFactory().post
    client = client_of(moderator)
    item = f"{QUEUE}post/{post.pk}/"
    refused = client.post(item, {"act": "remove", "version": "1"})
    assert refused.status_code == 200
    answer = client.post(item, {"act": "remove", "reason": "Cars.", "version": "1"})
    decision = Decision.objects.get()
    assert answer["Location"] == f"{QUEUE}decisions/{decision.pk}/"
    assert "Take it back" in text_of(client.get(answer["Location"]))

    client.post(f"{answer['Location']}undo/")
    again = client.post(f"{answer['Location']}undo/", follow=True)

    assert Post.objects.get(pk=post.pk).state == "shown"
    assert "Mo has taken this decision back already." in text_of(again)
    secret = DecisionFactory(post=make.PostFactory(thread__space=make.SpaceFactory(closed=True)))
    log = text_of(client.get("/community/moderation/log/?moderator=mo&act=remove&undone=yes"))
    assert "Cars." in log
    assert secret.reason not in log
    export = client.get("/community/moderation/log/?export=csv")
    (row,) = csv.DictReader(io.StringIO(b"".join(export.streaming_content).decode("utf-8-sig")))
    assert (row["act"], row["moderator"], row["undone_by"], row["kind"]) == (
        "remove",
        "mo",
        "mo",
        "post",
    )
    assert client.get("/community/moderation/log/?export=csv&since=never").status_code == 400
    for nothing in ("kind=hub", "undone=no", "member=nobody", "until=2020-01-01"):
        found = text_of(client.get(f"/community/moderation/log/?{nothing}"))
        assert "Nothing found." in found, nothing


def test_appeals_against_what_one_may_not_read_are_not_told(moderator):
    post = make.PostFactory(thread__space=make.SpaceFactory(closed=True), author__slug="ana")
    client, page = client_of(moderator), f"{QUEUE}members/ana/"

    AppealFactory(decision=DecisionFactory(post=post))
    assert "Appeals" not in text_of(client.get(page))

    AppealFactory(decision=DecisionFactory(post=make.PostFactory(author=post.author)))
    assert "Appeals" in text_of(client.get(page))


def test_the_ladder_names_the_next_step_and_takes_it(moderator):
    member = MemberFactory(slug="ana")
    client = client_of(moderator)
    page = f"{QUEUE}members/ana/"
    assert "a warning is the first step" in text_of(client.get(page))

    client.post(page, {"measure": "warn", "reason": "Be kind."})
    assert "limit them for 14 days" in text_of(client.get(page))
    client.post(page, {"measure": "limit", "reason": "Again.", "until": "2099-01-31"})
    assert "suspend them for 30 days" in text_of(client.get(page))
    refused = text_of(
        client.post(page, {"measure": "suspend", "reason": "", "until": "2001-01-01"})
    )
    assert "The end must be in the future." in refused
    client.post(page, {"measure": "suspend", "reason": "Again."})

    shown = text_of(client.get(page))
    assert "An administrator can close the account" in shown
    assert "Take this measure" not in shown
    member.refresh_from_db()
    assert member.status == "suspended"
    address = member.email
    administrator = client_of(MemberFactory(administrator=True))
    AppealFactory(member=member)
    closing = {"measure": "close", "reason": "Never again."}
    assert "An appeal of the member waits" in text_of(administrator.post(page, closing))
    Appeal.objects.all().delete()
    client.post(page, closing)
    assert administrator.post(page, closing)["Location"] == "/community/moderation/log/"
    member.refresh_from_db()
    assert (member.status, member.name) == ("closed", "Former member")
    (mail,) = OutgoingMail.objects.filter(to=address)
    assert "Never again." in mail.body
    decision = Decision.objects.get(measure="close")
    assert administrator.post(f"{QUEUE}decisions/{decision.pk}/undo/").status_code == 403
    assert client.get(f"{QUEUE}members/mo/").status_code == 403


def test_a_member_reads_what_was_decided_and_appeals_once(moderator):
    post = FlagFactory().post
    FlagFactory(post=post)
    decide("post", post, act="remove", reason="It is rude.", measure="warn", by=moderator)
    author = post.author
    client = client_of(author)
    mine = "/community/my/decisions/"
    page = text_of(client.get(mine))
    assert "It is rude." in page
    assert "I have read the warning" in page
    assert "Mo" not in page.split("<main", 1)[1].split("</main")[0].replace("Moderat", "")

    client.post(f"{mine}read/")
    assert MemberWarning.objects.get().seen_at is not None
    assert "I have read the warning" not in text_of(client.get(mine))
    appeal = f"{mine}{Decision.objects.get().pk}/appeal/"
    assert "Ask another moderator" in text_of(client.get(appeal))
    client.post(appeal, {"text": "It is a proverb."})
    client.post(appeal, {"text": "It is a proverb, really."})
    assert Appeal.objects.get().text == "It is a proverb."
    assert client_of(MemberFactory()).get(appeal).status_code == 404

    other = client_of(MemberFactory(moderator=True))
    item = f"{QUEUE}appeal/{Appeal.objects.get().pk}/"
    assert "It is a proverb." in text_of(other.get(item))
    assert client_of(moderator).get(item).status_code == 404
    other.post(item, {"act": "granted", "reason": "It is."})
    again = text_of(other.post(item, {"act": "refused", "reason": "No."}))
    assert "has decided on this appeal already: Granted" in again
    assert "Granted" in text_of(client.get(mine))
    assert Post.objects.get(pk=post.pk).state == "shown"
    reporter = Flag.objects.order_by("pk")[0].member
    assert "Rude or hurtful" in text_of(client_of(reporter).get(mine))


def test_words_are_watched_on_their_page(moderator):
    client = client_of(moderator)
    page = "/community/moderation/words/"
    client.post(page, {"text": "Casinò*", "action": "hold", "note": "Adverts."})
    word = WatchedWord.objects.get()
    assert (word.text, word.added_by) == ("casino*", moderator)
    again = text_of(client.post(page, {"text": "CASINO*", "action": "flag"}))
    assert "CASINO*" in again
    assert WatchedWord.objects.count() == 1
    assert "Adverts." in text_of(client.get(page))
    client.post(f"{page}{word.pk}/remove/")
    assert not WatchedWord.objects.exists()


def test_programs_report_and_read_the_queue(moderator):
    hub, member = HubFactory(), MemberFactory()
    client = client_of(member)
    body = {"kind": "hub", "id": hub.pk, "reason": "wrong-facts", "text": "Founded in 2005."}

    def post(**changed):
        return client.post("/api/v1/flags/", body | changed, content_type="application/json")

    made = post()
    assert made.status_code == 201
    assert made.json() | {"made_at": ""} == {
        "id": Flag.objects.get().pk,
        "kind": "hub",
        "reason": "wrong-facts",
        "text": "Founded in 2005.",
        "state": "open",
        "made_at": "",
    }
    assert post(text="Again.").json()["id"] == made.json()["id"]
    hidden = HubFactory(unpublished=True)
    assert post(id=hidden.pk).status_code == 404
    assert post(kind="person", id=member.pk).status_code == 403
    assert post(id=HubFactory().pk, text="").status_code == 400
    for wrong in ({"kind": "planet"}, {"reason": "watched"}, {"id": 2**70}, {"extra": 1}):
        assert post(**wrong).status_code == 400, wrong

    waiting = client_of(moderator).get("/api/v1/moderation/").json()
    (row,) = waiting["results"]
    assert waiting["count"] == 1
    assert (row["kind"], row["id"], row["why"], row["title"]) == ("hub", hub.pk, "flag", str(hub))
    assert row["reports"][0]["text"] == "Founded in 2005."
    moderators = client_of(moderator)
    assert moderators.get("/api/v1/moderation/?why=held").json()["count"] == 0
    assert moderators.get("/api/v1/moderation/?why=x").status_code == 400
    assert client.get("/api/v1/moderation/").status_code == 403


def queries(client, address):
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def test_the_lists_ask_as_much_for_one_as_for_many(moderator):
    client, author = client_of(moderator), MemberFactory()
    addresses = (
        QUEUE,
        "/community/moderation/log/",
        "/api/v1/moderation/",
        f"{QUEUE}members/{author.slug}/",
    )

    def fill():
        post = make.PostFactory(author=author)
        FlagFactory(post=post)
        FlagFactory(post=None, hub=HubFactory())
        FlagFactory(post=None, thread=make.ThreadFactory())
        make.PostFactory(state="held")
        MemberFactory(pending=True)
        DraftFactory(submitted=True)
        MembershipFactory(awaiting=True)
        AppealFactory()
        decide("post", FlagFactory(post=make.PostFactory(author=author)).post,
               act="dismiss", reason="Fine.", by=moderator)  # fmt: skip

    fill()
    few = {address: queries(client, address) for address in addresses}
    fill()
    fill()

    assert {address: queries(client, address) for address in addresses} == few
    assert few[QUEUE] < 25
    assert OutgoingMail.objects.exists()
