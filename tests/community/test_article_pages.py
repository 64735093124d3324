"""Articles as page, CSV, feed, through the API and on the front page; and how they are written."""

import csv
import datetime
import io

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.files.base import ContentFile
from django.utils import translation
from PIL import Image

from catalogue import searchable
from catalogue.services import index_everything
from community.article_addresses import thing_at
from community.models import Article
from community.services.articles import set_picture
from core.dates import today
from portal.front_page import front_articles
from tests.api_clients import client_of
from tests.factories import community as talk
from tests.factories.accounts import MemberFactory
from tests.factories.articles import ArticleFactory
from tests.factories.catalogue import EntryFactory
from tests.factories.events import EventFactory
from tests.factories.hubs import HubFactory, MembershipFactory, SourceFactory
from tests.kept import kept
from tests.pictures import picture, upload

pytestmark = pytest.mark.django_db
PAGE, API = "/community/articles/", "/api/v1/articles/"
DAY = datetime.timedelta(days=1)
TEXTS = {"title": "Soil", "kind": "story", "language": "en", "summary": "In short.", "text": "So."}


@pytest.fixture(scope="module")
def kept_world(django_db_setup, django_db_blocker):
    with kept(django_db_blocker):
        hub = HubFactory(slug="agency", name="Agency")
        first = ArticleFactory(
            title="Água",
            source=SourceFactory(dated_on=datetime.date(2012, 1, 1), dated_on_precision="year"),
        )
        made = {
            "hub": hub,
            "head": MembershipFactory(hub=hub, head=True).member,
            "moderator": MemberFactory(moderator=True),
            "first": first,
            "spanish": ArticleFactory(title="Agua", language="es", translation_of=first),
            "news": ArticleFactory(title="Open", announcement=True, hub=hub),
            "old": ArticleFactory(
                title="Old",
                entry=EntryFactory(hub=hub, published=True),
                appears_on=datetime.date(2019, 3, 1),
                published_at=datetime.datetime(2019, 3, 1, tzinfo=datetime.UTC),
            ),
        }
        ArticleFactory(title="A draft", draft=True)
        ArticleFactory(title="Tomorrow", scheduled=True, appears_on=today() + DAY)
        ArticleFactory(title="Gone", withdrawn=True)
        ArticleFactory(title="Hidden", hub=HubFactory(unpublished=True))
        yield made


@pytest.fixture
def world(kept_world, db):
    return kept_world


ALL = {"Água", "Agua", "Open", "Old"}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ALL),
        ("kind=announcement", {"Open"}),
        ("kind=announcement&kind=story", ALL),
        ("language=es", {"Agua"}),
        ("hub=agency", {"Open", "Old"}),
        ("year=2019", {"Old"}),
        (f"year=2019&year={today().year}", ALL),
        ("q=agua", {"Água", "Agua"}),
        ("kind=announcement&year=2019", set()),
    ],
)
def test_page_csv_and_api_find_the_same(client, world, query, expected):
    page = client.get(f"{PAGE}?{query}")
    text = client.get(f"{PAGE}?{query}&export=csv").getvalue().decode()
    rows = client.get(f"{API}?{query}").json()["results"]

    assert {article.title for article in page.context["page_obj"]} == expected
    assert {row["title"] for row in csv.DictReader(io.StringIO(text))} == expected
    assert {row["title"] for row in rows} == expected
    api_csv = client.get(f"{API}?{query}&format=csv&order=title")
    assert api_csv.getvalue() == client.get(f"{PAGE}?{query}&export=csv&order=title").getvalue()


@pytest.mark.parametrize("query", ["kind=x", "hub=x", "language=zz", "year=1999", "q=" + "x" * 201])
def test_a_bad_value_never_widens_the_list(client, world, query):
    page = client.get(f"{PAGE}?{query}")

    assert page.status_code == 200
    assert list(page.context["page_obj"]) == []
    assert client.get(f"{PAGE}?{query}&export=csv").status_code == 400
    assert client.get(f"{API}?{query}").status_code == 400


def test_the_list_counts_feeds_and_explains(client, world):
    page = client.get(PAGE)
    facets = {facet.name: facet for facet in page.context["facets"]}
    counts = {
        name: {each.value: each.count for each in facets[name].options if each.count}
        for name in ("kind", "hub", "language")
    }
    feed = client.get(f"{PAGE}?export=atom").content.decode()
    told = client.get(f"{PAGE}?export=dictionary").getvalue().decode()

    assert counts == {
        "kind": {"announcement": 1, "story": 3},
        "hub": {"agency": 2},
        "language": {"en": 3, "es": 1},
    }
    assert feed.count("<entry>") == 4
    for title in ("A draft", "Tomorrow", "Gone", "Hidden"):
        assert title not in page.content.decode() + feed
    assert told.count("\n") == 1 + 22


def test_rows_say_where_it_comes_from_and_what_it_is_about(client, world):
    rows = {row["title"]: row for row in client.get(API).json()["results"]}

    source = world["first"].source
    assert rows["Água"]["source_date"] == "2012"
    assert rows["Água"]["source_address"] == source.address
    assert (rows["Old"]["about"], rows["Old"]["hub"]) == ("entry", "agency")
    assert rows["Old"]["about_key"] == world["old"].entry.slug
    assert (rows["Open"]["about"], rows["Open"]["picture_url"]) == ("hub", "")
    assert rows["Agua"]["translation_of"] == world["first"].slug
    fields = client.get(f"{API}?fields=title,about_key").json()["results"][0]
    assert set(fields) == {"title", "about_key"}


def test_a_translation_does_not_betray_what_it_translates(client):
    secret = ArticleFactory(slug="secret", hub=HubFactory(unpublished=True))
    spanish = ArticleFactory(language="es", translation_of=secret)
    french = ArticleFactory(language="fr", translation_of=ArticleFactory(slug="unborn", draft=True))

    for article in (spanish, french):
        assert client.get(f"{API}{article.slug}/").json()["translation_of"] == ""
        page = client.get(article.get_absolute_url()).content
        assert b"/secret/" not in page
        assert b"/unborn/" not in page


def test_articles_in_the_words_of_schema_org(client, world):
    listed = client.get(API, headers={"accept": "application/ld+json"}).json()["@graph"]
    nodes = {node["headline"]: node for node in listed}
    one = client.get(f"{API}{world['news'].slug}/?format=jsonld").json()

    assert set(nodes) == ALL
    assert (one["@type"], nodes["Água"]["@type"]) == ("NewsArticle", "Article")
    assert nodes["Água"]["isBasedOn"]["datePublished"] == "2012"
    assert nodes["Água"]["articleBody"] == "It began with *one* field."


def test_a_page_says_what_it_is_when_it_is_shared(client, world):
    body = client.get(world["first"].get_absolute_url()).content.decode()

    assert '<meta property="og:title" content="Água">' in body
    assert '<meta property="og:type" content="article">' in body
    assert f'href="{API}{world["first"].slug}/?format=jsonld"' in body
    assert 'hreflang="es"' in body
    assert "<em>one</em>" in body
    assert ", 2012</p>" in body  # the source's year, and no day that nobody stated


def test_what_is_typed_does_no_harm(client, world):
    evil = "<script>alert(1)</script>[x](javascript:alert(1))<img src=x onerror=alert(1)>"
    article = ArticleFactory(title=evil[:200], summary=evil, text=evil, is_pinned=True)

    for address in (article.get_absolute_url(), PAGE, "/", f"{PAGE}?export=atom"):
        body = client.get(address).content.decode()
        assert "<script>alert" not in body, address
        assert "<img src=x" not in body, address
        assert 'href="javascript' not in body, address
    text = client.get(f"{PAGE}?export=csv&q=alert").getvalue().decode()
    assert "<script>" in text  # as typed: it is no page
    formula = ArticleFactory(title="=1+1")
    assert f"{formula.slug},'=1+1," in client.get(f"{PAGE}?export=csv").getvalue().decode()


def test_pages_cost_the_same_for_few_and_many(client, world, django_assert_max_num_queries):
    moderator, head = client_of(world["moderator"]), client_of(world["head"])
    old = world["old"].get_absolute_url()
    asked = (
        (client, PAGE, 10),
        (head, PAGE, 12),
        (client, old, 5),
        (head, old, 10),
        (moderator, old, 14),
        (moderator, f"{PAGE}desk/", 5),
        (moderator, f"{API}desk/", 4),
        (client, API, 4),
        (client, f"{API}{world['old'].slug}/", 4),
        (client, f"{PAGE}?export=csv", 3),
        (client, "/", 60),
    )
    costs = []
    for number_more in (6, 0):
        found = []
        for reader, url, most in asked:
            with django_assert_max_num_queries(most) as queries:
                assert reader.get(url).status_code == 200
            found.append(len(queries))
        costs.append(found)
        for number in range(number_more):
            ArticleFactory(hub=world["hub"])
            ArticleFactory(entry=EntryFactory(hub=world["hub"], published=True))
            ArticleFactory(draft=True, event=EventFactory())
            language = ("fr", "pt", "ar", "id", "de", "it")[number]
            ArticleFactory(translation_of=world["old"], language=language)

    assert costs[0] == costs[1]


def titles(language="en", user=None):
    with translation.override(language):
        return [article.title for article in front_articles(user or AnonymousUser())]


def test_the_front_page_tells_the_newest_with_a_story_first(client, world):
    assert titles() == ["Água", "Open", "Old"]
    assert titles("es") == ["Agua", "Open", "Old"]  # the one in their language, and once
    page = client.get("/").content.decode()
    assert page.index("Água") < page.index("Open") < page.index("Five questions")
    assert client.get("/").content.count(b"<h3") == page.count("<h3")

    ArticleFactory(title="Pinned", announcement=True, is_pinned=True, appears_on=today() - 9 * DAY)
    ArticleFactory(title="Not there", is_on_front=False)
    ArticleFactory(title="Over", appears_on=today() - 2 * DAY, front_until=today() - DAY)
    ArticleFactory(title="Last day", front_until=today(), appears_on=today() - DAY)
    assert titles() == ["Pinned", "Open", "Água", "Last day"]
    for _ in range(3):
        ArticleFactory(title="New")
    assert titles() == ["Pinned", "New", "New", "New"]


def test_what_ends_its_time_on_the_front_page_leaves_it_the_day_after(world, monkeypatch):
    Article.objects.listed().update(front_until=today())
    assert titles()

    later = today() + DAY
    monkeypatch.setattr("community.querysets.articles.today", lambda: later)
    assert titles() == []


def test_a_moderator_writes_reads_publishes_and_places(world):
    moderator = client_of(world["moderator"])
    entry = world["old"].entry
    typed = TEXTS | {
        "about": f"https://testserver.example{entry.get_absolute_url()}",
        "source_address": "https://example.org/post",
        "source_date": "2012-07",
        "version": 1,
    }
    page = moderator.post(f"{PAGE}begin/", typed).content.decode()
    assert "There is no such page on this portal" in page
    assert "Give the title of the source" in page

    typed |= {"about": entry.get_absolute_url(), "source_title": "A post"}
    preview = moderator.post(f"{PAGE}begin/", typed | {"text": "So **it** is.", "preview": "yes"})
    assert "<strong>it</strong>" in preview.content.decode()
    assert not Article.objects.filter(slug="soil").exists()
    answer = moderator.post(f"{PAGE}begin/", typed)
    assert answer["Location"] == f"{PAGE}soil/"
    article = Article.objects.get(slug="soil")
    assert (article.entry, article.source.dated_on_precision) == (entry, "month")

    edit = moderator.get(f"{PAGE}soil/edit/").content.decode()
    assert f'value="{entry.get_absolute_url()}"' in edit
    assert 'value="2012-07"' in edit
    place = {"appears_on": "", "is_on_front": "on", "is_pinned": "on", "front_until": ""}
    assert moderator.post(f"{PAGE}soil/place/", place | {"version": 1}).status_code == 302
    assert moderator.post(f"{PAGE}soil/publish/", {"version": 1}).status_code == 302
    assert Article.objects.get(slug="soil").state == "draft"  # not as it was read
    moderator.post(f"{PAGE}soil/publish/", {"version": 2})
    assert Article.objects.get(slug="soil").state == "published"
    assert titles()[0] == "Soil"
    assert "appears_on" not in moderator.get(f"{PAGE}soil/place/").content.decode()
    assert moderator.post(f"{PAGE}soil/withdraw/", {"reason": ""}).status_code == 200
    assert moderator.post(f"{PAGE}soil/withdraw/", {"reason": "No."}).status_code == 302
    assert "Publish it again" in moderator.get(f"{PAGE}soil/").content.decode()
    assert "Soil" in moderator.get(f"{PAGE}desk/").content.decode()


def test_two_texts_at_once_are_shown_both(world):
    article = ArticleFactory(draft=True, **TEXTS)
    moderator = client_of(world["moderator"])
    url = f"{article.get_absolute_url()}edit/"
    typed = TEXTS | {"version": 1}

    assert moderator.post(url, typed | {"text": "Theirs."}).status_code == 302
    late = moderator.post(url, typed | {"text": "Mine."})
    assert late.status_code == 409
    page = late.content.decode()
    assert "Theirs." in page
    assert "Mine." in page
    (difference,) = late.context["conflict"]
    assert (difference["mine"], difference["saved"]) == ("Mine.", "Theirs.")


def test_a_hub_proposes_and_reads_what_has_to_change(world):
    head, moderator = client_of(world["head"]), client_of(world["moderator"])
    form = head.get(f"{PAGE}begin/?hub=agency").content.decode()
    assert "You propose it for your hub" in form
    assert 'name="about"' not in form
    head.post(f"{PAGE}begin/", TEXTS | {"version": 1})
    url = f"{PAGE}soil/"
    assert head.post(f"{url}publish/", {"version": 1}).status_code == 403
    head.post(f"{url}submit/", {"version": 1})
    assert "Proposed article" in moderator.get("/community/moderation/").content.decode()
    moderator.post(f"{url}return/", {"note": "Who paid?"})
    assert "Who paid?" in head.get(url).content.decode()
    assert "Soil" in head.get(f"{PAGE}desk/").content.decode()
    assert "A draft" not in head.get(f"{PAGE}desk/").content.decode()
    head.post(f"{url}submit/", {"version": 3})
    late = head.post(f"{url}submit/", {"version": 3}, follow=True)
    assert "Waits for a moderator" in late.content.decode()
    moderator.post(f"{url}publish/", {"version": 4})
    assert moderator.post(f"{url}publish/", {"version": 4}, follow=True).status_code == 200
    assert Article.objects.get(slug="soil").state == "published"


def test_a_picture_is_made_small_and_goes_with_the_article(world, client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    article = ArticleFactory(draft=True, **TEXTS)
    moderator, url = client_of(world["moderator"]), article.get_absolute_url()
    file = upload(picture(size=(2000, 1500)), "field.png")

    page = moderator.post(f"{url}picture/", {"picture": file, "version": 1})
    assert "Say what the picture shows." in page.content.decode()
    file.seek(0)
    sent = {"picture": file, "picture_text": "A field", "version": 1}
    assert moderator.post(f"{url}picture/", sent).status_code == 302
    article.refresh_from_db()
    assert article.picture.size < 20_000
    with article.picture.open() as kept_file, Image.open(kept_file) as image:
        assert (image.size, image.format) == ((480, 270), "JPEG")
    assert client.get(f"{url}picture.jpg").status_code == 404
    shown = moderator.get(f"{url}picture.jpg")
    assert (shown.status_code, shown["Content-Type"]) == (200, "image/jpeg")
    assert len(shown.getvalue()) == article.picture.size
    moderator.post(f"{url}publish/", {"version": 2})
    body = client.get("/").content.decode()
    assert f'<img src="{url}picture.jpg" alt="A field"' in body
    assert 'width="480" height="270" loading="lazy"' in body
    client.cookies["low_data"] = "on"
    assert "picture.jpg" not in client.get("/").content.decode().replace("og:image", "")


def api(client, method, path, body=None, **headers):
    return getattr(client, method)(
        f"{API}{path}", body or {}, content_type="application/json", headers=headers
    )


def test_an_article_is_written_through_the_api(world):
    head, moderator = client_of(world["head"]), client_of(world["moderator"])
    source = {"address": "https://example.org/a", "title": "A", "publisher": "", "dated_on": "2012"}

    refused = api(head, "post", "", TEXTS)  # for which hub?
    assert refused.status_code == 403, refused.json()["errors"]
    keyed = {"idempotency-key": "0123456789abcdef"}
    made = api(head, "post", "", TEXTS | {"hub": "agency", "source": source}, **keyed)
    assert made.status_code == 201, made.json()
    assert api(head, "post", "", TEXTS | {"hub": "agency", "source": source}, **keyed).json() == (
        made.json()
    )
    assert made.json()["source_date"] == "2012"
    assert made["Location"].endswith("/api/v1/articles/soil/")
    assert api(head, "patch", "soil/", {"text": "x"}).status_code == 428
    assert api(head, "patch", "soil/", {"text": "x"}, **{"if-match": '"9"'}).status_code == 412
    assert api(head, "patch", "soil/", {"nothing": 1}, **{"if-match": "*"}).status_code == 400
    changed = api(head, "patch", "soil/", {"text": "x"}, **{"if-match": made["ETag"]})
    assert (changed.status_code, changed.json()["text"]) == (200, "x")
    sent = api(head, "post", "soil/submit/", **{"if-match": changed["ETag"]})
    assert sent.json()["state"] == "submitted"
    assert api(head, "post", "soil/take-back/").json()["state"] == "draft"
    api(head, "post", "soil/submit/", **{"if-match": "*"})
    back = api(moderator, "post", "soil/return/", {"note": "Who?"})
    assert (back.json()["state"], back.json()["return_note"]) == ("draft", "Who?")
    api(head, "post", "soil/submit/", **{"if-match": "*"})
    placed = api(moderator, "post", "soil/place/", {"is_pinned": True}, **{"if-match": "*"})
    assert placed.json()["is_pinned"] is True
    shown = api(moderator, "post", "soil/publish/", **{"if-match": placed["ETag"]})
    assert (shown.json()["state"], shown.json()["appears_on"]) == (
        "published",
        today().isoformat(),
    )
    gone = api(moderator, "post", "soil/withdraw/", {"reason": "No."})
    assert gone.json()["withdrawn_reason"] == "No."


def test_the_api_names_what_an_article_is_about(world):
    moderator = client_of(world["moderator"])
    thread = talk.ThreadFactory()
    closed = talk.ThreadFactory(space__closed=True)

    for about, told in (
        ({"kind": "thread", "key": str(thread.pk)}, "thread"),
        ({"kind": "hub", "key": "agency"}, "hub"),
        (None, ""),
    ):
        made = api(moderator, "post", "", TEXTS | {"about": about})
        assert made.status_code == 201, made.json()
        assert (made.status_code, made.json()["about"]) == (201, told)
    for about in (
        {"kind": "thread", "key": str(closed.pk)},
        {"kind": "thread", "key": "x"},
        {"kind": "hub", "key": "none"},
        {"kind": "member", "key": "x"},
    ):
        assert api(moderator, "post", "", TEXTS | {"about": about}).status_code == 400


def test_articles_are_found_in_the_search(client, world):
    index_everything()

    assert "article" in searchable.kinds()
    body = client.get("/search/?q=agua").content.decode()
    assert world["first"].get_absolute_url() in body
    body = client.get("/search/?q=soil&kind=article").content.decode()
    assert "Hidden" not in body


def test_addresses_lead_to_what_is_on_them():
    hub, event = HubFactory(), EventFactory()
    thread = talk.ThreadFactory()
    reader = AnonymousUser()

    for thing in (hub, event, thread):
        assert thing_at(thing.get_absolute_url(), reader) == thing
    for address in (
        *("", "/", "/nothing/", "https://elsewhere.example" + hub.get_absolute_url()),
        *("http://[", "/community/articles/", hub.get_absolute_url() + "edit/", "\x00"),
        "/community/a/99999999999999999999999999-b/",
    ):
        assert thing_at(address, reader) is None, address


def test_the_service_keeps_its_files(world, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    article = ArticleFactory(draft=True)
    file = ContentFile(picture("JPEG"), name="one.jpg")
    article = set_picture(
        article,
        picture=file,
        picture_text="A field",
        picture_credit="",
        expected_version=1,
        by=world["moderator"],
    )
    assert article.history.first().picture == article.picture.name
