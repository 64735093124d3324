"""Stories that rest on adoptions of the catalogue: they follow what becomes of these."""

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command

from accounts.models import Activity
from catalogue.models import Adoption
from catalogue.services import change_adoption, confirm_adoption, reject_adoption, retract_adoption
from evaluation.models import RungChange, RungClaim
from evaluation.services import stories as services
from tests.factories.catalogue import AdoptionFactory, EntryFactory
from tests.factories.evaluation import ExchangeFactory
from tests.factories.evaluation_stories import ClaimFactory, StoryFactory, told
from tests.hubs.people import person
from tests.races import all_at_once

pytestmark = pytest.mark.django_db


def resting_on(adoption, **state):
    """Return a story that reaches share by an adoption alone."""
    exchange = ExchangeFactory()
    exchange.entries.add(adoption.entry)
    story = StoryFactory(exchange=exchange, **state or {"published": True})
    ClaimFactory(story=story, rung="share").adoptions.add(adoption)
    told(story, connect="attendance")
    story.refresh_from_db()
    assert story.reached == "share"
    return story


def standing(story):
    story.refresh_from_db()
    return story.reached, story.strength


@pytest.mark.parametrize("act", ["retracted", "rejected"])
def test_an_adoption_that_is_taken_out_lowers_the_rung(act):
    adoption = AdoptionFactory()
    story = resting_on(adoption)
    adopter, originator = person("editor", adoption.hub), person("editor", adoption.entry.hub)

    if act == "retracted":
        by = adopter
        retract_adoption(adoption, reason="Never so.", by=by)
    else:
        by = originator
        reject_adoption(adoption, reason="Not ours.", by=by)

    assert standing(story) == ("connect", "document")
    assert not Adoption.objects.exists()
    assert not RungClaim.objects.get(story=story, rung="share").holds
    assert list(RungChange.objects.values_list("before", "after", "by", "reason")) == [
        ("share", "connect", by.pk, "An adoption was taken out of the catalogue.")
    ]
    assert Activity.objects.get(verb="story.rung_lowered").object_pk == story.pk


def test_a_withdrawn_story_does_not_hinder_that_an_adoption_goes():
    adoption = AdoptionFactory()
    story = resting_on(adoption, withdrawn=True)

    retract_adoption(adoption, reason="Never so.", by=person("editor", adoption.hub))

    assert standing(story) == ("share", "one-side")
    assert not Adoption.objects.exists()


def test_the_strength_follows_the_confirmation_of_an_adoption():
    adoption = AdoptionFactory()
    story = resting_on(adoption)
    adopter, originator = person("editor", adoption.hub), person("editor", adoption.entry.hub)

    said = [standing(story)]
    confirm_adoption(adoption, expected_version=adoption.version, by=originator)
    said.append(standing(story))
    adoption.refresh_from_db()
    change_adoption(
        adoption, changes={"why": "Cheap."}, expected_version=adoption.version, by=adopter
    )
    said.append(standing(story))

    assert said == [("share", "one-side"), ("share", "both-sides"), ("share", "one-side")]


def test_an_adoption_that_is_public_no_more_lowers_the_rung_in_the_night():
    adoption = AdoptionFactory()
    story, other = resting_on(adoption), resting_on(AdoptionFactory())
    adoption.hub.is_published = False
    adoption.hub.save()

    numbers = [call_command("settle_stories"), call_command("settle_stories")]

    assert numbers == ["1", "0"]
    assert (standing(story)[0], standing(other)[0]) == ("connect", "share")


def test_a_statement_names_no_adoption_of_something_else():
    exchange = ExchangeFactory()
    story = StoryFactory(exchange=exchange)
    elsewhere = AdoptionFactory(entry=EntryFactory(published=True))

    with pytest.raises(ValidationError) as refused:
        services.write_claim(
            story,
            "share",
            services.Claim("It was adopted.", None, [], [elsewhere]),
            expected_version=story.version,
            by=person("editor", exchange.hub),
        )

    assert set(refused.value.message_dict) == {"adoptions"}
    assert not RungClaim.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_an_adoption_that_goes_while_a_statement_names_it_shows_nothing():
    adoption = AdoptionFactory()
    exchange = ExchangeFactory()
    exchange.entries.add(adoption.entry)
    story = StoryFactory(exchange=exchange)
    told(story, connect="attendance")
    story.refresh_from_db()
    writer, adopter = person("editor", exchange.hub), person("editor", adoption.hub)
    claim = services.Claim("It was adopted.", None, [], [adoption])

    results = all_at_once(
        lambda: services.write_claim(
            story, "share", claim, expected_version=story.version, by=writer
        ),
        lambda: retract_adoption(adoption, reason="Never so.", by=adopter),
    )

    assert len(results) == 2
    assert standing(story)[0] == "connect"
    assert not Adoption.objects.exists()
