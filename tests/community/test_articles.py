"""Articles: who may read, write and decide on them, and their life."""

import datetime

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction

from accounts.models import Activity, DigestItem, OutgoingMail
from accounts.registers import OWN_DATA
from accounts.services.own_data import close_account
from catalogue.search import Search, search
from community.management.commands import show_due_articles as command
from community.models import Article, Notification, Thread
from community.models import ArticleState as State
from community.news import NEWS_SPACE
from community.querysets.moderation import queue_for
from community.services import article_states as states
from community.services import articles as services
from community.services.article_records import articles_of, saved_texts
from community.services.following import follow
from community.services.posts import write_post
from community.services.telling import tell_followers
from community.services.threads import comments_on
from core.dates import today
from core.errors import DomainError, StaleEdit
from evaluation.services.exchanges import change_exchange
from hubs.services import change_hub
from tests.factories import community as talk
from tests.factories.accounts import MemberFactory
from tests.factories.articles import ArticleFactory
from tests.factories.catalogue import EntryFactory, ResourceFactory
from tests.factories.evaluation import ExchangeFactory
from tests.factories.evaluation_stories import StoryFactory
from tests.factories.events import EventFactory
from tests.factories.hubs import HubFactory, MembershipFactory, SourceFactory

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
ALL = set(State.values)
RIGHTS = ("editable_by", "submittable_by", "publishable_by", "returnable_by", "withdrawable_by")
TEXTS = {"title": "Soil", "language": "en", "summary": "How it is kept.", "text": "So."}


@pytest.fixture
def moderator():
    return MemberFactory(moderator=True)


@pytest.fixture
def head():
    return MembershipFactory(hub=HubFactory(slug="agency"), head=True).member


def hub_of(member):
    return member.memberships.get().hub


def proposal(head, **columns):
    return ArticleFactory(**{"proposal": True, "hub": hub_of(head), "author": head} | columns)


def of_each_state(**columns):
    made = [ArticleFactory(draft=True, **columns), ArticleFactory(scheduled=True, **columns)]
    made += [ArticleFactory(**columns), ArticleFactory(withdrawn=True, **columns)]
    if columns.get("is_proposal"):
        made.append(ArticleFactory(submitted=True, **columns))
    return made


def states_in(found, **columns):
    return set(found.filter(**columns).values_list("state", flat=True))


def test_who_sees_and_does_what_in_which_state(head, moderator):
    hub = hub_of(head)
    of_each_state()
    of_each_state(is_proposal=True, hub=hub)
    told = {"published", "withdrawn"}
    own = ALL - {"submitted"}  # what moderators begin waits for nobody
    stranger = MembershipFactory(hub=HubFactory(), head=True).member
    correspondent = MembershipFactory(hub=hub, correspondent=True).member
    editor = MembershipFactory(hub=hub).member
    limited = MembershipFactory(hub=hub, head=True, member__suspended=True).member

    for reader, mine, proposed in (
        (MemberFactory(), told, told),
        (stranger, told, told),
        (correspondent, told, told),
        (limited, told, told),
        (editor, told, ALL),
        (head, told, ALL),
        (moderator, own, ALL),
    ):
        seen = Article.objects.visible_to(reader)
        assert states_in(seen, is_proposal=False) == mine
        assert states_in(seen, is_proposal=True) == proposed

    rights = {
        # of a moderator's own, of a proposal
        (moderator, "editable_by"): (own, told),
        (moderator, "submittable_by"): (set(), set()),
        (moderator, "publishable_by"): (
            own - {"published"},
            {"submitted", "scheduled", "withdrawn"},
        ),
        (moderator, "returnable_by"): (set(), {"submitted"}),
        (moderator, "withdrawable_by"): ({"published", "scheduled"},) * 2,
        (head, "editable_by"): (set(), {"draft", "submitted"}),
        (head, "submittable_by"): (set(), {"draft", "submitted"}),
        (head, "withdrawable_by"): (set(), {"published", "scheduled"}),
    }
    for who in (moderator, head, stranger, correspondent, limited):
        for right in RIGHTS:
            found = getattr(Article.objects, right)(who)
            told = (states_in(found, is_proposal=False), states_in(found, is_proposal=True))
            assert told == rights.get((who, right), (set(), set())), (who, right)


def test_nobody_publishes_what_they_or_their_hub_wrote(head):
    author = MemberFactory(moderator=True)
    waits = proposal(head, submitted=True, author=author)
    colleague = MembershipFactory(hub=hub_of(head), member__moderator=True, correspondent=True)

    for who in (author, colleague.member, head):
        with pytest.raises(PermissionDenied):
            states.publish_article(waits, expected_version=1, by=who)
        with pytest.raises(PermissionDenied):
            states.return_article(waits, note="No.", by=who)
    assert Article.objects.get().state == "submitted"


def hidden_things(head):
    """Return things that visitors do not see, by kind."""
    hub = HubFactory(unpublished=True)
    exchange = ExchangeFactory(confidential=True)
    return {
        "hub": hub,
        "entry": EntryFactory(hub=hub, published=True),
        "resource": ResourceFactory(hub=hub),
        "exchange": exchange,
        "story": StoryFactory(published=True, exchange=exchange),
        "event": EventFactory(hubs=[hub]),
        "thread": talk.ThreadFactory(space__members=True),
    }


@pytest.mark.parametrize(
    "kind", ["hub", "entry", "resource", "exchange", "story", "event", "thread"]
)
def test_what_is_about_something_hidden_shows_nowhere(client, head, kind):
    thing = hidden_things(head)[kind]
    article = ArticleFactory(title="Secret matter", **{kind: thing})
    ArticleFactory(title="Open matter")
    thread = comments_on(article)
    talk.PostFactory(thread=thread)

    for address in (
        *("/", "/community/articles/", "/community/articles/?export=csv"),
        *("/community/articles/?export=atom", "/community/threads/", "/api/v1/threads/"),
        *("/api/v1/articles/", "/search/?q=matter", "/community/articles/?q=secret"),
    ):
        response = client.get(address)
        body = response.getvalue() if response.streaming else response.content
        assert b"Secret matter" not in body, address
    assert client.get(article.get_absolute_url()).status_code == 404
    assert client.get(thread.get_absolute_url()).status_code == 404
    assert client.get(f"/api/v1/articles/{article.slug}/").status_code == 404
    assert Article.objects.public().count() == 1


def test_a_thing_that_becomes_private_takes_its_articles_out_of_the_search():
    hub = HubFactory()
    exchange = ExchangeFactory()
    by = MembershipFactory(hub=exchange.hub, head=True, member__moderator=True).member
    for about in ({"hub": hub}, {"entry": EntryFactory(hub=hub, published=True)},
                  {"exchange": exchange}):  # fmt: skip
        article = ArticleFactory(draft=True, title="Findable", **about)
        states.publish_article(article, expected_version=1, by=by)
    assert found("findable") == 3

    change_hub(hub, changes={"is_published": False}, expected_version=hub.version, by=by)
    assert found("findable") == 1
    secret = {"confidentiality": "parties"}
    change_exchange(exchange, changes=secret, expected_version=exchange.version, by=by)
    assert found("findable") == 0


def found(words):
    return len(search(Search(("article",), words, {}), user=AnonymousUser(), limit=50).things)


def test_a_moderators_article_from_draft_to_tombstone(moderator, client):
    article = services.begin_article(columns=TEXTS, by=moderator)
    assert (article.state, article.is_proposal, article.slug) == ("draft", False, "soil")
    assert services.begin_article(columns=TEXTS | {"title": "Desk"}, by=moderator).slug == "desk-2"

    states.publish_article(article, expected_version=1, by=moderator)
    article.refresh_from_db()
    assert (article.state, article.appears_on, article.publisher) == (
        "published",
        today(),
        moderator,
    )
    with pytest.raises(DomainError, match="Published"):
        states.publish_article(
            Article(pk=article.pk, state="draft"), expected_version=2, by=moderator
        )
    services.change_article(article, changes={"text": "Better."}, expected_version=2, by=moderator)
    article.refresh_from_db()
    assert article.changed_at is not None

    with pytest.raises(ValidationError):
        states.withdraw_article(article, reason=" ", by=moderator)
    states.withdraw_article(article, reason="It was wrong.", by=moderator)
    page = client.get(article.get_absolute_url())
    assert page.status_code == 410
    assert b"It was wrong." in page.content
    assert b"Better." not in page.content
    gone = client.get("/api/v1/articles/soil/")
    assert (gone.status_code, "It was wrong." in gone.json()["detail"]) == (410, True)
    assert found("better") == 0

    article.refresh_from_db()
    states.publish_article(article, expected_version=article.version, by=moderator)
    assert client.get(article.get_absolute_url()).status_code == 200
    verbs = Activity.objects.filter(object_model="article", object_pk=article.pk)
    assert list(verbs.order_by("pk").values_list("verb", flat=True)) == [
        *("article.begun", "article.published", "article.changed"),
        *("article.withdrawn", "article.shown_again"),
    ]
    assert article.history.count() == 5


def test_what_a_hub_proposes_waits_is_returned_and_published_by_another(head, moderator):
    article = services.begin_article(columns=TEXTS, hub=hub_of(head), by=head)
    assert (article.is_proposal, article.hub, article.state) == (True, hub_of(head), "draft")
    with pytest.raises(PermissionDenied):
        states.publish_article(article, expected_version=1, by=head)
    states.submit_article(article, expected_version=1, by=head)
    assert [(row.what, row.why) for row in queue_for(moderator)] == [("article", "article")]
    assert not queue_for(MemberFactory())

    states.return_article(article, note="Say who paid.", by=moderator)
    article.refresh_from_db()
    assert (article.state, article.return_note) == ("draft", "Say who paid.")
    assert "Say who paid." in _mail(head)
    assert not queue_for(moderator)

    changed = services.change_article(
        article, changes={"text": "They paid."}, expected_version=3, by=head
    )
    states.submit_article(changed, expected_version=4, by=head)
    states.take_back_article(Article.objects.get(), by=head)
    assert Article.objects.get().state == "draft"
    states.submit_article(Article.objects.get(), expected_version=6, by=head)
    with pytest.raises(DomainError):
        states.submit_article(Article.objects.get(), expected_version=7, by=head)
    states.publish_article(Article.objects.get(), expected_version=7, by=moderator)
    published = Article.objects.get()
    assert (published.publisher, published.return_note) == (moderator, "")  # it is no one else's
    assert "is accepted" in _mail(head)
    with pytest.raises(PermissionDenied):  # it is not theirs any more
        services.change_article(
            Article.objects.get(), changes={"text": "x"}, expected_version=8, by=head
        )
    states.withdraw_article(Article.objects.get(), reason="We were wrong.", by=head)
    assert Article.objects.get().state == "withdrawn"


def _mail(member):
    mails = OutgoingMail.objects.filter(to=member.email).values_list("body", flat=True)
    items = DigestItem.objects.filter(member=member).values_list("body", flat=True)
    return "\n".join([*mails, *items])


def test_who_may_not_begin_and_what_is_refused(head, moderator):
    stranger = MembershipFactory(hub=HubFactory(), head=True).member
    for who, hub in ((MemberFactory(), None), (stranger, hub_of(head)), (head, None)):
        with pytest.raises(PermissionDenied):
            services.begin_article(columns=TEXTS, hub=hub, by=who)
    with pytest.raises(ValidationError) as wrong:
        services.begin_article(columns=TEXTS | {"title": "", "language": "xx"}, by=moderator)
    assert {"title", "__all__"} <= set(wrong.value.error_dict)
    for thing in (
        talk.ThreadFactory(space__closed=True),
        talk.ThreadFactory(hub=HubFactory()),  # the hub is what it is about
        comments_on(HubFactory()),
    ):
        with pytest.raises(ValidationError, match="no such page"):
            services.begin_article(columns=TEXTS | {"about": thing}, by=moderator)
    with pytest.raises(ValidationError, match="is about the hub"):
        services.begin_article(columns=TEXTS | {"about": HubFactory()}, hub=hub_of(head), by=head)
    empty = services.begin_article(columns=TEXTS | {"text": " "}, by=moderator)
    with pytest.raises(DomainError, match="Write the text"):
        states.publish_article(empty, expected_version=1, by=moderator)
    with pytest.raises(StaleEdit):
        services.change_article(empty, changes={"text": "x"}, expected_version=9, by=moderator)
    with pytest.raises(PermissionDenied):
        services.change_article(empty, changes={"text": "x"}, expected_version=1, by=head)
    assert Article.objects.filter(state="draft").count() == 1


def test_a_source_is_kept_with_the_precision_of_its_date(moderator):
    known = SourceFactory(address="https://known.example/", title="Known")
    source = {"address": "https://new.example/", "title": "New", "publisher": "P",
              "dated_on": datetime.date(2012, 1, 1), "dated_on_precision": "year"}  # fmt: skip
    article = services.begin_article(columns=TEXTS | {"source": source}, by=moderator)
    assert saved_texts(article)["source_date"] == "2012"

    other = {"address": known.address, "title": "Another title"}
    article = services.change_article(
        article, changes={"source": other}, expected_version=1, by=moderator
    )
    assert (article.source, article.source.title) == (known, "Known")
    article = services.change_article(
        article, changes={"source": None}, expected_version=2, by=moderator
    )
    assert article.source is None


def test_translations_lead_to_the_first_and_stand_once_in_a_language(moderator):
    first = ArticleFactory()
    columns = TEXTS | {"language": "es", "translation_of": first}
    spanish = services.begin_article(columns=columns, by=moderator)
    assert spanish.translation_of == first

    with pytest.raises(ValidationError, match="into this language"):
        services.begin_article(columns=columns, by=moderator)
    with pytest.raises(ValidationError, match="written first"):
        services.begin_article(
            columns=columns | {"language": "fr", "translation_of": spanish}, by=moderator
        )
    with pytest.raises(ValidationError, match="written first"):  # it has translations itself
        services.change_article(
            first,
            changes={"translation_of": ArticleFactory()},
            expected_version=first.version,
            by=moderator,
        )


def test_an_article_appears_on_its_day_by_itself(moderator, monkeypatch, client):
    article = services.begin_article(columns=TEXTS, by=moderator)
    place = {"appears_on": today() + DAY, "front_until": today() + 3 * DAY}
    services.place_article(article, changes=place, expected_version=1, by=moderator)
    states.publish_article(article, expected_version=2, by=moderator)
    article.refresh_from_db()
    assert (article.state, article.published_at) == ("scheduled", None)
    assert client.get(article.get_absolute_url()).status_code == 404
    assert states.show_due_articles() == 0

    later = today() + DAY
    for name in ("community.querysets.articles", "community.services.article_states"):
        monkeypatch.setattr(f"{name}.today", lambda: later)
    assert command.Command().handle() == "1"
    assert command.Command().handle() == "0"
    article.refresh_from_db()
    assert (article.state, article.appears_on) == ("published", later)
    told = Activity.objects.get(verb="article.published")
    assert (told.actor, told.audience) == (None, "public")
    assert client.get(article.get_absolute_url()).status_code == 200


def test_what_is_scheduled_can_appear_at_once_or_never(moderator):
    day = today() + DAY
    now = ArticleFactory(scheduled=True, appears_on=day)
    never = ArticleFactory(scheduled=True, appears_on=day)
    moved = ArticleFactory(scheduled=True, appears_on=day)

    states.publish_article(now, expected_version=1, by=moderator)
    states.withdraw_article(never, reason="No.", by=moderator)
    services.place_article(
        moved, changes={"appears_on": day + DAY}, expected_version=1, by=moderator
    )

    assert [each.state for each in Article.objects.order_by("pk")] == [
        *("published", "withdrawn", "scheduled")
    ]
    now.refresh_from_db()
    assert now.appears_on == today()
    # It was never shown, so that nobody learns of it now.
    assert not Article.objects.visible_to(MemberFactory()).filter(pk=never.pk).exists()


@pytest.mark.parametrize(
    ("columns", "changes", "told"),
    [
        ({"draft": True}, {"appears_on": datetime.date(2020, 1, 1)}, "has passed"),
        ({}, {"appears_on": datetime.date(2090, 1, 1)}, "appeared already"),
        ({"scheduled": True}, {"appears_on": None}, "on which day"),
        ({}, {"front_until": datetime.date(2020, 1, 1)}, "before it appears"),
    ],
)
def test_days_that_make_no_sense_are_refused(moderator, columns, changes, told):
    article = ArticleFactory(**columns)

    with pytest.raises(ValidationError, match=told):
        services.place_article(article, changes=changes, expected_version=1, by=moderator)
    article.refresh_from_db()
    assert article.version == 1


def test_a_last_day_that_has_passed_keeps_it_from_being_published(moderator):
    article = ArticleFactory(draft=True, front_until=today() - DAY)

    with pytest.raises(DomainError, match="front page has passed"):
        states.publish_article(article, expected_version=1, by=moderator)


def test_only_moderators_say_where_it_stands(head):
    for article in (proposal(head), ArticleFactory()):
        with pytest.raises(PermissionDenied):
            services.place_article(
                article, changes={"is_pinned": True}, expected_version=1, by=head
            )


def test_a_picture_comes_goes_and_needs_words(moderator, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    article = ArticleFactory(draft=True)
    told = {"picture_text": "A field", "picture_credit": "Ana, CC BY 4.0", "by": moderator}
    file = ContentFile(b"x", name="new.jpg")

    with pytest.raises(ValidationError, match="what the picture shows"):
        services.set_picture(
            article, picture=file, expected_version=1, **told | {"picture_text": " "}
        )
    article = services.set_picture(article, picture=file, expected_version=1, **told)
    name, storage = article.picture.name, article.picture.storage
    assert storage.exists(name)
    article = services.set_picture(article, picture=None, expected_version=2, **told)
    assert article.picture.name == name
    article = services.set_picture(article, picture="", expected_version=3, **told)
    assert (article.picture.name, article.picture_text) == ("", "")


def test_followers_of_the_news_of_the_hub_and_of_the_thing_are_told_once(moderator):
    hub = HubFactory()
    entry = EntryFactory(hub=hub, published=True)
    space = talk.SpaceFactory(slug=NEWS_SPACE)
    reader, keen, other = MemberFactory(), MemberFactory(), MemberFactory()
    follow(space, by=reader, level="watch")
    for thing in (space, hub, entry):
        follow(thing, by=keen, level="watch")
    article = ArticleFactory(draft=True, entry=entry)

    states.publish_article(article, expected_version=1, by=moderator)
    tell_followers()
    told = Notification.objects.filter(activity__verb="article.published")
    assert set(told.values_list("member", flat=True)) == {reader.pk, keen.pk}

    follow(article, by=other, level="watch")
    write_post(comments_on(article), text="Thank you.", by=MembershipFactory().member)
    tell_followers()
    assert Notification.objects.get(member=other).activity.verb == "thread.begun"


def test_of_a_confidential_thing_the_record_holds_neither_name_nor_text(moderator):
    exchange = ExchangeFactory(confidential=True)
    MembershipFactory(hub=exchange.hub, head=True, member=moderator)
    article = ArticleFactory(draft=True, title="Secret matter", exchange=exchange)

    states.publish_article(article, expected_version=1, by=moderator)
    services.change_article(article, changes={"text": "x"}, expected_version=2, by=moderator)

    for row in Activity.objects.filter(object_model="article"):
        assert (row.audience, row.object_url, row.changes) == ("moderators", "", [])
        assert "Secret" not in row.object_label


def test_members_take_their_articles_away_and_leave_them_when_they_go(head):
    article = proposal(head)

    assert articles_of(head.pk)[0]["slug"] == article.slug
    assert OWN_DATA["articles"] is articles_of
    close_account(head, by=head)
    article.refresh_from_db()
    assert article.author == head


def test_the_database_refuses_what_makes_no_sense():
    hub = HubFactory()
    for wrong in (
        {"is_proposal": True},
        {"hub": hub, "entry": EntryFactory(hub=hub)},
        {"picture": "a.jpg"},
        {"state": "submitted"},
        {"appears_on": None},
        {"published_at": None},
        {"state": "withdrawn"},
        {"front_until": datetime.date(2000, 1, 1)},
        {"language": "xx"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            ArticleFactory(**wrong)


def test_comments_go_with_their_article(client):
    article = ArticleFactory()
    thread = comments_on(article)
    talk.PostFactory(thread=thread)

    assert client.get(thread.get_absolute_url()).status_code == 200
    rows = client.get("/api/v1/threads/?about=article").json()["results"]
    assert [(row["about"], row["about_slug"]) for row in rows] == [("article", article.slug)]
    Article.objects.update(state="draft")
    assert client.get(thread.get_absolute_url()).status_code == 404
    assert not Thread.objects.public().exists()
