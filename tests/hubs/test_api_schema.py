"""The OpenAPI document: committed, complete, and true."""

import re
from collections import Counter
from pathlib import Path

import pytest
import schemathesis
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as hypothesis_settings

from catalogue.models import Adoption, Draft, ResourceLink
from hubs.api.facts import FACT_VIEW_SETS
from portal.api import router, schema_document, schema_yaml
from portal.wsgi import application
from tests.api_clients import client_of
from tests.factories import catalogue as make
from tests.factories.accounts import MemberFactory
from tests.factories.hubs import FACT_FACTORIES, HubFactory, NetworkFactory, OrganisationFactory

COMMITTED = Path(settings.BASE_DIR) / "docs" / "openapi.yaml"


def test_the_committed_document_is_the_present_one():
    assert COMMITTED.read_bytes() == schema_yaml(), (
        "The API changed. Run: manage.py spectacular --file docs/openapi.yaml"
    )


def test_the_document_is_valid_and_without_warnings(tmp_path, capfd):
    call_command("spectacular", file=str(tmp_path / "x"), validate=True, fail_on_warn=True)


def operations():
    for path, methods in schema_document()["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def test_every_operation_says_what_can_go_wrong():
    document = schema_document()

    assert document["openapi"].startswith("3.1")
    for path, method, operation in operations():
        known = set(operation["responses"])
        assert {"400", "404", "405", "406", "429", "503"} <= known, path
        if method != "get":
            assert {"401", "403", "409", "413", "415"} <= known, path
        if method in ("patch", "delete"):
            assert {"412", "428"} <= known, path
        if method == "post":
            assert "422" in known, path
    for name, response in document["components"]["responses"].items():
        if name != "NotModified":
            assert set(response["content"]) == {"application/problem+json"}


# Drafts are read by those who work on them, one's own profile by oneself, plans, surveys and
# leave to report late by the people of a hub, notices by whom they tell, the queue by moderators,
# attendance by who runs the event, feedback by who was there.
FOR_MEMBERS = (
    *("/api/v1/drafts/", "/api/v1/experts/mine/", "/api/v1/action-plans/", "/api/v1/surveys/"),
    "/api/v1/frameworks/{framework_slug}/exceptions/",
    *("/api/v1/follows/", "/api/v1/notifications/", "/api/v1/moderation/"),
    *("/api/v1/events/{event_slug}/attendance/", "/api/v1/events/{slug}/feedback/"),
    *("/api/v1/announcements/", "/api/v1/articles/desk/"),
)


def test_what_is_open_to_all_asks_for_no_sign_in():
    for path, method, operation in operations():
        security = operation.get("security", [{}])

        is_open = method == "get" and not path.startswith(FOR_MEMBERS)
        assert ({} in security) == is_open, path


def test_every_route_is_in_the_document():
    paths = {path for path, _method, _operation in operations()}

    assert {"/api/", "/api/v1/", "/api/v1/hubs/compare/"} < paths
    assert [
        prefix
        for prefix, _view, _name in router.registry
        if not any(path.startswith(f"/api/v1/{_as_written(prefix)}/") for path in paths)
    ] == []


def _as_written(prefix):
    """Return a route's pattern as the document writes it."""
    return re.sub(r"\(\?P<(\w+)>[^)]*\)", r"{\1}", prefix)


def test_the_document_is_served_in_both_forms(client: Client):
    as_json, as_yaml = client.get("/api/v1/schema/"), client.get("/api/v1/schema/?format=yaml")

    assert as_json.json() == schema_document()
    assert as_yaml.content == COMMITTED.read_bytes()
    assert (
        client.get("/api/v1/schema/", headers={"if-none-match": as_json["ETag"]}).status_code == 304
    )


def test_the_documentation_needs_nothing_from_elsewhere_and_nothing_inline(client: Client):
    page = client.get("/api/v1/docs/")
    script = client.get("/api/v1/docs/?script=")

    text = page.content.decode()
    assert page.status_code == script.status_code == 200
    assert script["Content-Type"].startswith("application/javascript")
    assert "/api/v1/schema/" in script.content.decode()
    assert "<style" not in text
    assert "<script>" not in text
    assert "style=" not in text
    assert "https://" not in text
    assert "'unsafe" not in page["Content-Security-Policy"]


@pytest.fixture
def a_bit_of_everything(transactional_db):
    hub = HubFactory(slug="abc")
    for factory in FACT_FACTORIES:
        factory(hub=hub)
    OrganisationFactory(slug="ministry")
    NetworkFactory(slug="cabri")
    entry = make.EntryFactory(hub=hub, slug="abc", published=True)
    make.TranslationFactory(entry=entry)
    make.BuildingBlockFactory(hub=hub, slug="abc")
    make.ResourceLinkFactory(resource=make.ResourceFactory(hub=hub, slug="abc"))
    make.ExpertFactory(hub=hub, slug="abc", consented=True)
    make.AdoptionFactory(entry=entry)
    make.DraftFactory(hub=hub)


@pytest.mark.slow
@pytest.mark.parametrize("who", ["anonymous", "moderator"])
def test_no_request_that_the_document_allows_breaks_the_portal(a_bit_of_everything, who):
    options = {"headers": {"Host": "localhost"}, "cookies": {}}
    if who == "moderator":
        client = client_of(MemberFactory(moderator=True))
        options["cookies"] = {
            "sessionid": client.cookies["sessionid"].value,
            "csrftoken": "a" * 32,
        }
        options["headers"]["X-CSRFToken"] = "a" * 32
    schema = schemathesis.openapi.from_dict(schema_document())
    schema.app = application

    statuses = Counter()
    for result in schema.get_all_operations():
        operation = result.ok()
        is_refused_unread = who == "anonymous" and operation.method != "get"
        call_with_examples(operation, options, statuses, number=1 if is_refused_unread else 3)

    assert statuses[200] > 30, statuses
    assert bool(statuses[401]) == (who == "anonymous"), statuses


def call_with_examples(operation, options, statuses, *, number):
    @hypothesis_settings(
        max_examples=number,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def run(case):
        slugs = ("hub_slug", "slug", "entry_slug", "block_slug", "resource_slug", "entry")
        known = {
            **dict.fromkeys(slugs, "abc"),
            "id": some_row(operation.path),
            "draft_id": first_of(Draft),
            "language": "fr",
            "number": 1,
        }
        for name in known.keys() & (case.path_parameters or {}).keys():
            case.path_parameters[name] = known[name]
        headers = {**(case.headers or {}), **options["headers"]}
        response = case.call(headers=headers, cookies=options["cookies"])

        statuses[response.status_code] += 1
        assert response.status_code < 500, (case.as_curl_command(), response.text)

    run()


ROWS = {"adoptions": Adoption, "copies": ResourceLink, "drafts": Draft}


def some_row(path):
    """Return the key of a row of the kind that `path` names, while there is one."""
    facts = {kind: view_set.model for kind, view_set in FACT_VIEW_SETS.items()}
    for kind, model in (facts | ROWS).items():
        if f"/{kind}/" in path:
            return first_of(model)
    return 1


def first_of(model):
    return model.objects.values_list("pk", flat=True).first() or 1
