"""Frameworks, their parts and the library as programs write them."""

import csv
import datetime

import pytest
from django.utils import timezone

from accounts.models import Activity
from evaluation.models import (
    Dimension,
    Framework,
    Indicator,
    IndicatorDefinition,
    LockException,
    Period,
    Result,
    Target,
)
from tests.api_clients import client_of
from tests.factories.accounts import MemberFactory
from tests.factories.evaluation import (
    DefinitionVersionFactory,
    DimensionFactory,
    FrameworkFactory,
    IndicatorFactory,
    PeriodFactory,
    ResultFactory,
    UpdateFactory,
)
from tests.factories.hubs import HubFactory, MembershipFactory, NetworkFactory

pytestmark = pytest.mark.django_db
API = "/api/v1/frameworks/"
LIBRARY = "/api/v1/indicators/"
DIMENSIONS = "/api/v1/dimensions/"


def send(client, method, url, body=None, **headers):
    return getattr(client, method)(url, body or {}, "application/json", headers=headers)


def read(client, url):
    """Return the header that says what was read at `url`."""
    return {"If-Match": client.get(url)["ETag"]}


def change(client, url, body, method="patch"):
    """Read a thing, then change it."""
    return send(client, method, url, body, **read(client, url))


class Writing:
    """A hub's framework with a result, an indicator and a locked year, and who writes it."""

    def __init__(self):
        self.hub = HubFactory()
        self.framework = FrameworkFactory(hub=self.hub, ends_on=datetime.date(2021, 12, 31))
        self.result = ResultFactory(framework=self.framework)
        self.indicator = IndicatorFactory(result=self.result)
        definition = self.indicator.definition.definition
        definition.current = self.indicator.definition
        definition.save()
        self.code = definition.code
        self.year = PeriodFactory(framework=self.framework)
        self.url = f"{API}{self.framework.slug}/"
        self.focal_point = self.client(me_focal_point=True)
        self.head = self.client(head=True)
        self.outsider = client_of(MembershipFactory(head=True).member)
        self.moderator = client_of(MemberFactory(moderator=True))

    def client(self, **role):
        return client_of(MembershipFactory(hub=self.hub, **role).member)


def test_a_framework_is_begun_once_changed_cited_and_published():
    setting = Writing()
    client = setting.focal_point
    body = {"hub": setting.hub.slug, "title": "Results", "starts_on": "2026-01-01"}

    made = [send(client, "post", API, body, **{"Idempotency-Key": "one"}) for _number in range(2)]
    url = made[0]["Location"].removeprefix("http://testserver")
    assert [each.status_code for each in made] == [201, 201]
    assert made[0].json() == made[1].json() == client.get(url).json()
    framework = Framework.objects.get(title="Results")
    assert (framework.hub, framework.is_published) == (setting.hub, False)

    assert send(client, "patch", url, {"title": "Ours"}).status_code == 428
    stale = read(client, url)
    assert change(client, url, {"title": "Ours", "language": "fr"}).json()["title"] == "Ours"
    assert send(client, "patch", url, {"title": "Late"}, **stale).status_code == 412
    assert change(client, url, {"ends_on": "2020-01-01"}).status_code == 400
    assert send(client, "post", f"{url}publish/").status_code == 409  # nothing to read yet
    source = {"title": "Plan", "address": "https://source.example/plan"}
    cited = send(client, "put", f"{url}sources/", {"sources": [source]}, **read(client, url))
    assert [each["title"] for each in cited.json()["sources"]] == ["Plan"]
    IndicatorFactory(result=ResultFactory(framework=framework))
    assert send(client, "post", f"{url}publish/").json()["is_published"] is True
    assert client_of(None).get(url).json()["sources"] == cited.json()["sources"]
    assert send(client, "post", f"{url}withdraw/").json()["is_published"] is False
    verbs = Activity.objects.filter(object_model="framework").values_list("verb", flat=True)
    assert set(verbs) >= {"framework.begun", "framework.changed", "framework.published"}


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"title": "T"}, 400, "starts_on"),
        ({"title": "T", "starts_on": "2026-01-01", "hub": "no-such"}, 400, "hub"),
        ({"title": "T", "starts_on": "2026-01-01", "layer": "country"}, 400, "request"),
        ({"title": "T", "starts_on": "2026-01-01", "odd": 1}, 400, "odd"),
        ({"title": "T", "starts_on": "2026-01-01", "template": "start"}, 400, "ends_on"),
        ({"title": "T", "starts_on": "2026-01-01", "language": "xx"}, 400, "language"),
        ({"title": "T", "starts_on": "2026-01-01", "network": "cabri"}, 400, "network"),
        ({"title": "T", "starts_on": "2026-01-01", "layer": "community"}, 403, ""),
        ({"title": "T", "starts_on": "2026-01-01", "hub": "ours", "country": "BR"}, 409, ""),
        ({"title": "T", "starts_on": "2026-01-01", "hub": "others"}, 403, ""),
    ],
)
def test_what_cannot_begin_says_why(body, status, field):
    HubFactory(slug="others")
    FrameworkFactory(hub=None, is_template=True, slug="start")
    NetworkFactory(slug="cabri")
    hub = HubFactory(slug="ours", countries=["MZ"])
    client = client_of(MembershipFactory(hub=hub).member)
    body = body if {"hub", "layer"} & body.keys() else body | {"hub": "ours"}

    refused = send(client, "post", API, body)

    assert refused.status_code == status
    assert not field or field in refused.json()["errors"]
    assert Framework.objects.filter(is_template=False).count() == 0


def test_a_template_is_copied_and_moderators_begin_those_of_the_community():
    template = FrameworkFactory(hub=None, is_template=True)
    IndicatorFactory(result=ResultFactory(framework=template))
    setting = Writing()
    days = {"starts_on": "2026-01-01", "ends_on": "2026-12-31"}
    body = {"hub": setting.hub.slug, "template": template.slug, "title": "Copy"} | days

    copied = send(setting.focal_point, "post", API, body).json()
    common = send(setting.moderator, "post", API, {"title": "All", "layer": "community"} | days)

    assert Period.objects.filter(framework__slug=copied["slug"]).count() == 1
    assert (common.status_code, common.json()["layer"]) == (201, "community")


def test_results_are_added_and_changed():
    setting = Writing()
    url, client = f"{setting.url}results/", setting.focal_point
    body = {"kind": "output", "title": "Seeds", "contributes_to": setting.result.pk}

    made = send(client, "post", url, body)
    place = f"{url}{made.json()['id']}/"
    changed = change(client, place, {"title": "More seeds"})
    circle = change(client, f"{url}{setting.result.pk}/", {"contributes_to": made.json()["id"]})

    assert made.json() | {"title": "More seeds"} == changed.json() == client.get(place).json()
    assert circle.status_code == 409
    listed = client_of(None).get(url).json()["results"]
    assert [row["title"] for row in listed] == [setting.result.title, "More seeds"]
    assert send(client, "patch", place, {"title": "X"}).status_code == 428
    for wrong in ({"contributes_to": ResultFactory().pk}, {"rolls_up_to": 10**30}, {"kind": "x"}):
        assert change(client, place, wrong).status_code == 400, wrong
    assert Result.objects.get(title="More seeds").contributes_to == setting.result
    assert send(client, "delete", place).status_code == 428
    assert change(client, f"{url}{setting.result.pk}/", {}, "delete").status_code == 409
    assert change(client, place, {}, "delete").status_code == 204
    assert list(Result.objects.filter(framework=setting.framework)) == [setting.result]


def test_indicators_are_added_changed_tied_and_removed():
    setting = Writing()
    url, client = f"{setting.url}indicators/", setting.focal_point
    above = IndicatorFactory(
        result=ResultFactory(framework=FrameworkFactory(layer="community", hub=None)),
    )
    hidden = IndicatorFactory(
        result=ResultFactory(framework=FrameworkFactory(layer="community", hub=None, draft=True)),
    )
    body = {"result": setting.result.pk, "definition": setting.code, "frequency": "quarter"}

    made = send(client, "post", url, body)
    place = f"{url}{made.json()['id']}/"
    tied = change(client, place, {"rolls_up_to": above.pk, "baseline_value": "4.5"})

    assert (made.status_code, made.json()["definition_version"]) == (201, 1)
    assert (tied.json()["rolls_up_to"], tied.json()["baseline_value"]) == (above.pk, "4.500000")
    assert change(client, place, {"rolls_up_to": hidden.pk}).status_code == 400
    assert change(client, place, {"is_excluded": True}).status_code == 400  # without a reason
    foreign = body | {"result": ResultFactory().pk}
    assert "result" in send(client, "post", url, foreign).json()["errors"]
    assert send(client, "post", url, body | {"definition": "no-such"}).status_code == 400
    above.result.framework.is_published = False
    above.result.framework.save()
    assert client.get(place).json()["rolls_up_to"] is None  # not for them to see any more
    reported = (
        f"{url}{UpdateFactory(indicator=setting.indicator, period=setting.year).indicator_id}/"
    )
    assert change(client, reported, {}, "delete").status_code == 409
    assert send(client, "delete", place).status_code == 428
    assert change(client, place, {}, "delete").status_code == 204
    assert Indicator.objects.filter(result__framework=setting.framework).count() == 1


def test_targets_are_set_once_changed_and_taken_away():
    setting = Writing()
    url, client = f"{setting.url}targets/", setting.focal_point
    body = {"indicator": setting.indicator.pk, "period": setting.year.pk, "value": "40"}

    made = send(client, "post", url, body)
    place = f"{url}{made.json()['id']}/"

    assert send(client, "post", url, body).status_code == 409
    assert send(client, "post", url, {"indicator": setting.indicator.pk}).status_code == 400
    assert send(client, "post", url, body | {"period": 2**50}).status_code == 400
    assert change(client, place, {"text": "About"}).json()["value"] == "40.000000"
    assert change(client, place, {"value": None, "text": ""}).status_code == 400
    life = send(client, "post", url, {"indicator": setting.indicator.pk, "text": "Better"})
    assert (life.status_code, life.json()["period"]) == (201, None)
    assert len(client_of(None).get(url).json()["results"]) == 2
    assert change(client, place, {}, "delete").status_code == 204
    assert list(Target.objects.values_list("text", flat=True)) == ["Better"]
    assert send(client, "post", url, body).status_code == 201  # the place is free again


def test_periods_are_made_locked_and_opened_for_a_while():
    setting = Writing()
    url = f"{setting.url}periods/"
    made = send(setting.focal_point, "post", url, {"frequency": "year"})
    assert [row["name"] for row in made.json()["results"]] == ["2020-01-01 – 2020-12-31", "2021"]
    assert send(setting.focal_point, "post", url, {"frequency": "day"}).status_code == 400
    lock = f"{url}{setting.year.pk}/lock/"
    leave = {
        "period": setting.year.pk,
        "indicator": setting.indicator.pk,
        "until": (timezone.now() + datetime.timedelta(days=3)).isoformat(),
        "reason": "The survey was late.",
    }
    exceptions = f"{setting.url}exceptions/"

    for client in (setting.head, setting.moderator):
        assert send(client, "post", lock).json()["locked_at"] is not None
        assert send(client, "post", f"{url}{setting.year.pk}/unlock/").json()["locked_at"] is None
        assert send(client, "post", exceptions, leave).status_code == 201
    assert [row["reason"] for row in setting.head.get(exceptions).json()["results"]] == [
        "The survey was late."
    ] * 2
    for wrong, status in (
        ({"indicator": IndicatorFactory().pk}, 400),
        ({"until": "2020-01-01T00:00:00Z"}, 409),
        ({"reason": ""}, 400),
    ):
        assert send(setting.head, "post", exceptions, leave | wrong).status_code == status, wrong
    # Who writes the framework does not open what is locked.
    assert send(setting.focal_point, "post", lock).status_code == 403
    assert send(setting.focal_point, "post", exceptions, leave).status_code == 403
    assert setting.focal_point.get(exceptions).status_code == 403
    assert LockException.objects.count() == 2


def test_nobody_else_writes_and_drafts_are_not_there():
    setting = Writing()
    others = (client_of(None), 401), (setting.outsider, 403), (setting.client(), 400)
    for number, (client, status) in enumerate(others):
        for part in ("results", "indicators", "targets", "periods"):
            answer = send(client, "post", f"{setting.url}{part}/")
            assert answer.status_code == status, (number, part)
    assert setting.outsider.get(f"{setting.url}exceptions/").status_code == 403
    assert send(setting.outsider, "patch", setting.url, {"title": "X"}).status_code == 403
    setting.framework.is_published = False
    setting.framework.save()
    for part in ("", "results/", "indicators/", "targets/", "periods/", "exceptions/"):
        assert setting.outsider.get(f"{setting.url}{part}").status_code == 404, part
    assert send(setting.outsider, "patch", setting.url, {"title": "X"}).status_code == 404


@pytest.mark.parametrize("number", [1, 4])
def test_parts_are_read_at_a_constant_cost(number, django_assert_max_num_queries):
    setting = Writing()
    for _number in range(number):
        above = IndicatorFactory(
            result=ResultFactory(framework=FrameworkFactory(layer="community", hub=None))
        )
        made = IndicatorFactory(result=setting.result, rolls_up_to=above)
        Target.objects.create(indicator=made, value=1)
    client = client_of(None)

    for part in ("results", "indicators", "targets", "periods"):
        with django_assert_max_num_queries(4):
            told = client.get(f"{setting.url}{part}/").json()["results"]
        file = client.get(f"{setting.url}{part}/?format=csv").getvalue().decode("utf-8-sig")
        rows = list(csv.DictReader(file.splitlines()))
        assert [row["id"] for row in rows] == [str(row["id"]) for row in told], part


# The library


def test_an_indicator_is_added_and_described_anew_as_a_version():
    setting = Writing()
    client = setting.focal_point
    DimensionFactory(code="sex", parts=["women"])
    body = {
        "code": "people",
        "hub": setting.hub.slug,
        "title": "People",
        "kind": "count",
        "dimensions": ["sex"],
    }

    made = send(client, "post", LIBRARY, body)
    url = f"{LIBRARY}people/"
    stale = read(client, url)
    said = {"title": "People trained", "change_note": "Clearer."}
    changed = change(client, url, said)

    assert (made.status_code, made.json()["dimensions"]) == (201, ["sex"])
    assert (changed.json()["version"], changed.json()["dimensions"]) == (2, ["sex"])
    assert send(client, "patch", url, said).status_code == 428
    assert send(client, "patch", url, said, **stale).status_code == 412
    assert change(client, url, {"title": "X"}).status_code == 409  # nothing said of it
    versions = client_of(None).get(f"{url}versions/").json()["results"]
    assert [row["title"] for row in versions] == ["People trained", "People"]
    assert send(client, "post", f"{url}retire/").json()["is_retired"] is True
    assert send(client, "post", f"{url}restore/").json()["is_retired"] is False
    assert send(client, "post", LIBRARY, body).status_code == 409  # the code is taken
    for wrong, status in (
        ({"factor": 100}, 409),  # only a ratio has one
        ({"kind": "odd"}, 400),
        ({"minimum": "1e99"}, 400),
        ({"dimensions": ["no-such"]}, 400),
        ({"hub": None}, 400),
    ):
        answer = send(client, "post", LIBRARY, body | {"code": "other"} | wrong)
        assert answer.status_code == status, wrong
    del body["hub"]
    assert send(client, "post", LIBRARY, body | {"code": "all"}).status_code == 403
    assert send(setting.moderator, "post", LIBRARY, body | {"code": "all"}).status_code == 201
    assert send(setting.outsider, "patch", url, said).status_code == 403
    assert set(IndicatorDefinition.objects.values_list("code", flat=True)) == {
        *("people", "all", setting.code)
    }


def test_dimensions_are_the_moderators_to_write():
    moderator = client_of(MemberFactory(moderator=True))
    member = client_of(MembershipFactory(head=True).member)
    women, men = ({"code": code, "name": code.title()} for code in ("women", "men"))
    body = {"code": "sex", "name": "Sex", "kind": "partition", "parts": [women]}
    url = f"{DIMENSIONS}sex/"

    assert send(member, "post", DIMENSIONS, body).status_code == 403
    assert send(moderator, "post", DIMENSIONS, body).json() == body
    assert send(moderator, "post", DIMENSIONS, body).status_code == 409
    changed = change(moderator, url, {"parts": [men, women | {"name": "Women and girls"}]})
    assert [part["name"] for part in changed.json()["parts"]] == ["Men", "Women and girls"]
    assert change(moderator, url, {"parts": [men]}).status_code == 409  # parts stay
    assert change(moderator, url, {"parts": [men, men, women]}).status_code == 400
    assert send(moderator, "patch", url, {"name": "X"}).status_code == 428
    assert send(member, "patch", url, {"name": "X"}).status_code == 403
    assert client_of(None).get(DIMENSIONS).json()["results"] == [changed.json()]
    assert Dimension.objects.get().name == "Sex"
    assert set(Activity.objects.values_list("verb", flat=True)) == {"dimension.changed"}


def test_a_version_that_nobody_described_is_not_in_the_library():
    DefinitionVersionFactory()

    assert client_of(None).get(LIBRARY).json()["results"] == []
