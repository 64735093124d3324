"""A hub's page: five dimensions, the funding mix, what is past, what was changed."""

import datetime

import pytest

from accounts.services import record_activity
from hubs.profile import SECTIONS, profiles_of
from hubs.views.funding import funding_charts
from hubs.views.history import readable_changes, timeline
from tests.factories import hubs as make
from tests.factories.accounts import MemberFactory

pytestmark = pytest.mark.django_db


def year(number):
    """Return the columns of a fact that held in one year, known to the year."""
    return {
        "valid_from": datetime.date(number, 1, 1),
        "valid_from_precision": "year",
        "valid_to": datetime.date(number, 12, 31),
        "valid_to_precision": "year",
    }


def profile_of(hub, **options):
    return profiles_of([hub], user=MemberFactory.build(), **options)[0]


def fill(hub, number=1):
    for factory in make.FACT_FACTORIES * number:
        factory(hub=hub, sources=make.SourceFactory.create_batch(2))


@pytest.mark.parametrize("number", [1, 4])
def test_profiles_take_one_query_for_each_kind_of_fact(django_assert_num_queries, number):
    hubs = make.HubFactory.create_batch(number)
    for hub in hubs:
        fill(hub, number)

    with django_assert_num_queries(len(SECTIONS)):
        profiles = profiles_of(hubs, user=MemberFactory.build())
        assert {len(fact.source_list) for each in profiles for fact in each.all_facts()} == {2}


@pytest.mark.parametrize("number", [1, 5])
@pytest.mark.parametrize(("signed_in", "queries"), [(False, 15), (True, 17)])
def test_the_page_needs_the_same_queries_for_few_facts_and_many(
    client, django_assert_num_queries, number, signed_in, queries
):
    hub = make.HubFactory()
    fill(hub, number)
    assessment = make.SelfAssessmentFactory(hub=hub, consented=True)
    for pillar in ("sharing", "governance")[:number]:
        make.PillarScoreFactory(assessment=assessment, pillar=pillar)
    for _ in range(number):
        make.NetworkMembershipFactory(hub=hub)
    if signed_in:
        client.force_login(make.MembershipFactory(hub=hub).member)
    client.get(hub.get_absolute_url())

    with django_assert_num_queries(queries):
        client.get(hub.get_absolute_url())


def test_the_funding_mix_stands_by_period_and_never_adds_unlike_things():
    hub = make.HubFactory()
    stream = {"hub": hub, "source_type": "multilateral", "currency": "USD"}
    make.FundingStreamFactory(**stream, spent=10, **year(2015))
    make.FundingStreamFactory(**stream, spent=5, **year(2015))
    make.FundingStreamFactory(**stream, committed=7, **year(2015))
    make.FundingStreamFactory(**stream | {"currency": "EUR"}, spent=3, **year(2015))
    make.FundingStreamFactory(
        **stream,
        spent=9,
        valid_from=datetime.date(2016, 7, 1),
        valid_to=datetime.date(2018, 6, 30),
    )

    charts = {(chart.title, chart.unit): chart.rows for chart in funding_charts(profile_of(hub))}

    assert charts == {
        ("What was spent, by source, in Euro", "EUR"): [("2015", ["3"])],
        ("What was spent, by source, in US Dollar", "USD"): [
            ("2015", ["15"]),
            ("2016–2018", ["9"]),
        ],
        ("What was committed, by source, in US Dollar", "USD"): [("2015", ["7"])],
    }


def test_a_share_that_is_not_stated_is_not_nought():
    hub = make.HubFactory()
    make.FundingStreamFactory(hub=hub, source_type="state-budget", share=60, **year(2014))
    make.FundingStreamFactory(hub=hub, source_type="private", share=0, **year(2015))
    make.FundingStreamFactory(hub=hub, source_type="foundation", **year(2015))
    make.FundingStreamFactory(hub=hub, source_type="bilateral", share=9)

    (chart,) = funding_charts(profile_of(hub))

    assert chart.columns[1:] == ["Private", "State budget"]
    assert chart.rows == [("2014", ["not stated", "60%"]), ("2015", ["0%", "not stated"])]


def test_a_share_without_years_stands_under_the_year_that_stated_it():
    hub = make.HubFactory()
    make.FundingStreamFactory(hub=hub, share=40, stated_on=datetime.date(2012, 7, 1))

    (chart,) = funding_charts(profile_of(hub))

    assert [label for label, _cells in chart.rows] == ["stated 2012"]


def test_the_timeline_runs_from_the_founding_to_the_latest_end():
    hub = make.HubFactory(founded_year=1987)
    make.PresenceFactory(
        hub=hub,
        place="Accra",
        valid_from=datetime.date(2006, 3, 1),
        valid_from_precision="month",
        valid_to=datetime.date(2012, 12, 31),
        valid_to_precision="year",
    )
    make.FundingStreamFactory(hub=hub, **year(2010))
    make.PresenceFactory(hub=hub, place="Undated")

    events = [(event["when"], event["text"]) for event in timeline(profile_of(hub))]

    assert [when for when, _text in events] == ["2012", "2010", "March 2006", "1987"]
    assert events[0][1].startswith("Ended")
    assert events[2][1].startswith("Began")


def test_the_overview_names_what_holds_and_marks_what_is_over(client):
    hub = make.HubFactory()
    make.FundingStreamFactory(hub=hub, source_type="private", **year(2010))
    make.ExpertiseSourceFactory(hub=hub, kind="public")
    make.ExpertiseSourceFactory(hub=hub, kind="academia", **year(2010))

    lines = client.get(hub.get_absolute_url()).context["glance"]

    assert {line["section"].slug: (line["values"], line["is_past"]) for line in lines} == {
        "institutional-arrangements": ([], False),
        "coordination-links": ([], False),
        "expertise-sources": (["Public sector"], False),
        "funding-streams": (["Private"], True),
        "monitoring-practices": ([], False),
    }


def test_a_level_without_evidence_is_hollow_and_nothing_shows_without_consent(client):
    hub = make.HubFactory()
    assessment = make.SelfAssessmentFactory(hub=hub)
    make.PillarScoreFactory(assessment=assessment, pillar="sharing", evidence="")
    make.PillarScoreFactory(assessment=assessment, pillar="governance", evidence="A board")
    url = hub.get_absolute_url()

    assert "Self-assessment" not in client.get(url).content.decode()
    client.force_login(MemberFactory())
    assert "Self-assessment" not in client.get(url).content.decode()
    client.force_login(make.MembershipFactory(hub=hub).member)
    page = client.get(url).content.decode()

    assert page.count('class="level hollow"') == 1
    assert page.count('class="level"') == 1
    assert "Shown to this hub's people only" in page


def test_marks_of_verification_and_review(client):
    by = MemberFactory(name="Moderator Mary")
    hub = make.HubFactory(
        verified_on=datetime.date(2020, 1, 1),
        verified_by=by,
        review_due=datetime.date(2021, 1, 1),
    )

    page = client.get(hub.get_absolute_url()).content.decode()

    assert "Verified on Jan. 1, 2020 by <bdi>Moderator Mary</bdi>" in page
    assert "Review due since Jan. 1, 2021" in page


def test_a_successor_that_is_hidden_is_not_named(client):
    hidden = make.HubFactory(name="Hidden one", unpublished=True)
    hub = make.HubFactory(status="merged", successor=hidden)

    assert "Hidden one" not in client.get(hub.get_absolute_url()).content.decode()
    client.force_login(make.MembershipFactory(hub=hidden).member)
    assert "Hidden one" in client.get(hub.get_absolute_url()).content.decode()


def test_networks_and_self_assessment_are_those_of_the_day(client):
    hub = make.HubFactory()
    make.NetworkMembershipFactory(
        hub=hub,
        network__name="Old net",
        joined_on=datetime.date(2001, 1, 1),
        left_on=datetime.date(2005, 12, 31),
    )
    make.NetworkMembershipFactory(
        hub=hub, network__name="New net", joined_on=datetime.date(2010, 1, 1)
    )
    make.SelfAssessmentFactory(hub=hub, consented=True, assessed_on=datetime.date(2015, 1, 1))

    def shown(as_of):
        context = client.get(f"{hub.get_absolute_url()}?as_of={as_of}").context
        return {each.network.name for each in context["networks"]}, bool(context["assessment"])

    assert shown("2003") == ({"Old net"}, False)
    assert shown("2016") == ({"New net"}, True)


def test_only_those_who_may_edit_are_shown_the_way(client):
    hub = make.HubFactory()
    edit = f"{hub.get_absolute_url()}edit/"

    def is_shown(member=None):
        if member:
            client.force_login(member)
        return edit in client.get(hub.get_absolute_url()).content.decode()

    assert not is_shown()
    assert not is_shown(MemberFactory())
    assert not is_shown(make.MembershipFactory(hub=hub, correspondent=True).member)
    assert not is_shown(make.MembershipFactory().member)
    assert is_shown(make.MembershipFactory(hub=hub).member)


def test_the_history_holds_what_is_over_and_marks_it(client):
    hub = make.HubFactory()
    make.PresenceFactory(hub=hub, place="Quito", **year(2003))
    make.StatementFactory(hub=hub, topic="size", text="760 people")

    page = client.get(f"{hub.get_absolute_url()}history/").content.decode()

    assert "Quito" in page
    assert "Past" in page
    assert "Size: 760 people" in page


def test_recorded_changes_are_put_into_words():
    changes = [
        {"field": "countries", "old": "BR", "new": "BR, GH"},
        {"field": "is_published", "old": False, "new": True},
        {"field": "fundingstream", "old": None, "new": "Private: a firm"},
        {"field": "founded_year", "old": 1987, "new": None},
        {"field": "some_day", "old": "a", "new": "b"},
    ]

    assert list(readable_changes(changes)) == [
        {"label": "Countries", "old": "Brazil", "new": "Brazil, Ghana"},
        {"label": "Published", "old": "no", "new": "yes"},
        {"label": "Funding stream", "old": "", "new": "Private: a firm"},
        {"label": "Founded in", "old": "1987", "new": ""},
        {"label": "Some day", "old": "a", "new": "b"},
    ]


@pytest.mark.parametrize("number", [1, 12])
def test_the_history_needs_the_same_queries_for_one_change_and_many(
    client, django_assert_max_num_queries, number
):
    hub = make.HubFactory()
    fill(hub, number)
    for _ in range(number):
        record_activity("hub.changed", hub, by=MemberFactory(), audience="public", changes=[])

    with django_assert_max_num_queries(10):
        response = client.get(f"{hub.get_absolute_url()}history/")

    assert len(response.context["changes"]) == number


def test_what_people_wrote_cannot_break_out_of_the_page(client):
    evil = "<script>alert(1)</script>"
    hub = make.HubFactory(name=evil, summary=evil, acronym=evil)
    bank = make.OrganisationFactory(name=evil)
    source = make.SourceFactory(title=evil, publisher=evil)
    make.CoordinationLinkFactory(hub=hub, organisation=bank, mechanism=evil, sources=[source])
    make.FundingStreamFactory(hub=hub, provider=bank, note=evil, share=5, **year(2015))

    for path in ("", "history/"):
        assert evil not in client.get(hub.get_absolute_url() + path).content.decode()
    assert evil not in client.get(bank.get_absolute_url()).content.decode()
    assert evil not in client.get(f"/hubs/compare/?hub={hub.slug}").content.decode()
    assert evil not in client.get("/hubs/").content.decode()


@pytest.mark.parametrize("path", ["", "history/"])
@pytest.mark.parametrize("who", ["nobody", "stranger", "own"])
def test_an_unpublished_hub_is_there_for_its_own_people(client, path, who):
    hub = make.HubFactory(unpublished=True)
    if who == "stranger":
        client.force_login(make.MembershipFactory().member)
    if who == "own":
        client.force_login(make.MembershipFactory(hub=hub, correspondent=True).member)

    status = client.get(hub.get_absolute_url() + path).status_code

    assert status == (200 if who == "own" else 404)
