"""Events: who sees and runs them, what each service refuses, what it writes down and tells."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from accounts.models import Activity, OutgoingMail
from community.models import Event, EventSession
from community.services import agenda, enrolling, materials
from community.services import events as services
from core.errors import DomainError, StaleEdit
from tests.api_clients import client_of
from tests.factories.accounts import MemberFactory
from tests.factories.catalogue import ResourceFactory
from tests.factories.evaluation import ExchangeFactory
from tests.factories.events import EnrolmentFactory, EventFactory
from tests.factories.hubs import HubFactory, MembershipFactory
from tests.hubs.people import EDITORS, MEMBERS, MODERATORS, OWN, PEOPLE, person

pytestmark = pytest.mark.django_db
HOUR = datetime.timedelta(hours=1)
SEEING = {  # event -> who sees it
    "shown": set(PEOPLE),
    "cancelled": set(PEOPLE),
    "draft": OWN | MODERATORS,
    "of a hidden hub": OWN | MODERATORS,
    "of a public exchange": set(PEOPLE),
    "of a confidential exchange": OWN,
    "of another's confidential exchange": set(),
}
RUNNING = EDITORS | MODERATORS


@pytest.fixture
def hub():
    return HubFactory()


@pytest.fixture
def head(hub):
    return MembershipFactory(hub=hub, head=True).member


def world(hub):
    hidden = HubFactory(unpublished=True)
    own = ExchangeFactory(hub=hub, confidential=True)
    return {
        "shown": EventFactory(hubs=[hub]),
        "cancelled": EventFactory(hubs=[hub], cancelled=True),
        "draft": EventFactory(hubs=[hub], draft=True),
        "of a hidden hub": EventFactory(hubs=[hub, hidden]),
        "of a public exchange": EventFactory(hubs=[hub], exchange=ExchangeFactory(hub=hub)),
        "of a confidential exchange": EventFactory(hubs=[hub], exchange=own),
        "of another's confidential exchange": EventFactory(
            hubs=[hub], exchange=ExchangeFactory(confidential=True)
        ),
    }


def test_who_sees_runs_and_may_enrol_for_which_event(hub):
    events = world(hub)
    people = {role: person(role, hub) for role in PEOPLE}

    for name, event in events.items():
        same = Event.objects.filter(pk=event.pk)
        sees = {role for role, who in people.items() if same.visible_to(who).exists()}
        runs = {role for role, who in people.items() if same.editable_by(who).exists()}
        enrols = {role for role, who in people.items() if same.enrollable_by(who).exists()}
        assert sees == SEEING[name], name
        assert runs == (RUNNING & sees), name
        is_shown = name not in ("cancelled", "draft")
        assert enrols == (MEMBERS & sees if is_shown else set()), name


def test_the_online_address_is_for_who_has_a_seat_and_who_runs_the_event(hub):
    event = EventFactory(hubs=[hub], online_address="https://meet.example/1")
    seat, waits = EnrolmentFactory(event=event), EnrolmentFactory(event=event, waiting=True)
    people = {role: person(role, hub) for role in PEOPLE}
    people |= {"seat": seat.member, "waits": waits.member}

    same = Event.objects.filter(pk=event.pk)
    told = {role for role, who in people.items() if same.joinable_by(who).exists()}

    assert told == RUNNING | {"seat"}
    assert "online_address" not in [field.name for field in Event.history.model._meta.fields]


def columns(**changed):
    start = timezone.now() + datetime.timedelta(days=9)
    given = {
        "title": "Study visit",
        "kind": "study-tour",
        "language": "en",
        "starts_at": start,
        "ends_at": start + 2 * HOUR,
        "time_zone": "Asia/Jakarta",
    }
    return given | changed


def begun(hub, by, **changed):
    return services.begin_event(hub, columns=columns(**changed), by=by)


def change(event, by, **changes):
    event.refresh_from_db()
    return services.change_event(event, changes=changes, expected_version=event.version, by=by)


def test_an_event_is_begun_written_published_and_cancelled(hub, head):
    event = begun(hub, head)
    assert (event.slug, event.state, event.sequence) == ("study-visit", "draft", 0)
    assert begun(hub, head).slug == "study-visit-2"
    assert begun(hub, head, title="Begin").slug == "begin-2"
    with pytest.raises(DomainError, match=r"in short what .* where it takes place"):
        services.publish_event(event, expected_version=1, by=head)

    change(event, head, summary="Soil.", place="Bali", online_address="https://meet.example/1")
    event.refresh_from_db()
    with pytest.raises(StaleEdit):
        services.publish_event(event, expected_version=1, by=head)
    services.publish_event(event, expected_version=event.version, by=head)
    with pytest.raises(DomainError, match="published already"):
        services.publish_event(event, expected_version=event.version, by=head)

    guest = EnrolmentFactory(event=event).member
    with pytest.raises(ValidationError):
        services.cancel_event(event, reason=" ", by=head)
    services.cancel_event(event, reason="A strike.", by=head)
    mail = OutgoingMail.objects.get(to=guest.email)
    assert mail.subject == "Cancelled: Study visit"
    assert "A strike." in mail.body
    for late in (
        lambda: services.cancel_event(event, reason="x", by=head),
        lambda: change(event, head, place="Java"),
        lambda: enrolling.enrol(event, by=MemberFactory()),
    ):
        with pytest.raises(DomainError, match="cancelled"):
            late()
    verbs = Activity.objects.filter(object_model="event", object_pk=event.pk).order_by("pk")
    assert list(verbs.values_list("verb", "audience")) == [
        ("event.begun", "moderators"),
        ("event.changed", "moderators"),
        ("event.published", "public"),
        ("event.cancelled", "public"),
    ]
    assert "meet.example" not in str(list(verbs.values("changes")))


def test_the_calendar_version_grows_with_what_calendars_tell(hub, head):
    event = EventFactory(hubs=[hub])
    uid = event.uid

    def sequence(**changes):
        return change(event, head, **changes).sequence

    assert sequence(description="More.") == 0
    assert sequence(capacity=9) == 0
    assert sequence(title="Other") == 1
    assert sequence(place="Java") == 2
    assert sequence(place="Java") == 2
    assert sequence(time_zone="UTC") == 3
    assert sequence(ends_at=event.ends_at + HOUR) == 4
    event.refresh_from_db()
    assert services.cancel_event(event, reason="x", by=head).sequence == 5
    assert Event.objects.get(pk=event.pk).uid == uid


def test_who_enrolled_is_told_of_another_time_and_of_nothing_else(hub, head):
    event = EventFactory(hubs=[hub], exchange=None)
    guest = EnrolmentFactory(event=event).member

    change(event, head, description="More.")
    assert not OutgoingMail.objects.filter(to=guest.email).exists()
    change(event, head, starts_at=event.starts_at - HOUR)

    assert OutgoingMail.objects.get(to=guest.email).subject == f"Changed: {event.title}"


@pytest.mark.parametrize(
    "act",
    [
        lambda event, by: change(event, by, place="x"),
        lambda event, by: services.publish_event(event, expected_version=1, by=by),
        lambda event, by: services.cancel_event(event, reason="x", by=by),
        lambda event, by: services.set_hubs(event, [], expected_version=1, by=by),
        lambda event, by: materials.tie_materials(event, [], expected_version=1, by=by),
        lambda event, by: agenda.write_session(
            event, EventSession(), columns={}, expected_version=1, by=by
        ),
        lambda event, by: enrolling.approve(event.enrolments.get(), by=by),
        lambda event, by: enrolling.decline(event.enrolments.get(), reason="x", by=by),
    ],
)
def test_only_who_runs_an_event_writes_it(hub, act):
    event = EnrolmentFactory(event=EventFactory(hubs=[hub])).event

    for role in ("member", "stranger", "correspondent", "me_focal_point"):
        with pytest.raises(PermissionDenied):
            act(event, person(role, hub))


def test_columns_that_are_wrong_are_refused(hub, head):
    with pytest.raises(PermissionDenied):
        begun(HubFactory(), head)
    for wrong in (
        {"time_zone": "Mars/North"},
        {"starts_at": None},
        {"ends_at": timezone.now()},
        {"kind": "party"},
        {"country": "XX"},
        {"capacity": 0},
        {"languages": ["xx"]},
        {"exchange": ExchangeFactory()},
        {"enrolment_closes_at": timezone.now() + datetime.timedelta(days=99)},
    ):
        with pytest.raises(ValidationError):
            begun(hub, head, **wrong)
    assert begun(hub, head, exchange=ExchangeFactory(hub=hub)).exchange is not None


def test_whole_days_are_kept_from_midnight_to_midnight_at_the_place(hub, head):
    noon = datetime.datetime(2027, 3, 1, 5, tzinfo=datetime.UTC)
    event = begun(hub, head, precision="day", starts_at=noon, ends_at=noon + 30 * HOUR)

    assert (event.first_day, event.last_day) == (
        datetime.date(2027, 3, 1),
        datetime.date(2027, 3, 2),
    )
    assert event.starts_at == datetime.datetime(2027, 2, 28, 17, tzinfo=datetime.UTC)
    assert event.ends_at == datetime.datetime(2027, 3, 2, 17, tzinfo=datetime.UTC)


def test_hubs_are_added_and_taken_out_by_their_own_people(hub, head):
    event = EventFactory(hubs=[hub])
    other = HubFactory()

    def set_hubs(hubs, by):
        event.refresh_from_db()
        return services.set_hubs(event, hubs, expected_version=event.version, by=by)

    with pytest.raises(PermissionDenied):
        set_hubs([hub, other], head)
    with pytest.raises(ValidationError):
        set_hubs([], head)
    MembershipFactory(hub=other, member=head, head=True)
    set_hubs([hub, other], head)
    assert set(event.hubs.all()) == {hub, other}
    second = MembershipFactory(hub=other, head=True).member
    with pytest.raises(PermissionDenied):
        set_hubs([other], second)


def test_materials_that_the_writer_may_not_see_stay(hub, head):
    event = EventFactory(hubs=[hub])
    hidden = ResourceFactory(hub=HubFactory(), is_published=False)
    seen, other = ResourceFactory(hub=hub), ResourceFactory()
    event.materials.set([hidden, seen])

    materials.tie_materials(event, [other, hidden], expected_version=1, by=head)

    assert set(event.materials.all()) == {hidden, other}


def test_the_agenda_lies_within_the_event(hub, head):
    event = EventFactory(hubs=[hub])
    start = event.starts_at

    def write(session, begins, ends):
        event.refresh_from_db()
        given = {"title": "Opening", "starts_at": begins, "ends_at": ends}
        return agenda.write_session(
            event, session, columns=given, expected_version=event.version, by=head
        )

    session = write(EventSession(), start, start + HOUR)
    for begins, ends in ((start - HOUR, start), (start, start + 9 * HOUR), (start, start)):
        with pytest.raises(ValidationError):
            write(EventSession.objects.get(pk=session.pk), begins, ends)
    with pytest.raises(ValidationError, match="agenda"):
        change(event, head, starts_at=start + HOUR / 2)
    with pytest.raises(StaleEdit):
        agenda.write_session(event, session, columns={}, expected_version=1, by=head)
    enrolment = EnrolmentFactory(event=event)
    enrolment.attendances.create(session=session, marked_by=head)
    with pytest.raises(DomainError, match="present"):
        agenda.remove_session(session, by=head)
    enrolment.attendances.all().delete()
    agenda.remove_session(session, by=head)
    assert not event.sessions.exists()


def test_nobody_decides_on_their_own_wish(hub, head):
    event = EventFactory(hubs=[hub], approval=True)
    own = enrolling.enrol(event, by=head)

    with pytest.raises(PermissionDenied):
        enrolling.approve(own, by=head)
    other = MembershipFactory(hub=hub).member
    assert enrolling.approve(own, by=other).state == "approved"


def test_decisions_are_told_and_those_who_are_declined_do_not_ask_again(hub, head):
    event = EventFactory(hubs=[hub], approval=True, capacity=1)
    first, second, third = (MemberFactory() for _ in range(3))
    asked = [enrolling.enrol(event, message=" By train. ", by=by) for by in (first, second, third)]
    assert asked[0].message == "By train."
    assert OutgoingMail.objects.filter(to=head.email).count() == 3

    enrolling.approve(asked[0], by=head)
    enrolling.approve(asked[1], by=head)
    with pytest.raises(ValidationError):
        enrolling.decline(asked[2], reason=" ", by=head)
    enrolling.decline(asked[2], reason="Full.", by=head)

    def subject(member):
        return OutgoingMail.objects.get(to=member.email).subject.partition(":")[0]

    assert [subject(each) for each in (first, second, third)] == [
        "You have a seat",
        "On the waiting list",
        "Declined",
    ]
    with pytest.raises(DomainError, match="declined"):
        enrolling.enrol(event, by=third)
    for _ in range(2):  # who is decided on again is told again
        enrolling.approve(asked[2], by=head)
        enrolling.decline(asked[2], reason="Full.", by=head)
    assert OutgoingMail.objects.filter(to=third.email).count() == 5
    enrolling.give_up(event, by=second)
    with pytest.raises(DomainError, match="does not want"):
        enrolling.approve(asked[1], by=head)


def test_an_event_of_a_confidential_exchange_is_named_nowhere(hub, head):
    exchange = ExchangeFactory(hub=hub, confidential=True)
    event = EventFactory(hubs=[hub], exchange=exchange, title="Secret talks")
    outsider = EnrolmentFactory(event=event).member  # from before it was confidential

    change(event, head, starts_at=event.starts_at - HOUR)
    services.cancel_event(Event.objects.get(pk=event.pk), reason="x", by=head)

    assert not OutgoingMail.objects.filter(to=outsider.email).exists()
    for activity in Activity.objects.filter(object_model="event"):
        assert activity.audience == "members"
        assert "Secret" not in activity.object_label + str(activity.changes) + activity.object_url


def test_the_admin_shows_no_online_address_and_nothing_that_the_moderator_may_not_see(hub):
    shown = EventFactory(hubs=[hub], online_address="https://meet.example/1")
    secret = EventFactory(title="Secret", exchange=ExchangeFactory(confidential=True))
    EnrolmentFactory(event=secret)
    admin = client_of(MemberFactory(moderator=True))

    page = admin.get(f"/admin/community/event/{shown.pk}/change/").content.decode()
    assert shown.title in page
    assert "meet.example" not in page
    for path in ("event/", "enrolment/"):
        assert "Secret" not in admin.get(f"/admin/community/{path}").content.decode()
    record = secret.history.get().pk
    for end in ("history/", f"history/{record}/"):
        assert admin.get(f"/admin/community/event/{secret.pk}/{end}").status_code == 404
