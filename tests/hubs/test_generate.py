import time

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from accounts.models import Member
from hubs.models import FACT_MODELS, FundingStream, Hub, Source


def generate(**options):
    call_command("generate", verbosity=0, **options)


def content():
    """Return what was generated, without the keys of the database."""
    hubs = [
        (hub.slug, hub.name, hub.countries, hub.sectors, hub.level, hub.summary)
        for hub in Hub.objects.order_by("slug")
    ]
    facts = [
        (fact.hub.slug, str(fact), fact.valid_from, sorted(cited.address for cited in fact.cited))
        for model in FACT_MODELS
        for fact in _with_cited(model)
    ]
    return hubs, sorted(facts, key=str)


def _with_cited(model):
    for fact in model.objects.select_related("hub").prefetch_related("sources"):
        fact.cited = fact.sources.all()
        yield fact


@pytest.fixture
def _demo(db, settings):
    settings.DEMO = True


def test_generate_refuses_without_the_setting(db, settings):
    settings.DEMO = False

    with pytest.raises(CommandError, match="DEMO=1"):
        generate(hubs=1, members=1)

    assert not Hub.objects.exists()
    assert not Member.objects.exists()


@pytest.mark.usefixtures("_demo")
def test_generate_makes_published_hubs_with_sourced_facts_of_every_kind():
    generate(hubs=3, members=2)

    assert Hub.objects.filter(is_published=True).count() == 3
    assert Member.objects.count() == 2
    for model in FACT_MODELS:
        assert {fact.hub.slug for fact in model.objects.all()} == {
            "synthetic-1-0",
            "synthetic-1-1",
            "synthetic-1-2",
        }
        assert not model.objects.filter(sources=None).exists()
    assert Source.objects.count() < FundingStream.sources.through.objects.count() * len(FACT_MODELS)


@pytest.mark.usefixtures("_demo")
def test_generate_keeps_what_the_database_and_the_forms_demand():
    generate(hubs=2, members=1)

    for model in (Hub, Member, *FACT_MODELS):
        for row in model.objects.all():
            row.full_clean(validate_unique=False)


@pytest.mark.usefixtures("_demo")
def test_generate_makes_the_same_of_the_same_seed():
    with transaction.atomic():
        generate(hubs=3, seed=7)
        first = content()
        transaction.set_rollback(True)

    generate(hubs=3, seed=7)

    assert content() == first


@pytest.mark.usefixtures("_demo")
def test_generate_adds_with_another_seed_and_refuses_the_same():
    generate(hubs=1, members=1, seed=1)

    generate(hubs=1, members=1, seed=2)

    assert set(Hub.objects.values_list("slug", flat=True)) == {"synthetic-1-0", "synthetic-2-0"}
    with pytest.raises(CommandError, match="seed 1"):
        generate(hubs=1, seed=1)
    with pytest.raises(CommandError, match="seed 2"):
        generate(members=1, seed=2)


@pytest.mark.usefixtures("_demo")
@pytest.mark.parametrize("options", [{"hubs": -1}, {"members": -1}])
def test_generate_refuses_a_negative_number(options):
    with pytest.raises(CommandError, match="negative"):
        generate(**options)


@pytest.mark.usefixtures("_demo")
def test_generate_costs_the_same_number_of_statements_for_more_hubs(django_assert_max_num_queries):
    with django_assert_max_num_queries(40):
        generate(hubs=60, members=60)


@pytest.mark.usefixtures("_demo")
def test_generate_makes_200_hubs_in_seconds():
    started = time.monotonic()

    generate(hubs=200)

    assert sum(model.objects.count() for model in FACT_MODELS) == 200 * 21
    assert time.monotonic() - started < 30
