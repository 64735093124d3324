"""Documents of exchanges, surveys and action plans as programs read and write them."""

import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from evaluation.models import ActionItem, ActionPlan, Evidence, SurveyInvitation
from evaluation.services.surveys import follow_up
from tests.api_clients import client_of
from tests.factories.accounts import MemberFactory
from tests.factories.evaluation import ExchangeFactory, PartyFactory
from tests.factories.evaluation_stories import ItemFactory, PersonFactory
from tests.factories.hubs import HubFactory, MembershipFactory

pytestmark = pytest.mark.django_db
PLANS = "/api/v1/action-plans/"
SURVEYS = "/api/v1/surveys/"


def send(client, method, url, body=None, **headers):
    return getattr(client, method)(url, body or {}, "application/json", headers=headers)


class Telling:
    """A hub that tells an exchange, a hub that is party to it, and their people."""

    def __init__(self):
        self.hub, self.partner = HubFactory(), HubFactory()
        self.exchange = ExchangeFactory(hub=self.hub)
        self.party = PartyFactory(exchange=self.exchange, hub=self.partner)
        self.url = f"/api/v1/exchanges/{self.exchange.slug}/documents/"
        self.correspondent = MembershipFactory(hub=self.hub, correspondent=True).member
        self.editor = MembershipFactory(hub=self.hub).member
        self.teller = client_of(self.editor)
        self.partners = client_of(MembershipFactory(hub=self.partner, head=True).member)
        self.outsider = client_of(MembershipFactory(head=True).member)


def test_documents_are_added_and_withdrawn_with_a_reason():
    told = Telling()
    link = {"kind": "link", "title": "The law", "address": "https://law.example/"}
    file = SimpleUploadedFile("list.txt", b"Ana, Rui", "text/plain")

    made = send(told.teller, "post", told.url, link, **{"Idempotency-Key": "k"})
    again = send(told.teller, "post", told.url, link, **{"Idempotency-Key": "k"})
    upload = {"kind": "document", "title": "List", "proves": "attendance", "file": file}
    kept = told.teller.post(told.url, upload | {"is_confidential": "true"})

    assert (made.status_code, again.json()) == (201, made.json())
    assert (kept.status_code, kept.json()["file_name"]) == (201, "list.txt")
    assert told.teller.get(kept.json()["address"]).getvalue() == b"Ana, Rui"
    titles = {
        "own": [row["title"] for row in told.teller.get(told.url).json()["results"]],
        "all": [row["title"] for row in client_of(None).get(told.url).json()["results"]],
        "party": [row["title"] for row in told.partners.get(told.url).json()["results"]],
    }
    # What is confidential is for the telling hub's people alone.
    assert titles == {"own": ["The law", "List"], "all": ["The law"], "party": ["The law"]}
    withdraw = f"{told.url}{made.json()['id']}/withdraw/"
    assert send(told.outsider, "post", withdraw, {"reason": "x"}).status_code == 403
    assert send(told.teller, "post", withdraw).status_code == 400
    gone = send(told.teller, "post", withdraw, {"reason": "The wrong law."})
    assert gone.json()["withdrawn_reason"] == "The wrong law."
    assert client_of(None).get(told.url).json()["results"] == []
    hidden = f"{told.url}{kept.json()['id']}/withdraw/"
    assert send(told.partners, "post", hidden, {"reason": "x"}).status_code == 403
    moderator = client_of(MemberFactory(moderator=True))
    assert send(moderator, "post", hidden, {"reason": "x"}).status_code == 404


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"kind": "link", "title": "T"}, "text"),  # nothing is shown
        ({"kind": "odd", "title": "T", "text": "x"}, "kind"),
        ({"kind": "link", "title": "T", "address": "javascript:alert(1)"}, "address"),
        ({"kind": "link", "title": "T", "text": "x", "dated_on": "0000"}, "dated_on"),
        ({"kind": "link", "title": "T", "text": "x", "by": "me"}, "by"),
        ({}, "title"),
    ],
)
def test_what_shows_nothing_is_refused(body, field):
    told = Telling()

    refused = send(told.teller, "post", told.url, body)

    assert (refused.status_code, field in refused.json()["errors"]) == (400, True)
    assert Evidence.objects.count() == 0


def test_a_file_that_is_not_what_it_says_is_refused():
    told = Telling()
    file = SimpleUploadedFile("law.pdf", b"<html>", "application/pdf")

    refused = told.teller.post(told.url, {"kind": "document", "title": "T", "file": file})

    assert (refused.status_code, refused.json()["errors"].keys()) == (400, {"file"})
    assert Evidence.objects.count() == 0


def test_plans_are_begun_and_their_points_written():
    told = Telling()
    begun = send(told.partners, "post", PLANS, {"party": told.party.pk})
    place = begun["Location"].removeprefix("http://testserver")
    points = f"{place}points/"
    body = {"title": "Send the law", "due_on": "2027-03-31", "member": told.correspondent.slug}

    made = send(told.teller, "post", points, body)
    point = f"{points}{made.json()['id']}/"
    stale = {"If-Match": told.teller.get(point)["ETag"]}
    changed = send(told.partners, "patch", point, {"title": "Send it"}, **stale)

    assert (begun.status_code, made.status_code) == (201, 201)
    assert changed.json() == made.json() | {"title": "Send it"}
    assert send(told.teller, "patch", point, {"title": "X"}, **stale).status_code == 412
    assert send(told.teller, "patch", point, {"title": "X"}).status_code == 428
    fresh = {"If-Match": told.teller.get(point)["ETag"]}
    stranger = MemberFactory().slug
    assert send(told.teller, "patch", point, {"member": stranger}, **fresh).status_code == 400
    # Who sees to a point may mark it as done, and nothing more.
    theirs = client_of(told.correspondent)
    assert send(theirs, "patch", point, {"title": "X"}, **fresh).status_code == 403
    assert send(theirs, "post", f"{point}done/", {"note": "Sent."}).json()["note"] == "Sent."
    assert send(told.teller, "post", f"{point}done/", {"note": "Other"}).status_code == 409
    assert send(theirs, "post", f"{point}reopen/").json()["done_on"] is None
    assert theirs.get(place).json()["points"] == theirs.get(points).json()["results"]
    assert send(told.teller, "post", PLANS, {"party": told.party.pk}).status_code == 201
    assert (ActionPlan.objects.count(), ActionItem.objects.count()) == (1, 1)


def test_plans_and_surveys_are_not_there_for_others():
    told = Telling()
    item = ItemFactory(plan__party=told.party)
    place = f"{PLANS}{item.plan_id}/"

    for url in (place, f"{place}points/", f"{place}points/{item.pk}/"):
        assert told.outsider.get(url).status_code == 404, url
        assert client_of(None).get(url).status_code == 401, url
        assert told.partners.get(url).status_code == 200, url
    assert told.outsider.get(PLANS).json()["results"] == []
    assert send(told.outsider, "post", PLANS, {"party": told.party.pk}).status_code == 403
    assert send(told.outsider, "post", f"{place}points/").status_code == 404
    assert [row["id"] for row in told.partners.get(PLANS).json()["results"]] == [item.plan_id]
    other = ItemFactory(plan__party=PartyFactory(exchange=told.exchange, hub=None, country="BR"))
    assert told.teller.get(f"{place}points/{other.pk}/").status_code == 404  # of another plan


def test_surveys_tell_answers_and_no_names():
    told = Telling()
    told.exchange.status, told.exchange.ends_on = "completed", timezone.localdate()
    told.exchange.save()
    PersonFactory(exchange=told.exchange, name="Agnes", email="agnes@example.org")
    follow_up(timezone.now())
    answers = {"learned": "Nets"}
    SurveyInvitation.objects.update(answered_at=timezone.now(), answers=answers)

    row, *later = told.teller.get(SURVEYS).json()["results"]
    whole = told.teller.get(f"{SURVEYS}{row['id']}/")

    assert (row["moment"], row["asked"], row["answered"]) == ("0", 1, 1)
    assert [(each["moment"], each["answered"]) for each in later] == [("6", 0), ("24", 0)]
    assert [each["answers"] for each in whole.json()["answers"]] == [answers]
    assert "gnes" not in whole.text
    assert told.partners.get(SURVEYS).json()["results"] == []
    assert told.partners.get(f"{SURVEYS}{row['id']}/").status_code == 404
    assert client_of(None).get(SURVEYS).status_code == 401


@pytest.mark.parametrize("number", [1, 4])
def test_plans_are_read_at_a_constant_cost(number, django_assert_max_num_queries):
    told = Telling()
    for _number in range(number):
        item = ItemFactory(plan__party=PartyFactory(exchange=told.exchange, hub=HubFactory()))
        item.due_on = datetime.date(2027, 1, 1)
        item.save()

    with django_assert_max_num_queries(8):
        found = told.teller.get(PLANS).json()["results"]
    assert len(found) == number
