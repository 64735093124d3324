"""Drafts of events are thrown away, whole, by who writes them, and nothing else is."""

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import Activity
from community.models import Event, EventSession, Follow, Post, Thread
from community.services import events as services
from community.services.following import follow
from community.services.posts import write_post
from community.services.threads import comments_on
from core.errors import DomainError, Removed, StaleEdit
from tests.api_clients import client_of
from tests.factories.catalogue import ResourceFactory
from tests.factories.evaluation import ExchangeFactory
from tests.factories.events import EventFactory
from tests.factories.hubs import HubFactory, MembershipFactory
from tests.hubs.people import person
from tests.races import all_at_once

pytestmark = pytest.mark.django_db
API, PAGE = "/api/v1/events/visit/", "/community/events/visit/"


@pytest.fixture
def hub():
    return HubFactory()


@pytest.fixture
def head(hub):
    return MembershipFactory(hub=hub, head=True).member


@pytest.fixture
def draft(hub):
    event = EventFactory(
        slug="visit", title="Visit", hubs=[hub], draft=True, online_address="https://meet.example/1"
    )
    event.sessions.create(title="x", starts_at=event.starts_at, ends_at=event.ends_at)
    event.materials.add(ResourceFactory(slug="guide", hub=hub))
    return event


def discard(event, by, version=1):
    return services.discard_event(event, expected_version=version, by=by)


def through_api(by, version='"1"'):
    headers = {"If-Match": version} if version else {}
    return client_of(by).delete(API, headers=headers)


def test_a_draft_goes_with_its_agenda_and_leaves_the_library_and_a_record(draft, head):
    follow(draft, level="watch", by=head)

    page = client_of(head).get(f"{PAGE}discard/")
    assert page.status_code == 200
    sent = {"version": page.context["form"]["version"].value()}
    answer = client_of(head).post(f"{PAGE}discard/", sent)

    assert (answer.status_code, answer["Location"]) == (302, "/community/events/")
    assert not Event.objects.exists()
    assert not EventSession.objects.exists()
    assert not Follow.objects.exists()
    assert draft.materials.model.objects.filter(slug="guide").exists()
    activity = Activity.objects.get(verb="event.discarded")
    assert (activity.actor, activity.audience) == (head, "moderators")
    assert {"field": "title", "old": "Visit", "new": None} in activity.changes
    assert "meet.example" not in str(activity.changes)
    last = Event.history.filter(id=draft.pk).first()
    assert (last.history_type, last.history_user) == ("-", head)
    for url in (f"{PAGE}discard/", PAGE, API):
        assert client_of(head).get(url).status_code == 404


def test_a_draft_is_discarded_through_the_api(draft, head):
    assert through_api(head, version=None).status_code == 428
    assert through_api(head, version='"9"').status_code == 412
    assert Event.objects.filter(pk=draft.pk).exists()

    assert through_api(head).status_code == 204

    assert not Event.objects.exists()
    assert through_api(head).status_code == 404


@pytest.mark.parametrize("traits", [{}, {"cancelled": True}, {"past": True}])
def test_what_was_published_stays_on_the_page_and_through_the_api(hub, head, traits):
    event = EventFactory(slug="visit", hubs=[hub], **traits)
    text = "This event was published. Cancel it instead."

    page = client_of(head).post(f"{PAGE}discard/", {"version": event.version})
    answer = through_api(head)

    assert page.context["form"].non_field_errors() == [text]
    assert (answer.status_code, answer.json()["detail"]) == (409, text)
    assert Event.objects.filter(pk=event.pk).exists()


def test_what_people_wrote_about_a_draft_keeps_it(draft, head, hub):
    comments_on(draft)  # begun, and then nothing was written
    text = "People wrote about this draft. What they wrote stays, and so does the draft."
    post = write_post(comments_on(draft), text="Is the date sure?", by=head)

    page = client_of(head).post(f"{PAGE}discard/", {"version": 1})
    answer = through_api(head)

    assert page.context["form"].non_field_errors() == [text]
    assert (answer.status_code, answer.json()["detail"]) == (409, text)
    assert Post.objects.get() == post
    assert Event.objects.filter(pk=draft.pk).exists()
    assert not Activity.objects.filter(verb="event.discarded").exists()


def test_comments_that_nobody_wrote_go_with_the_draft(draft, head):
    comments_on(draft)

    discard(draft, head)

    assert not Thread.objects.exists()


def test_a_draft_that_somebody_changed_is_shown_again_before_it_goes(draft, head):
    services.change_event(draft, changes={"title": "Other"}, expected_version=1, by=head)

    page = client_of(head).post(f"{PAGE}discard/", {"version": 1})

    assert page.status_code == 409
    assert Event.objects.get().title == "Other"


def test_only_who_runs_an_event_discards_its_draft(draft, hub):
    for role in ("member", "stranger", "correspondent", "me_focal_point", "pending"):
        with pytest.raises(PermissionDenied):
            discard(draft, person(role, hub))
    assert Event.objects.filter(pk=draft.pk).exists()
    discard(draft, person("editor", hub))


def test_of_a_confidential_exchange_the_record_says_nothing(hub, head):
    exchange = ExchangeFactory(hub=hub, confidential=True)
    draft = EventFactory(title="Secret talks", hubs=[hub], draft=True, exchange=exchange)

    discard(draft, head)

    activity = Activity.objects.get(verb="event.discarded")
    assert "Secret" not in activity.object_label + str(activity.changes) + activity.object_url


def test_the_page_of_a_draft_leads_to_its_end_and_that_of_an_event_does_not(draft, head, hub):
    shown = EventFactory(hubs=[hub])

    assert f"{PAGE}discard/" in client_of(head).get(f"{PAGE}edit/").content.decode()
    page = client_of(head).get(f"{shown.get_absolute_url()}edit/").content.decode()
    assert "discard" not in page


@pytest.mark.django_db(transaction=True)
def test_discarded_and_published_at_once_is_one_of_both(draft, head):
    results = all_at_once(
        lambda: discard(draft, head),
        lambda: services.publish_event(draft, expected_version=1, by=head),
    )

    if Event.objects.exists():
        assert {type(each) for each in results} == {Event, DomainError}
    else:
        assert {type(each) for each in results} == {type(None), Removed}


@pytest.mark.django_db(transaction=True)
def test_discarded_twice_at_once_it_is_gone_once(draft, head):
    results = all_at_once(*[lambda: discard(draft, head)] * 3)

    assert sorted(type(each).__name__ for each in results) == ["NoneType", "Removed", "Removed"]
    assert Activity.objects.filter(verb="event.discarded").count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("number", range(3))
def test_who_follows_or_writes_while_it_is_discarded_is_told_or_keeps_it(draft, head, hub, number):
    second = MembershipFactory(hub=hub, head=True).member

    def comment():
        return write_post(comments_on(draft), text="Yes.", by=second)

    results = all_at_once(
        lambda: discard(draft, head),
        lambda: follow(draft, level="watch", by=second),
        comment,
    )

    refused = [each for each in results if isinstance(each, Exception)]
    assert all(isinstance(each, DomainError | PermissionDenied) for each in refused)
    assert Event.objects.exists() == Post.objects.exists()
    assert Event.objects.exists() or not Follow.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_who_writes_a_draft_that_is_gone_keeps_what_they_typed(draft, head):
    typed = {"place": "Bali", "version": 1}
    client = client_of(head)

    results = all_at_once(
        lambda: client.post(f"{PAGE}edit/where/", typed).status_code,
        lambda: discard(draft, head),
    )

    assert not any(isinstance(each, int) and each >= 500 for each in results)
    assert any(isinstance(each, StaleEdit) for each in results) == Event.objects.exists()


def test_hubs_are_named_through_the_api_as_on_the_page(hub, head):
    event = EventFactory(slug="visit", hubs=[hub])
    other, mine = HubFactory(), HubFactory()
    MembershipFactory(hub=mine, member=head, head=True)
    client = client_of(head)

    def name(*slugs, tag='"1"'):
        return client.post(
            f"{API}hubs/",
            {"hubs": slugs},
            content_type="application/json",
            headers={"If-Match": tag},
        )

    assert name(hub.slug, other.slug).status_code == 403
    assert name("nothing").status_code == 400
    assert name().json()["errors"] == {"hubs": ["Name between one and twenty hubs."]}
    assert name(hub.slug, mine.slug, tag='"9"').status_code == 412
    assert set(event.hubs.all()) == {hub}

    answer = name(hub.slug, mine.slug)

    assert answer.status_code == 200
    assert set(answer.json()["hubs"]) == {hub.slug, mine.slug}
    assert set(event.hubs.all()) == {hub, mine}
