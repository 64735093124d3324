"""Of confidential exchanges their parties are told, where they follow, and nobody else."""

import pytest

from accounts.models import Activity, OutgoingMail
from accounts.services import export_own_data
from community.models import Follow, Notification
from community.services.event_records import record_event
from community.services.notice_reading import unread_count
from community.services.telling import tell_followers
from evaluation.services.exchange_states import move_exchange
from evaluation.services.framework_records import record_framework
from tests.api_clients import client_of
from tests.evaluation.exchange_world import TwoSides
from tests.factories.community_notices import FollowFactory
from tests.factories.evaluation import FrameworkFactory
from tests.factories.events import EventFactory

pytestmark = pytest.mark.django_db
PAGE, API = "/community/notifications/", "/api/v1/notifications/"
SEES = {"correspondent", "me_focal_point", "editor", "head", "seeker"}
NAME = "Cotton together"


def confidential(**columns):
    world = TwoSides(confidentiality="parties", **columns)
    people = {role: member for role, member in world.people().items() if member}
    for member in people.values():
        FollowFactory(member=member, hub=world.agency)
    return world, people


def move_on(world):
    """Let the agency say that the exchange is agreed."""
    move_exchange(world.exchange, "agreed", expected_version=1, by=world.provider_person)


def told(people):
    """Return who was told of anything; and check that the bell and the programs say the same."""
    tell_followers()
    found = {role for role, member in people.items() if unread_count(member)}
    rows = {role for role, member in people.items() if client_of(member).get(API).json()["results"]}
    stored = set(Notification.objects.values_list("member", flat=True))
    assert found == rows == {role for role, member in people.items() if member.pk in stored}
    return found


def test_parties_are_told_how_an_exchange_goes_on_and_nobody_else():
    world, people = confidential(status="planned")

    move_on(world)

    # Who did it is not told.
    assert told(people) == SEES - {"head"}
    seeker = client_of(world.seeker_person)
    (line,) = seeker.get(PAGE).context["lines"]
    assert line["text"] == "An exchange has come further: Confidential exchange"
    assert line["address"] == f"{PAGE}about/{line['notice'].activity_id}/"
    assert seeker.get(line["address"]).headers["Location"] == world.exchange.get_absolute_url()
    assert seeker.get(API).json()["results"][0]["url"].endswith(line["address"])


def test_of_what_parties_are_told_others_do_not_learn_a_byte():
    world, people = confidential(status="planned")
    outside = {role: people[role] for role in ("member", "stranger", "moderator")}
    for member in outside.values():
        Follow.objects.create(member=member, exchange=world.exchange, level="watch")  # as it was
    urls = (PAGE, f"{PAGE}?show=all", f"{PAGE}?export=csv&show=all", API)

    def seen():
        found = []
        for member in outside.values():
            client = client_of(member)
            answers = [client.get(url) for url in urls]
            found += [answers[0].context["lines"], answers[1].context["lines"]]
            found += [answers[2].getvalue(), answers[3].content, unread_count(member)]
        return found

    before = seen()
    move_on(world)
    tell_followers()

    assert seen() == before
    (activity,) = Activity.objects.filter(verb="exchange.moved")
    for member in outside.values():
        assert client_of(member).get(f"{PAGE}about/{activity.pk}/").status_code == 404
        assert not OutgoingMail.objects.filter(to=member.email).exists()
    recorded = client_of(people["moderator"]).get("/accounts/activity/").text
    assert NAME not in recorded
    assert NAME.encode() not in export_own_data(world.seeker_person)


def test_a_results_framework_of_a_confidential_exchange_is_told_to_its_parties():
    world, people = confidential()
    framework = FrameworkFactory(layer="exchange", hub=None, exchange=world.exchange, title=NAME)

    record_framework("framework.published", framework, by=world.provider_person)

    assert told(people) == SEES - {"head"}
    activity = Activity.objects.get(verb="framework.published")
    assert (activity.object_label, activity.object_url, activity.changes) == (
        ("Confidential results framework", "", [])
    )
    address = f"{PAGE}about/{activity.pk}/"
    assert client_of(world.seeker_person).get(address)["Location"] == framework.get_absolute_url()


def test_drafts_are_told_to_nobody():
    world, people = confidential(status="planned", is_published=False)

    move_on(world)

    assert told(people) == set()
    assert Activity.objects.get(verb="exchange.moved").audience == "moderators"


def test_who_is_no_party_any_more_may_not_read_what_they_were_told():
    world, _people = confidential(status="planned")
    move_on(world)
    tell_followers()
    seeker = world.seeker_person
    assert unread_count(seeker) == 1
    (notice,) = Notification.objects.filter(member=seeker)

    world.seeker.delete()

    assert unread_count(seeker) == 0
    assert client_of(seeker).get(PAGE).context["lines"] == []
    assert client_of(seeker).get(f"{PAGE}about/{notice.activity_id}/").status_code == 404


def test_mail_of_it_names_nothing_and_leads_there():
    world, _people = confidential(status="planned")
    seeker = world.seeker_person
    seeker.mail_choices = {"news": "at_once"}
    seeker.language = "fr"
    seeker.save()

    move_on(world)
    tell_followers()

    (mail,) = OutgoingMail.objects.filter(to=seeker.email, key__startswith="notice:")
    activity = Activity.objects.get(verb="exchange.moved")
    assert NAME not in mail.subject + mail.body
    assert f"{PAGE}about/{activity.pk}/" in mail.body


def test_once_it_is_public_everybody_who_follows_is_told():
    world, people = confidential(status="planned")
    world.exchange.confidentiality = "public"
    world.exchange.save()

    move_on(world)

    assert told(people) == set(people) - {"head"}


def test_an_event_of_it_is_told_to_its_parties_without_a_name():
    world, people = confidential()
    event = EventFactory(title=NAME, exchange=world.exchange, hubs=[world.agency])

    record_event("event.published", event, by=None, is_public=True)

    assert told(people) == SEES
    (line,) = client_of(world.seeker_person).get(PAGE).context["lines"]
    assert line["text"] == "New event: Event of a confidential exchange"
    assert client_of(world.seeker_person).get(line["address"])["Location"] == (
        event.get_absolute_url()
    )
