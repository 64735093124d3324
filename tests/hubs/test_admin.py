"""Hubs in the admin: what moderators may do there, what trace it leaves, what it costs."""

import datetime

import pytest
from django.contrib import admin
from django.db.models.fields.files import FieldFile
from django.urls import reverse

from accounts.models import Activity
from hubs.models import (
    FACT_MODELS,
    FundingStream,
    Hub,
    InstitutionalModel,
    Membership,
    NetworkMembership,
    Organisation,
    PillarScore,
    Presence,
    SelfAssessment,
    Source,
    StarterRow,
)
from tests.api_clients import client_of
from tests.factories import hubs as make
from tests.factories.accounts import MemberFactory

pytestmark = pytest.mark.django_db
MODELS = [
    model for model in sorted(admin.site._registry, key=str) if model._meta.app_label == "hubs"
]


@pytest.fixture
def moderator():
    return MemberFactory(moderator=True, name="Moderator")


@pytest.fixture
def staff(moderator):
    """Return a client signed in as a moderator."""
    return client_of(moderator)


def url_of(row, page="change"):
    return reverse(f"admin:hubs_{row._meta.model_name}_{page}", args=[row.pk])


def act(client, action, *rows, **typed):
    """Choose `action` for `rows` of their list and send what its page asks for."""
    url = reverse(f"admin:hubs_{rows[0]._meta.model_name}_changelist")
    chosen = {"action": action, "_selected_action": [row.pk for row in rows]}
    return client.post(url, chosen | typed, follow=True)


def form_of(client, url, **typed):
    """Return what a browser would send from the form at `url`, with `typed` in it."""
    context = client.get(url).context
    form = context["adminform"].form
    data = {name: form[name].value() for name in form.fields}
    for formset in context.get("inline_admin_formsets", ()):
        management = formset.formset.management_form
        data |= {
            management.add_prefix(name): management[name].value() for name in management.fields
        }
    # An unticked box, an empty choice and a file that stays are not sent; a zero is.
    data = {name: value for name, value in data.items() if not isinstance(value, FieldFile)}
    data = {name: value for name, value in data.items() if value is not None}
    data = {name: value for name, value in data.items() if value is not False}
    return data | typed


def rows(hub=None):
    hub = hub or make.HubFactory(name="Agency")
    for factory in make.FACT_FACTORIES:
        factory(hub=hub, sources=[make.SourceFactory(), make.SourceFactory()])
    make.MembershipFactory(hub=hub)
    make.NetworkMembershipFactory(hub=hub)
    day = datetime.date(2020, 1, 1) + datetime.timedelta(days=SelfAssessment.objects.count())
    assessment = make.SelfAssessmentFactory(hub=hub, consented=True, assessed_on=day)
    make.PillarScoreFactory(assessment=assessment)
    StarterRow.objects.create(
        key=f"key-{assessment.pk}", model="hubs.hub", object_pk=hub.pk, digest="0"
    )
    return hub


def test_lists_and_pages_are_for_moderators_at_a_constant_cost(
    staff, django_assert_max_num_queries
):
    clients = dict.fromkeys(MODELS, staff)
    clients[StarterRow] = client_of(MemberFactory(administrator=True))
    lists = {model: reverse(f"admin:hubs_{model._meta.model_name}_changelist") for model in MODELS}
    rows()
    for model, url in lists.items():
        assert clients[model].get(f"{url}?q=agency").status_code == 200, model
    costs = []
    for _ in range(2):
        for _number in range(3):
            rows()
        costs.append({})
        for model, url in lists.items():
            with django_assert_max_num_queries(14, info=url) as queries:
                assert clients[model].get(url).status_code == 200, model
            costs[-1][model] = len(queries)

    assert costs[0] == costs[1]
    for model, url in lists.items():
        page = url_of(model._default_manager.first())
        assert clients[model].get(page).status_code == 200, model
        assert staff.get(url).status_code == (403 if model is StarterRow else 200), model


def test_the_page_of_a_hub_costs_the_same_whatever_is_below(staff, django_assert_max_num_queries):
    hub = rows()
    staff.get(url_of(hub))
    counts = []
    for _ in range(2):
        for _number in range(3):
            rows(hub)
        with django_assert_max_num_queries(26) as queries:
            shown = staff.get(url_of(hub))
        counts.append(len(queries))

    assert counts[0] == counts[1]
    assert Source.objects.first().title in shown.text


@pytest.mark.parametrize("factory", [make.NetworkFactory, make.OrganisationFactory])
def test_pages_of_what_is_around_hubs_cost_the_same(staff, django_assert_max_num_queries, factory):
    row = factory()
    counts = []
    for _ in range(2):
        for _number in range(3):
            if factory is make.NetworkFactory:
                make.NetworkMembershipFactory(network=row)
        staff.get(url_of(row))
        with django_assert_max_num_queries(20) as queries:
            staff.get(url_of(row))
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_nothing_is_deleted(staff):
    hub = rows()

    for model in MODELS:
        row = model._default_manager.first()
        assert staff.post(url_of(row, "delete"), {"post": "yes"}).status_code == 403
        act(staff, "delete_selected", row, post="yes")
        assert model._default_manager.filter(pk=row.pk).exists()
    assert Hub.objects.filter(pk=hub.pk).exists()


def test_a_change_bumps_the_version_and_leaves_a_trace(staff, moderator):
    hub = make.HubFactory()
    bank = make.OrganisationFactory(name="Bank", kind="multilateral")
    make.CoordinationLinkFactory(hub=hub, organisation=bank)
    before = Hub.objects.get(pk=hub.pk).updated_at

    response = staff.post(
        url_of(bank), form_of(staff, url_of(bank), name="World Bank", country="US")
    )

    assert response.status_code == 302
    bank.refresh_from_db()
    assert (bank.name, bank.version, bank.slug) == ("World Bank", 2, bank.slug)
    activity = Activity.objects.get(verb="admin.changed")
    assert activity.actor == moderator
    assert activity.changes == [
        {"field": "name", "old": "Bank", "new": "World Bank"},
        {"field": "country", "old": None, "new": "US"},
    ]
    assert bank.history.first().history_user == moderator
    assert Hub.objects.get(pk=hub.pk).updated_at > before


def test_a_form_that_changes_nothing_leaves_no_trace(staff):
    bank = make.OrganisationFactory()

    staff.post(url_of(bank), form_of(staff, url_of(bank)))

    assert Organisation.objects.get().version == 1
    assert not Activity.objects.exists()


@pytest.mark.parametrize(
    ("factory", "typed"),
    [
        (make.OrganisationFactory, {"name": "Mine"}),
        (make.HubFactory, {"name": "Mine"}),
        (make.PresenceFactory, {"place": "Mine"}),
    ],
)
def test_lost_updates_are_refused_with_both_texts(staff, factory, typed):
    source = make.SourceFactory()
    row = factory(sources=[source]) if factory is make.PresenceFactory else factory()
    (field,) = typed
    sent = form_of(staff, url_of(row), **typed)
    setattr(row, field, "Theirs")
    row.version = 2
    row.save()

    refused = staff.post(url_of(row), sent)

    assert refused.status_code == 200
    assert "Somebody else saved this in the meantime" in refused.text
    assert "Theirs" in refused.text
    assert "Mine" in refused.text
    row.refresh_from_db()
    assert (getattr(row, field), row.version) == ("Theirs", 2)
    again = refused.context["adminform"].form
    sent["expected_version"] = again["expected_version"].value()
    assert staff.post(url_of(row), sent).status_code == 302
    row.refresh_from_db()
    assert (getattr(row, field), row.version) == ("Mine", 3)


def test_hubs_are_changed_as_their_editors_would(staff, moderator):
    hub = make.HubFactory(name="Agency")

    response = staff.post(
        url_of(hub), form_of(staff, url_of(hub), name="The agency", countries=["GH", "CI"])
    )

    assert response.status_code == 302, response.context["errors"]
    hub.refresh_from_db()
    assert (hub.name, hub.countries, hub.version) == ("The agency", ["GH", "CI"], 2)
    activity = Activity.objects.get()
    assert (activity.verb, activity.actor, activity.audience) == (
        "hub.changed",
        moderator,
        "public",
    )
    assert [change["field"] for change in activity.changes] == ["name", "countries"]


def test_hubs_are_added_with_a_trace(staff):
    url = reverse("admin:hubs_hub_add")

    response = staff.post(url, form_of(staff, url, name="New hub", slug="new-hub", level="sector"))

    assert response.status_code == 302, response.context["errors"]
    hub = Hub.objects.get(slug="new-hub")
    assert not hub.is_published
    assert Activity.objects.get(verb="admin.added").object_pk == hub.pk


def test_hubs_are_published_withdrawn_and_verified_from_the_list(staff, moderator):
    hub = make.HubFactory(unpublished=True)
    own = make.MembershipFactory(member=moderator).hub

    act(staff, "publish", hub, own)
    assert Hub.objects.get(pk=hub.pk).is_published
    refused = act(staff, "verify", hub, own)
    act(staff, "withdraw", hub)

    hub.refresh_from_db()
    assert not hub.is_published
    assert (hub.verified_by, hub.version) == (moderator, 4)
    assert f"{own}: this is not yours to decide." in refused.text


def test_a_fact_is_stated_with_dates_as_precise_as_they_are_known(staff):
    hub, source = make.HubFactory(), make.SourceFactory()
    url = reverse("admin:hubs_presence_add")

    response = staff.post(
        url,
        {
            "hub": hub.pk,
            "country": "GH",
            "kind": "office",
            "valid_from": "2012",
            "valid_to": "2014-02",
            "sources": [source.pk],
            "is_published": "on",
        },
    )

    assert response.status_code == 302, response.context["errors"]
    presence = Presence.objects.get(hub=hub)
    assert (presence.valid_from_iso, presence.valid_to_iso) == ("2012", "2014-02")
    activity = Activity.objects.get()
    assert (activity.verb, activity.object_pk) == ("fact.added", hub.pk)


def test_a_year_that_is_not_touched_stays_a_year(staff):
    presence = make.PresenceFactory(
        sources=[make.SourceFactory()], valid_from="2012-01-01", valid_from_precision="year"
    )

    staff.post(url_of(presence), form_of(staff, url_of(presence), place="Accra"))
    presence.refresh_from_db()
    assert (presence.place, presence.valid_from_iso) == ("Accra", "2012")
    staff.post(url_of(presence), form_of(staff, url_of(presence), valid_from="2012-03-05"))

    presence.refresh_from_db()
    assert presence.valid_from_iso == "2012-03-05"


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"sources": []}, "A published fact needs at least one source."),
        ({"valid_from": "2014", "valid_to": "2012"}, "The end must not be before the start."),
        ({"valid_from": "2014-13"}, "Write a day as 2012-07-10"),
        ({"country": "XX"}, "Select a valid choice."),
        ({"note": "x" * 10_000}, "at most 1000 characters"),
        ({"note": "a\x00b"}, "Null characters are not allowed."),
    ],
)
def test_wrong_facts_are_refused_in_words(staff, typed, message):
    presence = make.PresenceFactory(sources=[make.SourceFactory()], note="as it was")

    response = staff.post(url_of(presence), form_of(staff, url_of(presence)) | typed)

    assert response.status_code == 200
    assert message in response.text
    presence.refresh_from_db()
    assert (presence.note, presence.version) == ("as it was", 1)


def test_history_is_shown_and_reverted_sources_included(staff, moderator):
    first, second = make.SourceFactory(), make.SourceFactory()
    stream = make.FundingStreamFactory(earmark="first", sources=[first])
    stream.earmark, stream.version = "second", 2
    stream.save()
    stream.sources.set([second])
    old = stream.history.filter(earmark="first").first()
    shown = staff.get(url_of(stream, "history"))
    url = reverse("admin:hubs_fundingstream_simple_history", args=[stream.pk, old.pk])

    response = staff.post(url, form_of(staff, url))

    assert shown.status_code == 200
    assert "style=" not in shown.text
    assert response.status_code == 302, response.context["errors"]
    stream.refresh_from_db()
    assert (stream.earmark, stream.version) == ("first", 3)
    assert set(stream.sources.all()) == {first}
    activity = Activity.objects.get(verb="fact.changed")
    assert {"field": "earmark", "old": "second", "new": "first"} in activity.changes
    assert stream.history.first().history_user == moderator


@pytest.mark.parametrize("factory", [make.HubFactory, make.OrganisationFactory])
def test_other_rows_are_reverted_too(staff, factory):
    row = factory(name="Before")
    row.name, row.version = "After", 2
    row.save()
    old = row.history.last()
    url = reverse(f"admin:hubs_{row._meta.model_name}_simple_history", args=[row.pk, old.pk])

    response = staff.post(url, form_of(staff, url))

    assert response.status_code == 302, response.context["errors"]
    row.refresh_from_db()
    assert (row.name, row.version) == ("Before", 3)
    assert Activity.objects.get().changes == [{"field": "name", "old": "After", "new": "Before"}]


def test_a_fact_is_removed_with_a_reason_and_can_be_restored(staff, moderator):
    stream = make.FundingStreamFactory(earmark="roads", sources=[make.SourceFactory()])

    asked = act(staff, "remove", stream)
    act(staff, "remove", stream, reason="Never so.")

    assert 'name="reason"' in asked.text
    assert not FundingStream.objects.exists()
    assert Activity.objects.filter(verb="fact.removed", actor=moderator).exists()
    old = FundingStream.history.filter(id=stream.pk).exclude(history_type="-").first()
    url = reverse("admin:hubs_fundingstream_simple_history", args=[stream.pk, old.pk])
    response = staff.post(url, form_of(staff, url))
    assert response.status_code == 302, response.context["errors"]
    assert FundingStream.objects.get().earmark == "roads"


@pytest.mark.parametrize("path", ["abc/history/", "1/history/abc/", f"{'9' * 40}/history/"])
def test_odd_numbers_in_addresses_are_not_found(staff, path):
    assert staff.get(f"/admin/hubs/hub/{path}").status_code == 404


def test_memberships_are_decided_from_the_list(staff, moderator):
    asked = make.MembershipFactory(awaiting=True)
    unknown = make.MembershipFactory(awaiting=True)
    own = make.MembershipFactory(awaiting=True, member=moderator)

    done = act(staff, "confirm", asked, own)
    act(staff, "decline", unknown, reason="Not one of theirs.")

    asked.refresh_from_db()
    unknown.refresh_from_db()
    own.refresh_from_db()
    assert asked.confirmed_by == moderator
    assert unknown.decline_reason == "Not one of theirs."
    assert own.confirmed_at is None
    assert "this is not yours to decide" in done.text
    act(staff, "end", asked)
    assert not Membership.objects.in_force().filter(pk=asked.pk).exists()


def test_memberships_are_not_written_or_reverted(staff):
    membership = make.MembershipFactory()
    old = membership.history.first()
    url = reverse("admin:hubs_membership_simple_history", args=[membership.pk, old.pk])

    assert staff.get(url).status_code == 200
    staff.post(url, {"role": "head"})
    assert staff.post(url_of(membership), {"role": "head"}).status_code == 403

    assert Membership.objects.get().role == "editor"


def test_memberships_are_shown_with_their_hub_and_their_member(staff):
    membership = make.MembershipFactory(hub__name="Agency", member__name="Agnes")

    hub = staff.get(url_of(membership.hub))
    member = staff.get(reverse("admin:accounts_member_change", args=[membership.member.pk]))

    assert "Agnes" in hub.text
    assert "Agency" in member.text


def test_hubs_join_networks_with_a_trace(staff):
    network, hub = make.NetworkFactory(), make.HubFactory(name="Agency")
    sent = form_of(staff, url_of(network))
    row = {"memberships-2-0-hub": hub.pk, "memberships-2-0-joined_on": "2015-01-01"}

    response = staff.post(url_of(network), sent | row | {"memberships-2-TOTAL_FORMS": 1})

    assert response.status_code == 302, response.context["errors"]
    assert NetworkMembership.objects.get().hub == hub
    (change,) = Activity.objects.get().changes
    assert "Agency" in change["new"]


def test_a_self_assessment_without_consent_is_not_the_moderators_to_read(staff):
    kept = make.SelfAssessmentFactory(note="Between us.")
    PillarScore.objects.create(assessment=kept, pillar="sharing", level=1, evidence="Between us.")
    shown = make.SelfAssessmentFactory(consented=True)

    listed = staff.get(reverse("admin:hubs_selfassessment_changelist"))
    answers = [staff.get(url_of(kept), follow=True), staff.get(url_of(kept, "history"))]

    assert list(listed.context["cl"].result_list) == [shown]
    assert answers[0].redirect_chain[-1][0] == "/admin/"
    assert answers[1].status_code == 404
    old = kept.history.first()
    revert = f"/admin/hubs/selfassessment/{kept.pk}/history/{old.pk}/"
    for answer in (*answers, listed, staff.get(url_of(kept.hub)), staff.get(revert, follow=True)):
        assert "Between us." not in answer.text


def test_moderators_add_to_the_vocabulary_of_models(staff):
    url = reverse("admin:hubs_institutionalmodel_add")

    staff.post(url, {"code": "city-network", "name": "Network of cities"})

    assert InstitutionalModel.objects.get(pk="city-network").name == "Network of cities"
    assert Activity.objects.get(verb="admin.added").object_label == "Network of cities"


@pytest.mark.parametrize("model", FACT_MODELS, ids=lambda model: model.__name__)
def test_pages_hold_no_inline_script_or_style(staff, model):
    hub = rows()
    row = model._default_manager.get(hub=hub)

    for url in ("/admin/", url_of(row), url_of(row, "history"), url_of(hub)):
        response = staff.get(url)
        assert "'unsafe-inline'" not in response["Content-Security-Policy"]
        assert "<script>" not in response.text
        assert "style=" not in response.text
