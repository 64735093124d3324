"""The ways in which figures are broken down, as pages and CSV; the API stands beside them in
`test_framework_api`.
"""

import csv

import pytest

from evaluation.models import Dimension
from evaluation.services.library import change_dimension
from tests.api_clients import client_of
from tests.factories.accounts import MemberFactory
from tests.factories.evaluation import DimensionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def moderator(client):
    member = MemberFactory(moderator=True)
    return client_of(member)


def parts_of(code):
    cells = Dimension.objects.get(code=code).cells.order_by("position")
    return list(cells.values_list("code", "name"))


def test_a_moderator_adds_a_dimension_and_everybody_reads_it(client, moderator):
    typed = {
        "version": "0",
        "code": "age",
        "name": "Age",
        "kind": "partition",
        "parts": "young: Under 35\nolder: 35 and more\n",
    }

    assert moderator.post("/evaluation/dimensions/add/", typed).status_code == 302

    page = client.get("/evaluation/dimensions/").content.decode()
    assert ">Under 35<" in page
    assert "/evaluation/dimensions/age/change/" not in page
    file = client.get("/evaluation/dimensions/?export=csv")
    rows = list(csv.DictReader(file.getvalue().decode("utf-8-sig").splitlines()))
    assert [tuple(row.values()) for row in rows] == [
        ("age", "Age", "partition", "young", "Under 35"),
        ("age", "Age", "partition", "older", "35 and more"),
    ]
    told = client.get("/api/v1/dimensions/").json()["results"]
    assert [(each["code"], part["code"]) for each in told for part in each["parts"]] == [
        ("age", "young"),
        ("age", "older"),
    ]
    columns = client.get("/evaluation/dimensions/?export=dictionary").getvalue().decode("utf-8-sig")
    assert [line.partition(",")[0] for line in columns.splitlines()[1:]] == list(rows[0])


def test_names_and_order_change_parts_are_added_and_none_goes(moderator):
    DimensionFactory(code="sex", parts=["women", "men"])
    url = "/evaluation/dimensions/sex/change/"
    form = moderator.get(url).context["form"]
    typed = {"version": form["version"].value(), "name": "Sex of participants"}

    gone = moderator.post(url, typed | {"parts": "women: Women"})
    assert gone.context["form"].non_field_errors() == ["Parts stay: figures may be stated by them."]
    saved = moderator.post(url, typed | {"parts": "men: Men\nwomen: Women\nunknown: Not known"})

    assert saved.status_code == 302
    assert Dimension.objects.get().name == "Sex of participants"
    assert parts_of("sex") == [("men", "Men"), ("women", "Women"), ("unknown", "Not known")]


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ("women", "“women”: write a code, a colon and a name"),
        ("women: Women\nwomen: Again", "Name each part once."),
        ("a b: Both", "Enter a valid"),
        ("\n".join(f"p{number}: Part" for number in range(301)), "Name at most 300 parts."),
    ],
)
def test_parts_that_cannot_be_meant_are_told_and_kept(moderator, parts, said):
    typed = {"version": "0", "code": "x", "name": "X", "kind": "partition", "parts": parts}

    response = moderator.post("/evaluation/dimensions/add/", typed)

    assert response.status_code == 200
    (error,) = response.context["form"].errors["parts"]
    assert error.startswith(said)
    assert response.context["form"]["parts"].value() == parts
    assert not Dimension.objects.exists()


def test_what_somebody_else_saved_meanwhile_is_shown_beside_mine(moderator):
    dimension = DimensionFactory(code="sex", parts=["women"])
    url = "/evaluation/dimensions/sex/change/"
    version = moderator.get(url).context["form"]["version"].value()
    change_dimension(
        dimension,
        name="Theirs",
        parts=[("women", "Women and girls")],
        expected_version=dimension.version,
        by=MemberFactory(moderator=True),
    )

    mine = {"version": version, "name": "Mine", "parts": "women: Women"}
    response = moderator.post(url, mine)

    assert response.status_code == 409
    assert [(each["mine"], each["saved"]) for each in response.context["conflict"]] == [
        ("Mine", "Theirs"),
        ("women: Women", "women: Women and girls"),
    ]


def test_the_list_costs_the_same_for_few_and_many(client, django_assert_num_queries):
    DimensionFactory(parts=["a", "b"])
    with django_assert_num_queries(3):
        client.get("/evaluation/dimensions/")
    for _number in range(5):
        DimensionFactory(parts=["a", "b", "c"])
    with django_assert_num_queries(3):
        client.get("/evaluation/dimensions/")
