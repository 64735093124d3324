"""Every page of stories, surveys and action plans, asked for by every role."""

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.portal.evaluation_tables import STORY_PAGES, STORY_PARTS, story_things
from tests.portal.walk import ROLES, World

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", ROLES)
def test_each_page_answers_each_role_as_the_table_says(role):
    world = World(role)
    things = story_things(world, timezone.now())
    wrong = {}
    for route, objects in STORY_PAGES.items():
        for which, methods in objects.items():
            url = reverse(route, kwargs=things[which] | STORY_PARTS.get(route, {}))
            for method, table in methods.items():
                expected = next(status for status, people in table.items() if role in people)
                answer, _response = world.ask(method, url)
                if answer != expected:
                    wrong[route, which, method] = (answer, expected)

    assert wrong == {}
