"""Whom one can name in a thread, offered while one writes."""

import pytest

from community.services.naming import MOST_OFFERED, people_to_name
from tests.api_clients import client_of
from tests.factories import community as make
from tests.factories import evaluation
from tests.factories.accounts import MemberFactory

pytestmark = pytest.mark.django_db


def names(thread, begun, by):
    return [each.slug for each in people_to_name(thread, begun, by=by)]


@pytest.fixture
def people():
    return {
        slug: MemberFactory(slug=slug, name=name)
        for slug, name in (
            ("ana", "Ana Sílva"),
            ("silvia", "Sílvia Gómez"),
            ("bo", "Bo Andersen"),
            ("by", "By Rote"),
        )
    }


def test_names_are_found_by_any_of_their_words_without_accents(people):
    thread = make.ThreadFactory()

    assert names(thread, "sil", people["by"]) == ["ana", "silvia"]
    assert names(thread, "SILVA", people["by"]) == ["ana"]
    assert names(thread, "ilv", people["by"]) == []
    assert names(thread, "by", people["by"]) == []  # oneself


def test_who_wrote_there_comes_first_and_alone_without_a_beginning(people):
    thread = make.ThreadFactory()
    make.PostFactory(thread=thread, number=2, author=people["silvia"])
    make.PostFactory(thread=thread, number=3, author=people["bo"], state="held")

    assert names(thread, "sil", people["by"]) == ["silvia", "ana"]
    assert "silvia" in names(thread, "", people["by"])
    assert "bo" not in names(thread, "", people["by"])  # what waits is not told


def test_members_who_may_not_take_part_are_not_offered_and_never_too_many(people):
    thread = make.ThreadFactory()
    MemberFactory(name="Sol Waits", pending=True)
    for number in range(MOST_OFFERED + 2):
        MemberFactory(name=f"Tom {number}")

    assert names(thread, "sol", people["by"]) == []
    assert len(names(thread, "tom", people["by"])) == MOST_OFFERED


@pytest.mark.parametrize("shown_to", ["people", "everybody"])
def test_of_a_closed_space_only_whom_it_shows_is_offered(people, shown_to):
    space = make.SpaceFactory(closed=True, people_shown_to=shown_to)
    thread = make.ThreadFactory(space=space, author=people["by"])
    for slug in ("ana", "by"):
        make.SpacePersonFactory(space=space, member=people[slug])

    assert names(thread, "sil", people["by"]) == ["ana"]  # never who is not in it


def test_who_may_read_of_a_secret_is_not_told_by_names(people):
    exchange = evaluation.ExchangeFactory(confidentiality="parties")
    thread = make.ThreadFactory(exchange=exchange)
    make.PostFactory(thread=thread, number=2, author=people["ana"])

    assert names(thread, "sil", people["by"]) == ["ana"]


def test_a_script_asks_and_who_may_not_write_is_refused(people, client):
    thread = make.ThreadFactory()
    path = f"/community/threads/{thread.pk}/people/"
    closed = make.ThreadFactory(space=make.SpaceFactory(closed=True))

    answer = client_of(people["by"]).get(f"{path}?q=gomez")

    assert answer.json() == {"people": [{"slug": "silvia", "name": "Sílvia Gómez"}]}
    assert client.get(path)["Location"].startswith("/accounts/login/")
    assert client_of(people["by"]).get(f"/community/threads/{closed.pk}/people/").status_code == 404
    assert client_of(MemberFactory(pending=True)).get(path).status_code == 403


def test_the_form_says_who_wrote_and_how_one_names_them(people):
    thread = make.ThreadFactory()
    make.PostFactory(thread=thread, number=2, author=people["silvia"])

    page = client_of(people["by"]).get(f"/community/threads/{thread.pk}/reply/")

    assert '<bdi dir="ltr">@silvia</bdi>' in page.content.decode()
