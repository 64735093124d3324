"""Pictures of articles through the API: given, told anew, refused, taken away: as on the page."""

import pytest

from community.models import Article
from tests.api_clients import client_of
from tests.factories.accounts import MemberFactory
from tests.factories.articles import ArticleFactory
from tests.factories.hubs import HubFactory, MembershipFactory
from tests.pictures import REFUSED, files, picture, upload

pytestmark = pytest.mark.django_db
API = "/api/v1/articles/"


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def client():
    return client_of(MemberFactory(moderator=True))


def address(article):
    return f"{API}{article.slug}/picture/"


def give(client, article, version=1, **body):
    headers = {"If-Match": f'"{version}"'} if version else {}
    told = {"picture_text": "A field", "picture_credit": "Ana, CC BY 4.0"} | body
    return client.post(address(article), told, headers=headers)


def test_a_picture_is_given_told_anew_and_taken_away(
    client, folder, django_capture_on_commit_callbacks
):
    article = ArticleFactory()

    made = give(client, article, picture=upload(picture(size=(2000, 1500))))
    assert made.status_code == 200, made.content
    told = made.json()
    assert told["picture_url"].endswith(f"{article.get_absolute_url()}picture.jpg")
    assert (told["picture_text"], told["picture_credit"]) == ("A field", "Ana, CC BY 4.0")
    assert client.get(told["picture_url"]).getvalue()[:2] == b"\xff\xd8"  # a JPEG
    article.refresh_from_db()
    assert article.picture.size < 20_000
    (name,) = files(folder)

    anew = give(client, article, version=2, picture_text="A dry field")
    assert (anew.status_code, anew.json()["picture_text"]) == (200, "A dry field")
    assert files(folder) == [name]

    with django_capture_on_commit_callbacks(execute=True):
        gone = client.delete(address(article), headers={"If-Match": '"3"'})
    assert gone.status_code == 200
    assert (gone.json()["picture_url"], gone.json()["picture_text"]) == ("", "")
    assert files(folder) == []


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_picture_is_refused_and_leaves_no_file(client, folder, name):
    content, says = REFUSED[name]
    article = ArticleFactory()

    response = give(client, article, picture=upload(content))

    assert response.status_code == 400
    assert says in " ".join(response.json()["errors"]["picture"])
    assert files(folder) == []
    assert Article.objects.get(pk=article.pk).version == 1


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "picture"),
        ({"picture": "field.png"}, "picture"),
        ({"picture": True, "picture_text": " "}, "picture_text"),
        ({"picture": True, "picture_text": "x" * 301}, "picture_text"),
        ({"picture": True, "picture_credit": "x" * 201}, "picture_credit"),
        ({"picture": True, "title": "Other"}, "title"),
    ],
)
def test_each_field_is_refused_by_its_name(client, folder, body, field):
    if body.get("picture") is True:
        body = body | {"picture": upload(picture())}

    response = give(client, ArticleFactory(), **body)

    assert (response.status_code, list(response.json()["errors"])) == (400, [field])
    assert files(folder) == []


def test_a_picture_is_given_by_who_writes_the_article_as_it_was_read(client, folder):
    hub = HubFactory()
    head = client_of(MembershipFactory(hub=hub, head=True).member)
    own, published = ArticleFactory(proposal=True, hub=hub), ArticleFactory(hub=hub)

    def try_it(by, article, version=1):
        return give(by, article, version, picture=upload(picture())).status_code

    assert try_it(client, published, version=0) == 428
    assert try_it(client, published, version=9) == 412
    assert try_it(head, published) == 403
    assert try_it(client_of(MemberFactory()), own) == 404
    assert try_it(client_of(None), published) == 401
    assert client.delete(address(published)).status_code == 428
    assert head.delete(address(published), headers={"If-Match": '"1"'}).status_code == 403
    assert client.patch(address(published)).status_code == 405
    body = {"picture_text": "A field"}
    wrong = client.post(address(published), body, content_type="application/json")
    assert wrong.status_code == 415
    assert files(folder) == []
    assert try_it(head, own) == 200


def test_a_request_that_is_repeated_has_one_effect(client, folder):
    article = ArticleFactory()
    headers = {"If-Match": '"1"', "Idempotency-Key": "one"}

    first, second = (
        client.post(
            address(article),
            {"picture": upload(picture()), "picture_text": "A field"},
            headers=headers,
        )
        for _each in "12"
    )

    assert (first.status_code, second.status_code) == (200, 200)
    assert first.json() == second.json()
    assert len(files(folder)) == 1
