"""What every portal begins with."""

import pytest

from community.models import Space
from community.services import spaces
from community.starter.spaces import load_starter_spaces
from tests.factories.accounts import MemberFactory

pytestmark = pytest.mark.django_db


def test_there_is_a_space_for_each_question_once_and_what_people_did_stays():
    assert load_starter_spaces() == {"spaces": 6}
    assert Space.objects.exclude(dimension="").count() == 5
    funding = Space.objects.get(slug="funding")
    moderator = MemberFactory(moderator=True)
    spaces.set_archived(funding, is_archived=True, by=moderator)
    text = {"description": "Ours."}
    spaces.change_space(funding, changes=text, expected_version=2, by=moderator)

    assert load_starter_spaces() == {"spaces": 0}

    funding.refresh_from_db()
    assert (funding.is_archived, funding.description, funding.is_starter) == (True, "Ours.", False)
    news = Space.objects.get(slug="announcements-and-news")
    assert not Space.objects.writable_by(MemberFactory()).contains(news)
    assert Space.objects.writable_by(moderator).contains(news)
