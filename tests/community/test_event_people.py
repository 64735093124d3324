"""Who was at an event and what they thought of it: pages, files and the API say the same."""

import csv
import io

import pytest

from community.models import EventAttendance, EventFeedback
from community.services import attending
from tests.api_clients import client_of
from tests.factories.accounts import MemberFactory
from tests.factories.events import EnrolmentFactory, EventFactory
from tests.factories.hubs import HubFactory, MembershipFactory
from tests.races import all_at_once

pytestmark = pytest.mark.django_db
API, PAGE = "/api/v1/events/visit/", "/community/events/visit/"
SHEET = {"useful": 4, "organised": 5, "applied": 3, "best": "The field"}


@pytest.fixture
def hub():
    return HubFactory()


@pytest.fixture
def head(hub):
    return MembershipFactory(hub=hub, head=True).member


@pytest.fixture
def event(hub):
    """An event that is over, at which Ana and Ben had a seat, and for which Cyd waited."""
    event = EventFactory(slug="visit", hubs=[hub], past=True)
    for name in ("Ana", "Ben"):
        member = MemberFactory(name=name, slug=name.lower(), organisation=f"={name}")
        EnrolmentFactory(event=event, member=member)
    EnrolmentFactory(event=event, waiting=True, member=MemberFactory(name="Cyd", slug="cyd"))
    return event


def seat(event, slug):
    return event.enrolments.get(member__slug=slug)


def session_of(event):
    return event.sessions.create(title="x", starts_at=event.starts_at, ends_at=event.ends_at)


def post(by, path, body=None, **headers):
    return client_of(by).post(
        f"{API}{path}", body or {}, content_type="application/json", headers=headers
    )


def here(client, part=0, query=""):
    rows = client.get(f"{API}attendance/{part}/{query}").json()["results"]
    return {row["member"] for row in rows if row["is_present"]}


def test_attendance_is_marked_one_by_one_and_many_at_once(event, head):
    client = client_of(head)

    first = post(head, "attendance/0/", {"present": ["ana"]})
    assert first.status_code == 200, first.content
    assert [(row["member"], row["is_present"]) for row in first.json()["results"]] == [
        ("ana", True)
    ]
    post(head, "attendance/0/", {"present": ["ben"], "absent": ["ana"]})
    assert here(client) == {"ben"}
    post(head, "attendance/0/", {"present": ["ana", "ben"]})
    assert here(client) == {"ana", "ben"}
    assert client.get(f"{API}attendance/").json()["results"] == [
        {
            "session": 0,
            "title": "The event",
            "present": 2,
            "api_url": f"http://testserver{API}attendance/0/",
        }
    ]
    page = client.get(f"{PAGE}people/attendance/0/")
    assert {row.member.slug for row in page.context["rows"] if row.is_present} == {"ana", "ben"}


def test_each_session_has_its_own_attendance(event, head):
    one, two = session_of(event), session_of(event)
    client = client_of(head)

    post(head, f"attendance/{one.pk}/", {"present": ["ana"]})

    assert (here(client, one.pk), here(client, two.pk)) == ({"ana"}, set())
    parts = client.get(f"{API}attendance/").json()["results"]
    assert [(part["session"], part["present"]) for part in parts] == [(one.pk, 1), (two.pk, 0)]
    people = client.get(f"{API}enrolments/").json()["results"]
    assert {row["member"]: row["sessions_attended"] for row in people} == {
        "ana": 1,
        "ben": 0,
        "cyd": 0,
    }
    foreign = session_of(EventFactory(hubs=list(event.hubs.all()), past=True))
    for number in (0, foreign.pk, 10**17):
        assert client.get(f"{API}attendance/{number}/").status_code == 404
        assert client.get(f"{PAGE}people/attendance/{number}/").status_code == 404
        assert client.get(f"{PAGE}people/sheet/{number}/").status_code == 404
        assert post(head, f"attendance/{number}/", {"present": ["ana"]}).status_code == 404


@pytest.mark.parametrize(
    ("query", "expected"),
    [("", ["ana", "ben"]), ("present=true", ["ana"]), ("present=false", ["ben"])],
)
def test_page_csv_and_api_list_the_same_people(event, head, query, expected):
    post(head, "attendance/0/", {"present": ["ana"]})
    client = client_of(head)

    rows = client.get(f"{API}attendance/0/?{query}").json()["results"]
    file = client.get(f"{API}attendance/0/?{query}&format=csv").getvalue()

    assert [row["member"] for row in rows] == expected
    read = list(csv.DictReader(io.StringIO(file.decode("utf-8-sig"))))
    assert [row["member"] for row in read] == expected
    assert all(row["organisation"].startswith("'=") for row in read)
    if not query:
        sheet = client.get(f"{PAGE}people/sheet/0/")
        assert [row["member"] for row in sheet.context["rows"]] == expected
        assert client.get(f"{PAGE}people/sheet/0/?export=csv").getvalue() == file


def test_people_are_the_same_on_the_page_and_through_the_api(event, head):
    client = client_of(head)

    file = client.get(f"{PAGE}people/?export=csv").getvalue()

    assert client.get(f"{API}enrolments/?format=csv").getvalue() == file
    waiting = client.get(f"{API}enrolments/?state=waiting").json()["results"]
    assert [row["member"] for row in waiting] == ["cyd"]
    for query in ("state=x", "present=x", "unknown=1"):
        path = "attendance/0/" if "present" in query else "enrolments/"
        assert client.get(f"{API}{path}?{query}").status_code == 400
        assert client.get(f"{API}{path}?{query}&format=csv").status_code == 400


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"present": []},
        {"present": ["cyd"]},
        {"present": ["ana", "nobody"]},
        {"present": ["ana"], "absent": ["ana"]},
        {"present": "ana"},
        {"here": ["ana"]},
    ],
)
def test_marks_that_say_nothing_or_too_much_change_nothing(event, head, body):
    answer = post(head, "attendance/0/", body)

    assert answer.status_code == (200 if body == {"present": []} else 400)
    assert not EventAttendance.objects.exists()


def test_page_and_api_refuse_marks_in_the_same_words(hub, head):
    for slug, traits, text in (
        ("soon", {}, "The event has not begun yet."),
        ("off", {"cancelled": True}, "This event is cancelled."),
    ):
        event = EventFactory(slug=slug, hubs=[hub], **traits)
        seated = EnrolmentFactory(event=event, member=MemberFactory(slug=f"at-{slug}"))
        client = client_of(head)

        answer = client.post(
            f"/api/v1/events/{slug}/attendance/0/",
            {"present": [seated.member.slug]},
            content_type="application/json",
        )
        url = f"/community/events/{slug}/people/"
        client.post(f"{url}attendance/0/", {"present": [seated.pk], "asked": [seated.pk]})

        assert (answer.status_code, answer.json()["detail"]) == (409, text)
        assert text in client.get(url).content.decode()
    assert not EventAttendance.objects.exists()


def test_one_mark_for_one_key(event, head):
    headers = {"Idempotency-Key": "ana"}
    first = post(head, "attendance/0/", {"present": ["ana"]}, **headers)
    post(head, "attendance/0/", {"absent": ["ana"]})

    again = post(head, "attendance/0/", {"present": ["ana"]}, **headers)

    assert again.content == first.content
    assert not EventAttendance.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_organisers_who_mark_at_once_undo_nothing_of_each_other(event, head, hub):
    second = MembershipFactory(hub=hub, head=True).member
    ana, ben = seat(event, "ana").pk, seat(event, "ben").pk

    def tick(by, present):
        # Both opened the page before either saved: it showed nobody as present.
        answer = client_of(by).post(
            f"{PAGE}people/attendance/0/", {"present": [present], "asked": [ana, ben]}
        )
        return answer.status_code

    assert all_at_once(lambda: tick(head, ana), lambda: tick(second, ben)) == [302, 302]

    assert here(client_of(head)) == {"ana", "ben"}
    results = all_at_once(
        *(
            lambda by=by: post(by, "attendance/0/", {"present": ["ana"]}).status_code
            for by in (head, second)
        ),
        lambda: post(head, "attendance/0/", {"absent": ["ben"]}).status_code,
    )
    assert results == [200, 200, 200]
    assert here(client_of(head)) == {"ana"}
    client_of(head).post(
        f"{PAGE}people/attendance/0/", {"asked": [ana, ben], "shown": [ana], "present": []}
    )
    assert here(client_of(head)) == set()


def answers(client):
    return client.get(f"{API}feedback/").json()["answers"]


def test_feedback_is_asked_given_and_said_again(event):
    ana = event.enrolments.get(member__slug="ana").member
    client = client_of(ana)
    asked = client.get(f"{API}feedback/").json()
    assert [each["name"] for each in asked["questions"]] == [
        *("useful", "organised", "applied", "best", "better")
    ]
    assert asked["questions"][0]["question"] == "How useful was it for your work?"
    assert asked["questions"][0]["answers"]["5"] == "5: very well"
    assert (asked["questions"][3]["answers"], asked["answers"]) == ({}, None)

    given = post(ana, "feedback/", SHEET)

    assert given.status_code == 200, given.content
    assert answers(client) == SHEET | {"better": ""}
    post(ana, "feedback/", {"better": "Time"})
    assert answers(client) == SHEET | {"better": "Time"}
    form = client.get(f"{PAGE}feedback/").context["form"]
    assert form.initial["useful"] == 4
    assert EventFeedback.objects.count() == 1


@pytest.mark.parametrize(
    "wrong", [{"useful": 9}, {"useful": None}, {"best": "x" * 2_001}, {"applied": 0}]
)
def test_page_and_api_refuse_answers_in_the_same_words(event, wrong):
    client = client_of(event.enrolments.get(member__slug="ana").member)
    sheet = {name: value for name, value in (SHEET | wrong).items() if value is not None}

    answer = client.post(f"{API}feedback/", sheet, content_type="application/json")
    page = client.post(f"{PAGE}feedback/", sheet)

    assert (answer.status_code, page.status_code) == (400, 200)
    told = {name: list(texts) for name, texts in page.context["form"].errors.items()}
    if "best" in wrong:  # the one counts the characters in its words
        assert answer.json()["errors"].keys() == told.keys()
    else:
        assert answer.json()["errors"] == told
    assert not EventFeedback.objects.exists()


@pytest.mark.parametrize("who", ["cyd", "head", "stranger"])
def test_only_who_had_a_seat_answers_and_only_once_it_is_over(event, head, hub, who):
    people = {"cyd": seat(event, "cyd").member, "head": head, "stranger": MemberFactory()}
    client = client_of(people[who])

    for url in (f"{API}feedback/", f"{PAGE}feedback/"):
        assert client.get(url).status_code == 403
        assert client.post(url, SHEET, content_type="application/json").status_code == 403
    assert not EventFeedback.objects.exists()
    soon = EventFactory(hubs=[hub])
    EnrolmentFactory(event=soon, member=people[who])
    for url in (f"/api/v1/events/{soon.slug}/feedback/", f"{soon.get_absolute_url()}feedback/"):
        assert client.get(url).status_code == 403


@pytest.mark.django_db(transaction=True)
def test_feedback_sent_twice_at_once_is_one_sheet(event):
    ana = event.enrolments.get(member__slug="ana").member

    results = all_at_once(*[lambda: post(ana, "feedback/", SHEET).status_code] * 3)

    assert results == [200, 200, 200]
    assert EventFeedback.objects.filter(enrolment__member=ana).count() == 1


def test_the_summary_names_nobody_and_says_nothing_of_few(event, head):
    client = client_of(head)
    for number in range(3):
        told = client.get(f"{API}feedback/summary/").json()
        assert told == {"count": number, "fewest": 3, "means": [], "best": [], "better": []}
        member = EnrolmentFactory(event=event).member
        attending.give_feedback(event, answers=SHEET, by=member)

    told = client.get(f"{API}feedback/summary/").json()
    file = client.get(f"{API}feedback/summary/?format=csv").getvalue()

    assert told["count"] == 3
    assert [(each["name"], each["mean"]) for each in told["means"]] == [
        ("useful", 4.0),
        ("organised", 5.0),
        ("applied", 3.0),
    ]
    assert told["best"] == ["The field"] * 3
    assert client.get(f"{PAGE}feedback/summary/?export=csv").getvalue() == file
    rows = list(csv.DictReader(io.StringIO(file.decode("utf-8-sig"))))
    assert [row["mean"] for row in rows[:3]] == ["4.0", "5.0", "3.0"]
    names = event.enrolments.values_list("member__name", flat=True)
    assert not any(name in str(told) + file.decode() for name in names)


def test_people_cost_the_same_for_few_and_many(event, head, django_assert_max_num_queries):
    client = client_of(head)
    session = session_of(event)
    urls = (
        (f"{API}attendance/", 8),
        (f"{API}attendance/{session.pk}/", 8),
        (f"{API}attendance/{session.pk}/?format=csv", 8),
        (f"{API}enrolments/?format=csv", 7),
        (f"{API}feedback/summary/", 10),
        (f"{PAGE}people/sheet/{session.pk}/", 10),
        (f"{PAGE}people/attendance/{session.pk}/", 10),
    )
    costs = []
    for _ in range(2):
        found = []
        for url, most in urls:
            with django_assert_max_num_queries(most) as queries:
                answer = client.get(url)
                assert b"".join(answer) if answer.streaming else answer.content
            assert answer.status_code == 200
            found.append(len(queries))
        costs.append(found)
        for _number in range(5):
            enrolment = EnrolmentFactory(event=event)
            enrolment.attendances.create(session=session, marked_by=head)
            EventFeedback.objects.create(enrolment=enrolment, useful=1, organised=1, applied=1)
            session_of(event)

    # From three answers on the summary shows them: three queries more.
    costs[1][4] -= 3
    assert costs[0] == costs[1]


@pytest.mark.parametrize("page", ["people/", "people/sheet/0/", "feedback/summary/"])
def test_every_file_has_a_dictionary_for_who_may_have_the_file(event, head, page):
    client = client_of(head)

    def read(export):
        response = client.get(f"{PAGE}{page}?export={export}")
        return csv.reader(io.StringIO(response.getvalue().decode("utf-8-sig")))

    meanings = list(read("dictionary"))
    assert meanings[0] == ["column", "meaning"]
    assert [column for column, _meaning in meanings[1:]] == next(read("csv"))
    assert all(meaning for _column, meaning in meanings)
    text = client.get(f"{PAGE}{page}").content.decode()
    assert ("?export=dictionary" in text) == ("?export=csv" in text)  # not before enough answered
    other = client_of(MemberFactory())
    assert other.get(f"{PAGE}{page}?export=dictionary").status_code == 403
