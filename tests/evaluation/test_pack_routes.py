"""Every address of report packs and IATI files, asked for by every role."""

import pytest
from django.urls import reverse

from tests.portal.evaluation_tables import PACK_API, PACK_PAGES
from tests.portal.walk import ROLES, World

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", ROLES)
def test_each_address_answers_each_role_as_the_table_says(role):
    world = World(role)
    slugs = {"hub": world.hub.slug, "hidden hub": world.hidden.slug}
    wrong = {}
    for route, objects in (PACK_PAGES | PACK_API).items():
        for which, methods in objects.items():
            url = reverse(route, kwargs={"slug": slugs[which]})
            for method, table in methods.items():
                expected = next(status for status, people in table.items() if role in people)
                answer, _response = world.ask(method, url)
                if answer != expected:
                    wrong[route, which, method] = (answer, expected)

    assert wrong == {}
